"""The list of the variables that are there now.

Source: contract 4.5; Camunda 7 ``VariableInstanceQueryImpl``.
"""

from typing import Any

from sqlalchemy import ARRAY, Text, and_, any_, case, cast, func, or_, select, union_all

from app.errors import RequestTooLargeError
from app.filters import SET, TENANT_IDS, TEXT, VARIABLES
from app.models.runtime import execution, task, variable
from app.store.connections.dialects import ByDatabase

from .base import Condition, Filter, Filters, Listing
from .conditions import among, cases, equals, like
from .rules import instance_readers
from .variables import (
    IGNORING_CASE,
    MOST_CONDITIONS,
    at_places,
    compares,
    from_instance,
    in_instances,
    instance_of_variable,
    is_of_instance,
    named,
)

# Those that last stay behind their instance, so they are looked for at the instances that run; the
# others by ix_variable_passing, where nothing else is asked for.
_name = variable.c.name
# SQLite would begin with all variables of the name, those of ended instances among them; it takes
# no index of a column that is cast, where PostgreSQL chooses by what it knows of the names.
_columns = [cast(c, c.type).label(c.name) if c is _name else c for c in variable.c]
_PRESENT = union_all(
    select(*_columns).where(variable.c.create_time.is_(None)),
    select(*_columns).where(
        variable.c.create_time.is_not(None),
        # Not a join, in which SQLite begins with the variables.
        variable.c.execution_id.in_(select(execution.c.id)),
    ),
).subquery("present_variable")
v = _PRESENT.c
_from_instance = from_instance(v)
_owner = task.alias("owner")


def _belongs_to_execution(values: Any) -> Condition:
    """It is an execution's, or local to a user task at which the execution waits."""
    # By ix_variable_execution, the tasks by ix_task_execution. A UNION of ids, as OR over two
    # tables would be answered from no index.
    scopes = union_all(
        select(execution.c.id).where(execution.c.id.in_(values)),
        select(task.c.id).where(task.c.execution_id.in_(values)),
    )
    # As an array PostgreSQL looks for them in the parts of a UNION as well.
    found = func.array(scopes.scalar_subquery(), type_=ARRAY(Text))
    return ByDatabase(postgresql=v.execution_id == any_(found), sqlite=v.execution_id.in_(scopes))


def _has_values(wanted: Any, filters: Filters) -> Condition:
    """It is each of some variables."""
    # Each is a join to the planner, whose time grows faster than their number.
    if len(wanted) > MOST_CONDITIONS:
        raise RequestTooLargeError
    names, values = (
        bool(filters.get(f"variable_{part}_ignore_case")) for part in ("names", "values")
    )
    return and_(
        *(
            and_(named(_PRESENT, name, names), compares(_PRESENT, operator, value, values))
            for name, operator, value in wanted
        )
    )


VARIABLES_NOW = Listing(
    "variable_instance",
    _PRESENT.outerjoin(_owner, _owner.c.id == v.task_id).outerjoin(
        instance_of_variable, is_of_instance(v)
    ),
    [
        *(_from_instance.get(name, c) for name, c in v.items() if name != "execution_id"),
        # a task that stands alone has none
        case((v.task_id.is_(None), v.execution_id), else_=_owner.c.execution_id).label(
            "execution_id"
        ),
    ],
    {
        "variable_name": Filter(TEXT, equals(v.name)),
        "variable_name_like": Filter(TEXT, like(v.name)),
        "process_instance_id_in": Filter(
            SET, lambda values: in_instances(lambda owner: among(owner)(values), v)
        ),
        "execution_id_in": Filter(SET, _belongs_to_execution),
        "task_id_in": Filter(SET, among(v.task_id)),
        "variable_scope_id_in": Filter(
            SET, lambda values: or_(v.execution_id.in_(values), v.task_id.in_(values))
        ),
        "activity_instance_id_in": Filter(SET, lambda values: at_places(v, values)),
        "tenant_id_in": Filter(TENANT_IDS, among(v.tenant_id)),
        "batch_id_in": Filter(SET, among(v.batch_id)),
        **cases(SET, "case_instance_id_in", "case_execution_id_in"),
        "variable_values": Filter(VARIABLES, joint=_has_values),
        **IGNORING_CASE,
    },
    {
        "variableName": v.name,
        "variableType": v.type,
        "activityInstanceId": _from_instance["activity_instance_id"],
        "tenantId": v.tenant_id,
    },
    order=[v.id],
    seen_by=instance_readers(),
    filled={"variableName", "variableType"},
)
