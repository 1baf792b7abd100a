"""Removal of the history of variables whose row is that of their history as well.

Source: `store.unit.lasting`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, bindparam, delete, exists, null, select, update
from sqlalchemy.sql import ColumnElement

from app.models.runtime import execution, variable
from app.store.connections.dialects import Among, Compiled
from app.store.lists.past_variables import is_lasting
from app.store.unit.lasting import OF_HISTORY

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_v = variable.c
_HAS_ID = _v.id == bindparam("id", type_=Text)
_OF_INSTANCES = Among(_v.execution_id, bindparam("ids"))
_IS_RUNNING = exists().where(execution.c.id == _v.execution_id)


def _remove(found: ColumnElement[bool]) -> Compiled:
    return Compiled(lambda: delete(variable).where(found, is_lasting, ~_IS_RUNNING))


def _part(found: ColumnElement[bool]) -> Compiled:
    """The variables go on, without a history."""
    columns: dict[str, Any] = dict.fromkeys(OF_HISTORY, null())
    return Compiled(lambda: update(variable).where(found, is_lasting).values(columns))


# By the primary key.
_OWNER = Compiled(lambda: select(_v.execution_id).where(_HAS_ID, is_lasting))
# By the primary key.
_REMOVE, _PART = _remove(_HAS_ID), _part(_HAS_ID)
# By ix_variable_execution.
_REMOVE_OF, _PART_OF = _remove(_OF_INSTANCES), _part(_OF_INSTANCES)


def remove(tx: "Transaction", variable_id: str) -> bool:
    """Remove the history of a variable; False when it has none in its row."""
    for (instance_id,) in tx.sql.rows(_OWNER, id=variable_id):
        # Its command writes what it has read of the row.
        tx.locks.lock_execution(instance_id)
    return bool(tx.sql.run(_REMOVE, id=variable_id) or tx.sql.run(_PART, id=variable_id))


def remove_of(tx: "Transaction", instance_id: str) -> None:
    """Remove the history of the variables of an instance; one that runs keeps the values."""
    tx.locks.lock_execution(instance_id)
    for statement in (_REMOVE_OF, _PART_OF):
        tx.sql.run(statement, ids=tx.sql.listed([instance_id]))


def remove_ended(tx: "Transaction", instance_ids: Sequence[str]) -> None:
    """Remove the variables of some instances as far as they have ended."""
    tx.sql.run(_REMOVE_OF, ids=tx.sql.listed(instance_ids))
