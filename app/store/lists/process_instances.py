"""Lists of process instances, executions, variables and event subscriptions.

Source: rest contract 4.3 to 4.5.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Boolean, and_, exists, func, literal, not_, or_, select
from sqlalchemy.sql import ColumnElement

from app.models.repository import process_definition
from app.models.runtime import event_subscription, execution, incident, task, variable

from .base import (
    Condition,
    Filters,
    Listing,
    among,
    equals,
    like,
    none_of,
    of_key,
    of_one,
    tenants,
    tenants_or_none,
    when,
)
from .variables import compares, holds, of_executions

e = execution.c
_definition = process_definition.alias("definition")


def _instance_variables(wanted: Any, filters: Filters) -> Condition:
    return holds(variable, of_executions(variable.c.execution_id == e.id), wanted, filters)


_INCIDENT = {
    "incident_id": equals(incident.c.id),
    "incident_type": equals(incident.c.incident_type),
    "incident_message": equals(incident.c.incident_message),
    "incident_message_like": like(incident.c.incident_message),
}


_child = execution.alias("child")
_caller = execution.alias("caller")
_called = execution.alias("called")


def _calls(value: str) -> Condition:
    """That the instance has called another."""
    wanted = (
        select(_caller.c.process_instance_id)
        .join(_called, _called.c.super_execution_id == _caller.c.id)
        .where(_called.c.id == value)
    )
    return e.id.in_(wanted)


def _called_from(value: str) -> Condition:
    """That the instance was called by another."""
    return e.super_execution_id.in_(
        select(_caller.c.id).where(_caller.c.process_instance_id == value)
    )


def is_at(instance_id: ColumnElement[str]) -> Callable[[Any], Condition]:
    """That an instance is doing one of some activities; those around them do not count."""
    return lambda values: exists().where(
        _child.c.process_instance_id == instance_id,
        _child.c.activity_id.in_(values),
        not_(_child.c.is_event_scope),
    )


_is_leaf = not_(
    exists()
    .where(_called.c.super_execution_id == _child.c.id, _child.c.process_instance_id == e.id)
    .correlate(execution)
)

PROCESS_INSTANCES = Listing(
    execution.outerjoin(_definition, _definition.c.id == e.process_definition_id),
    [
        e.id,
        e.process_definition_id.label("definition_id"),
        e.process_definition_key.label("definition_key"),
        e.business_key,
        e.case_instance_id,
        literal(False, Boolean).label("is_ended"),
        e.is_suspended,
        e.tenant_id,
    ],
    {
        "process_instance_ids": among(e.id),
        "business_key": equals(e.business_key),
        "business_key_like": like(e.business_key),
        "case_instance_id": equals(e.case_instance_id),
        "process_definition_id": equals(e.process_definition_id),
        **of_key(e),
        "process_definition_key_not_in": none_of(e.process_definition_key),
        "deployment_id": equals(_definition.c.deployment_id),
        "super_process_instance": _called_from,
        "sub_process_instance": _calls,
        "suspended": when(e.is_suspended),
        "active": when(not_(e.is_suspended)),
        "with_incident": when(exists().where(incident.c.process_instance_id == e.id)),
        **tenants(e.tenant_id),
        "process_definition_without_tenant_id": when(e.tenant_id.is_(None)),
        "activity_id_in": is_at(e.id),
        "root_process_instances": when(e.super_execution_id.is_(None)),
        "leaf_process_instances": when(_is_leaf),
        "root_process_instance_id": equals(e.root_process_instance_id),
    },
    {
        "instanceId": e.id,
        "definitionKey": e.process_definition_key,
        "definitionId": e.process_definition_id,
        "tenantId": e.tenant_id,
        "businessKey": e.business_key,
    },
    order=[e.id],
    base=e.parent_id.is_(None),
    needs_all={
        "variables": _instance_variables,
        **of_one(incident.c.process_instance_id == e.id, _INCIDENT),
    },
)


def _subscribed(kind: str | None, name: str | None) -> Condition:
    found = [event_subscription.c.execution_id == e.id]
    if kind is not None:
        found.append(event_subscription.c.event_type == kind)
    if name is not None:
        found.append(event_subscription.c.event_name == name)
    return exists().where(*found)


_instance = execution.alias("instance")


def _execution_variables(wanted: Any, filters: Filters) -> Condition:
    return holds(variable, of_executions(variable.c.execution_id == e.id), wanted, filters)


def _process_variables(wanted: Any, filters: Filters) -> Condition:
    owner = of_executions(variable.c.process_instance_id == e.process_instance_id)
    return holds(variable, owner, wanted, filters)


EXECUTIONS = Listing(
    execution,
    [e.id, e.process_instance_id, literal(False, Boolean).label("is_ended"), e.tenant_id],
    {
        "business_key": lambda value: e.process_instance_id.in_(
            select(_instance.c.id).where(_instance.c.business_key == value)
        ),
        "process_definition_id": equals(e.process_definition_id),
        **of_key(e),
        "process_instance_id": equals(e.process_instance_id),
        "activity_id": equals(e.activity_id),
        "signal_event_subscription_name": lambda value: _subscribed("signal", value),
        "message_event_subscription_name": lambda value: _subscribed("message", value),
        "message_event_subscription": when(_subscribed("message", None)),
        "active": when(not_(e.is_suspended)),
        "suspended": when(e.is_suspended),
        **tenants(e.tenant_id),
    },
    {
        "instanceId": e.process_instance_id,
        "definitionKey": e.process_definition_key,
        "definitionId": e.process_definition_id,
        "tenantId": e.tenant_id,
    },
    order=[e.id],
    base=not_(e.is_event_scope),
    needs_all={
        "variables": _execution_variables,
        "process_variables": _process_variables,
        **of_one(incident.c.execution_id == e.id, _INCIDENT),
    },
)

v = variable.c
_owner = task.alias("owner")
VARIABLES = Listing(
    variable.outerjoin(_owner, _owner.c.id == v.task_id),
    [
        *(c for c in variable.c if c.name != "execution_id"),
        func.coalesce(_owner.c.execution_id, v.execution_id).label("execution_id"),
    ],
    {
        "variable_name": equals(v.name),
        "variable_name_like": like(v.name),
        "process_instance_id_in": among(v.process_instance_id),
        "execution_id_in": among(v.execution_id),
        "task_id_in": among(v.task_id),
        "variable_scope_id_in": lambda value: or_(v.execution_id.in_(value), v.task_id.in_(value)),
        "activity_instance_id_in": among(v.activity_instance_id),
        "tenant_id_in": among(v.tenant_id),
    },
    {
        "variableName": v.name,
        "variableType": v.type,
        "activityInstanceId": v.activity_instance_id,
        "tenantId": v.tenant_id,
    },
    order=[v.id],
    needs_all={
        "variable_values": lambda wanted, filters: and_(
            *(
                and_(
                    func.lower(v.name) == func.lower(str(name))
                    if filters.get("variable_names_ignore_case")
                    else v.name == name,
                    compares(
                        variable,
                        operator,
                        value,
                        bool(filters.get("variable_values_ignore_case")),
                    ),
                )
                for name, operator, value in wanted
            )
        )
    },
)

s = event_subscription.c
SUBSCRIPTIONS = Listing(
    event_subscription,
    list(event_subscription.c),
    {
        "event_subscription_id": equals(s.id),
        "event_name": equals(s.event_name),
        "event_type": equals(s.event_type),
        "execution_id": equals(s.execution_id),
        "process_instance_id": equals(s.process_instance_id),
        "activity_id": equals(s.activity_id),
        **tenants(s.tenant_id),
    },
    {"created": s.created_date, "tenantId": s.tenant_id},
    order=[s.id],
    needs_all=tenants_or_none(s.tenant_id, "include_event_subscriptions_without_tenant_id"),
)
