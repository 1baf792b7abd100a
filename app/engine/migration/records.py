"""The changes of a migration to rows that it does not load, or that others change meanwhile."""

from typing import ClassVar

from app.dataclasses import dataclass
from app.engine.history.history_records import (
    HistoricActivityInstance,
    HistoricIncident,
    HistoricProcessInstance,
    HistoricTask,
    HistoricVariableInstance,
)
from app.engine.state import ExternalTask


@dataclass(slots=True)
class ExternalTaskMoved:
    """The new place of an external task; a fetch may lock the task at the same time."""

    amends: ClassVar[type] = ExternalTask
    id: str
    activity_id: str
    process_definition_id: str
    process_definition_key: str
    logged_priority: None = None  # the creation was at the old place


@dataclass(slots=True)
class ProcessInstanceMoved:
    """The new definition of an instance, in its history."""

    amends: ClassVar[type] = HistoricProcessInstance
    id: str
    process_definition_id: str
    process_definition_key: str
    process_definition_name: str | None
    process_definition_version: int


@dataclass(slots=True)
class ActivityInstanceMoved:
    """The history update for an activity instance that goes on."""

    amends: ClassVar[type] = HistoricActivityInstance
    id: str
    activity_id: str
    activity_name: str | None
    activity_type: str
    process_definition_id: str
    process_definition_key: str
    execution_id: str
    parent_activity_instance_id: str


@dataclass(slots=True)
class TaskMoved:
    """The new place of a user task, in its history."""

    amends: ClassVar[type] = HistoricTask
    id: str
    task_definition_key: str | None
    execution_id: str | None
    process_definition_id: str
    process_definition_key: str


@dataclass(slots=True)
class IncidentMoved:
    """The new place of an incident, in its history."""

    amends: ClassVar[type] = HistoricIncident
    id: str
    activity_id: str | None
    job_definition_id: str | None
    execution_id: str | None
    process_definition_id: str
    process_definition_key: str


@dataclass(slots=True)
class VariableMoved:
    """The new definition and execution of a variable, in its history."""

    amends: ClassVar[type] = HistoricVariableInstance
    id: str
    execution_id: str
    process_definition_id: str
    process_definition_key: str
