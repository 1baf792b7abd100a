"""What a run changes: records, their unit of work, typed values."""

from .records import (
    Batch,
    Change,
    EventSubscription,
    Execution,
    ExternalTask,
    Incident,
    Job,
    JobDefinition,
    ProcessDefinition,
    Receipt,
    Record,
    Records,
    Task,
    Variable,
    snapshot,
)

__all__ = [
    "Batch",
    "Change",
    "EventSubscription",
    "Execution",
    "ExternalTask",
    "Incident",
    "Job",
    "JobDefinition",
    "ProcessDefinition",
    "Receipt",
    "Record",
    "Records",
    "Task",
    "Variable",
    "snapshot",
]
