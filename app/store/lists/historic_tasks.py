"""Lists of user tasks that are and were.

Source: rest contract 4.8; Camunda 7 ``HistoricTaskInstanceQueryImpl``.
"""

from typing import Any

from sqlalchemy import and_, exists, false, select

from app.models.history import historic_process_instance, historic_task, historic_variable_instance
from app.models.repository import process_definition

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
    matches,
    resembles,
    tenants,
    when,
)
from .history import duration, of_instance, removal, with_root
from .variables import holds

k = historic_task.c
h = historic_process_instance.alias("instance").c
v = historic_variable_instance.c


def _in_instance(condition: Condition) -> Condition:
    return exists().where(h.id == k.process_instance_id, condition)


def _of_definition(name: str) -> Condition:
    found = select(process_definition.c.id).where(process_definition.c.name == name)
    return k.process_definition_id.in_(found)


def _process_variables(wanted: Any, filters: Filters) -> Condition:
    owner = and_(v.process_instance_id == k.process_instance_id, v.task_id.is_(None))
    return holds(historic_variable_instance, owner, wanted, filters)


def _task_variables(wanted: Any, filters: Filters) -> Condition:
    return holds(historic_variable_instance, v.task_id == k.id, wanted, filters)


def _never(_: Any) -> Condition:
    """There are no cases here."""
    return false()


_CASES = (
    "case_definition_id",
    "case_definition_key",
    "case_definition_name",
    "case_instance_id",
    "case_execution_id",
)
TASKS = Listing(
    with_root(historic_task),
    [*historic_task.c, removal],
    {
        "task_id": equals(k.id),
        "task_parent_task_id": equals(k.parent_task_id),
        "process_instance_id": equals(k.process_instance_id),
        "root_process_instance_id": of_instance(k, "root_process_instance_id"),
        "process_instance_business_key": lambda value: _in_instance(h.business_key == value),
        "process_instance_business_key_in": lambda value: _in_instance(
            among(h.business_key)(value)
        ),
        "process_instance_business_key_like": lambda value: _in_instance(
            like(h.business_key)(value)
        ),
        "process_definition_id": equals(k.process_definition_id),
        "process_definition_key": equals(k.process_definition_key),
        "process_definition_name": _of_definition,
        "execution_id": equals(k.execution_id),
        "activity_instance_id_in": among(k.activity_instance_id),
        "task_name": matches(k.name),
        "task_name_like": resembles(k.name),
        "task_description": matches(k.description),
        "task_description_like": resembles(k.description),
        "task_definition_key": equals(k.task_definition_key),
        "task_definition_key_in": among(k.task_definition_key),
        "task_delete_reason": equals(k.delete_reason),
        "task_delete_reason_like": like(k.delete_reason),
        "task_assignee": equals(k.assignee),
        "task_assignee_like": like(k.assignee),
        "task_owner": equals(k.owner),
        "task_owner_like": like(k.owner),
        "task_priority": equals(k.priority),
        "assigned": when(k.assignee.is_not(None)),
        "unassigned": when(k.assignee.is_(None)),
        "finished": when(k.end_time.is_not(None)),
        "unfinished": when(k.end_time.is_(None)),
        "process_finished": when(_in_instance(h.end_time.is_not(None))),
        "process_unfinished": when(_in_instance(h.end_time.is_(None))),
        "task_due_date": equals(k.due_date),
        "task_due_date_before": below(k.due_date),
        "task_due_date_after": above(k.due_date),
        "without_task_due_date": when(k.due_date.is_(None)),
        "task_follow_up_date": equals(k.follow_up_date),
        "task_follow_up_date_before": below(k.follow_up_date),
        "task_follow_up_date_after": above(k.follow_up_date),
        "started_before": at_most(k.start_time),
        "started_after": at_least(k.start_time),
        "finished_before": at_most(k.end_time),
        "finished_after": at_least(k.end_time),
        **dict.fromkeys(_CASES, _never),
        **tenants(k.tenant_id),
    },
    {
        "taskId": k.id,
        "activityInstanceId": k.activity_instance_id,
        "processDefinitionId": k.process_definition_id,
        "processInstanceId": k.process_instance_id,
        "executionId": k.execution_id,
        "duration": duration(k),
        "endTime": k.end_time,
        "startTime": k.start_time,
        "taskName": k.name,
        "taskDescription": k.description,
        "assignee": k.assignee,
        "owner": k.owner,
        "dueDate": k.due_date,
        "followUpDate": k.follow_up_date,
        "deleteReason": k.delete_reason,
        "taskDefinitionKey": k.task_definition_key,
        "priority": k.priority,
        "tenantId": k.tenant_id,
    },
    order=[k.id],
    needs_all={"process_variables": _process_variables, "task_variables": _task_variables},
)
