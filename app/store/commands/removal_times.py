"""The removal times of instances and of batches, set by hand.

Only the root of a call hierarchy has a removal time; an instance that was given its own is marked.

Source: contract 10.6; Camunda 7 ``ProcessSetRemovalTimeJobHandler``,
``BatchSetRemovalTimeJobHandler``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Text, bindparam, null, select, update

from app.engine.history.removal import removal_time
from app.models.base import Timestamp
from app.models.decisions import historic_decision_instance
from app.models.history import historic_batch, historic_process_instance
from app.models.repository import process_definition
from app.store.connections.dialects import Compiled

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_ID = bindparam("id", type_=Text)
_TIMESTAMP = bindparam("timestamp", type_=Timestamp())
_h = historic_process_instance.c


@dataclass(frozen=True, slots=True)
class Past:
    """The data from which a removal time is calculated.

    Attributes:
        days: the time to live that the definition has now; None keeps the instance for ever.
    """

    id: str
    root_id: str
    end_time: datetime | None
    days: int | None

    def calculated(self) -> datetime | None:
        """The calculated removal time; None for an instance that runs."""
        return removal_time(self.end_time, self.days)


# By the primary keys, of the instance and of its definition.
_INSTANCE_WITH_TIME_TO_LIVE = Compiled(
    lambda: (
        select(
            _h.id,
            _h.root_process_instance_id,
            _h.end_time,
            process_definition.c.history_time_to_live,
        )
        .outerjoin_from(
            historic_process_instance,
            process_definition,
            process_definition.c.id == _h.process_definition_id,
        )
        .where(_h.id == _ID)
    )
)


_TABLES = {
    table.name: table
    for table in (historic_process_instance, historic_decision_instance, historic_batch)
}


def known(connection: Connection, name: str, ids: Sequence[str]) -> list[str]:
    """Those of some ids that a table of the history has."""
    table = _TABLES[name]
    return list(connection.execute(select(table.c.id).where(table.c.id.in_(ids))).scalars())


def past(tx: "Transaction", instance_id: str) -> Past | None:
    """An instance of the history, if it is there."""
    # With the days of today: a definition's time to live may have been changed since.
    rows = tx.sql.rows(_INSTANCE_WITH_TIME_TO_LIVE, id=instance_id)
    return Past(*rows[0]) if rows else None


def _of_called(**values: Any) -> Any:
    """Changes the instances that a root has called, however deep."""
    return (
        update(historic_process_instance)
        .where(_h.root_process_instance_id == _ID, _h.id != _ID)
        .where(_h.super_process_instance_id.is_not(None))  # as the index of roots has it
        .values(**values)
    )


# By ix_hi_process_instance_root.
_LET_CALLED_FOLLOW = Compiled(
    lambda: _of_called(has_own_removal_time=null(), removal_time=null()).where(
        _h.has_own_removal_time.is_(True)
    )
)


def _keep() -> Any:
    root = historic_process_instance.alias("root")
    present = select(root.c.removal_time).where(root.c.id == _ID).scalar_subquery()
    return _of_called(has_own_removal_time=True, removal_time=present).where(
        _h.has_own_removal_time.is_not(True)
    )


# By ix_hi_process_instance_root.
_KEEP_TIMES_OF_CALLED = Compiled(_keep)
# By the primary key.
_SET_TIME_OF_ROOT = Compiled(
    lambda: update(historic_process_instance).where(_h.id == _ID).values(removal_time=_TIMESTAMP)
)
# By the primary key.
_SET_TIME_OF_CALLED = Compiled(
    lambda: (
        update(historic_process_instance)
        .where(_h.id == _ID)
        .values(removal_time=_TIMESTAMP, has_own_removal_time=True)
    )
)


def set_of_hierarchy(tx: "Transaction", root_id: str, timestamp: datetime | None) -> None:
    """Set the removal time of a root, which all that it has called follow."""
    # Only the root's row has the time, so that a hierarchy of thousands costs one update (decision
    # 9).
    tx.sql.defer(_LET_CALLED_FOLLOW, id=root_id)
    tx.sql.run(_SET_TIME_OF_ROOT, id=root_id, timestamp=timestamp)


def set_of_instance(tx: "Transaction", found: Past, timestamp: datetime | None) -> None:
    """Set the removal time of one instance; the others of its call hierarchy keep theirs."""
    # A called instance is marked, for its row else means that the root's time counts.
    if found.id == found.root_id:
        # Before the root's time changes: what others followed until now becomes their own.
        tx.sql.defer(_KEEP_TIMES_OF_CALLED, id=found.id)
        tx.sql.run(_SET_TIME_OF_ROOT, id=found.id, timestamp=timestamp)
    else:
        tx.sql.run(_SET_TIME_OF_CALLED, id=found.id, timestamp=timestamp)


# By the primary key.
_SET_TIME_OF_BATCH = Compiled(
    lambda: update(historic_batch).where(historic_batch.c.id == _ID).values(removal_time=_TIMESTAMP)
)


def set_of_batch(tx: "Transaction", batch_id: str, timestamp: datetime | None) -> None:
    """Set the removal time of a batch of the history; an unknown one is passed over."""
    tx.sql.run(_SET_TIME_OF_BATCH, id=batch_id, timestamp=timestamp)
