"""The variables of process instances, executions and user tasks.

Source: contract 4.4; Camunda 7 ``SetExecutionVariablesCmd``, ``GetExecutionVariablesCmd``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.engine.execution import user_tasks
from app.engine.execution.run import Run
from app.engine.execution.task_scopes import scope_of_task
from app.engine.state import Execution, Task
from app.engine.state.values import TypedValue
from app.errors import NullValueError
from app.store import Snapshot, Store, Transaction

from . import user_operations
from .retrying import repeated
from .tasks import UnknownTaskError

TASK, EXECUTION = "task", "execution"
Where = dict[str, Any]


class UnknownOwnerError(NullValueError):
    """The execution or task that should have the variable does not exist."""

    def __init__(self, kind: str, owner_id: str) -> None:
        if kind == TASK:
            super().__init__(f"task {owner_id} doesn't exist: task is null")
        else:
            super().__init__(f"execution {owner_id} doesn't exist: execution is null")


def _locked(tx: Transaction, kind: str, owner_id: str) -> Execution:
    """The execution that owns the variables, with its call hierarchy locked."""
    if kind == TASK:
        return _scope_of(tx, tx.locks.lock_row(Task, owner_id), owner_id)
    return _known(tx.locks.lock_execution(owner_id), owner_id)


def _seen(snapshot: Snapshot, kind: str, owner_id: str) -> Execution:
    """The execution that owns, or sees, the variables."""
    if kind == TASK:
        return _scope_of(snapshot, snapshot.task_seen(owner_id), owner_id)
    return _known(snapshot.execution_seen(owner_id), owner_id)


def _scope_of(tx: Transaction | Snapshot, task: Task | None, task_id: str) -> Execution:
    if task is None:
        raise UnknownOwnerError(TASK, task_id)
    # A task is a scope of its own, inside the execution that waits at it.
    return scope_of_task(tx, task)


def _known(found: Execution | None, execution_id: str) -> Execution:
    if found is None:
        raise UnknownOwnerError(EXECUTION, execution_id)
    return found


@repeated
def get_all(
    store: Store, owner_id: str, *, kind: str = EXECUTION, is_local: bool = False
) -> dict[str, TypedValue]:
    """Every variable that an execution or task sees, or owns.

    Raises:
        UnknownOwnerError: no such execution or task.
    """
    with store.snapshot() as snapshot:
        owner = _seen(snapshot, kind, owner_id)
        variables = Run(snapshot).variables
        return variables.local(owner) if is_local else variables.visible(owner)


@repeated
def get(
    store: Store, owner_id: str, name: str, *, kind: str = EXECUTION, is_local: bool = False
) -> TypedValue | None:
    """One variable; None when there is none of the name.

    Raises:
        UnknownOwnerError: no such execution or task.
    """
    with store.snapshot() as snapshot:
        owner = _seen(snapshot, kind, owner_id)
        variables = Run(snapshot).variables
        return variables.find_local(owner, name) if is_local else variables.find(owner, name)


@repeated
def modify(
    store: Store,
    owner_id: str,
    *,
    modifications: Mapping[str, TypedValue],
    deletions: Iterable[str] = (),
    kind: str = EXECUTION,
    is_local: bool = False,
    operation: str = "ModifyVariable",
) -> None:
    """Set and delete variables in one transaction; a name in both is deleted.

    Args:
        operation: as the log of operations has it.

    Raises:
        UnknownOwnerError: no such execution or task.
        EngineError: a value cannot be stored.
    """
    with store.transaction() as tx:
        owner = _locked(tx, kind, owner_id)
        run = Run(tx)
        task = tx.records.get(Task, owner_id) if kind == TASK else None
        if task is not None:
            # Any change of variables through a task counts as one of the task, but only local ones
            # fire `update` (contract 11.3).
            task.task_state, task.last_updated = "Updated", tx.now
            run.history.task_changed(task)
        worker = user_operations.TASK_WORKER if task is not None else user_operations.OPERATOR
        user_operations.note(tx, operation, "Variable", about=task or owner, category=worker)
        if is_local:
            run.variables.set_all_local(owner, modifications)
        else:
            run.variables.set_all(owner, modifications)
        # behind the settings, so that a name in both is deleted
        if is_local:
            run.variables.remove(owner, *deletions)
        else:
            run.variables.remove_nearest(owner, *deletions)
        task = tx.records.get(Task, owner_id) if kind == TASK and is_local else None
        if task is not None:
            user_tasks.change(run, task)
        run.notify_changes()  # conditional events see all of the changes at once
        run.perform()


def put(
    store: Store,
    owner_id: str,
    name: str,
    value: TypedValue,
    *,
    kind: str = EXECUTION,
    is_local: bool = False,
) -> None:
    """Set one variable.

    Raises:
        UnknownOwnerError: no such execution or task.
        EngineError: the value cannot be stored.
    """
    where: Where = {"kind": kind, "is_local": is_local, "operation": "SetVariable"}
    modify(store, owner_id, modifications={name: value}, **where)


def delete(
    store: Store, owner_id: str, name: str, *, kind: str = EXECUTION, is_local: bool = False
) -> None:
    """Delete one variable; it is no error when there is none of the name.

    Raises:
        UnknownOwnerError: no such execution.
        UnknownTaskError: no such task.
    """
    where: Where = {"kind": kind, "is_local": is_local, "operation": "RemoveVariable"}
    try:
        modify(store, owner_id, modifications={}, deletions=[name], **where)
    except UnknownOwnerError:
        if kind == TASK:  # which has other words where a variable goes
            raise UnknownTaskError(owner_id) from None
        raise
