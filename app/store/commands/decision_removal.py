"""Removal of decision instances at their own removal time or that of the root process instance.

Source: semantics 12.10; Camunda 7 ``HistoryCleanupRemovalTime``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Text,
    bindparam,
    delete,
    exists,
    false,
    func,
    not_,
    select,
    true,
    update,
)

from app.engine.history.removal import removal_time
from app.models.base import Timestamp
from app.models.decisions import decision_definition, historic_decision_instance
from app.models.history import historic_process_instance
from app.store.connections.dialects import Among, Compiled, StatementClock

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_ID = bindparam("id", type_=Text)
_IDS: BindParameter[Any] = bindparam("ids")
_decided = historic_decision_instance.c
_instance = historic_process_instance.alias("instance")
_root = historic_process_instance.alias("root")
_follows = not_(_decided.has_own_removal_time)
_has_own_instance = exists().where(
    _instance.c.id == _decided.process_instance_id, _instance.c.has_own_removal_time
)
# a decision goes with the instance that holds its removal time: its root, or its own instance
_OF_ROOTS = (Among(_decided.root_process_instance_id, _IDS), _follows, not_(_has_own_instance))
_OF_INSTANCES = (Among(_decided.process_instance_id, _IDS), _follows, _has_own_instance)


def _removed(*conditions: ColumnElement[bool]) -> Compiled:
    return Compiled(lambda: delete(historic_decision_instance).where(*conditions))


def _kept(holder: FromClause, *conditions: ColumnElement[bool]) -> Compiled:
    column = "root_process_instance_id" if holder is _root else "process_instance_id"
    present = select(holder.c.removal_time).where(holder.c.id == _decided[column])
    values = {"removal_time": present.scalar_subquery(), "has_own_removal_time": true()}
    return Compiled(lambda: update(historic_decision_instance).where(*conditions).values(values))


# By ix_hi_decision_root_instance and ix_hi_decision_instance, which have only decisions of
# processes.
_REMOVE_FOLLOWING = (_removed(*_OF_ROOTS), _removed(*_OF_INSTANCES))
# By the same two.
_KEEP_FOLLOWING = (_kept(_root, *_OF_ROOTS), _kept(_instance, *_OF_INSTANCES))
# by ix_hi_decision_removal, which has only instances with a removal time of their own
_EXPIRED_INSTANCES = Compiled(
    lambda: (
        select(_decided.id)
        .where(_decided.removal_time <= StatementClock())
        .limit(bindparam("limit", type_=None))
    )
)
# By the primary key.
_REMOVE_INSTANCES = Compiled(
    lambda: delete(historic_decision_instance).where(Among(_decided.id, _IDS))
)


def remove_following(tx: "Transaction", holders: Sequence[str]) -> int:
    """Delete what was decided in instances whose time has come, or below them; returns how much."""
    ids = tx.sql.listed(holders)
    return sum(tx.sql.run(statement, ids=ids) for statement in _REMOVE_FOLLOWING)


def keep(tx: "Transaction", instance_ids: Sequence[str]) -> None:
    """Leave what was decided in or below instances whose history is deleted by hand.

    Their removal time becomes its own: there is nobody any more who could tell.
    """
    for statement in _KEEP_FOLLOWING:
        tx.sql.run(statement, ids=tx.sql.listed(instance_ids))


def remove_expired(tx: "Transaction", limit: int) -> int:
    """Delete some of what is past a removal time of its own; returns how many instances."""
    found = [row[0] for row in tx.sql.rows(_EXPIRED_INSTANCES, limit=limit)]
    return remove(tx, found) if found else 0


def remove(tx: "Transaction", ids: Sequence[str]) -> int:
    """Delete instances by their ids; returns how many there were."""
    return tx.sql.run(_REMOVE_INSTANCES, ids=tx.sql.listed(ids))


# -- removal times that are set by hand ---------------------------------------------------------


class Decided(NamedTuple):
    """The data from which a removal time is calculated.

    Attributes:
        root_id: of what was asked for, where another decision required this one.
        days: the time to live that the decision has now.
    """

    id: str
    root_id: str
    evaluation_time: datetime
    days: int | None

    def calculated(self) -> datetime | None:
        """The calculated removal time; None without a time to live."""
        return removal_time(self.evaluation_time, self.days)


# By the primary keys, of the instance and of its definition.
_INSTANCE_WITH_TIME_TO_LIVE = Compiled(
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


def _set_where(condition: ColumnElement[bool]) -> Compiled:
    values = {
        "removal_time": bindparam("timestamp", type_=Timestamp()),
        "has_own_removal_time": true(),
    }
    return Compiled(lambda: update(historic_decision_instance).where(condition).values(values))


# By the primary key.
_SET_REMOVAL_TIME = _set_where(_decided.id == _ID)
# By ix_hi_decision_root, which has only decisions that another one required.
_SET_REMOVAL_TIME_OF_REQUIRED = _set_where(_decided.root_decision_instance_id == _ID)


def decided(tx: "Transaction", instance_id: str) -> Decided | None:
    """An instance with its time to live, if it is there."""
    rows = tx.sql.rows(_INSTANCE_WITH_TIME_TO_LIVE, id=instance_id)
    return Decided(*rows[0]) if rows else None


# By ix_hi_decision_root_instance, and by ix_hi_decision_instance.
_FOLLOW_ROOT, _FOLLOW_INSTANCE = (
    Compiled(
        lambda column=column: (  # type: ignore[misc]
            update(historic_decision_instance)
            .where(_decided[column] == _ID)
            .values(has_own_removal_time=false())
        )
    )
    for column in ("root_process_instance_id", "process_instance_id")
)


def follow(tx: "Transaction", instance_id: str, *, is_root: bool) -> None:
    """Let what was decided in an instance, or below a root, have its removal time again."""
    tx.sql.run(_FOLLOW_ROOT if is_root else _FOLLOW_INSTANCE, id=instance_id)


def set_removal_time(
    tx: "Transaction", found: Decided, timestamp: datetime | None, *, with_required: bool
) -> None:
    """Give an instance a removal time of its own, and what it has required."""
    tx.sql.run(_SET_REMOVAL_TIME, id=found.id, timestamp=timestamp)
    if with_required:
        tx.sql.run(_SET_REMOVAL_TIME_OF_REQUIRED, id=found.id, timestamp=timestamp)
