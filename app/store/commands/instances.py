"""Where process instances are.

Source: contract 10.1; decision 18.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from app.models.runtime import execution
from app.store.connections.dialects import Among, Compiled
from app.store.unit.guard import Found

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

# By the primary key.
_INSTANCES_FOUND = Compiled(
    lambda: select(execution.c.id, execution.c.root_process_instance_id).where(
        Among(execution.c.id, bindparam("ids")), execution.c.parent_id.is_(None)
    )
)


def found(tx: "Transaction", instance_ids: Iterable[str]) -> list[Found]:
    """Where those of these process instances are that run."""
    # Places and no records: nothing that is read before the lock may be acted on.
    rows = tx.sql.rows(_INSTANCES_FOUND, ids=tx.sql.listed(instance_ids))
    return [Found(*row) for row in rows]
