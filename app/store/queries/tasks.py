"""Lists of user tasks.

Source: rest contract 4.6.
"""

from typing import Any

from sqlalchemy import and_, func, literal, not_, select
from sqlalchemy.sql import ColumnElement

from app.models.repository import process_definition
from app.models.runtime import (
    execution,
    task,
    variable,
)

from .base import (
    Condition,
    Filters,
    Listing,
    above,
    among,
    at_least,
    at_most,
    below,
    equals,
    like,
    tenants,
    when,
)
from .variables import holds

_definition = process_definition.alias("definition")
_instance = execution.alias("instance")

k = task.c


def _task_vars(scope: ColumnElement[Any]) -> Any:
    def condition(wanted: Any, filters: Filters) -> Condition:
        return holds(variable, variable.c.execution_id == scope, wanted, filters)

    return condition


def _is_candidate(column: ColumnElement[Any]) -> Any:
    """One of the names between the commas, of a task that nobody has yet."""

    def condition(value: str) -> Condition:
        padded = literal(",") + func.coalesce(column, "") + ","
        return and_(k.assignee.is_(None), padded.contains(f",{value},", autoescape=True))

    return condition


TASKS = Listing(
    task.outerjoin(_definition, _definition.c.id == k.process_definition_id),
    list(task.c),
    {
        "task_id": equals(k.id),
        "task_id_in": among(k.id),
        "process_instance_id": equals(k.process_instance_id),
        "process_instance_id_in": among(k.process_instance_id),
        "process_instance_business_key": lambda value: k.process_instance_id.in_(
            select(_instance.c.id).where(_instance.c.business_key == value)
        ),
        "process_definition_id": equals(k.process_definition_id),
        "process_definition_key": equals(_definition.c.key),
        "process_definition_key_in": among(_definition.c.key),
        "process_definition_name": equals(_definition.c.name),
        "execution_id": equals(k.execution_id),
        "activity_instance_id_in": among(k.activity_instance_id),
        "assignee": equals(k.assignee),
        "assignee_like": like(k.assignee),
        "assignee_in": among(k.assignee),
        "assigned": when(k.assignee.is_not(None)),
        "unassigned": when(k.assignee.is_(None)),
        "owner": equals(k.owner),
        "candidate_user": _is_candidate(k.candidate_users),
        "candidate_group": _is_candidate(k.candidate_groups),
        "name": equals(k.name),
        "name_like": like(k.name),
        "description": equals(k.description),
        "description_like": like(k.description),
        "priority": equals(k.priority),
        "max_priority": at_most(k.priority),
        "min_priority": at_least(k.priority),
        "task_definition_key": equals(k.task_definition_key),
        "task_definition_key_in": among(k.task_definition_key),
        "task_definition_key_like": like(k.task_definition_key),
        "due_date": equals(k.due_date),
        "due_before": below(k.due_date),
        "due_after": above(k.due_date),
        "without_due_date": when(k.due_date.is_(None)),
        "follow_up_before": below(k.follow_up_date),
        "follow_up_after": above(k.follow_up_date),
        "created_on": equals(k.create_time),
        "created_before": below(k.create_time),
        "created_after": above(k.create_time),
        "delegation_state": equals(k.delegation_state),
        "parent_task_id": equals(k.parent_task_id),
        "active": when(not_(k.is_suspended)),
        "suspended": when(k.is_suspended),
        **tenants(k.tenant_id),
    },
    {
        "instanceId": k.process_instance_id,
        "dueDate": k.due_date,
        "executionId": k.execution_id,
        "assignee": k.assignee,
        "created": k.create_time,
        "description": k.description,
        "id": k.id,
        "name": k.name,
        "nameCaseInsensitive": func.lower(k.name),
        "priority": k.priority,
        "followUpDate": k.follow_up_date,
        "tenantId": k.tenant_id,
    },
    order=[k.id],
    needs_all={
        "process_variables": _task_vars(k.process_instance_id),
        "task_variables": lambda wanted, filters: holds(
            variable, variable.c.task_id == k.id, wanted, filters
        ),
    },
)
