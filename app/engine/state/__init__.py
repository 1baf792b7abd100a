"""The state of a run: records, their unit of work, typed values."""

from .decisions import DecisionDefinition, DecisionRequirementsDefinition, DeployedDecision
from .records import (
    Batch,
    EventSubscription,
    Execution,
    ExternalTask,
    ExternalTaskLock,
    IdentityLink,
    Incident,
    Job,
    JobDefinition,
    ProcessDefinition,
    Receipt,
    Task,
    Variable,
)
from .unit import Change, Record, Records, as_view, snapshot

__all__ = [
    "Batch",
    "Change",
    "DecisionDefinition",
    "DecisionRequirementsDefinition",
    "DeployedDecision",
    "EventSubscription",
    "Execution",
    "ExternalTask",
    "ExternalTaskLock",
    "IdentityLink",
    "Incident",
    "Job",
    "JobDefinition",
    "ProcessDefinition",
    "Receipt",
    "Record",
    "Records",
    "Task",
    "Variable",
    "as_view",
    "snapshot",
]
