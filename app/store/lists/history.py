"""Lists of what has happened. The removal time is the root instance's.

Source: rest contract 4.8.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    FromClause,
    and_,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.sql import ColumnElement

from app.engine.history.history import CREATED, DELETED, FAILED, OPEN, REMOVED, RESOLVED, SUCCESSFUL
from app.models.history import (
    historic_activity_instance,
    historic_external_task_log,
    historic_incident,
    historic_process_instance,
    historic_variable_instance,
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
    ignored,
    like,
    matches,
    none_of,
    of_one,
    resembles,
    tenants,
    when,
)
from .process_instances import is_at
from .variables import compares, holds

_root = historic_process_instance.alias("root")


def with_root(table: FromClause) -> FromClause:
    """A table beside the root instance of each row, which alone has a removal time."""
    return table.outerjoin(_root, _root.c.id == table.c.root_process_instance_id)


removal = _root.c.removal_time.label("removal_time")
h = historic_process_instance.c
a = historic_activity_instance.c


def duration(table: Any) -> ColumnElement[Any]:
    """How long something took."""
    return table.end_time - table.start_time  # type: ignore[no-any-return]


def _variables(wanted: Any, filters: Filters) -> Condition:
    """That variables of any scope have the values, also those that are deleted by now."""
    owner = historic_variable_instance.c.process_instance_id == h.id
    return holds(historic_variable_instance, owner, wanted, filters)


_VISITED_AT: dict[str, Callable[[Any], Condition]] = {
    "executed_activity_before": lambda v: or_(a.start_time <= v, a.end_time <= v),
    "executed_activity_after": lambda v: or_(a.start_time >= v, a.end_time >= v),
}
_VISITED: dict[str, Callable[[Any], Condition]] = {
    "executed_activity_id_in": lambda v: and_(a.activity_id.in_(v), a.end_time.is_not(None)),
    "active_activity_id_in": lambda v: and_(a.activity_id.in_(v), a.end_time.is_(None)),
}


_owner = historic_process_instance.alias("owner")


def of_instance(row: Any, column: str) -> Callable[[Any], Condition]:
    """What the row's instance says, by whose id the rows are found."""
    return lambda value: row.process_instance_id.in_(
        select(_owner.c.id).where(_owner.c[column] == value)
    )


_callers = historic_process_instance.alias("callers")
_about = historic_incident.c
_INCIDENT_STATES = {"open": _about.end_time.is_(None), "resolved": _about.end_time.is_not(None)}


def _is_in_state(status: str) -> Condition:
    return _INCIDENT_STATES.get(status, literal(True, Boolean))


_INCIDENT: dict[str, Callable[[Any], Condition]] = {
    "with_incidents": ignored,
    "with_root_incidents": when(_about.id == _about.root_cause_incident_id),
    "incident_id_in": among(_about.id),
    "incident_type": equals(_about.incident_type),
    "incident_status": _is_in_state,
    "incident_message": equals(_about.incident_message),
    "incident_message_like": like(_about.incident_message),
}

PROCESS_INSTANCES = Listing(
    with_root(historic_process_instance),
    [*(c for c in historic_process_instance.c if c.name != "removal_time"), removal],
    {
        "process_instance_id": equals(h.id),
        "process_instance_ids": among(h.id),
        "process_instance_id_not_in": none_of(h.id),
        "root_process_instance_id": equals(h.root_process_instance_id),
        "process_definition_id": equals(h.process_definition_id),
        "process_definition_key": equals(h.process_definition_key),
        "process_definition_key_in": among(h.process_definition_key),
        "process_definition_key_not_in": none_of(h.process_definition_key),
        "process_definition_name": equals(h.process_definition_name),
        "process_definition_name_like": like(h.process_definition_name),
        "process_instance_business_key": equals(h.business_key),
        "process_instance_business_key_in": among(h.business_key),
        "process_instance_business_key_like": like(h.business_key),
        "finished": when(h.end_time.is_not(None)),
        "unfinished": when(h.end_time.is_(None)),
        "active": when(h.state == "ACTIVE"),
        "suspended": when(h.state == "SUSPENDED"),
        "completed": when(h.state == "COMPLETED"),
        "externally_terminated": when(h.state == "EXTERNALLY_TERMINATED"),
        "internally_terminated": when(h.state == "INTERNALLY_TERMINATED"),
        "started_before": at_most(h.start_time),
        "started_after": at_least(h.start_time),
        "finished_before": at_most(h.end_time),
        "finished_after": at_least(h.end_time),
        "started_by": equals(h.start_user_id),
        "super_process_instance_id": equals(h.super_process_instance_id),
        "sub_process_instance_id": lambda v: h.id.in_(
            select(_callers.c.super_process_instance_id).where(_callers.c.id == v)
        ),
        "case_instance_id": equals(h.case_instance_id),
        "root_process_instances": when(h.super_process_instance_id.is_(None)),
        "activity_id_in": is_at(h.id),
        **tenants(h.tenant_id),
    },
    {
        "instanceId": h.id,
        "definitionId": h.process_definition_id,
        "definitionKey": h.process_definition_key,
        "definitionName": h.process_definition_name,
        "definitionVersion": h.process_definition_version,
        "businessKey": h.business_key,
        "startTime": h.start_time,
        "endTime": h.end_time,
        "duration": duration(h),
        "tenantId": h.tenant_id,
    },
    order=[h.id],
    needs_all={
        "variables": _variables,
        **of_one(_about.process_instance_id == h.id, _INCIDENT),
        **of_one(a.process_instance_id == h.id, _VISITED_AT),
        **of_one(a.process_instance_id == h.id, _VISITED),
    },
)

ACTIVITY_INSTANCES = Listing(
    with_root(historic_activity_instance),
    [*historic_activity_instance.c, removal, null().label("called_case_instance_id")],
    {
        "activity_instance_id": equals(a.id),
        "process_instance_id": equals(a.process_instance_id),
        "process_definition_id": of_instance(a, "process_definition_id"),
        "execution_id": equals(a.execution_id),
        "activity_id": equals(a.activity_id),
        "activity_name": equals(a.activity_name),
        "activity_name_like": like(a.activity_name),
        "activity_type": equals(a.activity_type),
        "task_assignee": equals(a.assignee),
        "finished": when(a.end_time.is_not(None)),
        "unfinished": when(a.end_time.is_(None)),
        "canceled": when(a.is_canceled),
        "complete_scope": when(a.is_complete_scope),
        "started_before": at_most(a.start_time),
        "started_after": at_least(a.start_time),
        "finished_before": at_most(a.end_time),
        "finished_after": at_least(a.end_time),
        **tenants(a.tenant_id),
    },
    {
        "activityInstanceId": a.id,
        "instanceId": a.process_instance_id,
        "executionId": a.execution_id,
        "activityId": a.activity_id,
        "activityName": a.activity_name,
        "activityType": a.activity_type,
        "startTime": a.start_time,
        "endTime": a.end_time,
        "duration": duration(a),
        "definitionId": a.process_definition_id,
        "occurrence": a.sequence,
        "tenantId": a.tenant_id,
    },
    order=[a.sequence, a.id],
)

v = historic_variable_instance.c


def among_types(column: ColumnElement[Any]) -> Callable[[Any], Condition]:
    """The column is one of some types, upper and lower case alike."""
    return lambda names: func.lower(column).in_([str(name).lower() for name in names])


def _named(exact: Callable[[Any], Condition], alike: Callable[[Any], Condition]) -> Any:
    """A filter by the name, in whose letters upper and lower case may be alike."""

    def condition(value: Any, filters: Filters) -> Condition:
        return (alike if filters.get("variable_names_ignore_case") else exact)(value)

    return condition


def _value(wanted: Any, filters: Filters) -> Condition:
    ignores = bool(filters.get("variable_values_ignore_case"))
    return compares(historic_variable_instance, "eq", wanted, ignores)


VARIABLE_INSTANCES = Listing(
    with_root(historic_variable_instance),
    [*historic_variable_instance.c, removal],
    {
        "process_instance_id": equals(v.process_instance_id),
        "process_instance_id_in": among(v.process_instance_id),
        "process_definition_id": of_instance(v, "process_definition_id"),
        "process_definition_key": of_instance(v, "process_definition_key"),
        "variable_name_in": among(v.name),
        "variable_type_in": among_types(v.type),
        "execution_id_in": among(v.execution_id),
        "task_id_in": among(v.task_id),
        "activity_instance_id_in": among(v.activity_instance_id),
        "include_deleted": ignored,
        **tenants(v.tenant_id),
    },
    {"instanceId": v.process_instance_id, "variableName": v.name, "tenantId": v.tenant_id},
    order=[v.id],
    needs_all={
        "variable_value": _value,
        "variable_name": _named(equals(v.name), matches(v.name)),
        "variable_name_like": _named(like(v.name), resembles(v.name)),
        "created_only": lambda _, filters: (
            literal(True) if filters.get("include_deleted") else v.state == "CREATED"
        ),
    },
)

log = historic_external_task_log.c
_LOG_STATES = {
    "creation_log": CREATED,
    "failure_log": FAILED,
    "success_log": SUCCESSFUL,
    "deletion_log": DELETED,
}


def _log_state(name: str) -> Any:
    """Of several states that are asked for, the last one decides."""
    names = list(_LOG_STATES)

    def condition(_: Any, filters: Filters) -> Condition:
        later = names[names.index(name) + 1 :]
        if any(filters.get(other) for other in later):
            return ignored(_)
        return log.state == _LOG_STATES[name]

    return condition


EXTERNAL_TASK_LOGS = Listing(
    with_root(historic_external_task_log),
    [*historic_external_task_log.c, removal],
    {
        "log_id": equals(log.id),
        "external_task_id": equals(log.external_task_id),
        "topic_name": equals(log.topic_name),
        "worker_id": equals(log.worker_id),
        "error_message": equals(log.error_message),
        "activity_id_in": among(log.activity_id),
        "activity_instance_id_in": among(log.activity_instance_id),
        "execution_id_in": among(log.execution_id),
        "process_instance_id": equals(log.process_instance_id),
        "process_definition_id": of_instance(log, "process_definition_id"),
        "process_definition_key": of_instance(log, "process_definition_key"),
        "priority_higher_than_or_equals": at_least(log.priority),
        "priority_lower_than_or_equals": at_most(log.priority),
        **tenants(log.tenant_id),
    },
    {
        "timestamp": log.timestamp,
        "externalTaskId": log.external_task_id,
        "retries": log.retries,
        "priority": log.priority,
        "topicName": log.topic_name,
        "workerId": log.worker_id,
        "activityId": log.activity_id,
        "activityInstanceId": log.activity_instance_id,
        "executionId": log.execution_id,
        "processInstanceId": log.process_instance_id,
        "processDefinitionId": log.process_definition_id,
        "processDefinitionKey": log.process_definition_key,
        "tenantId": log.tenant_id,
    },
    order=[log.id],
    needs_all={name: _log_state(name) for name in _LOG_STATES},
)


def log_details(connection: Connection, log_id: str) -> tuple[str | None] | None:
    """The details of a failure, in a tuple; None when there is no such entry."""
    row = connection.execute(select(log.error_details).where(log.id == log_id)).first()
    return None if row is None else (row[0],)


i = historic_incident.c
INCIDENTS = Listing(
    with_root(historic_incident),
    [*historic_incident.c, removal],
    {
        "incident_id": equals(i.id),
        "incident_type": equals(i.incident_type),
        "incident_message": equals(i.incident_message),
        "incident_message_like": like(i.incident_message),
        "process_definition_id": equals(i.process_definition_id),
        "process_definition_key": equals(i.process_definition_key),
        "process_definition_key_in": among(i.process_definition_key),
        "process_instance_id": equals(i.process_instance_id),
        "execution_id": equals(i.execution_id),
        "activity_id": equals(i.activity_id),
        "failed_activity_id": equals(i.failed_activity_id),
        "cause_incident_id": equals(i.cause_incident_id),
        "root_cause_incident_id": equals(i.root_cause_incident_id),
        "configuration": equals(i.configuration),
        "history_configuration": equals(i.history_configuration),
        "create_time_before": below(i.create_time),
        "create_time_after": above(i.create_time),
        "end_time_before": below(i.end_time),
        "end_time_after": above(i.end_time),
        "open": when(i.state == OPEN),
        "resolved": when(i.state == RESOLVED),
        "deleted": when(i.state == REMOVED),
        "job_definition_id_in": among(i.job_definition_id),
        **tenants(i.tenant_id),
    },
    {
        "incidentId": i.id,
        "incidentMessage": i.incident_message,
        "createTime": i.create_time,
        "endTime": i.end_time,
        "incidentType": i.incident_type,
        "executionId": i.execution_id,
        "activityId": i.activity_id,
        "processInstanceId": i.process_instance_id,
        "processDefinitionId": i.process_definition_id,
        "processDefinitionKey": i.process_definition_key,
        "causeIncidentId": i.cause_incident_id,
        "rootCauseIncidentId": i.root_cause_incident_id,
        "configuration": i.configuration,
        "historyConfiguration": i.history_configuration,
        "incidentState": i.state,
        "tenantId": i.tenant_id,
    },
    order=[i.id],
)
