"""Entries of the logs: of external tasks, of jobs, and of who came to user tasks.

Source: semantics 8; Camunda 7 ``HistoryEventProducer``.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.engine.state import ExternalTask, Job, Task

from .history_records import HistoricExternalTaskLog, HistoricIdentityLink, HistoricJobLog

if TYPE_CHECKING:
    from app.engine.execution.host import Host

CREATED, FAILED, SUCCESSFUL, DELETED = range(4)  # the states of the logs of tasks and jobs
Role = tuple[str, str]  # assignee or owner, user


def external_task_entry(host: "Host", task: ExternalTask, state: int) -> HistoricExternalTaskLog:
    """What happened to an external task."""
    is_failure = state == FAILED
    return HistoricExternalTaskLog(  # by position: by name it takes three times as long
        host.new_id(),
        host.now,
        state,
        task.id,
        task.priority,
        task.topic_name,
        task.worker_id,
        task.retries,
        task.error_message if is_failure else None,
        task.error_details if is_failure else None,
        task.activity_id,
        task.activity_instance_id,
        task.execution_id,
        task.process_instance_id,
        task.root_process_instance_id,
        task.process_definition_id,
        task.process_definition_key,
        task.tenant_id,
    )


def job_entry(host: "Host", job: Job, state: int) -> HistoricJobLog:
    """What happened to a job; a failure has the retries from before it."""
    is_failure = state == FAILED
    return HistoricJobLog(
        id=host.new_id(),
        timestamp=host.now,
        state=state,
        job_id=job.id,
        job_kind=job.kind,
        priority=job.priority,
        retries=job.retries,
        due_date=job.due_date,
        exception_message=job.exception_message if is_failure else None,
        exception_stacktrace=job.exception_stacktrace if is_failure else None,
        activity_id=job.activity_id,
        failed_activity_id=job.failed_activity_id,
        execution_id=job.execution_id,
        process_instance_id=job.process_instance_id,
        root_process_instance_id=job.root_process_instance_id,
        process_definition_id=job.process_definition_id,
        process_definition_key=job.process_definition_key,
        deployment_id=job.deployment_id,
        batch_id=job.batch_id,
        tenant_id=job.tenant_id,
    )


def roles_of(task: Task) -> frozenset[Role]:
    """The assignee and the owner of a user task."""
    found = (("assignee", task.assignee), ("owner", task.owner))
    return frozenset((type_, user_id) for type_, user_id in found if user_id)


def role_entries(
    host: "Host", task: Task, known: frozenset[Role]
) -> Iterator[HistoricIdentityLink]:
    """Who left a user task as its assignee or owner, and who came, since these were known.

    Source: Camunda 7 ``TaskEntity.fireHistoricIdentityLinks``.
    """
    present = roles_of(task)
    for operation, roles in (("delete", known - present), ("add", present - known)):
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
    """That somebody came to a user task, or left it."""
    return HistoricIdentityLink(
        id=host.new_id(),
        time=host.now,
        type=type_,
        operation_type=operation,
        user_id=user_id,
        group_id=group_id,
        assigner_id=host.user_id,
        task_id=task.id,
        process_instance_id=task.process_instance_id,
        root_process_instance_id=task.root_process_instance_id,
        process_definition_id=task.process_definition_id,
        process_definition_key=_key_of(host, task.process_definition_id),
        tenant_id=task.tenant_id,
    )


def _key_of(host: "Host", process_definition_id: str | None) -> str | None:
    """The key of a definition, with which its id begins unless that would be too long."""
    if process_definition_id is None:
        return None
    key, _, rest = process_definition_id.partition(":")
    return key if rest else host.graph(process_definition_id).definition.key
