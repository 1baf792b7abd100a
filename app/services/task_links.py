"""The links of identity of user tasks: assignee, owner, candidates, and whoever else.

Source: contract 11.1; Camunda 7 ``AddIdentityLinkCmd``, ``DeleteIdentityLinkCmd``.
"""

from app.engine.execution import task_links, user_tasks
from app.engine.execution.run import Run
from app.engine.state import Task
from app.errors import BadUserRequestError, EngineError, NullValueError
from app.store import Store, Transaction
from app.store.lists import task_reports

from . import lists, user_operations
from .retrying import repeated
from .tasks import UnknownTaskError, lock

ASSIGNEE, OWNER = "assignee", "owner"


def identity_links(store: Store, task_id: str) -> list[dict[str, str | None]]:
    """The links of a task, then its assignee, then its owner.

    Returns:
        for each a ``user_id`` or a ``group_id``, and the ``type`` of the link.

    Raises:
        UnknownTaskError: no such task.
    """
    view = lists.get(store, "task", task_id)
    if view is None:
        raise UnknownTaskError(task_id)
    with store.reading() as connection:
        found = task_reports.links_of(connection, task_id)
    # Behind the links, which is where the reference engine has them.
    roles = [
        {"user_id": view[role], "group_id": None, "type": role}
        for role in (ASSIGNEE, OWNER)
        if view[role] is not None
    ]
    return [*found, *roles]


def candidate_group_count(store: Store) -> list[dict[str, object]]:
    """How many tasks that nobody has yet each candidate group has.

    Source: Camunda 7 ``TaskReportImpl``.
    """
    with store.reading() as connection:
        return task_reports.candidate_groups(connection)


def _typed(link_type: str | None) -> str:
    """The type of a link, which must have one: the reference engine reads no other.

    Raises:
        NullValueError: it has none.
    """
    if link_type is None:
        raise NullValueError("type is required when adding a new task identity link: type is null")
    return link_type


@repeated
def add_identity_link(
    store: Store, task_id: str, *, user_id: str | None, group_id: str | None, link_type: str | None
) -> None:
    """Link a user or a group to a task, or make a user its assignee or owner.

    Raises:
        UnknownTaskError: no such task.
        NullValueError: the link has no type.
        BadUserRequestError: a group cannot be an assignee.
    """
    if link_type == ASSIGNEE and group_id is not None:
        raise BadUserRequestError("Incompatible usage: cannot use ASSIGNEE together with a groupId")
    with store.transaction() as tx:
        task, run = lock(tx, task_id), Run(tx)
        # Behind the lock: an unknown task is told of before a missing type.
        known_type = _typed(link_type)
        fields: dict[str, object] = {}
        if known_type in (ASSIGNEE, OWNER):
            # Not a link but a column: what a group is named for sets nobody.
            fields[known_type] = user_id
        else:
            task_links.add(run, task, known_type, user_id=user_id, group_id=group_id)
        # Also without a field: a link counts as a change, of which listeners hear (contract 11.1).
        user_tasks.change(run, task, **fields)
        _note(tx, "Add", task, known_type, user_id, group_id)


@repeated
def delete_identity_link(
    store: Store, task_id: str, *, user_id: str | None, group_id: str | None, link_type: str | None
) -> None:
    """Take every link of a type between a task and a user or a group away; none is no error.

    Whoever is named, it is the assignee or the owner that a link of such a type is.

    Raises:
        UnknownTaskError: no such task.
        NullValueError: the link has no type.
        EngineError: a group cannot be an assignee or an owner.
    """
    known_type = _typed(link_type)
    if known_type in (ASSIGNEE, OWNER) and group_id is not None:
        raise EngineError(
            f"Incompatible usage: cannot use type '{known_type}' together with a groupId"
        )
    with store.transaction() as tx:
        task, run = lock(tx, task_id), Run(tx)
        fields: dict[str, object] = {}
        if known_type in (ASSIGNEE, OWNER):
            fields[known_type] = None
        else:
            task_links.remove(run, task, known_type, user_id=user_id, group_id=group_id)
        user_tasks.change(run, task, **fields)
        _note(tx, "Delete", task, known_type, user_id, group_id)


def _note(
    tx: Transaction,
    verb: str,
    task: Task,
    link_type: str,
    user_id: str | None,
    group_id: str | None,
) -> None:
    """Write a link down, as what is new also where it goes."""
    kind = "User" if user_id is not None else "Group"
    user_operations.note(
        tx,
        f"{verb}{kind}Link",
        "IdentityLink",
        {link_type: (None, user_id if user_id is not None else group_id)},
        task,
        category=user_operations.TASK_WORKER,
    )
