"""Notes on what users did."""

from typing import TYPE_CHECKING

from sqlalchemy import Text, bindparam, update

from app.models.monitoring import user_operation
from app.store.connections.dialects import Compiled

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_ANNOTATE = Compiled(
    lambda: (
        update(user_operation)
        .where(user_operation.c.operation_id == bindparam("id", type_=Text))
        .values(annotation=bindparam("annotation", type_=Text))
    )
)


def annotate(tx: "Transaction", operation_id: str, annotation: str | None) -> int:
    """Put a note on all entries of an operation; returns how many they are."""
    return tx.sql.run(_ANNOTATE, id=operation_id, annotation=annotation)
