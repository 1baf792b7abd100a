"""The variables of the history as one table: those that last are in their own rows.

Source: `store.unit.lasting`.
"""

from typing import Any

from sqlalchemy import and_, cast, literal_column, select, union_all
from sqlalchemy.sql import ColumnElement

from app.models.history import historic_variable_instance
from app.models.runtime import variable
from app.store.unit.lasting import AS_HISTORY


def _lasting(name: str) -> ColumnElement[Any]:
    """A column of the history, of a row of a variable that lasts."""
    source = AS_HISTORY[name]
    if source in variable.c:
        return variable.c[source].label(name)
    # With a type: SQLite looks into the parts of a UNION whose columns are of the same.
    return cast(literal_column(source), historic_variable_instance.c[name].type).label(name)


is_lasting = variable.c.create_time.is_not(None)
LASTING = {name: _lasting(name) for name in AS_HISTORY}
# No part has a condition of its own, for PostgreSQL looks then into both, and into their indexes:
# each statement has the one below.
PAST_VARIABLES = union_all(
    select(*historic_variable_instance.c), select(*LASTING.values())
).subquery("past_variable")
is_past: ColumnElement[bool] = PAST_VARIABLES.c.create_time.is_not(None)


def lasting_of(instance_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """The variables of an instance that last."""
    return and_(variable.c.execution_id == instance_id, is_lasting)


def past_of(instance_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """The variables of an instance in `PAST_VARIABLES`."""
    return and_(PAST_VARIABLES.c.process_instance_id == instance_id, is_past)
