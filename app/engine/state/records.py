"""The records of one transaction: what is running, as plain data.

The fields of a record are, in order, the columns of the table of the same name, so that a row
becomes a record by ``Execution(*row)``. A field's value is replaced, never changed in place:
when the transaction ends, the store compares each record with what was loaded.
"""

from datetime import datetime
from typing import ClassVar

from app.dataclasses import dataclass


@dataclass(slots=True)
class Execution:
    """A node of the token tree.

    A scope owns variables, subscriptions and jobs; a concurrent execution carries one token of
    several in its parent. The shape is that of Camunda 7 (semantics 2.1).

    Attributes:
        activity_id: where the token is; None when it is in a scope below or moves.
        scope_activity_id: the activity whose scope this is; None for a process instance.
        is_active: False for a token that waits at a join, and above other executions.
        traceparent: of the request that has started the process instance (W3C Trace Context);
            those that it calls, and its other executions, have none.
        arrival: of a token that waits at a parallel join: no fewer than so many, it included, had
            come there; None where that is not known.
    """

    id: str
    process_instance_id: str
    root_process_instance_id: str
    process_definition_id: str
    process_definition_key: str
    is_scope: bool = False
    is_concurrent: bool = False
    is_active: bool = False
    is_event_scope: bool = False
    is_suspended: bool = False
    parent_id: str | None = None
    super_execution_id: str | None = None
    activity_id: str | None = None
    activity_instance_id: str | None = None
    scope_activity_id: str | None = None
    scope_activity_instance_id: str | None = None
    business_key: str | None = None
    case_instance_id: str | None = None
    tenant_id: str | None = None
    traceparent: str | None = None
    arrival: int | None = None


@dataclass(slots=True)
class Variable:
    """A named value in the scope of an execution, or of a user task.

    Attributes:
        execution_id: the scope: an execution, or a user task with variables of its own.
        process_instance_id: None in the scope of a task that stands alone.
        batch_id: for values that wait at a batch, which belong to no execution; no run meets them.
        create_time: and those behind it are the store's (`store.unit.lasting`): None where the
            history of the variable has a row of its own, or there is none.
    """

    id: str
    # Counted by transactions, for the history and no lock: the instance is what is locked.
    revision: int
    name: str
    type: str
    execution_id: str
    process_instance_id: str | None
    process_definition_id: str | None
    activity_instance_id: str | None = None
    task_id: str | None = None
    tenant_id: str | None = None
    text_value: str | None = None
    long_value: int | None = None
    double_value: float | None = None
    bytes_value: bytes | None = None
    value_info: str | None = None
    batch_id: str | None = None
    create_time: datetime | None = None
    detail_time: datetime | None = None
    is_initial: bool | None = None
    detail_activity_instance_id: str | None = None


@dataclass(slots=True)
class ExternalTask:
    """Work that waits for a worker.

    Attributes:
        is_locked: kept for the fetch index: False until a worker takes the task and again when
            the end of the lock has been noticed; `lock_expiration_time` alone is the truth.
        lock_count: how often a lock was taken, for fencing.
        retries: None until the first failure, which counts as retries left.
        listener: which listener waits for it, and what comes after; None where the activity does.
        logged_priority: the store's (`store.unit.creations`): the priority at the creation, of
            which the log has no entry of its own then.
    """

    id: str
    lock_count: int
    priority: int
    create_time: datetime
    execution_id: str
    activity_id: str
    activity_instance_id: str
    process_instance_id: str
    root_process_instance_id: str
    process_definition_id: str
    process_definition_key: str
    is_locked: bool = False
    is_suspended: bool = False
    topic_name: str | None = None
    worker_id: str | None = None
    lock_expiration_time: datetime | None = None
    retries: int | None = None
    error_message: str | None = None
    error_details: str | None = None
    business_key: str | None = None
    tenant_id: str | None = None
    last_failure_log_id: str | None = None
    listener: str | None = None
    logged_priority: int | None = None


@dataclass(slots=True)
class ExternalTaskLock:
    """The columns of an external task that a fetch writes; the others stay as they are."""

    amends: ClassVar[type] = ExternalTask
    id: str
    worker_id: str
    lock_expiration_time: datetime
    is_locked: bool
    lock_count: int


@dataclass(slots=True)
class Task:
    """A user task."""

    id: str
    priority: int
    create_time: datetime
    is_suspended: bool = False
    name: str | None = None
    description: str | None = None
    assignee: str | None = None
    owner: str | None = None
    due_date: datetime | None = None
    follow_up_date: datetime | None = None
    last_updated: datetime | None = None
    delegation_state: str | None = None
    form_key: str | None = None
    parent_task_id: str | None = None
    task_state: str | None = None
    task_definition_key: str | None = None
    execution_id: str | None = None
    activity_instance_id: str | None = None
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    process_definition_id: str | None = None
    tenant_id: str | None = None
    case_instance_id: str | None = None


@dataclass(slots=True)
class IdentityLink:
    """A user or group linked with a user task other than its assignee and its owner.

    Attributes:
        type: ``candidate``, or any other word.
    """

    id: str
    task_id: str
    type: str
    user_id: str | None = None
    group_id: str | None = None
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None


@dataclass(slots=True)
class Job:
    """Work that the engine does later: a timer or an asynchronous continuation.

    Attributes:
        kind: Camunda's handler type, such as ``timer-transition`` or ``async-continuation``.
        configuration: what the handler has to know.
        repeat: the cycle of a timer, anchored at its first start; behind a ``|`` the milliseconds
            by which it was moved since.
    """

    id: str
    kind: str
    create_time: datetime
    retries: int
    priority: int
    is_exclusive: bool = False
    is_suspended: bool = False
    configuration: str | None = None
    activity_id: str | None = None
    execution_id: str | None = None
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    deployment_id: str | None = None
    batch_id: str | None = None
    due_date: datetime | None = None
    repeat: str | None = None
    exception_message: str | None = None
    exception_stacktrace: str | None = None
    failed_activity_id: str | None = None
    lock_owner: str | None = None
    lock_expiration_time: datetime | None = None
    tenant_id: str | None = None
    job_definition_id: str | None = None


@dataclass(slots=True)
class EventSubscription:
    """A subscription to an event: an execution, or a definition with a start event.

    Attributes:
        event_type: ``message``, ``signal``, ``conditional`` or ``compensate``.
        configuration: the definition of a start event, the event scope of a compensation.
    """

    id: str
    event_type: str
    created_date: datetime
    event_name: str | None = None
    activity_id: str | None = None
    configuration: str | None = None
    execution_id: str | None = None
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    process_definition_id: str | None = None
    tenant_id: str | None = None


@dataclass(slots=True)
class Incident:
    """Something that an operator has to look at."""

    id: str
    incident_type: str
    incident_timestamp: datetime
    cause_incident_id: str
    root_cause_incident_id: str
    incident_message: str | None = None
    configuration: str | None = None
    history_configuration: str | None = None
    activity_id: str | None = None
    failed_activity_id: str | None = None
    annotation: str | None = None
    job_definition_id: str | None = None
    execution_id: str | None = None
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    process_definition_id: str | None = None
    tenant_id: str | None = None


@dataclass(slots=True)
class Receipt:
    """That a command was done, for the client that sends it again."""

    id: str
    # Of the whole request: the same id with another body is no repetition.
    fingerprint: str
    create_time: datetime


@dataclass(slots=True)
class Batch:
    """One command for many rows, done by jobs.

    Attributes:
        configuration: JSON: what is done with each row; `batch_elements` has their ids.
        deployment_id: of the first row, as its seed job has it.
        job_definition_ids: JSON: of what makes its jobs, of what ends it, and of its own jobs; None
            where they follow from the batch's id.
    """

    id: str
    type: str
    start_time: datetime
    total_jobs: int
    jobs_created: int
    is_suspended: bool
    configuration: str
    execution_start_time: datetime | None = None
    tenant_id: str | None = None
    create_user_id: str | None = None
    deployment_id: str | None = None
    job_definition_ids: str | None = None


@dataclass(slots=True)
class ProcessDefinition:
    """A deployed process, in one of its versions.

    Attributes:
        history_time_to_live: days; None keeps the history of its instances for ever.
    """

    id: str
    key: str
    version: int
    deployment_id: str
    resource_name: str
    is_suspended: bool = False
    is_startable_in_tasklist: bool = True
    name: str | None = None
    category: str | None = None
    description: str | None = None
    version_tag: str | None = None
    history_time_to_live: int | None = None
    tenant_id: str | None = None
    candidate_starter_users: str | None = None
    candidate_starter_groups: str | None = None
    diagram_resource_name: str | None = None


@dataclass(slots=True)
class JobDefinition:
    """A place in a model that makes jobs, or a kind of jobs of a batch.

    Attributes:
        job_type: the kind of its jobs.
        job_configuration: ``async-before``, ``async-after``, a timer as the model has it, or the id
            of the batch.
        is_suspended: whether its new jobs are.
        overriding_job_priority: of its new jobs, whatever the model says.
        deployment_id: of the seed jobs of a batch only.
        declared_id: under which the engine asks for it, where the id is another.
    """

    id: str
    job_type: str
    job_configuration: str
    is_suspended: bool = False
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    activity_id: str | None = None
    overriding_job_priority: int | None = None
    tenant_id: str | None = None
    deployment_id: str | None = None
    declared_id: str | None = None
