"""The commands of people on user tasks.

Source: contract 9; Camunda 7 ``TaskService``.
"""

from collections.abc import Mapping
from typing import Any

from app.engine.execution import task_errors, user_tasks
from app.engine.execution.run import Run
from app.engine.execution.task_scopes import scope_of_task
from app.engine.state import Task
from app.engine.state.values import TypedValue
from app.errors import (
    BadUserRequestError,
    EngineError,
    InvalidRequestError,
    NotFoundError,
    NullValueError,
    PersistenceError,
    SuspendedEntityInteractionError,
)
from app.store import Store, Transaction
from app.store.commands import tasks as commands

from . import user_operations
from .retrying import repeated

DELEGATION_STATES = ("PENDING", "RESOLVED")


class UnknownTaskError(NullValueError):
    """No user task has the id."""

    def __init__(self, task_id: str) -> None:
        super().__init__(f"Cannot find task with id {task_id}: task is null")


class NoMatchingTaskError(NotFoundError):
    """No user task has the id; the words are those of the whole task's own path."""

    def __init__(self, task_id: str) -> None:
        super().__init__(f"No matching task with id {task_id}")


class TaskAlreadyClaimedError(EngineError):
    """Another user is the assignee of the task."""

    def __init__(self, task_id: str) -> None:
        super().__init__(f"Task '{task_id}' is already claimed by someone else.")


class UsedIdError(PersistenceError):
    """A task has the id of a new one, or had it."""


class UnknownParentError(EngineError):
    """There is no task below which a new one could be."""

    def __init__(self, task_id: str) -> None:
        super().__init__(
            f"Could not save task: Parent task with id '{task_id}' does not exist: "
            "parentTask is null"
        )


class TaskOfProcessError(EngineError):
    """The task of a process instance ends with its activity alone."""

    def __init__(self) -> None:
        super().__init__("The task cannot be deleted because is part of a running process")


def lock(tx: Transaction, task_id: str) -> Task:
    """Lock a task that a user works on.

    Raises:
        UnknownTaskError: no such task.
        SuspendedEntityInteractionError: it is suspended.
    """
    task = lock_known(tx, task_id)
    refuse_suspended(task)
    return task


def lock_known(tx: Transaction, task_id: str) -> Task:
    """Lock a task, also one that is suspended.

    Raises:
        UnknownTaskError: no such task.
    """
    task = tx.locks.lock_row(Task, task_id)
    if task is None:
        raise UnknownTaskError(task_id)
    return task


def refuse_suspended(task: Task) -> None:
    """Refuse to work on a task that is suspended.

    Raises:
        SuspendedEntityInteractionError: it is.
    """
    if task.is_suspended:
        raise SuspendedEntityInteractionError(
            f"ENGINE-03043 task with id '{task.id}' is suspended."
        )


@repeated
def claim(store: Store, task_id: str, *, user_id: str | None) -> None:
    """Make a user the assignee of a task that has no other one.

    Raises:
        UnknownTaskError: no such task.
        TaskAlreadyClaimedError: another user has it.
    """
    with store.transaction() as tx:
        task = lock_known(tx, task_id)
        if user_id is not None and task.assignee not in (None, user_id):
            raise TaskAlreadyClaimedError(task_id)  # said of a suspended task as well
        refuse_suspended(task)
        user_tasks.change(Run(tx), task, assignee=user_id)
        user_operations.note_task(tx, "Claim", task)


@repeated
def set_assignee(store: Store, task_id: str, *, user_id: str | None) -> None:
    """Set, or clear, the assignee of a task.

    Raises:
        UnknownTaskError: no such task.
    """
    with store.transaction() as tx:
        task = lock(tx, task_id)
        user_tasks.change(Run(tx), task, assignee=user_id)
        user_operations.note_task(tx, "Assign", task)


@repeated
def delegate(store: Store, task_id: str, *, user_id: str | None) -> None:
    """Let another user do a task, whose owner gets it back.

    Raises:
        UnknownTaskError: no such task.
    """
    with store.transaction() as tx:
        task = lock(tx, task_id)
        owner = task.assignee if task.owner is None else task.owner  # kept when it goes on
        user_tasks.change(Run(tx), task, owner=owner, assignee=user_id, delegation_state="PENDING")
        user_operations.note_task(tx, "Delegate", task)


@repeated
def resolve(store: Store, task_id: str, *, variables: Mapping[str, TypedValue]) -> None:
    """Give a delegated task back to its owner.

    Raises:
        UnknownTaskError: no such task.
    """
    with store.transaction() as tx:
        task, run = lock(tx, task_id), Run(tx)
        user_tasks.set_variables(run, task, variables)
        user_tasks.change(run, task, assignee=task.owner, delegation_state="RESOLVED")
        user_operations.note_task(tx, "Resolve", task)


@repeated
def update(
    store: Store,
    task_id: str,
    *,
    tenant_id: str | None,
    delegation_state: str | None,
    **fields: object,
) -> None:
    """Set the properties of a task.

    Args:
        tenant_id: the task's own, which cannot be changed; None says nothing of it.
        fields: each is set, also to None.

    Raises:
        NoMatchingTaskError: no such task.
        InvalidRequestError: there is no such state of delegation.
        EngineError: the tenant is another.
    """
    with store.transaction() as tx:
        try:
            task = lock(tx, task_id)
        except UnknownTaskError:
            raise NoMatchingTaskError(task_id) from None
        state = _delegation_state(delegation_state)
        if tenant_id is not None and tenant_id != task.tenant_id:
            raise EngineError(
                f"ENGINE-03072 Cannot change tenantId of Task '{task_id}'. Current tenant id "
                f"'{task.tenant_id or 'null'}', Tenant id to set '{tenant_id}'"
            )
        user_tasks.change(Run(tx), task, delegation_state=state, **fields)
        user_operations.note_task(tx, "Update", task)


def _delegation_state(text: str | None) -> str | None:
    """A state of delegation, of which upper and lower case are alike."""
    if text is None or text.upper() in DELEGATION_STATES:
        return None if text is None else text.upper()
    raise InvalidRequestError(
        f"Valid values for property 'delegationState' are 'PENDING' or 'RESOLVED', but was '{text}'"
    )


@repeated
def handle_bpmn_error(
    store: Store,
    task_id: str,
    *,
    error_code: str | None,
    error_message: str | None,
    variables: Mapping[str, TypedValue],
) -> None:
    """Throw a BPMN error at a task.

    Raises:
        BadUserRequestError: no code is named.
        NotFoundError: no such task.

    Source: Camunda 7 ``HandleTaskBpmnErrorCmd``.
    """
    if error_code is None or not error_code.strip():
        problem = "is null" if error_code is None else "is empty"
        raise BadUserRequestError(f"errorCode {problem}")
    with store.transaction() as tx:
        task = _known(tx, task_id)
        task_errors.handle_bpmn_error(Run(tx), task, error_code, error_message, variables)


def _known(tx: Transaction, task_id: str) -> Task:
    try:
        return lock(tx, task_id)
    except UnknownTaskError as error:
        raise NotFoundError(str(error)) from None


@repeated
def handle_bpmn_escalation(
    store: Store, task_id: str, *, escalation_code: str | None, variables: Mapping[str, TypedValue]
) -> None:
    """Throw an escalation at a task, which stays unless whoever catches it interrupts it.

    Raises:
        BadUserRequestError: no code is named.
        NotFoundError: no such task.
        UncaughtEscalationError: nobody catches it; nothing was changed.

    Source: Camunda 7 ``HandleTaskEscalationCmd``.
    """
    if escalation_code is None or not escalation_code.strip():
        problem = "is null" if escalation_code is None else "is empty"
        raise BadUserRequestError(f"escalationCode {problem}")
    with store.transaction() as tx:
        task = _known(tx, task_id)
        task_errors.handle_escalation(Run(tx), task, escalation_code, variables)


@repeated
def create(
    store: Store,
    *,
    task_id: str | None,
    parent_task_id: str | None,
    delegation_state: str | None,
    **fields: Any,
) -> None:
    """Make a task that belongs to no process instance.

    Args:
        task_id: None for a new one.
        fields: what the task says of itself.

    Raises:
        InvalidRequestError: there is no such state of delegation.
        UsedIdError: a task has the id, or had it.
        UnknownParentError: there is no task that it could be below.
        EngineError: that task belongs to another tenant.

    Source: Camunda 7 ``SaveTaskCmd``, ``TaskEntity.insert``.
    """
    state = _delegation_state(delegation_state)
    with store.transaction() as tx:
        # Also one that has ended: its history has the id, and would be two tasks'.
        if task_id and commands.is_used(tx, task_id):
            raise UsedIdError
        # An empty id names no task either: only what is missing is no parent.
        if parent_task_id is not None:
            _check_parent(tx, parent_task_id, fields.get("tenant_id"))
        task = Task(
            id=task_id or tx.new_id(),
            create_time=tx.now,
            task_state="Created",
            parent_task_id=parent_task_id,
            delegation_state=state,
            **fields,
        )
        tx.records.add(task)
        Run(tx).history.task_created(task, None)
        # A task with default values: the rest are changes.
        bare = Task(task.id, user_tasks.DEFAULT_PRIORITY, tx.now)
        user_operations.note_task(tx, "Create", task, bare)


def _check_parent(tx: Transaction, parent_task_id: str, tenant_id: str | None) -> None:
    parent = tx.locks.lock_row(Task, parent_task_id)
    if parent is None:
        raise UnknownParentError(parent_task_id)
    if tenant_id is not None and tenant_id != parent.tenant_id:
        raise EngineError(
            "ENGINE-03073 Cannot set different tenantId on subtask than on parent Task. Parent "
            f"taskId: '{parent_task_id}', tenantId: '{parent.tenant_id or 'null'}', tenant id to "
            f"set '{tenant_id}'"
        )


@repeated
def delete(store: Store, task_id: str) -> None:
    """Delete a task that stands alone, with those below it; its history stays.

    Raises:
        TaskOfProcessError: it belongs to a process instance.

    Source: Camunda 7 ``DeleteTaskCmd``.
    """
    with store.transaction() as tx:
        task = tx.locks.lock_row(Task, task_id)
        if task is None:
            return
        if task.execution_id is not None:
            raise TaskOfProcessError
        user_operations.note_task_end(tx, "Delete", task)
        user_tasks.delete(Run(tx), task)


@repeated
def complete(
    store: Store,
    task_id: str,
    *,
    variables: Mapping[str, TypedValue],
    with_variables_in_return: bool = False,
    by_form: bool = False,
) -> dict[str, TypedValue] | None:
    """Complete a task and move its instance on.

    Args:
        by_form: the variables are what the task's form was filled in with.

    Returns:
        the variables of the instance, or of a task that stands alone, when they are asked for.

    Raises:
        UnknownTaskError: no such task.
        EngineError: the instance cannot go on; nothing was changed.
    """
    with store.transaction() as tx:
        task, run = lock(tx, task_id), Run(tx)
        is_back = by_form and task.delegation_state == "PENDING"  # and not completed
        if not is_back:
            user_operations.note_task_end(tx, "Complete", task)
        if task.process_instance_id is None:
            # Its own alone: a task that stands alone drops what `complete` brings, and keeps what a
            # form does (contract 11.8).
            own = {**run.variables.local(scope_of_task(tx, task)), **(variables if by_form else {})}
            user_tasks.complete(run, task, variables, by_form=by_form)
            return own if with_variables_in_return else None
        instance = tx.execution(task.process_instance_id)
        run.variables.load_all([instance])  # before the instance may end, and its rows go
        user_tasks.complete(run, task, variables, by_form=by_form)
        if is_back:
            user_operations.note_task(tx, "Resolve", task)
        if not with_variables_in_return:
            return None
        return run.variables.at_end_of(instance, variables)
