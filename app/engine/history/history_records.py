"""The records of the history, written in the transaction that caused them."""

from datetime import datetime
from typing import ClassVar

from app.dataclasses import dataclass


@dataclass(slots=True)
class HistoricProcessInstance:
    """A process instance, running or ended."""

    id: str
    process_definition_id: str
    process_definition_key: str
    start_time: datetime
    root_process_instance_id: str
    state: str
    business_key: str | None = None
    process_definition_name: str | None = None
    process_definition_version: int | None = None
    end_time: datetime | None = None
    removal_time: datetime | None = None
    start_user_id: str | None = None
    start_activity_id: str | None = None
    end_activity_id: str | None = None
    delete_reason: str | None = None
    super_process_instance_id: str | None = None
    case_instance_id: str | None = None
    tenant_id: str | None = None
    restarted_process_instance_id: str | None = None
    has_own_removal_time: bool | None = None


@dataclass(slots=True)
class HistoricActivityInstance:
    """An activity instance, running or ended."""

    id: str
    activity_id: str
    activity_type: str
    process_definition_key: str | None
    process_definition_id: str | None
    process_instance_id: str
    root_process_instance_id: str | None
    execution_id: str | None
    # Dates have milliseconds, in which a run enters many activities: lists need their order.
    sequence: int
    start_time: datetime
    is_canceled: bool = False
    is_complete_scope: bool = False
    parent_activity_instance_id: str | None = None
    activity_name: str | None = None
    task_id: str | None = None
    called_process_instance_id: str | None = None
    assignee: str | None = None
    end_time: datetime | None = None
    tenant_id: str | None = None


@dataclass(slots=True)
class HistoricVariableInstance:
    """A variable with its last value.

    It is its newest detail as well, so that what is set once is kept once: only when the variable
    changes, the store makes a row of its own of that detail.

    Attributes:
        detail_time: when the newest detail was; None where there is none, or it has its own row.
        is_initial: whether that detail is of the start of an instance.
        detail_activity_instance_id: where the variable is, which that detail says; a variable of a
            sub-process is recorded at the scope around it. None where it is the variable's place.
    """

    id: str
    name: str
    type: str
    state: str
    revision: int
    create_time: datetime
    process_definition_key: str | None = None
    process_definition_id: str | None = None
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    execution_id: str | None = None
    activity_instance_id: str | None = None
    task_id: str | None = None
    tenant_id: str | None = None
    text_value: str | None = None
    long_value: int | None = None
    double_value: float | None = None
    bytes_value: bytes | None = None
    value_info: str | None = None
    detail_time: datetime | None = None
    is_initial: bool | None = None
    detail_activity_instance_id: str | None = None


@dataclass(slots=True)
class HistoricVariableUpdate(HistoricVariableInstance):
    """A variable that may be in the history already, with its new value."""

    # Of a row that is there: its creation, and its place, stay as they are.
    overwritten: ClassVar[tuple[str, ...]] = (
        "type",
        "text_value",
        "long_value",
        "double_value",
        "bytes_value",
        "value_info",
        "state",
        "revision",
        "execution_id",
        "detail_time",
        "is_initial",
        "detail_activity_instance_id",
    )


NOWHERE = "-"  # the place of a detail that is of no activity instance
OWN_LENGTH = 36  # of the ids that we make


def roomy_id(new_id: str) -> str:
    """The id of a variable or an external task from a new one.

    Its last four digits leave room for `detail_id` and `log_id`, whose rows are found by the key
    of their table, without another index.
    """
    # Version 7 of UUIDs has random digits at its end: four fewer still do not collide.
    return new_id[:-4] + "0000"


def is_roomy(own_id: str) -> bool:
    """Whether we have made the id; one that was brought along leaves no room."""
    return len(own_id) == OWN_LENGTH and own_id.endswith("0000")


def detail_id(variable_instance_id: str, revision: int) -> str:
    """The id of the detail that a revision of a variable is, in hexadecimal.

    A variable that was brought along has an id of another form, which leaves no room.
    """
    if is_roomy(variable_instance_id):
        return f"{variable_instance_id[:-4]}{revision:04x}"
    # With a sign in between, at which the list of details finds the variable's id again.
    return f"{variable_instance_id}:{revision:04x}"


def log_id(external_task_id: str, state: int) -> str | None:
    """The id of an entry of what happens to an external task once; None where that has no room."""
    return f"{external_task_id[:-4]}{state + 1:04x}" if is_roomy(external_task_id) else None


@dataclass(slots=True)
class HistoricDetail:
    """One change of a variable, which others have followed."""

    id: str
    variable_instance_id: str
    variable_name: str
    variable_type: str
    time: datetime
    revision: int
    is_initial: bool = False
    process_definition_key: str | None = None
    process_definition_id: str | None = None
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    execution_id: str | None = None
    activity_instance_id: str | None = None
    task_id: str | None = None
    tenant_id: str | None = None
    text_value: str | None = None
    long_value: int | None = None
    double_value: float | None = None
    bytes_value: bytes | None = None
    value_info: str | None = None


@dataclass(slots=True)
class HistoricFormField:
    """A text that a form was submitted with."""

    id: str
    time: datetime
    field_id: str
    field_value: str | None = None
    process_definition_key: str | None = None
    process_definition_id: str | None = None
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    execution_id: str | None = None
    activity_instance_id: str | None = None
    task_id: str | None = None
    tenant_id: str | None = None


@dataclass(slots=True)
class HistoricExternalTaskLog:
    """One thing that happened to an external task: see the states below.

    Attributes:
        creation_time: of the task, where its creation has no entry of its own; and its priority
            then (`store.unit.creations`).
    """

    id: str
    timestamp: datetime
    state: int
    external_task_id: str
    priority: int
    topic_name: str | None = None
    worker_id: str | None = None
    retries: int | None = None
    error_message: str | None = None
    error_details: str | None = None
    activity_id: str | None = None
    activity_instance_id: str | None = None
    execution_id: str | None = None
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    tenant_id: str | None = None
    creation_time: datetime | None = None
    creation_priority: int | None = None


@dataclass(slots=True)
class HistoricIncident:
    """An incident: open (0), resolved (1) or deleted (2)."""

    id: str
    incident_type: str
    create_time: datetime
    state: int
    cause_incident_id: str
    root_cause_incident_id: str
    end_time: datetime | None = None
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
    process_definition_key: str | None = None
    tenant_id: str | None = None


@dataclass(slots=True)
class HistoricTask:
    """A user task, open or done."""

    id: str
    priority: int
    start_time: datetime
    name: str | None = None
    description: str | None = None
    assignee: str | None = None
    owner: str | None = None
    end_time: datetime | None = None
    due_date: datetime | None = None
    follow_up_date: datetime | None = None
    delete_reason: str | None = None
    parent_task_id: str | None = None
    task_definition_key: str | None = None
    task_state: str | None = None
    execution_id: str | None = None
    activity_instance_id: str | None = None
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    tenant_id: str | None = None


@dataclass(slots=True)
class HistoricIdentityLink:
    """A link of a user or group with a user task that was added or deleted.

    Attributes:
        type: ``candidate``, ``assignee`` or ``owner``.
        operation_type: ``add`` or ``delete``.
    """

    id: str
    time: datetime
    type: str
    operation_type: str
    user_id: str | None = None
    group_id: str | None = None
    task_id: str | None = None
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    assigner_id: str | None = None
    tenant_id: str | None = None


@dataclass(slots=True)
class HistoricJobLog:
    """One thing that happened to a job; the states are those of an external task's log."""

    id: str
    timestamp: datetime
    state: int
    job_id: str
    job_kind: str
    priority: int
    retries: int
    due_date: datetime | None = None
    exception_message: str | None = None
    exception_stacktrace: str | None = None
    activity_id: str | None = None
    failed_activity_id: str | None = None
    execution_id: str | None = None
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    deployment_id: str | None = None
    batch_id: str | None = None
    tenant_id: str | None = None
    job_definition_id: str | None = None
    job_definition_configuration: str | None = None
    hostname: str | None = None


@dataclass(slots=True)
class UserOperation:
    """An entry of the user operation log: one property that changed.

    Attributes:
        operation_id: is the same for all properties that one command has changed.
    """

    id: str
    operation_id: str
    user_id: str
    timestamp: datetime
    operation_type: str
    entity_type: str
    deployment_id: str | None = None
    process_definition_id: str | None = None
    process_definition_key: str | None = None
    process_instance_id: str | None = None
    root_process_instance_id: str | None = None
    execution_id: str | None = None
    task_id: str | None = None
    job_id: str | None = None
    job_definition_id: str | None = None
    batch_id: str | None = None
    external_task_id: str | None = None
    property: str | None = None
    org_value: str | None = None
    new_value: str | None = None
    category: str | None = None
    annotation: str | None = None
    tenant_id: str | None = None


@dataclass(slots=True)
class TaskWorker:
    """That a user became the assignee of a user task, for the metrics."""

    # A new one each time: that of a user would make two transactions wait for each other.
    id: str
    user_hash: int
    timestamp: datetime


@dataclass(slots=True)
class HistoricBatch:
    """A batch, from its start; `job_definition_ids` as in `state.Batch`."""

    id: str
    type: str
    total_jobs: int
    start_time: datetime
    execution_start_time: datetime | None = None
    end_time: datetime | None = None
    removal_time: datetime | None = None
    tenant_id: str | None = None
    create_user_id: str | None = None
    job_definition_ids: str | None = None
