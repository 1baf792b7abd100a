"""Numbers in the text of a statement, at which a cast binds closer than a sign."""

import enum

import psycopg
import pytest
from psycopg import sql

from app.store.postgresql.literals import literals


class Level(enum.IntEnum):
    LOW = -3


@pytest.fixture
def connection(postgres):
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("number", [0, 1, -1, 2**63 - 1, -(2**63), Level.LOW])
def test_a_number_may_be_cast_whatever_its_sign(connection, number):
    connection.adapters.adapters.register_dumper(int, literals().get_dumper(int, "s"))
    text = sql.Literal(int(number)).as_string(connection)

    assert connection.execute(f"SELECT {text}::bigint").fetchone() == (int(number),)


@pytest.mark.parametrize(
    ("number", "text"), [(5, b"5"), (-5, b"(-5)"), (0, b"0"), (Level.LOW, b"(-3)")]
)
def test_a_negative_number_stands_in_parentheses(number, text):
    dumper = literals().get_dumper(type(number), psycopg.adapt.PyFormat.TEXT)(type(number))

    assert dumper.quote(number) == text


def test_other_types_stand_as_psycopg_writes_them():
    ours, theirs = literals(), psycopg.adapters

    for kind in (str, float, bool, bytes):
        assert ours.get_dumper(kind, psycopg.adapt.PyFormat.TEXT) is theirs.get_dumper(
            kind, psycopg.adapt.PyFormat.TEXT
        )
