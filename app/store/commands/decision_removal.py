"""What was decided goes when its time has come: its own, or that of its root process instance.

Source: semantics 12.10; Camunda 7 ``HistoryCleanupRemovalTime``.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, not_, select, true, update

from app.models.decisions import historic_decision_instance
from app.models.history import historic_process_instance
from app.store.connections.dialects import Among, Compiled, StatementClock

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_decided = historic_decision_instance.c
_FOLLOWING = (
    Among(_decided.root_process_instance_id, bindparam("ids")),
    not_(_decided.has_own_removal_time),
)
_REMOVE_FOLLOWING = Compiled(lambda: delete(historic_decision_instance).where(*_FOLLOWING))
_root = historic_process_instance.alias("root")
_KEEP = Compiled(
    lambda: (
        update(historic_decision_instance)
        .where(*_FOLLOWING)
        .values(
            removal_time=select(_root.c.removal_time)
            .where(_root.c.id == _decided.root_process_instance_id)
            .scalar_subquery(),
            has_own_removal_time=true(),
        )
    )
)
# by ix_hi_decision_removal, which has only instances with a removal time of their own
_EXPIRED = Compiled(
    lambda: (
        select(_decided.id)
        .where(_decided.removal_time <= StatementClock())
        .limit(bindparam("limit", type_=None))
    )
)
_REMOVE = Compiled(
    lambda: delete(historic_decision_instance).where(Among(_decided.id, bindparam("ids")))
)


def remove_following(tx: "Transaction", roots: Sequence[str]) -> None:
    """Delete what was decided below root instances whose time has come."""
    tx.sql.run(_REMOVE_FOLLOWING, ids=tx.sql.listed(roots))


def keep(tx: "Transaction", roots: Sequence[str]) -> None:
    """Leave what was decided below root instances whose history is deleted by hand.

    Their removal time becomes its own: there is no root any more that could tell.
    """
    tx.sql.run(_KEEP, ids=tx.sql.listed(roots))


def remove_expired(tx: "Transaction", limit: int) -> int:
    """Delete some of what is past a removal time of its own; returns how many instances."""
    found = [row[0] for row in tx.sql.rows(_EXPIRED, limit=limit)]
    return remove(tx, found) if found else 0


def remove(tx: "Transaction", ids: Sequence[str]) -> int:
    """Delete instances by their ids; returns how many there were."""
    return tx.sql.run(_REMOVE, ids=tx.sql.listed(ids))
