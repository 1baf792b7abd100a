"""The commands of people on user tasks.

Source: contract 9; Camunda 7 ``TaskService``.
"""

from collections.abc import Mapping

from app.engine.execution import user_tasks
from app.engine.execution.run import Run
from app.engine.state import Task
from app.engine.state.values import TypedValue
from app.errors import (
    BadUserRequestError,
    EngineError,
    InvalidRequestError,
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
        user_tasks.change(Run(tx), task, assignee=user_id)


@repeated
def set_assignee(store: Store, task_id: str, *, user_id: str | None) -> None:
    """Set, or clear, the assignee of a task.

    Raises:
        UnknownTaskError: no such task.
    """
    with store.transaction() as tx:
        task = _lock(tx, task_id)
        user_tasks.change(Run(tx), task, assignee=user_id)


@repeated
def delegate(store: Store, task_id: str, *, user_id: str | None) -> None:
    """Let another user do a task, whose owner gets it back.

    Raises:
        UnknownTaskError: no such task.
    """
    with store.transaction() as tx:
        task = _lock(tx, task_id)
        owner = task.owner or task.assignee  # kept through several delegations
        user_tasks.change(Run(tx), task, owner=owner, assignee=user_id, delegation_state="PENDING")


@repeated
def resolve(store: Store, task_id: str, *, variables: Mapping[str, TypedValue]) -> None:
    """Give a delegated task back to its owner.

    Raises:
        UnknownTaskError: no such task.
    """
    with store.transaction() as tx:
        task, run = _lock(tx, task_id), Run(tx)
        run.variables.set_all(tx.execution(task.execution_id or ""), variables)
        user_tasks.change(run, task, assignee=task.owner, delegation_state="RESOLVED")


@repeated
def update(store: Store, task_id: str, *, tenant_id: str | None, **fields: object) -> None:
    """Set the properties of a task.

    Args:
        tenant_id: the task's own, which cannot be changed; None says nothing of it.
        fields: each is set, also to None.

    Raises:
        NotFoundError: no such task.
        EngineError: the tenant is another.
    """
    with store.transaction() as tx:
        try:
            task = _lock(tx, task_id)
        except UnknownTaskError:
            raise NotFoundError(f"No matching task with id {task_id}") from None
        if tenant_id is not None and tenant_id != task.tenant_id:
            raise EngineError(
                f"ENGINE-03072 Cannot change tenantId of Task '{task_id}'. Current tenant id "
                f"'{task.tenant_id or 'null'}', Tenant id to set '{tenant_id}'"
            )
        user_tasks.change(Run(tx), task, **fields)


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
CANDIDATE, ASSIGNEE, OWNER = "candidate", "assignee", "owner"


def _check_link(type_: str | None, group_id: str | None) -> None:
    """Refuse what is no link.

    Raises:
        NullValueError: it has no type.
        InvalidRequestError: the type is not known here, or none that a group may have.
    """
    if type_ is None:
        raise NullValueError("type is required when adding a new task identity link: type is null")
    if type_ not in (CANDIDATE, ASSIGNEE, OWNER) or (group_id and type_ != CANDIDATE):
        raise InvalidRequestError(f"Identity links of the type '{type_}' cannot be kept.")


@repeated
def add_identity_link(
    store: Store, task_id: str, *, user_id: str | None, group_id: str | None, link_type: str | None
) -> None:
    """Make a user or a group a candidate for a task, or a user its assignee or owner.

    Raises:
        UnknownTaskError: no such task.
        NullValueError: the link has no type.
        InvalidRequestError: the type is not known, or the name has commas.

    Source: Camunda 7 ``AddIdentityLinkCmd``.
    """
    _check_link(link_type, group_id)
    name = user_id or group_id or ""
    if not name or "," in name:
        raise InvalidRequestError(f"The name '{name}' cannot be that of a candidate.")
    with store.transaction() as tx:
        task = _lock(tx, task_id)
        if link_type == CANDIDATE:
            column = _CANDIDATES[group_id is not None]
            fields: dict[str, object] = {
                column: ",".join(filter(None, (getattr(task, column), name)))
            }
        else:
            fields = {str(link_type): user_id}
        user_tasks.change(Run(tx), task, **fields)


@repeated
def delete_identity_link(
    store: Store, task_id: str, *, user_id: str | None, group_id: str | None, link_type: str | None
) -> None:
    """Take a candidate, the assignee or the owner from a task; others are passed over.

    Raises:
        UnknownTaskError: no such task.
        NullValueError: the link has no type.
        InvalidRequestError: the type is not known.

    Source: Camunda 7 ``DeleteIdentityLinkCmd``.
    """
    _check_link(link_type, group_id)
    with store.transaction() as tx:
        task = _lock(tx, task_id)
        fields: dict[str, object] = {}
        if link_type == CANDIDATE:
            column, name = _CANDIDATES[group_id is not None], user_id or group_id
            left = [n for n in (getattr(task, column) or "").split(",") if n != name]
            fields[column] = ",".join(left) or None
        elif getattr(task, str(link_type)) == user_id:
            fields[str(link_type)] = None
        user_tasks.change(Run(tx), task, **fields)


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
    by_form: bool = False,
) -> dict[str, TypedValue] | None:
    """Complete a task and move its instance on.

    Args:
        by_form: the variables are what the task's form was filled in with.

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
        user_tasks.complete(run, task, variables, by_form=by_form)
        if not with_variables_in_return:
            return None
        return run.variables.at_end_of(instance, variables)
