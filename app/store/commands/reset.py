"""Emptying the database of an engine for tests."""

from typing import TYPE_CHECKING

from sqlalchemy import delete

from app.models import metadata
from app.store.connections.dialects import Compiled

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

# rows that others refer to go last
_EMPTY = [Compiled(lambda table=table: delete(table)) for table in reversed(metadata.sorted_tables)]  # type: ignore[misc]


def empty(tx: "Transaction") -> None:
    """Delete all rows of all tables."""
    for statement in _EMPTY:
        tx.sql.run(statement)
