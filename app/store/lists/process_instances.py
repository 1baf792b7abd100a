"""Lists of process instances and executions.

Source: contract 4.3 and 4.4.
"""

from typing import Any

from sqlalchemy import Boolean, and_, exists, literal, not_, or_, select
from sqlalchemy.sql import ColumnElement

from app.errors import EngineError
from app.filters import EQUAL_VARIABLES, INSTANCE_IDS, TENANT_IDS, TEXT, VARIABLES, Texts
from app.models.repository import process_definition
from app.models.runtime import event_subscription, execution, incident, task, variable

from .base import Condition, Filter, Filters, Listing, View, flag
from .conditions import (
    Meaning,
    among,
    cases,
    equals,
    incidents,
    like,
    none_of,
    of_key,
    of_one,
    tenants,
)
from .rules import instance_readers
from .variables import IGNORING_CASE, holds, of_executions, of_instance, variables_of

e = execution.c
_definition = process_definition.alias("definition")
_child = execution.alias("child")
_caller = execution.alias("caller")
_called = execution.alias("called")
_own_variables = of_executions(variable.c.execution_id == e.id)


def _calls(value: str) -> Condition:
    """That the instance has called another."""
    wanted = (
        select(_caller.c.process_instance_id)
        .join(_called, _called.c.super_execution_id == _caller.c.id)
        .where(_called.c.id == value)
    )
    # From the called instance up by keys, instead of asking each instance.
    return e.id.in_(wanted)


def _called_from(value: str) -> Condition:
    """That the instance was called by another."""
    # By ix_execution_super, from the caller's executions by ix_execution_process_instance.
    return e.super_execution_id.in_(
        select(_caller.c.id).where(_caller.c.process_instance_id == value)
    )


def is_at(instance_id: ColumnElement[str]) -> Meaning:
    """That an instance is doing one of some activities; those around them do not count."""
    # By ix_execution_at_activity.
    return lambda values: exists().where(
        _child.c.process_instance_id == instance_id,
        _child.c.activity_id.in_(values),
        not_(_child.c.is_event_scope),
    )


def _is_below(value: str) -> Condition:
    """That the instance is a root, or was called below it."""
    # By the key, and by ix_execution_root, which has called instances alone.
    root = e.root_process_instance_id == value
    return or_(and_(e.id == value, root), and_(root, e.super_execution_id.is_not(None)))


# For each instance: its executions by ix_execution_process_instance, what they call by
# ix_execution_super.
_is_leaf = not_(
    exists()
    .where(_called.c.super_execution_id == _child.c.id, _child.c.process_instance_id == e.id)
    .correlate(execution)
)


def _check(filters: View, *, is_or: bool) -> None:
    del is_or
    for name, other in (("root", "super"), ("leaf", "sub")):
        if filters.get(f"{name}_process_instances") and (
            filters.get(f"{other}_process_instance") is not None
        ):
            raise EngineError(
                f"Invalid query usage: cannot set both {name}ProcessInstances and "
                f"{other}ProcessInstanceId"
            )


PROCESS_INSTANCES = Listing(
    "process_instance",
    execution.outerjoin(_definition, _definition.c.id == e.process_definition_id),
    [
        e.id,
        e.process_definition_id.label("definition_id"),
        e.process_definition_key.label("definition_key"),
        e.business_key,
        e.case_instance_id,
        # The answer has the field, and what has ended has no row here.
        literal(False, Boolean).label("is_ended"),
        e.is_suspended,
        e.tenant_id,
    ],
    {
        "process_instance_ids": Filter(INSTANCE_IDS, among(e.id)),
        "business_key": Filter(TEXT, equals(e.business_key)),
        "business_key_like": Filter(TEXT, like(e.business_key)),
        "case_instance_id": Filter(TEXT, equals(e.case_instance_id)),
        **cases(TEXT, "super_case_instance", "sub_case_instance"),
        "process_definition_id": Filter(TEXT, equals(e.process_definition_id)),
        **of_key(e, Texts(refuses_null="processDefinitionKeys")),
        "process_definition_key_not_in": Filter(
            Texts(refuses_null="processDefinitionKeyNotIn"), none_of(e.process_definition_key)
        ),
        # By ix_process_definition_deployment, then by ix_execution_in_definition.
        "deployment_id": Filter(TEXT, equals(_definition.c.deployment_id)),
        "super_process_instance": Filter(TEXT, _called_from),
        "sub_process_instance": Filter(TEXT, _calls),
        "suspended": flag(e.is_suspended),
        "active": flag(not_(e.is_suspended)),
        "with_incident": flag(
            # By ix_incident_process_instance. Outside of OR queries alone, as in the reference.
            exists().where(incident.c.process_instance_id == e.id),
            counts_in_or=False,
        ),
        **tenants(e.tenant_id),
        "process_definition_without_tenant_id": flag(_definition.c.tenant_id.is_(None)),
        "activity_id_in": Filter(Texts(refuses_null="activity ids"), is_at(e.id)),
        "root_process_instances": flag(e.super_execution_id.is_(None)),
        "leaf_process_instances": flag(_is_leaf),
        "root_process_instance_id": Filter(TEXT, _is_below),
        "variables": variables_of([(variable, _own_variables)], VARIABLES),
        **IGNORING_CASE,
        **of_one(incident.c.process_instance_id == e.id, incidents(incident.c)),
    },
    {
        "instanceId": e.id,
        "definitionKey": e.process_definition_key,
        "definitionId": e.process_definition_id,
        "tenantId": e.tenant_id,
        "businessKey": e.business_key,
    },
    order=[e.id],
    seen_by=instance_readers("id"),
    # An instance is the execution at the top of its tree.
    base=e.parent_id.is_(None),
    check=_check,
    has_or_queries=True,
)


def _subscribed(kind: str, name: str | None = None) -> Condition:
    # By ix_event_subscription_execution.
    found = [event_subscription.c.execution_id == e.id, event_subscription.c.event_type == kind]
    if name is not None:
        found.append(event_subscription.c.event_name == name)
    return exists().where(*found)


_instance = execution.alias("instance")
_all_variables = of_instance(e.process_instance_id)
# The tasks by ix_task_execution, their variables by ix_variable_execution.
_task_variables = and_(
    variable.c.task_id.is_not(None),
    variable.c.execution_id.in_(
        select(task.c.id).where(task.c.execution_id == e.id).correlate(execution)
    ),
)


def _has_variables(wanted: Any, filters: Filters) -> Condition:
    """Each variable is the execution's own, or local to a user task that it waits at."""
    return and_(
        *(
            or_(
                holds([(variable, _own_variables)], [one], filters),
                holds([(variable, _task_variables)], [one], filters),
            )
            for one in wanted
        )
    )


def _has_business_key(value: str) -> Condition:
    # The execution at the top alone has the key, and every execution of the tree is found by it:
    # by ix_execution_business_key, then by ix_execution_process_instance.
    return e.process_instance_id.in_(
        select(_instance.c.id).where(_instance.c.business_key == value)
    )


EXECUTIONS = Listing(
    "execution",
    execution,
    [e.id, e.process_instance_id, literal(False, Boolean).label("is_ended"), e.tenant_id],
    {
        "business_key": Filter(TEXT, _has_business_key),
        "process_definition_id": Filter(TEXT, equals(e.process_definition_id)),
        **of_key(e, None),
        "process_instance_id": Filter(TEXT, equals(e.process_instance_id)),
        "activity_id": Filter(TEXT, equals(e.activity_id)),
        "signal_event_subscription_name": Filter(TEXT, lambda name: _subscribed("signal", name)),
        "message_event_subscription_name": Filter(TEXT, lambda name: _subscribed("message", name)),
        "active": flag(not_(e.is_suspended)),
        "suspended": flag(e.is_suspended),
        "tenant_id_in": Filter(TENANT_IDS, among(e.tenant_id)),
        "variables": Filter(VARIABLES, joint=_has_variables),
        "process_variables": variables_of([(variable, _all_variables)], EQUAL_VARIABLES),
        **IGNORING_CASE,
        **of_one(incident.c.execution_id == e.id, incidents(incident.c)),
    },
    {
        "instanceId": e.process_instance_id,
        "definitionKey": e.process_definition_key,
        "definitionId": e.process_definition_id,
        "tenantId": e.tenant_id,
    },
    order=[e.id],
    seen_by=instance_readers(),
)
