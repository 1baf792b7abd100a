"""Queries for user tasks, present and past, when one is created or commented on.

Source: contract 11.1 and 11.8.
"""

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Text, bindparam, select

from app.models.history import historic_process_instance, historic_task
from app.models.runtime import task
from app.store.connections.dialects import Compiled

from .advisory_locks import hold

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_ID = bindparam("id", type_=Text)
# By the primary keys, of tasks and of those of the past.
_ANY_TASK_OF_ID = Compiled(
    lambda: (
        select(task.c.id)
        .where(task.c.id == _ID)
        .union_all(select(historic_task.c.id).where(historic_task.c.id == _ID))
    )
)
# KEY SHARE: the task may change and end meanwhile, but its history stays
# By the primary key.
_SHARED_PLACE_OF_TASK = Compiled(
    lambda: (
        select(historic_task.c.process_instance_id, historic_task.c.root_process_instance_id)
        .where(historic_task.c.id == _ID)
        .with_for_update(read=True, key_share=True, of=historic_task)
    )
)


# By the primary key, locked in the same mode.
_SHARED_INSTANCE = Compiled(
    lambda: (
        select(historic_process_instance.c.id)
        .where(historic_process_instance.c.id == _ID)
        .with_for_update(read=True, key_share=True, of=historic_process_instance)
    )
)


class Place(NamedTuple):
    """Where a task is, or was; both are None for one that stands alone."""

    process_instance_id: str | None
    root_process_instance_id: str | None


def is_used(tx: "Transaction", task_id: str) -> bool:
    """Whether a task has, or had, an id; until the end no other transaction takes it."""
    # Clients choose the ids of tasks that stand alone: there is no row yet that could be locked.
    hold(tx, f"baton task:{task_id}")
    return bool(tx.sql.rows(_ANY_TASK_OF_ID, id=task_id))


def place_of(tx: "Transaction", task_id: str) -> Place | None:
    """Where a task is or was, whose history stays until the end; None when there is none."""
    rows = tx.sql.rows(_SHARED_PLACE_OF_TASK, id=task_id)
    return Place(*rows[0]) if rows else None


def has_instance(tx: "Transaction", instance_id: str) -> bool:
    """Whether there is an instance, or was, whose history stays until the end."""
    return bool(tx.sql.rows(_SHARED_INSTANCE, id=instance_id))
