"""The changes to records of the history that earlier transactions have written."""

from datetime import datetime
from typing import ClassVar

from app.dataclasses import dataclass

from .history_records import (
    HistoricActivityInstance,
    HistoricIncident,
    HistoricProcessInstance,
    HistoricTask,
    HistoricVariableInstance,
)


# Each has the columns of one UPDATE of the record that it `amends`, and no more: what it does not
# name, another transaction may change at the same time.
@dataclass(slots=True)
class ProcessInstanceEnd:
    """The history update for the end of a process instance."""

    amends: ClassVar[type] = HistoricProcessInstance
    id: str
    end_time: datetime
    removal_time: datetime | None
    end_activity_id: str | None
    delete_reason: str | None
    state: str
    has_own_removal_time: bool | None = None


# Without the end: an instance that ends meanwhile must not be set to running again.
@dataclass(slots=True)
class ProcessInstanceState:
    """The history update for suspension and activation of a process instance."""

    amends: ClassVar[type] = HistoricProcessInstance
    id: str
    state: str


@dataclass(slots=True)
class ActivityInstanceEnd:
    """The history update for the end of an activity."""

    amends: ClassVar[type] = HistoricActivityInstance
    id: str
    end_time: datetime
    is_canceled: bool
    is_complete_scope: bool
    execution_id: str


# A class of its own and no optional field: its statement has one column more.
@dataclass(slots=True)
class ScopeInstanceEnd:
    """The history update for the end of a sub-process: by then it is known inside what it ran."""

    amends: ClassVar[type] = HistoricActivityInstance
    id: str
    end_time: datetime
    is_canceled: bool
    is_complete_scope: bool
    execution_id: str
    parent_activity_instance_id: str


@dataclass(slots=True)
class VariableInstanceEnd:
    """The history update for the deletion of a variable."""

    amends: ClassVar[type] = HistoricVariableInstance
    id: str
    state: str


@dataclass(slots=True)
class IncidentEnd:
    """The history update for the end of an incident."""

    amends: ClassVar[type] = HistoricIncident
    id: str
    end_time: datetime
    state: int


@dataclass(slots=True)
class TaskUpdate:
    """The history update for a change or the end of a user task."""

    amends: ClassVar[type] = HistoricTask
    id: str
    execution_id: str | None  # the present one: a fork moves the task
    name: str | None
    description: str | None
    assignee: str | None
    owner: str | None
    priority: int
    due_date: datetime | None
    follow_up_date: datetime | None
    parent_task_id: str | None
    task_state: str | None
    end_time: datetime | None
    delete_reason: str | None


# All three in one: the row has none of them yet, so that no value of another is lost.
@dataclass(slots=True)
class ActivityInstanceWork:
    """The task or called instance of an activity whose start an earlier transaction has noted."""

    amends: ClassVar[type] = HistoricActivityInstance
    id: str
    task_id: str | None
    assignee: str | None
    called_process_instance_id: str | None


@dataclass(slots=True)
class ActivityAssignee:
    """The history update for a change of an activity's assignee."""

    amends: ClassVar[type] = HistoricActivityInstance
    id: str
    assignee: str | None
    execution_id: str | None


@dataclass(slots=True)
class IncidentAnnotation:
    """The history update for an annotation of an incident."""

    amends: ClassVar[type] = HistoricIncident
    id: str
    annotation: str | None
