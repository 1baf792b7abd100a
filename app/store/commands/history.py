"""Variables and instances of the history, one at a time.

Source: contract 10.7.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, bindparam, delete, func, select

from app.models.history import (
    historic_detail,
    historic_process_instance,
    historic_variable_instance,
)
from app.models.repository import process_definition
from app.store.connections.dialects import Compiled
from app.store.lists.past_variables import PAST_VARIABLES, is_past

from . import lasting_variables as lasting

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_ID = bindparam("id", type_=Text)
# By the primary key.
_HAS_INSTANCE = Compiled(
    lambda: select(historic_process_instance.c.id).where(historic_process_instance.c.id == _ID)
)
# By ix_hi_detail_instance.
_REMOVE_DETAILS_OF_INSTANCE = Compiled(
    lambda: delete(historic_detail).where(historic_detail.c.process_instance_id == _ID)
)
# By ix_hi_variable_instance_instance.
_REMOVE_VARIABLES_OF_INSTANCE = Compiled(
    lambda: delete(historic_variable_instance).where(
        historic_variable_instance.c.process_instance_id == _ID
    )
)
# By ix_hi_detail_variable.
_REMOVE_DETAILS_OF_VARIABLE = Compiled(
    lambda: delete(historic_detail).where(historic_detail.c.variable_instance_id == _ID)
)
# By the primary key.
_REMOVE_VARIABLE = Compiled(
    lambda: delete(historic_variable_instance).where(historic_variable_instance.c.id == _ID)
)


PLACE = (
    "deployment_id",
    "process_definition_id",
    "process_definition_key",
    "process_instance_id",
    "root_process_instance_id",
)


_instance, _v, _d = (
    historic_process_instance.c,
    PAST_VARIABLES.c,
    process_definition.c,
)
# in the order of `PLACE`; a row of the history leaves out what its instance says
_PLACE_COLUMNS = (
    _d.deployment_id,
    _instance.process_definition_id,
    _instance.process_definition_key,
    _instance.id,
    _instance.root_process_instance_id,
)
# By the primary keys, of the instance and of its definition.
_PLACE_OF_INSTANCE = Compiled(
    lambda: (
        select(*_PLACE_COLUMNS)
        .select_from(historic_process_instance)
        .outerjoin(process_definition, _d.id == _instance.process_definition_id)
        .where(_instance.id == _ID)
    )
)
# By the primary keys, of the variable, of its instance and of the definition.
_PLACE_OF_VARIABLE = Compiled(
    lambda: (
        select(*_PLACE_COLUMNS, func.coalesce(_v.execution_id, _v.process_instance_id), _v.name)
        .select_from(PAST_VARIABLES)
        .outerjoin(historic_process_instance, _instance.id == _v.process_instance_id)
        .outerjoin(process_definition, _d.id == _instance.process_definition_id)
        .where(_v.id == _ID, is_past)
    )
)


def has_instance(tx: "Transaction", instance_id: str) -> bool:
    """Whether the history has an instance, running or not."""
    return bool(tx.sql.rows(_HAS_INSTANCE, id=instance_id))


def place_of_instance(tx: "Transaction", instance_id: str) -> dict[str, str | None]:
    """Where an instance is or was, as the log of operations has it."""
    return _place(tx.sql.rows(_PLACE_OF_INSTANCE, id=instance_id), ())


def place_of_variable(tx: "Transaction", variable_id: str) -> dict[str, str | None]:
    """Where a variable is or was, with its ``name``."""
    return _place(tx.sql.rows(_PLACE_OF_VARIABLE, id=variable_id), ("execution_id", "name"))


def _place(rows: Sequence[Any], more: tuple[str, ...]) -> dict[str, str | None]:
    return dict(zip((*PLACE, *more), rows[0], strict=True)) if rows else {}


def remove_variables_of(tx: "Transaction", instance_id: str) -> None:
    """Delete the variables of an instance, with their changes."""
    # First, for it waits for the command of an instance that runs.
    lasting.remove_of(tx, instance_id)
    tx.sql.defer(_REMOVE_DETAILS_OF_INSTANCE, id=instance_id)
    tx.sql.run(_REMOVE_VARIABLES_OF_INSTANCE, id=instance_id)


def remove_variable(tx: "Transaction", variable_id: str) -> bool:
    """Delete a variable with its changes; False when there is none."""
    # First, for a command that it waits for may give the history a row of its own.
    is_removed = lasting.remove(tx, variable_id)
    tx.sql.defer(_REMOVE_DETAILS_OF_VARIABLE, id=variable_id)
    return bool(tx.sql.run(_REMOVE_VARIABLE, id=variable_id)) or is_removed
