"""Locks of names: of what may have no row yet that could be locked.

PostgreSQL holds them until the transaction ends; on SQLite there is only one writer.
"""

from typing import TYPE_CHECKING

from sqlalchemy import Text, bindparam, func, select

from app.store.connections.dialects import Compiled

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_NAME = bindparam("name", type_=Text)
# Reads no table: PostgreSQL keeps the lock in its memory.
_HOLD_NAME = Compiled(lambda: select(func.pg_advisory_xact_lock(func.hashtextextended(_NAME, 0))))


def hold(tx: "Transaction", name: str) -> None:
    """Wait until no other transaction holds the name, then hold it until this one ends."""
    # By a hash of 64 bits: two names that share one only wait for each other, which does no harm.
    if tx.sql.is_postgresql:
        tx.sql.rows(_HOLD_NAME, name=name)
