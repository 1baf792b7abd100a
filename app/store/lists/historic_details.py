"""The list of what variables were set to, and of what forms were submitted with.

The newest value of a variable is in the variable's own row of the history, which is a detail as
well; those before it have rows of their own.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Text, and_, cast, false, func, literal, null, or_, select, true, union_all
from sqlalchemy.sql import ColumnElement

from app.engine.history.history_records import NOWHERE
from app.filters import ANY_FLAG, DATE, TEXT, TYPES, set_of
from app.models.history import (
    historic_detail,
    historic_form_field,
    historic_variable_instance,
)
from app.store.connections.dialects import DetailId

from .base import Condition, Filter, Listing, flag
from .conditions import (
    among,
    among_types,
    at_least,
    at_most,
    cases,
    equals,
    never,
    resembles,
    tenants,
)
from .history import at_places, from_instance, in_executions, removal, with_root
from .past_variables import LASTING
from .rules import HISTORY_READERS_OR_NO_DEFINITION


def _newest(row: Mapping[str, ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """The columns of the detail that a variable's row is, in the order of a detail's own.

    Args:
        row: the columns of the variable, as its history has them.
    """
    place = func.coalesce(row["detail_activity_instance_id"], row["activity_instance_id"])
    renamed: dict[str, ColumnElement[Any]] = {
        "id": DetailId(),
        "variable_instance_id": row["id"],
        "variable_name": row["name"],
        "variable_type": row["type"],
        "time": row["detail_time"],
        "activity_instance_id": func.nullif(place, NOWHERE),
    }
    return [{**row, **renamed}[c.name].label(c.name) for c in historic_detail.c]


_f = historic_form_field.c
_SUBMITTED: dict[str, ColumnElement[Any]] = {
    "variable_instance_id": _f.id,  # no variable's: the order of the list, by the key
    "revision": literal(0),
}


def _submitted(column: str) -> ColumnElement[Any]:
    """A field of the detail that a submitted text is; those of variables it has not."""
    if column in _SUBMITTED:
        return _SUBMITTED[column]
    return _f[column] if column in _f else cast(null(), historic_detail.c[column].type)


_NO_TEXT = cast(null(), Text)

# No part has a condition of its own: PostgreSQL looks then into both, and into their indexes.
_details = union_all(
    select(
        *historic_detail.c,
        true().label("has_row"),
        _NO_TEXT.label("field_id"),
        _NO_TEXT.label("field_value"),
    ),
    select(
        *_newest(dict(historic_variable_instance.c)),
        false().label("has_row"),
        _NO_TEXT.label("field_id"),
        _NO_TEXT.label("field_value"),
    ),
    select(
        *_newest(LASTING),
        false().label("has_row"),
        _NO_TEXT.label("field_id"),
        _NO_TEXT.label("field_value"),
    ),
    select(
        *(_submitted(c.name).label(c.name) for c in historic_detail.c),
        true().label("has_row"),
        _f.field_id,
        _f.field_value,
    ),
).subquery("detail")
d = _details.c
_from_instance = from_instance(d, "activity_instance_id")


def _has_id(value: str) -> Condition:
    """The detail with an id, which begins as its variable's does."""
    # Ids of details have their variable's in front: a range of its index, where the computed id has
    # none.
    begin = value.partition(":")[0][:32]
    near = and_(d.variable_instance_id >= begin, d.variable_instance_id <= begin + "g")
    return and_(d.id == value, or_(d.has_row, near))


HISTORIC_DETAILS = Listing(
    "historic_detail",
    with_root(_details, is_narrow=True),
    [
        *(_from_instance.get(c.name, d[c.name]) for c in historic_detail.c),
        d.field_id,
        d.field_value,
        removal,
    ],
    {
        "process_instance_id": Filter(TEXT, equals(d.process_instance_id)),
        "process_instance_id_in": Filter(
            set_of("Process Instance Ids"), among(d.process_instance_id)
        ),
        "execution_id": Filter(TEXT, lambda value: in_executions(d, [value])),
        "task_id": Filter(TEXT, equals(d.task_id)),
        "activity_instance_id": Filter(
            TEXT, lambda value: at_places(d, "activity_instance_id", [value])
        ),
        "variable_instance_id": Filter(TEXT, equals(d.variable_instance_id)),
        # Without regard to case, unlike the list of variables, where a flag asks for that.
        "variable_name_like": Filter(TEXT, resembles(d.variable_name)),
        "variable_type_in": Filter(TYPES, among_types(d.variable_type)),
        "form_fields": flag(d.field_id.is_not(None), ANY_FLAG),
        "variable_updates": flag(d.field_id.is_(None), ANY_FLAG),
        "exclude_task_details": flag(d.task_id.is_(None), ANY_FLAG),
        "initial": flag(d.is_initial),
        "user_operation_id": Filter(TEXT, never),
        "occurred_before": Filter(DATE, at_most(d.time)),
        "occurred_after": Filter(DATE, at_least(d.time)),
        **cases(TEXT, "case_instance_id", "case_execution_id"),
        **tenants(d.tenant_id),
    },
    {
        "processInstanceId": d.process_instance_id,
        "variableName": d.variable_name,
        "variableType": d.variable_type,
        "variableRevision": d.revision,
        "formPropertyId": d.field_id,
        "time": d.time,
        # Details have no sequence; the order of the list tells those of one time apart.
        "occurrence": d.time,
        "tenantId": d.tenant_id,
    },
    # A variable's row without this time has given its detail away, or was never one.
    base=or_(d.has_row, d.time.is_not(None)),
    overruled={"tenant_id_in": "without_tenant_id", "form_fields": "variable_updates"},
    # The last value of a transaction has the shortest id of those with its revision.
    order=[d.variable_instance_id, d.revision, func.length(d.id).desc(), d.id],
    seen_by=HISTORY_READERS_OR_NO_DEFINITION,
    is_strict=True,
    has_id=_has_id,
)
