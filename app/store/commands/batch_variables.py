"""The variables that a batch was made with, which wait for its jobs.

Source: contract 10.6; Camunda 7 ``VariableUtil.setVariablesByBatchId``.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Text, bindparam, insert, select

from app.engine.state.values import TypedValue, from_columns, to_columns
from app.models.runtime import variable
from app.store.connections.dialects import Compiled

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_VALUE = ("type", "text_value", "long_value", "double_value", "bytes_value", "value_info")
_COLUMNS = ("id", "batch_id", "revision", "name", *_VALUE)
# Adds one row.
_ADD_VARIABLE = Compiled(
    lambda: insert(variable).values(
        {name: bindparam(name, type_=variable.c[name].type) for name in _COLUMNS}
    )
)
# By ix_variable_batch, which has only variables that wait at batches.
_VARIABLES_OF_BATCH = Compiled(
    lambda: select(variable.c.name, *(variable.c[name] for name in _VALUE)).where(
        variable.c.batch_id == bindparam("id", type_=Text)
    )
)


def add(tx: "Transaction", batch_id: str, variables: Mapping[str, TypedValue]) -> None:
    """Keep variables at a batch: rows of no execution, which no run ever loads."""
    for name, typed in variables.items():
        value = dict(zip(_VALUE, (typed.type, *to_columns(typed)), strict=True))
        # Past the records of the transaction, which know variables of executions alone.
        tx.sql.defer(
            _ADD_VARIABLE, id=tx.new_id(), batch_id=batch_id, revision=1, name=name, **value
        )


def of(tx: "Transaction", batch_id: str) -> dict[str, TypedValue]:
    """The variables of a batch."""
    # No copies for the jobs: each reads them here, however many there are.
    return {
        name: from_columns(*value) for name, *value in tx.sql.rows(_VARIABLES_OF_BATCH, id=batch_id)
    }
