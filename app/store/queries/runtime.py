"""Lists of what is running.

Source: rest contract 3.15 to 3.17, 4.3 to 4.7.
"""

from typing import Any

from sqlalchemy import Boolean, Connection, and_, case, exists, func, literal, not_, or_, select
from sqlalchemy.sql import ColumnElement

from app.engine.jobs import ASYNC
from app.models.repository import process_definition
from app.models.runtime import (
    event_subscription,
    execution,
    external_task,
    incident,
    job,
    task,
    variable,
)

from ..dialects import StatementClock
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
    none_of,
    tenants,
    when,
)
from .variables import compares, holds

t = external_task.c
e = execution.c
NOW = StatementClock()
_definition = process_definition.alias("definition")


def _of_key(row: Any) -> dict[str, Any]:
    """The filters by key of the definition, by whose versions the rows are found."""
    found = select(process_definition.c.id)

    def among_keys(keys: Any) -> Condition:
        return row.process_definition_id.in_(found.where(process_definition.c.key.in_(keys)))  # type: ignore[no-any-return]

    return {
        "process_definition_key": lambda value: among_keys([value]),
        "process_definition_key_in": lambda values: among_keys(list(values)),
    }


def ignored(value: Any) -> Condition:
    """A filter that has no effect by itself."""
    del value
    return literal(True, Boolean)


def _task_variables(wanted: Any, filters: Filters) -> Condition:
    owner = and_(variable.c.process_instance_id == t.process_instance_id)
    return holds(variable, owner, wanted, filters)


_left = or_(t.retries.is_(None), t.retries > 0)


def _states(filters: Filters, first: str, second: str) -> bool:
    """Whether of two contrary flags the second one is given: it alone counts then."""
    return bool(filters.get(first)) and bool(filters.get(second))


EXTERNAL_TASKS = Listing(
    external_task.outerjoin(_definition, _definition.c.id == t.process_definition_id),
    [*external_task.c, _definition.c.version_tag.label("process_definition_version_tag")],
    {
        "external_task_id": equals(t.id),
        "external_task_id_in": among(t.id),
        "topic_name": equals(t.topic_name),
        "worker_id": equals(t.worker_id),
        "activity_id": equals(t.activity_id),
        "activity_id_in": among(t.activity_id),
        "execution_id": equals(t.execution_id),
        "process_instance_id": equals(t.process_instance_id),
        "process_instance_id_in": among(t.process_instance_id),
        "process_definition_id": equals(t.process_definition_id),
        **_of_key(t),
        "process_definition_name": equals(_definition.c.name),
        "process_definition_name_like": like(_definition.c.name),
        "locked": when(t.lock_expiration_time > NOW),
        "not_locked": when(or_(t.lock_expiration_time.is_(None), t.lock_expiration_time < NOW)),
        "no_retries_left": when(t.retries == 0),
        "suspended": when(t.is_suspended),
        "lock_expiration_before": below(t.lock_expiration_time),
        "lock_expiration_after": above(t.lock_expiration_time),
        "priority_higher_than_or_equals": at_least(t.priority),
        "priority_lower_than_or_equals": at_most(t.priority),
        **tenants(t.tenant_id),
    },
    {
        "id": t.id,
        "lockExpirationTime": t.lock_expiration_time,
        "processInstanceId": t.process_instance_id,
        "processDefinitionId": t.process_definition_id,
        "processDefinitionKey": t.process_definition_key,
        "tenantId": t.tenant_id,
        "taskPriority": t.priority,
        "createTime": t.create_time,
    },
    order=[t.id],
    needs_all={
        "process_variables": _task_variables,
        "with_retries_left": lambda _, f: (
            ignored(_) if _states(f, "with_retries_left", "no_retries_left") else _left
        ),
        "active": lambda _, f: (
            ignored(_) if _states(f, "active", "suspended") else not_(t.is_suspended)
        ),
    },
)


def topic_names(
    connection: Connection,
    *,
    with_locked_tasks: bool,
    with_unlocked_tasks: bool,
    with_retries_left: bool,
) -> list[str]:
    """The topics of the tasks that fulfil every flag that is set."""
    wanted = select(t.topic_name).distinct().where(t.topic_name.is_not(None)).order_by(t.topic_name)
    if with_locked_tasks:
        wanted = wanted.where(t.lock_expiration_time > NOW)
    if with_unlocked_tasks:
        wanted = wanted.where(or_(t.lock_expiration_time.is_(None), t.lock_expiration_time < NOW))
    if with_retries_left:
        wanted = wanted.where(_left)
    return list(connection.execute(wanted).scalars())


# -- process instances and executions -------------------------------------------------------


def _instance_variables(wanted: Any, filters: Filters) -> Condition:
    return holds(variable, variable.c.execution_id == e.id, wanted, filters)


def _instance_incident(condition: Condition) -> Condition:
    return exists().where(incident.c.process_instance_id == e.process_instance_id, condition)


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


def _is_at(values: Any) -> Condition:
    return exists().where(
        _child.c.process_instance_id == e.id,
        or_(_child.c.activity_id.in_(values), _child.c.scope_activity_id.in_(values)),
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
        **_of_key(e),
        "process_definition_key_not_in": none_of(e.process_definition_key),
        "deployment_id": equals(_definition.c.deployment_id),
        "super_process_instance": _called_from,
        "sub_process_instance": _calls,
        "suspended": when(e.is_suspended),
        "active": when(not_(e.is_suspended)),
        "with_incident": when(_instance_incident(literal(True, Boolean))),
        "incident_id": lambda value: _instance_incident(incident.c.id == value),
        "incident_type": lambda value: _instance_incident(incident.c.incident_type == value),
        "incident_message": lambda value: _instance_incident(incident.c.incident_message == value),
        "incident_message_like": lambda value: _instance_incident(
            incident.c.incident_message.like(value)
        ),
        **tenants(e.tenant_id),
        "process_definition_without_tenant_id": when(e.tenant_id.is_(None)),
        "activity_id_in": _is_at,
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
    needs_all={"variables": _instance_variables},
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
    return holds(variable, variable.c.execution_id == e.id, wanted, filters)


def _process_variables(wanted: Any, filters: Filters) -> Condition:
    return holds(variable, variable.c.execution_id == e.process_instance_id, wanted, filters)


EXECUTIONS = Listing(
    execution,
    [e.id, e.process_instance_id, literal(False, Boolean).label("is_ended"), e.tenant_id],
    {
        "business_key": lambda value: e.process_instance_id.in_(
            select(_instance.c.id).where(_instance.c.business_key == value)
        ),
        "process_definition_id": equals(e.process_definition_id),
        **_of_key(e),
        "process_instance_id": equals(e.process_instance_id),
        "activity_id": equals(e.activity_id),
        "signal_event_subscription_name": lambda value: _subscribed("signal", value),
        "message_event_subscription_name": lambda value: _subscribed("message", value),
        "message_event_subscription": when(_subscribed("message", None)),
        "active": when(not_(e.is_suspended)),
        "suspended": when(e.is_suspended),
        "incident_id": lambda value: exists().where(
            incident.c.execution_id == e.id, incident.c.id == value
        ),
        "incident_type": lambda value: exists().where(
            incident.c.execution_id == e.id, incident.c.incident_type == value
        ),
        "incident_message": lambda value: exists().where(
            incident.c.execution_id == e.id, incident.c.incident_message == value
        ),
        "incident_message_like": lambda value: exists().where(
            incident.c.execution_id == e.id, incident.c.incident_message.like(value)
        ),
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
    needs_all={"variables": _execution_variables, "process_variables": _process_variables},
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
                    func.lower(v.name) == str(name).lower()
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
        "include_event_subscriptions_without_tenant_id": when(s.tenant_id.is_(None)),
    },
    {"created": s.created_date, "tenantId": s.tenant_id},
    order=[s.id],
)

i = incident.c
INCIDENTS = Listing(
    incident,
    list(incident.c),
    {
        "incident_id": equals(i.id),
        "incident_type": equals(i.incident_type),
        "incident_message": equals(i.incident_message),
        "incident_message_like": like(i.incident_message),
        "process_definition_id": equals(i.process_definition_id),
        "process_definition_key_in": lambda value: i.process_definition_id.in_(
            select(process_definition.c.id).where(process_definition.c.key.in_(value))
        ),
        "process_instance_id": equals(i.process_instance_id),
        "execution_id": equals(i.execution_id),
        "activity_id": equals(i.activity_id),
        "failed_activity_id": equals(i.failed_activity_id),
        "cause_incident_id": equals(i.cause_incident_id),
        "root_cause_incident_id": equals(i.root_cause_incident_id),
        "configuration": equals(i.configuration),
        "incident_timestamp_before": below(i.incident_timestamp),
        "incident_timestamp_after": above(i.incident_timestamp),
        "tenant_id_in": among(i.tenant_id),
        "job_definition_id_in": among(i.job_definition_id),
    },
    {
        "incidentId": i.id,
        "incidentMessage": i.incident_message,
        "incidentTimestamp": i.incident_timestamp,
        "incidentType": i.incident_type,
        "executionId": i.execution_id,
        "activityId": i.activity_id,
        "processInstanceId": i.process_instance_id,
        "processDefinitionId": i.process_definition_id,
        "causeIncidentId": i.cause_incident_id,
        "rootCauseIncidentId": i.root_cause_incident_id,
        "configuration": i.configuration,
        "tenantId": i.tenant_id,
    },
    order=[i.id],
)

j = job.c
_job_definition = case(
    (j.batch_id.is_not(None), j.batch_id),
    else_=j.process_definition_id + ":" + func.coalesce(j.activity_id, ""),
)


def _moments(column: ColumnElement[Any]) -> Any:
    """Conditions on a date: ``gt`` and ``lt`` with the moment of each."""

    def condition(values: Any) -> Condition:
        return and_(
            *(
                column > moment if operator == "gt" else column < moment
                for operator, moment in values
            )
        )

    return condition


JOBS = Listing(
    job,
    [*job.c, _job_definition.label("job_definition_id")],
    {
        "job_id": equals(j.id),
        "job_ids": among(j.id),
        "job_definition_id": lambda value: _job_definition == value,
        "process_instance_id": equals(j.process_instance_id),
        "process_instance_ids": among(j.process_instance_id),
        "execution_id": equals(j.execution_id),
        "process_definition_id": equals(j.process_definition_id),
        "process_definition_key": equals(j.process_definition_key),
        "activity_id": equals(j.activity_id),
        "failed_activity_id": equals(j.failed_activity_id),
        "with_retries_left": when(j.retries > 0),
        "no_retries_left": when(j.retries == 0),
        "executable": when(and_(j.retries > 0, or_(j.due_date.is_(None), j.due_date <= NOW))),
        "timers": when(j.kind != ASYNC),
        "messages": when(j.kind == ASYNC),
        "due_dates": _moments(j.due_date),
        "create_times": _moments(j.create_time),
        "with_exception": when(j.exception_message.is_not(None)),
        "exception_message": equals(j.exception_message),
        "active": when(not_(j.is_suspended)),
        "suspended": when(j.is_suspended),
        "priority_lower_than_or_equals": at_most(j.priority),
        "priority_higher_than_or_equals": at_least(j.priority),
        **tenants(j.tenant_id),
        "include_jobs_without_tenant_id": when(j.tenant_id.is_(None)),
        "acquired": when(j.lock_expiration_time > NOW),
    },
    {
        "jobId": j.id,
        "executionId": j.execution_id,
        "processInstanceId": j.process_instance_id,
        "processDefinitionId": j.process_definition_id,
        "processDefinitionKey": j.process_definition_key,
        "jobRetries": j.retries,
        "jobDueDate": j.due_date,
        "jobPriority": j.priority,
        "tenantId": j.tenant_id,
    },
    order=[j.id],
)


def stacktrace(connection: Connection, job_id: str) -> tuple[str | None] | None:
    """Why a job failed last, in a tuple; None when there is no such job."""
    row = connection.execute(select(j.exception_stacktrace).where(j.id == job_id)).first()
    return None if row is None else (row[0],)


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
