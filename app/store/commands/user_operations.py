"""Notes on what users did."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Text, bindparam, select, update

from app.models.monitoring import user_operation
from app.store.connections.dialects import Compiled

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

# By ix_user_operation_operation.
_ANNOTATE_OPERATION = Compiled(
    lambda: (
        update(user_operation)
        .where(user_operation.c.operation_id == bindparam("id", type_=Text))
        .values(annotation=bindparam("annotation", type_=Text))
    )
)


# By ix_user_operation_operation.
_PLACES_OF_OPERATION = Compiled(
    lambda: (
        select(user_operation.c.category, user_operation.c.process_definition_key)
        .where(user_operation.c.operation_id == bindparam("id", type_=Text))
        .distinct()
    )
)


def places(tx: "Transaction", operation_id: str) -> Sequence[tuple[str | None, str | None]]:
    """The categories of an operation's entries, with the keys of their definitions."""
    return tx.sql.rows(_PLACES_OF_OPERATION, id=operation_id)


def annotate(tx: "Transaction", operation_id: str, annotation: str | None) -> int:
    """Put a note on all entries of an operation; returns how many they are."""
    return tx.sql.run(_ANNOTATE_OPERATION, id=operation_id, annotation=annotation)
