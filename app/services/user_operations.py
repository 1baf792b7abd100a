"""The log of what users did: written by commands whose transaction knows the user.

It knows nobody where there is no authentication; nothing is written then, as in the reference
engine.

Source: contract 10.8; Camunda 7 ``UserOperationLogManager``.
"""

from collections.abc import Mapping
from datetime import datetime

from app.engine.history.history_records import UserOperation
from app.engine.state import (
    Execution,
    ExternalTask,
    Job,
    JobDefinition,
    ProcessDefinition,
    Record,
    Task,
)
from app.errors import BadUserRequestError
from app.security.needs import UPDATE_OPERATION
from app.security.permissions import Resource
from app.store import Store, Transaction
from app.store.commands import user_operations as commands

from . import permits
from .permits import D, Subject
from .retrying import repeated

# categories of operations: on processes, on tasks, on users and their permissions
OPERATOR, TASK_WORKER, ADMIN = "Operator", "TaskWorker", "Admin"
Changes = Mapping[str | None, tuple[object, object]]
NO_PROPERTY: Changes = {None: (None, None)}  # of what is noted as a whole
_PLACE = {  # columns of an entry, from the fields of what it is about
    "process_definition_id": "process_definition_id",
    "process_definition_key": "process_definition_key",
    "process_instance_id": "process_instance_id",
    "root_process_instance_id": "root_process_instance_id",
    "tenant_id": "tenant_id",
}
_DEFINITION = {"process_definition_id": "id", "process_definition_key": "key"}
_FIELDS: Mapping[type[Record], Mapping[str, str]] = {
    Execution: _PLACE,
    ExternalTask: {**_PLACE, "external_task_id": "id"},
    Job: {
        **_PLACE,
        "job_id": "id",
        "job_definition_id": "job_definition_id",
        "deployment_id": "deployment_id",
        "batch_id": "batch_id",
    },
    JobDefinition: {**_PLACE, "job_definition_id": "id"},
    ProcessDefinition: {
        **_DEFINITION,
        "deployment_id": "deployment_id",
        "tenant_id": "tenant_id",
    },
    Task: {**_PLACE, "task_id": "id", "execution_id": "execution_id"},
}
_TASK = {  # properties of a task, by the words of the log
    "assignee": "assignee",
    "caseInstanceId": "case_instance_id",
    "delegation": "delegation_state",
    "description": "description",
    "dueDate": "due_date",
    "followUpDate": "follow_up_date",
    "name": "name",
    "owner": "owner",
    "parentTask": "parent_task_id",
    "priority": "priority",
}


def is_noted(tx: Transaction) -> bool:
    """Whether what is done now is written down."""
    return tx.user_id is not None and tx.history_level == "full"


def note(
    tx: Transaction,
    operation_type: str,
    entity_type: str,
    changes: Changes = NO_PROPERTY,
    about: Record | None = None,
    *,
    category: str = OPERATOR,
    annotation: str | None = None,
    where: Mapping[str, str | None] | None = None,
) -> None:
    """Write down what a user does, an entry for each property that changes.

    Args:
        changes: by the name of a property, what it was and what it is now.
        about: what it is done to, which says where that is.
        annotation: a note that the user makes at once.
        where: columns of the entry in addition to those that follow from ``about``.
    """
    if tx.user_id is None or not is_noted(tx):
        return
    place = {**_where(tx, about), **(where or {})}
    for name, (before, now) in changes.items():
        tx.records.add(
            UserOperation(
                id=tx.new_id(),
                # One for the transaction: all entries of one command belong together, those of a
                # restart's instances as well.
                operation_id=tx.operation_id,
                user_id=tx.user_id,
                timestamp=tx.now,
                operation_type=operation_type,
                entity_type=entity_type,
                property=name,
                org_value=_shown(before),
                new_value=_shown(now),
                category=category,
                annotation=annotation,
                **place,
            )
        )


def _where(tx: Transaction, about: Record | None) -> dict[str, str | None]:
    """Where something is: its definition and deployment, its instance, itself."""
    if about is None:
        return {}
    fields = _FIELDS[type(about)]
    found = {name: getattr(about, field, None) for name, field in fields.items()}
    definition_id = found["process_definition_id"]
    if definition_id is not None and not found.get("deployment_id"):
        definition = tx.graph(definition_id).definition
        found["deployment_id"] = definition.deployment_id
        found["process_definition_key"] = definition.key
    return found


def _shown(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        # Milliseconds, as the reference writes dates into its log.
        return str(round(value.timestamp() * 1000))
    return None if value is None else str(value)


def note_task(tx: Transaction, operation_type: str, task: Task, before: Task | None = None) -> None:
    """Write down what is different at a task now.

    Args:
        before: what is compared with; as the transaction has found it if it is None.
    """
    # Before the comparison, which costs most and is for nothing where nobody has logged in.
    if not is_noted(tx):
        return
    known = before or tx.records.before(task)
    changes: dict[str | None, tuple[object, object]] = {
        word: (getattr(known, field), getattr(task, field))
        for word, field in _TASK.items()
        if getattr(known, field) != getattr(task, field)
    }
    note(tx, operation_type, "Task", changes, task, category=TASK_WORKER)


def note_task_end(tx: Transaction, operation_type: str, task: Task) -> None:
    """Write down that a task is completed or deleted."""
    changes: Changes = {"delete": (False, True)}
    note(tx, operation_type, "Task", changes, task, category=TASK_WORKER)


def suspension(is_suspended: bool, **properties: object) -> Changes:
    """The properties of what is suspended or activated."""
    return {
        "suspensionState": (None, "suspended" if is_suspended else "active"),
        **{name: (None, value) for name, value in properties.items()},
    }


def of_many(count: int, *, is_async: bool, **properties: object) -> Changes:
    """The properties of what is done to many at once."""
    return {
        "nrOfInstances": (None, count),
        "async": (None, is_async),
        **{name: (None, value) for name, value in properties.items()},
    }


class UnknownOperationError(BadUserRequestError):
    """No operation has the id."""

    def __init__(self) -> None:
        super().__init__("operation is null")


@repeated
def annotate(store: Store, operation_id: str, *, annotation: str | None) -> None:
    """Put a note on all entries of an operation, or take it off.

    Raises:
        UnknownOperationError: there is no such operation.
        AuthorizationError: the user may not change what the log has of it.
    """
    with store.transaction() as tx:
        if tx.asked is not None:
            meant = [
                Subject({Resource.OPERATION_LOG_CATEGORY: category, D: key})
                for category, key in commands.places(tx, operation_id)
            ]
            permits.demand(tx, UPDATE_OPERATION, meant)
        if not commands.annotate(tx, operation_id, annotation):
            raise UnknownOperationError
        verb = "ClearAnnotation" if annotation is None else "SetAnnotation"
        note(tx, verb, "OperationLog", {"operationId": (None, operation_id)})
