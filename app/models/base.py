"""The metadata of all tables and the column types that both databases share."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Index, MetaData, Table, Text, event
from sqlalchemy import text as sql
from sqlalchemy.types import UserDefinedType

# Names by rule, so that migrations of both databases name what they change.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Timestamp(UserDefinedType[datetime]):
    """An instant: ``timestamptz`` on PostgreSQL, epoch milliseconds on SQLite.

    The drivers convert to and from aware UTC ``datetime`` (store/engine.py), so that statements
    that are handed to them as text need no conversion of their own.
    """

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        # SQLite takes the declared type as a key for the driver's conversion.
        return "TIMESTAMP WITH TIME ZONE"

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        # What is compared with a timestamp is one, also a parameter of no type.
        return self


# What PostgreSQL alone is told of a table or an index stands in its ``info``: said at once, each
# process of SQLite's would load the dialect of PostgreSQL to have it checked.
_POSTGRESQL = "postgresql"
# room on each page for the rows that change, whose indexes get no new entries then
ROOM: dict[str, Any] = {"info": {_POSTGRESQL: {"with": {"fillfactor": 80}}}}


@event.listens_for(metadata, "before_create")
def _tell_postgresql(_: MetaData, connection: Connection, **__: Any) -> None:
    if connection.dialect.name != _POSTGRESQL:
        return
    tables = list(metadata.tables.values())
    declared: list[Table | Index] = [*tables, *(found for t in tables for found in t.indexes)]
    for found in declared:
        found.dialect_options[_POSTGRESQL].update(found.info.get(_POSTGRESQL, {}))


def text(name: str, **options: Any) -> Column[str]:
    """A text column; no length, for PostgreSQL and SQLite gain nothing from one."""
    return Column(name, Text, **options)


def key() -> Column[str]:
    """The primary key of most tables: an id made by us."""
    return Column("id", Text, primary_key=True)


def where(
    condition: str, name: str, *columns: str | ColumnElement[Any], unique: bool = False
) -> Index:
    """An index over some rows only: the others cost it nothing."""
    rows = sql(condition)
    options = {_POSTGRESQL: {"where": rows}}
    return Index(name, *columns, unique=unique, sqlite_where=rows, info=options)


def where_given(name: str, column: str, *others: str) -> Index:
    """An index over the rows that have a value in its first column."""
    return where(f"{column} IS NOT NULL", name, column, *others)


def unique_where_given(name: str, column: str, *others: str) -> Index:
    """The same, in which no two rows are alike."""
    return where(f"{column} IS NOT NULL", name, column, *others, unique=True)


__all__ = [
    "ROOM",
    "Table",
    "Timestamp",
    "key",
    "metadata",
    "text",
    "unique_where_given",
    "where",
    "where_given",
]
