"""Receipts of commands that were done."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, bindparam, delete, select

from app.models.base import Timestamp
from app.models.runtime import receipt
from app.store.connections.dialects import Compiled

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

# By the primary key.
_FINGERPRINT_OF_RECEIPT = Compiled(
    lambda: select(receipt.c.fingerprint).where(receipt.c.id == bindparam("id", type_=Text))
)


def _remove() -> Any:
    # DELETE has no LIMIT on PostgreSQL; the ids come from ix_receipt_create_time
    old = (
        select(receipt.c.id)
        .where(receipt.c.create_time < bindparam("timestamp", type_=Timestamp()))
        .limit(bindparam("limit", type_=None))
    )
    return delete(receipt).where(receipt.c.id.in_(old))


# By ix_receipt_create_time, oldest first; the rows by their primary key.
_REMOVE_OLD_RECEIPTS = Compiled(_remove)


def find(tx: "Transaction", receipt_id: str) -> str | None:
    """The fingerprint of the body that a receipt is for; None when there is no receipt."""
    # Without a lock of its own: it is asked behind the locks of its task.
    rows = tx.sql.rows(_FINGERPRINT_OF_RECEIPT, id=receipt_id)
    return rows[0][0] if rows else None


def remove_before(tx: "Transaction", timestamp: datetime, limit: int) -> int:
    """Delete some receipts that are older; returns how many."""
    return tx.sql.run(_REMOVE_OLD_RECEIPTS, timestamp=timestamp, limit=limit)
