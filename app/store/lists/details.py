"""The list of what variables were set to.

The newest value of a variable is in the variable's own row of the history, which is a detail as
well; those before it have rows of their own.
"""

from typing import Any

from sqlalchemy import and_, false, literal, or_, select, true, union_all
from sqlalchemy.sql import ColumnElement

from app.models.history import historic_detail, historic_variable_instance
from app.store.connections.dialects import DetailId

from .base import Condition, Listing, among, at_least, at_most, equals, ignored, when
from .history import among_types, removal, with_root

_v = historic_variable_instance.c
_NEWEST: dict[str, ColumnElement[Any]] = {
    "id": DetailId(),
    "variable_instance_id": _v.id,
    "variable_name": _v.name,
    "variable_type": _v.type,
    "time": _v.detail_time,
}


def _newest(column: str) -> ColumnElement[Any]:
    """A field of the detail that a variable's row is."""
    return _NEWEST[column] if column in _NEWEST else _v[column]


# Neither part has a condition of its own: PostgreSQL looks then into both, and into their indexes.
_details = union_all(
    select(*historic_detail.c, true().label("has_row")),
    select(
        *(_newest(c.name).label(c.name) for c in historic_detail.c),
        false().label("has_row"),
    ),
).subquery("detail")
d = _details.c


def _has_id(value: str) -> Condition:
    """The detail with an id, which begins as its variable's does."""
    begin = value[:32]
    near = and_(d.variable_instance_id >= begin, d.variable_instance_id <= begin + "g")
    return and_(d.id == value, or_(d.has_row, near))


DETAILS = Listing(
    with_root(_details),
    [*(d[column.name] for column in historic_detail.c), removal],
    {
        "process_instance_id": equals(d.process_instance_id),
        "process_instance_id_in": among(d.process_instance_id),
        "execution_id": equals(d.execution_id),
        "task_id": equals(d.task_id),
        "activity_instance_id": equals(d.activity_instance_id),
        "variable_instance_id": equals(d.variable_instance_id),
        "variable_type_in": among_types(d.variable_type),
        "form_fields": when(literal(False)),
        "variable_updates": ignored,
        "exclude_task_details": when(d.task_id.is_(None)),
        "occurred_before": at_most(d.time),
        "occurred_after": at_least(d.time),
        "initial": when(d.is_initial),
        "tenant_id_in": among(d.tenant_id),
        "without_tenant_id": when(d.tenant_id.is_(None)),
    },
    {
        "processInstanceId": d.process_instance_id,
        "variableName": d.variable_name,
        "variableType": d.variable_type,
        "variableRevision": d.revision,
        "formPropertyId": d.id,
        "time": d.time,
        "occurrence": d.time,
        "tenantId": d.tenant_id,
    },
    base=or_(d.has_row, d.time.is_not(None)),
    order=[d.variable_instance_id, d.revision],
    has_id=_has_id,
)
