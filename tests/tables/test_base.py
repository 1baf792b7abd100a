"""Columns and indexes that both databases make of the same words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, bindparam, insert, inspect, select
from sqlalchemy.exc import IntegrityError

from app.models import metadata
from app.models.base import Timestamp, key, text, unique_where_given, where, where_given
from app.models.identity import authorization
from app.models.runtime import external_task
from app.store.connections.database import create_engine

NOW = datetime(2026, 2, 28, 23, 59, 59, 999_000, tzinfo=UTC)


@pytest.fixture
def connection(database_url):
    engine = create_engine(database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def made(connection):
    """Makes a table of some columns."""

    def make(*parts):
        table = Table("made", MetaData(), key(), *parts)
        for index in table.indexes:  # as the listener of all tables tells it
            told = index.info.get(connection.dialect.name, {})
            index.dialect_options[connection.dialect.name].update(told)
        table.create(connection)
        return table

    return make


def test_a_timestamp_comes_back_as_the_instant_that_it_was(connection, made):
    table = made(Column("at", Timestamp))
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-5)))
    connection.execute(insert(table), [{"id": "1", "at": elsewhere}, {"id": "2", "at": None}])

    first, second = connection.execute(select(table.c.at).order_by(table.c.id)).scalars()

    assert (first, first.utcoffset()) == (NOW, timedelta(0))
    assert second is None


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_a_timestamp_of_any_year_keeps_its_milliseconds(connection, made, year):
    table = made(Column("at", Timestamp))
    at = NOW.replace(year=year)
    connection.execute(insert(table), {"id": "1", "at": at})

    assert connection.execute(select(table.c.at)).scalar_one() == at


def test_what_is_compared_with_a_timestamp_is_one(connection, made):
    table = made(Column("at", Timestamp))
    connection.execute(
        insert(table), [{"id": "1", "at": NOW}, {"id": "2", "at": NOW - timedelta(milliseconds=1)}]
    )
    later = select(table.c.id).where(table.c.at >= bindparam("since"))

    assert isinstance((table.c.at >= bindparam("since")).right.type, Timestamp)
    assert connection.execute(later, {"since": NOW}).scalars().all() == ["1"]


def test_an_index_over_some_rows_has_its_condition_in_both_databases(connection):
    where_of = f"{connection.dialect.name}_where"
    indexes = inspect(connection).get_indexes(external_task.name)

    conditions = {index["name"]: index["dialect_options"].get(where_of) for index in indexes}

    assert "retries = 0" in str(conditions["ix_external_task_failed"])
    assert "worker_id IS NOT NULL" in str(conditions["ix_external_task_worker"])
    assert conditions["ix_external_task_definition"] is None


def test_a_unique_index_is_about_rows_that_have_the_value_alone(connection, made):
    table = made(text("owner"), text("thing"), unique_where_given("uq_made", "owner", "thing"))
    rows = [("1", None, "a"), ("2", None, "a"), ("3", "kim", "a"), ("4", "kim", "b")]
    connection.execute(insert(table).values(rows))

    with pytest.raises(IntegrityError):
        connection.execute(insert(table).values(("5", "kim", "a")))


def test_two_rows_may_differ_where_the_index_looks_at_neither(connection, made):
    index = where("number > 5", "ix_made", "number", unique=True)
    table = made(Column("number", Integer), index, where_given("ix_made_other", "id", "number"))

    connection.execute(insert(table).values([("1", 5), ("2", 5), ("3", 6)]))

    with pytest.raises(IntegrityError):
        connection.execute(insert(table).values(("4", 6)))


def test_an_authorization_of_a_user_stands_there_once(connection):
    row = {"type": 1, "permissions": 1, "resource_type": 6, "group_id": None}
    connection.execute(
        insert(authorization),
        [{"id": str(n), "user_id": "kim", "resource_id": str(n), **row} for n in range(2)],
    )

    with pytest.raises(IntegrityError):
        connection.execute(
            insert(authorization), {"id": "3", "user_id": "kim", "resource_id": "1", **row}
        )


def test_tables_whose_rows_change_leave_room_on_postgresql(postgres_url):
    with create_engine(postgres_url).connect() as connection:
        query = "SELECT relname, reloptions FROM pg_class WHERE relkind = 'r'"
        options = dict(tuple(row) for row in connection.exec_driver_sql(query))

    declared = {t.name for t in metadata.sorted_tables if t.info.get("postgresql")}
    assert declared
    assert {name for name, given in options.items() if given} == declared
    assert {tuple(options[name]) for name in declared} == {("fillfactor=80",)}
