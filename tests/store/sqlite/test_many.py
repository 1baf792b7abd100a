"""Many rows of one table: what the statements insert is what the records say, row by row."""

import sqlite3
from types import SimpleNamespace

import pytest
from sqlalchemy import Boolean, Column, Double, Integer, MetaData, Table, Text

from app.store.sqlite.many import ROWS, inserts

TABLE = Table(
    "made",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("name", Text),
    Column("number", Integer),
    Column("fraction", Double),
    Column("is_done", Boolean),
)
COLUMNS = tuple(TABLE.c.keys())


@pytest.fixture
def connection():
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE made (id, name, number, fraction, is_done)")
        yield connection
    connection.close()


def record(place, **values):
    usual = {"name": "a", "number": 1, "fraction": 0.5, "is_done": None}
    return SimpleNamespace(id=f"{place:04}", **{**usual, **values})


def row(one):
    is_done = None if one.is_done is None else int(one.is_done)
    return (one.id, one.name, one.number, one.fraction, is_done)


@pytest.mark.parametrize("count", [0, 1, ROWS - 1, ROWS, ROWS + 1, 3 * ROWS + 7])
@pytest.mark.parametrize("kind", ["alike", "differing", "turning", "null"])
def test_every_row_is_inserted_as_its_record_is(connection, count, kind):
    values = {
        "alike": lambda n: {},
        "differing": lambda n: {"name": f"n{n}", "number": n, "fraction": n / 3, "is_done": n % 2},
        "turning": lambda n: {"number": n} if n > ROWS else {"name": f"n{n}"},
        "null": lambda n: dict.fromkeys(COLUMNS[1:]) if n % 2 else {},
    }[kind]
    records = [record(n, **values(n)) for n in range(count)]

    for statement, rows in inserts(TABLE, COLUMNS, records):
        connection.executemany(statement, rows)

    found = connection.execute("SELECT * FROM made ORDER BY id").fetchall()
    assert found == [row(one) for one in records]


def test_records_that_are_alike_need_few_statements_and_few_values():
    records = [record(n) for n in range(10 * ROWS)]

    ((statement, rows),) = inserts(TABLE, COLUMNS, records)

    assert len(rows) == 10
    # common values are sent once, and the id for each row
    assert {len(values) for values in rows} == {len(COLUMNS) - 1 + ROWS}
    assert statement.count("column1") == 1  # the one that differs
    assert "column2" not in statement


def test_the_values_of_a_statement_are_fewer_than_sqlite_takes():
    widest = tuple(f"c{n}" for n in range(40))
    table = Table("wide", MetaData(), *(Column(name, Text) for name in widest))
    records = [SimpleNamespace(**{name: f"{n}{name}" for name in widest}) for n in range(ROWS)]

    ((_, (values,)),) = inserts(table, widest, records)

    assert len(values) == 40 * ROWS < 32_766


def test_only_some_columns_may_be_inserted(connection):
    ((statement, rows),) = inserts(TABLE, ("id", "number"), [record(1)])
    connection.executemany(statement, rows)

    assert connection.execute("SELECT * FROM made").fetchall() == [("0001", None, 1, None, None)]
