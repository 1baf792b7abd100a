"""Variables and instances of the history, one at a time.

Source: contract 10.7.
"""

from typing import TYPE_CHECKING

from sqlalchemy import Text, bindparam, delete, select

from app.models.history import (
    historic_detail,
    historic_process_instance,
    historic_variable_instance,
)
from app.store.connections.dialects import Compiled

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_ID = bindparam("id", type_=Text)
_INSTANCE = Compiled(
    lambda: select(historic_process_instance.c.id).where(historic_process_instance.c.id == _ID)
)
_DETAILS_OF = Compiled(
    lambda: delete(historic_detail).where(historic_detail.c.process_instance_id == _ID)
)
_VARIABLES_OF = Compiled(
    lambda: delete(historic_variable_instance).where(
        historic_variable_instance.c.process_instance_id == _ID
    )
)
_DETAILS = Compiled(
    lambda: delete(historic_detail).where(historic_detail.c.variable_instance_id == _ID)
)
_VARIABLE = Compiled(
    lambda: delete(historic_variable_instance).where(historic_variable_instance.c.id == _ID)
)


def has_instance(tx: "Transaction", instance_id: str) -> bool:
    """Whether the history has an instance, running or not."""
    return bool(tx.sql.rows(_INSTANCE, id=instance_id))


def remove_variables_of(tx: "Transaction", instance_id: str) -> None:
    """Delete the variables of an instance, with their changes."""
    tx.sql.defer(_DETAILS_OF, id=instance_id)
    tx.sql.run(_VARIABLES_OF, id=instance_id)


def remove_variable(tx: "Transaction", variable_id: str) -> bool:
    """Delete a variable with its changes; False when there is none."""
    tx.sql.defer(_DETAILS, id=variable_id)
    return bool(tx.sql.run(_VARIABLE, id=variable_id))
