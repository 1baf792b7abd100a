"""What a run changes: records, their unit of work, typed values."""

from .decisions import DecisionDefinition, DecisionRequirementsDefinition, DeployedDecision
from .records import (
    Batch,
    Change,
    EventSubscription,
    Execution,
    ExternalTask,
    IdentityLink,
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
    "DecisionDefinition",
    "DecisionRequirementsDefinition",
    "DeployedDecision",
    "EventSubscription",
    "Execution",
    "ExternalTask",
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
    "snapshot",
]
