"""The commands of people on user tasks.

Source: rest contract, found while recording surroundings; Camunda 7 ``TaskService``.
"""

from collections.abc import Mapping

from app.engine.execution import user_tasks
from app.engine.execution.run import Run
from app.engine.state import Task
from app.engine.state.values import TypedValue
from app.errors import (
    BadUserRequestError,
    EngineError,
    NotFoundError,
    NullValueError,
    SuspendedEntityInteractionError,
)
from app.store import Store, Transaction

from . import lists
from .retrying import repeated


class UnknownTaskError(NullValueError):
    """No user task has the id."""

    def __init__(self, task_id: str) -> None:
        super().__init__(f"Cannot find task with id {task_id}: task is null")


class TaskAlreadyClaimedError(EngineError):
    """Another user is the assignee of the task."""

    def __init__(self, task_id: str) -> None:
        super().__init__(f"Task '{task_id}' is already claimed by someone else.")


def _lock(tx: Transaction, task_id: str) -> Task:
    task = tx.locks.lock_row(Task, task_id)
    if task is None:
        raise UnknownTaskError(task_id)
    if task.is_suspended:
        raise SuspendedEntityInteractionError(
            f"ENGINE-03043 task with id '{task_id}' is suspended."
        )
    return task


def _update(tx: Transaction, run: Run, task: Task) -> None:
    task.task_state = "Updated"
    task.last_updated = tx.now
    run.history.task_changed(task)


@repeated
def claim(store: Store, task_id: str, *, user_id: str | None) -> None:
    """Make a user the assignee of a task that has no other one.

    Raises:
        UnknownTaskError: no such task.
        TaskAlreadyClaimedError: another user has it.
    """
    with store.transaction() as tx:
        task = _lock(tx, task_id)
        if user_id is not None and task.assignee not in (None, user_id):
            raise TaskAlreadyClaimedError(task_id)
        task.assignee = user_id
        _update(tx, Run(tx), task)


@repeated
def set_assignee(store: Store, task_id: str, *, user_id: str | None) -> None:
    """Set, or clear, the assignee of a task.

    Raises:
        UnknownTaskError: no such task.
    """
    with store.transaction() as tx:
        task = _lock(tx, task_id)
        task.assignee = user_id
        _update(tx, Run(tx), task)


@repeated
def delegate(store: Store, task_id: str, *, user_id: str | None) -> None:
    """Let another user do a task, whose owner gets it back.

    Raises:
        UnknownTaskError: no such task.
    """
    with store.transaction() as tx:
        task = _lock(tx, task_id)
        task.owner = task.owner or task.assignee  # kept through several delegations
        task.assignee, task.delegation_state = user_id, "PENDING"
        _update(tx, Run(tx), task)


@repeated
def resolve(store: Store, task_id: str, *, variables: Mapping[str, TypedValue]) -> None:
    """Give a delegated task back to its owner.

    Raises:
        UnknownTaskError: no such task.
    """
    with store.transaction() as tx:
        task, run = _lock(tx, task_id), Run(tx)
        run.variables.set_all(tx.execution(task.execution_id or ""), variables)
        task.assignee, task.delegation_state = task.owner, "RESOLVED"
        _update(tx, run, task)


@repeated
def update(store: Store, task_id: str, **fields: object) -> None:
    """Set the properties of a task.

    Args:
        fields: each is set, also to None.

    Raises:
        NotFoundError: no such task.
    """
    with store.transaction() as tx:
        try:
            task = _lock(tx, task_id)
        except UnknownTaskError:
            raise NotFoundError(f"No matching task with id {task_id}") from None
        for name, value in fields.items():
            setattr(task, name, value)
        _update(tx, Run(tx), task)


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
        try:
            task = _lock(tx, task_id)
        except UnknownTaskError as error:
            raise NotFoundError(str(error)) from None
        user_tasks.handle_bpmn_error(Run(tx), task, error_code, error_message, variables)


def identity_links(store: Store, task_id: str) -> list[dict[str, str | None]]:
    """The identity links of a task: candidates, then its assignee, then its owner.

    Returns:
        for each a ``user_id`` or a ``group_id``, and the ``type`` of the link.

    Raises:
        UnknownTaskError: no such task.
    """
    view = lists.get(store, "task", task_id)
    if view is None:
        raise UnknownTaskError(task_id)
    users, groups = ((view[name] or "").split(",") for name in _CANDIDATES)
    found = [_link("candidate", user_id=user) for user in users if user]
    found += [_link("candidate", group_id=group) for group in groups if group]
    found += [_link(role, user_id=view[role]) for role in ("assignee", "owner") if view[role]]
    return found


_CANDIDATES = ("candidate_users", "candidate_groups")


def _link(
    type_: str, *, user_id: str | None = None, group_id: str | None = None
) -> dict[str, str | None]:
    return {"user_id": user_id, "group_id": group_id, "type": type_}


@repeated
def complete(
    store: Store,
    task_id: str,
    *,
    variables: Mapping[str, TypedValue],
    with_variables_in_return: bool = False,
) -> dict[str, TypedValue] | None:
    """Complete a task and move its instance on.

    Returns:
        the instance's variables, when they are asked for.

    Raises:
        UnknownTaskError: no such task.
        EngineError: the instance cannot go on; nothing was changed.
    """
    with store.transaction() as tx:
        task, run = _lock(tx, task_id), Run(tx)
        instance = tx.execution(task.process_instance_id or "")
        run.variables.load_all([instance])  # before the instance may end, and its rows go
        user_tasks.complete(run, task, variables)
        if not with_variables_in_return:
            return None
        return run.variables.at_end_of(instance, variables)
