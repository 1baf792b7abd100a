"""The grants on a user task to its assignee, owner and links, where authorizations are asked for.

Source: contract 11.7; Camunda 7 ``DefaultAuthorizationProvider.newTaskAssignee``.
"""

from typing import TYPE_CHECKING

from app.engine.state import IdentityLink, Task
from app.engine.state.identity import Authorization
from app.security.permissions import GRANT, Resource, bits_of

from . import identity

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_BITS = bits_of(("READ", "UPDATE"), Resource.TASK)


def are_changed_by(tx: "Transaction") -> bool:
    """Whether a transaction has to do with user tasks: most have not, and need no look at all."""
    return tx.records.knows(Task) or tx.records.knows(IdentityLink)


def add(tx: "Transaction") -> None:
    """Grant what is not granted yet, and forget what is said of tasks that are over."""
    changes = tx.records.changes()
    tasks, links = changes.get(Task), changes.get(IdentityLink)
    wanted: set[tuple[str, str | None, str | None]] = set()
    for task in (*tasks.added, *tasks.updated) if tasks else ():
        wanted |= {(task.id, user, None) for user in (task.assignee, task.owner) if user}
    for link in links.added if links else ():
        wanted.add((link.task_id, link.user_id, None if link.user_id else link.group_id))
    gone = set(tasks.removed) if tasks else set()
    # In one order, or two commands that grant on the same tasks could wait for each other.
    for task_id, user_id, group_id in sorted(wanted, key=str):
        made = Authorization(
            tx.new_id(), GRANT, _BITS, user_id, group_id, int(Resource.TASK), task_id
        )
        # Made and completed by one command: nothing is left to be granted on.
        if task_id not in gone:
            identity.grant(tx, made)
    for task_id in sorted(gone):
        identity.forget_authorizations(tx, Resource.TASK, task_id)
