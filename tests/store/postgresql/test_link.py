"""The connection to PostgreSQL that goes past the driver's cursors."""

from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import Text, bindparam, cast, literal_column, select, text

from app.errors import UnavailableError, UnstorableTextError
from app.services.retrying import repeated
from app.store.connections import pool
from app.store.connections.dialects import Among, Compiled
from app.store.postgresql import link as postgresql
from app.store.postgresql.values import array
from tests.postgres import cut

ECHO = Compiled(lambda: select(cast(bindparam("value", type_=Text), Text)))


@pytest.mark.parametrize(
    "value", ["", "grüße", 'a "quoted" {text}, with \\ and, comma', "line\nbreak", "%s $1 %(x)s"]
)
def test_a_text_comes_back_as_it_was(pg_store, value):
    with pg_store.transaction() as tx:
        assert tx.sql.rows(ECHO, value=value) == [(value,)]


def test_a_text_with_a_nul_is_refused_and_not_cut_short(pg_store):
    with pytest.raises(UnstorableTextError), pg_store.transaction() as tx:
        tx.sql.rows(ECHO, value="a\0b")


def test_the_values_of_a_list_are_quoted(pg_store):
    wanted = ["a", 'b"c', "d\\e", "{f,g}", "NULL", ""]
    found = Compiled(
        lambda: select(literal_column("x")).where(Among(literal_column("x"), bindparam("values")))
    )
    sql = found.text(pg_store.dialect).sql + " "

    with psycopg.connect(pg_store.database_url) as connection:
        rows = connection.execute("SELECT %s::text[]", (array(wanted).decode(),)).fetchone()

    assert "ANY" in sql
    assert rows == (wanted,)


def test_timestamps_come_back_in_utc(pg_store):
    with pg_store.transaction() as tx:
        now = tx.now

    assert now.utcoffset().total_seconds() == 0
    assert abs((datetime.now(UTC) - now).total_seconds()) < 5


def test_statements_beyond_the_limit_are_forgotten_one_by_one(pg_store, monkeypatch):
    monkeypatch.setattr(postgresql, "MOST_PREPARED", 3)
    statements = [
        Compiled(lambda n=n: select(cast(bindparam("value", type_=Text), Text).label(f"c{n}")))
        for n in range(6)
    ]

    for _ in range(2):
        for statement in statements:
            with pg_store.transaction() as tx:
                assert tx.sql.rows(statement, value="x") == [("x",)]

    with pg_store.reading() as connection:
        query = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'b%'"
        assert connection.exec_driver_sql(query.replace("%", "%%")).scalar_one() <= 3


def test_an_error_of_the_first_statement_leaves_a_usable_connection(pg_store):
    wrong = Compiled(lambda: select(literal_column("nothing").label("x")))
    with pytest.raises(psycopg.errors.UndefinedColumn), pg_store.transaction() as tx:
        tx.sql.rows(wrong)

    with pg_store.transaction() as tx:
        assert tx.sql.rows(ECHO, value="x") == [("x",)]


def test_connections_that_were_cut_while_they_idled_are_replaced_unseen(pg_store, monkeypatch):
    monkeypatch.setattr(pool, "FRESH_SECONDS", 0)  # the cut may take less
    for _ in range(2):
        with pg_store.transaction() as tx, pg_store.reading() as connection:
            tx.sql.rows(ECHO, value="x")
            connection.exec_driver_sql("SELECT 1")
        cut(pg_store.database_url)

        with pg_store.reading() as connection, pg_store.transaction() as tx:
            assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
            assert tx.sql.rows(ECHO, value="x") == [("x",)]


def test_a_connection_that_is_cut_in_the_middle_is_replaced(pg_store):
    def write():
        with pg_store.transaction() as tx:
            tx.sql.rows(ECHO, value="x")
            cut(pg_store.database_url)
            tx.sql.rows(ECHO, value="x")

    def read():
        with pg_store.reading() as connection:
            connection.exec_driver_sql("SELECT 1")
            cut(pg_store.database_url)
            connection.exec_driver_sql("SELECT 1")

    for use in (write, read):
        with pytest.raises(UnavailableError):
            use()

    with pg_store.transaction() as tx:
        assert tx.sql.rows(ECHO, value="x") == [("x",)]
    with pg_store.reading() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1


def test_no_more_connections_are_open_than_the_pool_has(pg_store):
    with pg_store.transaction() as tx, pg_store.reading() as connection:
        tx.sql.rows(ECHO, value="x")
        connection.exec_driver_sql("SELECT 1")
        pg_store.pool.timeout = 0.05

        with pytest.raises(UnavailableError, match="in use"), pg_store.reading():
            pass


def test_a_statement_of_a_table_that_was_altered_is_done_again(postgres_url, pg_store):
    value = Compiled(lambda: select(literal_column("value")).select_from(text("altered")))
    tries = []

    @repeated
    def read():
        tries.append(1)
        with pg_store.transaction() as tx:
            return tx.sql.rows(value)

    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE altered (value integer)")
        connection.execute("INSERT INTO altered VALUES (7)")
        before = read()
        connection.execute("ALTER TABLE altered ALTER COLUMN value TYPE text")
        after = read()
        connection.execute("DROP TABLE altered")

    assert (before, after) == ([(7,)], [("7",)])
    assert len(tries) == 3
