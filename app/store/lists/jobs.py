"""The list of jobs, and why one has failed.

Source: contract 4.6.
"""

from typing import Any

from sqlalchemy import Connection, and_, exists, not_, or_, select

from app.engine.jobs.definitions import (
    BOUNDARY_TIMER,
    CATCH_TIMER,
    START_TIMER,
    SUBPROCESS_TIMER,
    TASK_TIMER,
)
from app.errors import InvalidRequestError
from app.filters import LONG_NUMBER, SET, TEXT, Timestamps
from app.models.runtime import execution, job
from app.store.connections.dialects import StatementClock

from .base import Condition, Filter, Listing, View, flag
from .conditions import (
    Meaning,
    above,
    among,
    at_least,
    at_most,
    below,
    equals,
    tenants_or_none,
)
from .rules import everyone_without, instance_readers

CLEANUP = "history-cleanup"
_SUSPENDED = ("processdefinition", "job-definition")
# kinds that the reference engine keeps as timers; all else is a message, but for the clean-up
TIMERS = (
    *(BOUNDARY_TIMER, CATCH_TIMER, START_TIMER, SUBPROCESS_TIMER),
    TASK_TIMER,
    *(f"{verb}-{what}" for verb in ("suspend", "activate") for what in _SUSPENDED),
)
NOW = StatementClock()
j = job.c


def _timestamps(later: Meaning, earlier: Meaning) -> Meaning:
    """Conditions on a date: what ``gt`` and ``lt`` mean, with the timestamp of each."""

    def condition(values: Any) -> Condition:
        return and_(
            *(
                later(timestamp) if operator == "gt" else earlier(timestamp)
                for operator, timestamp in values
            )
        )

    return condition


def _check(filters: View, *, is_or: bool) -> None:
    del is_or
    if filters.get("timers") and filters.get("messages"):
        raise InvalidRequestError(
            "Parameter timers cannot be used together with parameter messages."
        )


_is_executable = and_(
    j.retries > 0,
    or_(j.due_date.is_(None), j.due_date <= NOW),
    # The instance decides, and not the job, which can be suspended with its definition alone.
    not_(exists().where(execution.c.id == j.process_instance_id, execution.c.is_suspended)),
)
# A failure without a message has a trace at least.
has_failed = or_(j.exception_message.is_not(None), j.exception_stacktrace.is_not(None))

JOBS = Listing(
    "job",
    job,
    list(job.c),
    {
        "job_id": Filter(TEXT, equals(j.id)),
        "job_ids": Filter(SET, among(j.id)),
        "job_definition_id": Filter(TEXT, equals(j.job_definition_id)),
        "process_instance_id": Filter(TEXT, equals(j.process_instance_id)),
        "process_instance_ids": Filter(SET, among(j.process_instance_id)),
        "execution_id": Filter(TEXT, equals(j.execution_id)),
        "process_definition_id": Filter(TEXT, equals(j.process_definition_id)),
        "process_definition_key": Filter(TEXT, equals(j.process_definition_key)),
        "activity_id": Filter(TEXT, equals(j.activity_id)),
        "failed_activity_id": Filter(TEXT, equals(j.failed_activity_id)),
        "with_retries_left": flag(j.retries > 0),
        "no_retries_left": flag(j.retries == 0),
        "executable": flag(_is_executable),
        "timers": flag(j.kind.in_(TIMERS)),
        "messages": flag(j.kind.not_in((*TIMERS, CLEANUP))),
        "due_dates": Filter(
            Timestamps("due date"), _timestamps(above(j.due_date), below(j.due_date))
        ),
        "create_times": Filter(
            # Less or equal here, less for due dates: the reference compares the two differently.
            Timestamps("create time"),
            _timestamps(above(j.create_time), at_most(j.create_time)),
        ),
        "with_exception": flag(has_failed),
        "exception_message": Filter(TEXT, equals(j.exception_message)),
        "active": flag(not_(j.is_suspended)),
        "suspended": flag(j.is_suspended),
        "priority_lower_than_or_equals": Filter(LONG_NUMBER, at_most(j.priority)),
        "priority_higher_than_or_equals": Filter(LONG_NUMBER, at_least(j.priority)),
        **tenants_or_none(j.tenant_id, "include_jobs_without_tenant_id"),
        "acquired": flag(j.lock_expiration_time > NOW),
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
    # Jobs of batches belong to no definition.
    seen_by=everyone_without("process_definition_id", instance_readers()),
    check=_check,
)


def stacktrace(connection: Connection, job_id: str) -> tuple[str | None] | None:
    """Why a job failed last, in a tuple; None when there is no such job."""
    row = connection.execute(select(j.exception_stacktrace).where(j.id == job_id)).first()
    return None if row is None else (row[0],)
