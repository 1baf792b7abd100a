"""The values of records as SQLite's driver takes them without an adapter."""

from datetime import UTC, datetime
from types import SimpleNamespace

from sqlalchemy import Boolean, Column, LargeBinary, MetaData, Table, Text

from app.models.base import Timestamp
from app.store.sqlite.values import filled, record_reader

TABLE = Table(
    "made",
    MetaData(),
    Column("name", Text),
    Column("is_done", Boolean),
    Column("at", Timestamp),
    Column("content", LargeBinary),
)
AT = datetime(2026, 2, 28, 23, 59, 59, 999_000, tzinfo=UTC)


def read(*columns, **values):
    return record_reader(TABLE, columns)(SimpleNamespace(**values))


def test_booleans_and_timestamps_are_numbers_and_others_are_as_they_are():
    found = read("name", "is_done", "at", "content", name="a", is_done=True, at=AT, content=b"\0")

    assert found == ("a", 1, int(AT.timestamp()) * 1000 + 999, b"\0")
    assert [type(value) for value in found] == [str, int, int, bytes]


def test_none_is_none_whatever_the_type():
    assert read("name", "is_done", "at", name=None, is_done=None, at=None) == (None, None, None)


def test_a_time_before_the_epoch_is_negative():
    assert read("at", at=datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)) == (-1,)


def test_the_columns_come_in_the_order_in_which_they_are_asked_for():
    assert read("content", "name", content=b"b", name="a") == (b"b", "a")
    assert read("name", name="a") == ("a",)


def test_a_column_counts_as_filled_when_any_record_fills_it():
    records = [
        SimpleNamespace(name="a", is_done=None, at=None),
        SimpleNamespace(name=None, is_done=False, at=None),
    ]

    assert filled(records, ("name", "is_done", "at")) == ("name", "is_done")
    assert filled(records[:1], ("name", "is_done", "at")) == ("name",)
    assert filled([], ("name",)) == ()
