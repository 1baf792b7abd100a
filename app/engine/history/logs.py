"""Entries of the logs: of external tasks, of jobs, and of who came to user tasks.

Source: semantics 8; Camunda 7 ``HistoryEventProducer``.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.engine.jobs import definitions
from app.engine.state import ExternalTask, Job, Task

from .building import builder
from .history_records import (
    HistoricExternalTaskLog,
    HistoricIdentityLink,
    HistoricJobLog,
    log_id,
)

if TYPE_CHECKING:
    from app.engine.execution.host import Host

# The states of the logs of tasks and jobs. They stand in rows, so that their numbers stay.
CREATED, FAILED, SUCCESSFUL, DELETED = range(4)
Role = tuple[str, str]  # assignee or owner, user


_OF_EXTERNAL_TASK = builder(
    HistoricExternalTaskLog,
    ExternalTask,
    "id",
    "timestamp",
    "state",
    "error_message",
    "error_details",
    external_task_id="id",
)
_OF_JOB = builder(
    HistoricJobLog,
    Job,
    "id",
    "timestamp",
    "state",
    "exception_message",
    "exception_stacktrace",
    "job_definition_configuration",
    "hostname",
    job_id="id",
    job_kind="kind",
)
_OF_LINK = builder(
    HistoricIdentityLink,
    Task,
    "id",
    "time",
    "type",
    "operation_type",
    "user_id",
    "group_id",
    "assigner_id",
    "process_definition_key",
    task_id="id",
)


def external_task_entry(host: "Host", task: ExternalTask, state: int) -> HistoricExternalTaskLog:
    """An entry of an external task's log; only a failure has the error."""
    # The task keeps its last error while it is worked on: other entries are not about it.
    error = (task.error_message, task.error_details) if state == FAILED else (None, None)
    own = None if state == FAILED else log_id(task.id, state)  # it may fail more than once
    return _OF_EXTERNAL_TASK(task, own or host.new_id(), host.now, state, *error)


def creation_entry(task: ExternalTask) -> HistoricExternalTaskLog:
    """The entry of the creation of a task, from its row."""
    own = log_id(task.id, CREATED) or ""
    entry = _OF_EXTERNAL_TASK(task, own, task.create_time, CREATED, None, None)
    entry.worker_id = entry.retries = None
    if task.logged_priority is not None:
        entry.priority = task.logged_priority
    return entry


def job_entry(host: "Host", job: Job, state: int) -> HistoricJobLog:
    """An entry of a job's log; a failure has the retries from before it."""
    is_failure = state == FAILED
    error = (job.exception_message, job.exception_stacktrace) if is_failure else (None, None)
    definition = _configuration_of(host, job)
    return _OF_JOB(job, host.new_id(), host.now, state, *error, definition, host.hostname)


def _configuration_of(host: "Host", job: Job) -> str | None:
    """The configuration of a job's definition: the log outlives the definition."""
    if job.job_definition_id is None or job.process_definition_id is None:
        return job.batch_id
    model = host.graph(job.process_definition_id).model
    return definitions.configuration_of(model, job)


def roles_of(task: Task) -> frozenset[Role]:
    """The assignee and the owner of a user task."""
    found = (("assignee", task.assignee), ("owner", task.owner))
    return frozenset((type_, user_id) for type_, user_id in found if user_id)


def role_entries(
    host: "Host", task: Task, known: frozenset[Role]
) -> Iterator[HistoricIdentityLink]:
    """The log of the assignees and owners that left a user task, or came, since these were known.

    Source: Camunda 7 ``TaskEntity.fireHistoricIdentityLinks``.
    """
    present = roles_of(task)
    # Deletions first: a log that is read in its order never shows two assignees.
    for operation, roles in (("delete", known - present), ("add", present - known)):
        # Sorted, for a set has no order, and entries of one millisecond are ordered by their
        # ids.
        for type_, user_id in sorted(roles):
            yield link_entry(host, task, type_, operation, user_id=user_id)


def link_entry(
    host: "Host",
    task: Task,
    type_: str,
    operation: str,
    *,
    user_id: str | None = None,
    group_id: str | None = None,
) -> HistoricIdentityLink:
    """A link of a user or group with a user task that was added or deleted."""
    key = _key_of(host, task.process_definition_id)
    who = user_id, group_id, host.user_id
    return _OF_LINK(task, host.new_id(), host.now, type_, operation, *who, key)


def _key_of(host: "Host", process_definition_id: str | None) -> str | None:
    """The key of a definition, with which its id begins unless that would be too long."""
    if process_definition_id is None:
        return None
    key, _, rest = process_definition_id.partition(":")
    # From the id where it shows the key: a graph may have to be compiled first.
    return key if rest else host.graph(process_definition_id).definition.key
