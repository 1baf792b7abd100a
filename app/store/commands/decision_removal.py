"""What was decided goes when its time has come: its own, or that of its root process instance.

Source: semantics 12.10; Camunda 7 ``HistoryCleanupRemovalTime``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Text,
    bindparam,
    delete,
    func,
    not_,
    select,
    true,
    update,
)

from app.models.base import Moment
from app.models.decisions import decision_definition, historic_decision_instance
from app.models.history import historic_process_instance
from app.store.connections.dialects import Among, Compiled, StatementClock

from .removal_times import Past

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_ID = bindparam("id", type_=Text)
_MOMENT = bindparam("moment", type_=Moment())
_decided = historic_decision_instance.c
_FOLLOWING = (
    Among(_decided.root_process_instance_id, bindparam("ids")),
    not_(_decided.has_own_removal_time),
)
_REMOVE_FOLLOWING = Compiled(
    lambda: delete(historic_decision_instance).where(
        Among(_decided.process_instance_id, bindparam("ids")),
        not_(_decided.has_own_removal_time),
    )
)
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


def remove_following(tx: "Transaction", instances: Sequence[str]) -> None:
    """Delete what was decided in instances whose time has come."""
    tx.sql.run(_REMOVE_FOLLOWING, ids=tx.sql.listed(instances))


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


_PAST = Compiled(
    lambda: (
        select(
            _decided.id,
            func.coalesce(_decided.root_decision_instance_id, _decided.id),
            _decided.evaluation_time,
            decision_definition.c.history_time_to_live,
        )
        .outerjoin_from(
            historic_decision_instance,
            decision_definition,
            decision_definition.c.id == _decided.decision_definition_id,
        )
        .where(_decided.id == _ID)
    )
)


def past(tx: "Transaction", instance_id: str) -> Past | None:
    """What was decided, if it is there; its root is that of its evaluation."""
    rows = tx.sql.rows(_PAST, id=instance_id)
    return Past(*rows[0]) if rows else None


def _set(condition: ColumnElement[bool]) -> Any:
    return (
        update(historic_decision_instance)
        .where(condition)
        .values(removal_time=_MOMENT, has_own_removal_time=true())
    )


_SET_ONE = Compiled(lambda: _set(_decided.id == _ID))
_SET_REQUIRED = Compiled(lambda: _set(_decided.root_decision_instance_id == _ID))


def set_of_instance(tx: "Transaction", instance_id: str, moment: datetime | None) -> None:
    """Set the removal time of one instance."""
    tx.sql.run(_SET_ONE, id=instance_id, moment=moment)


def set_of_evaluation(tx: "Transaction", root_id: str, moment: datetime | None) -> None:
    """Set the removal times of all that was decided in one evaluation."""
    tx.sql.defer(_SET_REQUIRED, id=root_id, moment=moment)
    tx.sql.run(_SET_ONE, id=root_id, moment=moment)
