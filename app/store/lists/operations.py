"""Lists for operators: incidents, jobs and batches.

Source: rest contract 3.19, 4.6 and 4.7.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, and_, case, exists, func, not_, or_, select

from app.engine.jobs.jobs import ASYNC
from app.models.repository import process_definition
from app.models.runtime import batch, execution, incident, job
from app.store.connections.dialects import StatementClock

from .base import (
    Condition,
    Listing,
    above,
    among,
    at_least,
    at_most,
    below,
    equals,
    like,
    tenants,
    tenants_or_none,
    when,
)

NOW = StatementClock()
Meaning = Callable[[Any], Condition]

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
    (j.batch_id.is_not(None), j.batch_id + ":" + j.kind),
    else_=j.process_definition_id + ":" + func.coalesce(j.activity_id, ""),
)


def _moments(later: Meaning, earlier: Meaning) -> Any:
    """Conditions on a date: what ``gt`` and ``lt`` mean, with the moment of each."""

    def condition(values: Any) -> Condition:
        return and_(
            *(later(moment) if operator == "gt" else earlier(moment) for operator, moment in values)
        )

    return condition


_executable = and_(
    j.retries > 0,
    or_(j.due_date.is_(None), j.due_date <= NOW),
    not_(exists().where(execution.c.id == j.process_instance_id, execution.c.is_suspended)),
)


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
        "executable": when(_executable),
        "timers": when(j.kind != ASYNC),
        "messages": when(j.kind == ASYNC),
        "due_dates": _moments(above(j.due_date), below(j.due_date)),
        "create_times": _moments(above(j.create_time), at_most(j.create_time)),
        "with_exception": when(
            or_(j.exception_message.is_not(None), j.exception_stacktrace.is_not(None))
        ),
        "exception_message": equals(j.exception_message),
        "active": when(not_(j.is_suspended)),
        "suspended": when(j.is_suspended),
        "priority_lower_than_or_equals": at_most(j.priority),
        "priority_higher_than_or_equals": at_least(j.priority),
        **tenants(j.tenant_id),
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
    needs_all=tenants_or_none(j.tenant_id, "include_jobs_without_tenant_id"),
)


b = batch.c
_BATCH_FILTERS = {
    "batch_id": equals(b.id),
    "type": equals(b.type),
    "suspended": lambda value: b.is_suspended == value,
    **tenants(b.tenant_id),
}
_BATCH_SORTS = {"batchId": b.id, "tenantId": b.tenant_id, "startTime": b.start_time}
BATCHES = Listing(batch, list(b), _BATCH_FILTERS, _BATCH_SORTS, order=[b.id])


def _jobs_left(*conditions: Condition) -> Any:
    """How many jobs of the batch's own kind are there."""
    found = select(func.count()).select_from(job)
    return found.where(j.batch_id == b.id, j.kind == b.type, *conditions).scalar_subquery()


BATCH_STATISTICS = Listing(
    batch,
    [
        *b,
        (b.total_jobs - b.jobs_created + _jobs_left()).label("remaining_jobs"),
        (b.jobs_created - _jobs_left()).label("completed_jobs"),
        _jobs_left(j.retries == 0).label("failed_jobs"),
    ],
    _BATCH_FILTERS,
    _BATCH_SORTS,
    order=[b.id],
)


def stacktrace(connection: Connection, job_id: str) -> tuple[str | None] | None:
    """Why a job failed last, in a tuple; None when there is no such job."""
    row = connection.execute(select(j.exception_stacktrace).where(j.id == job_id)).first()
    return None if row is None else (row[0],)
