"""Emptying the database of an engine for tests."""

from typing import TYPE_CHECKING

from sqlalchemy import delete

from app.models import metadata
from app.models.monitoring import schema_log
from app.store.connections.dialects import Compiled

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

# rows that others refer to go last
_EMPTY_TABLES = [
    Compiled(lambda table=table: delete(table))  # type: ignore[misc]
    for table in reversed(metadata.sorted_tables)
    if table is not schema_log  # since when the tables are there, which they still are
]


def empty(tx: "Transaction") -> None:
    """Delete all rows that anybody has made."""
    for statement in _EMPTY_TABLES:
        tx.sql.run(statement)
