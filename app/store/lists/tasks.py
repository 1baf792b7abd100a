"""Lists of user tasks.

Source: rest contract 4.6.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, false, func, literal, not_, or_, select
from sqlalchemy.sql import ColumnElement

from app.models.repository import process_definition
from app.models.runtime import execution, task, variable

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
    ignored,
    like,
    matches,
    resembles,
    tenants,
    when,
)
from .variables import holds, of_executions

_definition = process_definition.alias("definition")
_instance = execution.alias("instance")

k = task.c
Meaning = Callable[[Any], Condition]


def _process_variables(wanted: Any, filters: Filters) -> Condition:
    owner = of_executions(variable.c.process_instance_id == k.process_instance_id)
    return holds(variable, owner, wanted, filters)


def _task_variables(wanted: Any, filters: Filters) -> Condition:
    return holds(variable, variable.c.task_id == k.id, wanted, filters)


def _names(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The names of candidates, each between commas."""
    return literal(",") + func.coalesce(column, "") + ","


def _is_named(column: ColumnElement[Any]) -> Meaning:
    return lambda name: _names(column).contains(f",{name},", autoescape=True)


def _is_one_named(column: ColumnElement[Any]) -> Meaning:
    return lambda names: or_(*(_is_named(column)(name) for name in names))


def _free(meaning: Meaning) -> Any:
    """A filter by candidates: of tasks that nobody has yet, unless all are asked for."""

    def condition(value: Any, filters: Filters) -> Condition:
        found = meaning(value)
        if filters.get("include_assigned_tasks"):
            return found
        return and_(k.assignee.is_(None), found)

    return condition


def _involves(user: str) -> Condition:
    return or_(k.assignee == user, k.owner == user, _is_named(k.candidate_users)(user))


def _in_instance(meaning: Meaning) -> Meaning:
    return lambda value: k.process_instance_id.in_(select(_instance.c.id).where(meaning(value)))


def _never(_: Any) -> Condition:
    """There are no cases here."""
    return false()


_has_groups, _has_users = _names(k.candidate_groups) != ",,", _names(k.candidate_users) != ",,"
_CASES = (
    "case_definition_id",
    "case_definition_key",
    "case_definition_name",
    "case_definition_name_like",
    "case_instance_id",
    "case_instance_business_key",
    "case_instance_business_key_like",
    "case_execution_id",
)


TASKS = Listing(
    task.outerjoin(_definition, _definition.c.id == k.process_definition_id),
    list(task.c),
    {
        "task_id": equals(k.id),
        "task_id_in": among(k.id),
        "process_instance_id": equals(k.process_instance_id),
        "process_instance_id_in": among(k.process_instance_id),
        "process_instance_business_key": _in_instance(equals(_instance.c.business_key)),
        "process_instance_business_key_in": _in_instance(among(_instance.c.business_key)),
        "process_instance_business_key_like": _in_instance(like(_instance.c.business_key)),
        "process_definition_id": equals(k.process_definition_id),
        "process_definition_key": equals(_definition.c.key),
        "process_definition_key_in": among(_definition.c.key),
        "process_definition_name": equals(_definition.c.name),
        "process_definition_name_like": like(_definition.c.name),
        "execution_id": equals(k.execution_id),
        "activity_instance_id_in": among(k.activity_instance_id),
        "assignee": equals(k.assignee),
        "assignee_like": like(k.assignee),
        "assignee_in": among(k.assignee),
        "assignee_not_in": lambda values: k.assignee.not_in(values),
        "involved_user": _involves,
        "assigned": when(k.assignee.is_not(None)),
        "unassigned": when(k.assignee.is_(None)),
        "owner": equals(k.owner),
        "include_assigned_tasks": ignored,
        "name": matches(k.name),
        "name_not_equal": lambda value: not_(matches(k.name)(value)),
        "name_like": resembles(k.name),
        "name_not_like": lambda value: not_(resembles(k.name)(value)),
        "description": matches(k.description),
        "description_like": resembles(k.description),
        "priority": equals(k.priority),
        "max_priority": at_most(k.priority),
        "min_priority": at_least(k.priority),
        "task_definition_key": equals(k.task_definition_key),
        "task_definition_key_in": among(k.task_definition_key),
        "task_definition_key_not_in": lambda values: k.task_definition_key.not_in(values),
        "task_definition_key_like": like(k.task_definition_key),
        "due_date": equals(k.due_date),
        "due_before": below(k.due_date),
        "due_after": above(k.due_date),
        "without_due_date": when(k.due_date.is_(None)),
        "follow_up_date": equals(k.follow_up_date),
        "follow_up_before": below(k.follow_up_date),
        "follow_up_before_or_not_existent": lambda value: or_(
            k.follow_up_date.is_(None), k.follow_up_date < value
        ),
        "follow_up_after": above(k.follow_up_date),
        "created_on": equals(k.create_time),
        "created_before": below(k.create_time),
        "created_after": above(k.create_time),
        "updated_after": lambda value: func.coalesce(k.last_updated, k.create_time) > value,
        "delegation_state": equals(k.delegation_state),
        "parent_task_id": equals(k.parent_task_id),
        "active": when(not_(k.is_suspended)),
        "suspended": when(k.is_suspended),
        **dict.fromkeys(_CASES, _never),
        **tenants(k.tenant_id),
    },
    {
        "instanceId": k.process_instance_id,
        "dueDate": k.due_date,
        "executionId": k.execution_id,
        "assignee": k.assignee,
        "created": k.create_time,
        "lastUpdated": k.last_updated,
        "caseInstanceId": func.nullif(k.id, k.id),
        "caseExecutionId": func.nullif(k.id, k.id),
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
        "process_variables": _process_variables,
        "task_variables": _task_variables,
        "candidate_user": _free(_is_named(k.candidate_users)),
        "candidate_group": _free(_is_named(k.candidate_groups)),
        "candidate_groups": _free(_is_one_named(k.candidate_groups)),
        "candidate_group_like": _free(
            lambda value: _names(k.candidate_groups).like(f"%,{value},%", escape="\\")
        ),
        "with_candidate_groups": _free(when(_has_groups)),
        "with_candidate_users": _free(when(_has_users)),
        "without_candidate_groups": _free(when(not_(_has_groups))),
        "without_candidate_users": _free(when(not_(_has_users))),
    },
    overruled={"active": "suspended"},
)
