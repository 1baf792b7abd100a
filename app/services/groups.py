"""Groups and their members.

Source: contract 11.5; Camunda 7 ``DbIdentityServiceProvider``.
"""

from typing import Any

from app.engine.state.identity import Group, GroupMembership, User
from app.errors import BadUserRequestError, ConflictError, NotFoundError
from app.security.permissions import Resource
from app.store import Store
from app.store.commands import identity as commands
from app.store.lists import identity as reads

from . import lists
from .grants import give
from .identity_ids import require_valid_id
from .memberships import join, leave, note_party, remove
from .retrying import repeated


class UnknownGroupError(NotFoundError):
    """No group has the id."""

    def __init__(self, group_id: str) -> None:
        super().__init__(f"Group with id {group_id} does not exist")


@repeated
def create(
    store: Store, *, group_id: str | None, name: str | None = None, type_: str | None = None
) -> None:
    """Make a group.

    Raises:
        NullValueError: there is no id.
        EngineError: the id has other characters than it may have.
        BadUserRequestError: there is a group of the id.
    """
    group_id = require_valid_id("Group", group_id)
    with store.transaction() as tx:
        if commands.row(tx, Group, group_id) is not None:
            raise BadUserRequestError("The group already exists")
        tx.records.add(Group(group_id, name, type_))
        note_party(tx, "Create", Group, group_id)
        # To the group itself, so that its members can see the group that they are in.
        give(tx, store, "READ", Resource.GROUP, group_id, group_id=group_id)


@repeated
def update(
    store: Store, key: str, *, group_id: str | None, name: str | None, type_: str | None
) -> None:
    """Replace what is known of a group.

    Args:
        group_id: must be the group's own.

    Raises:
        UnknownGroupError: no such group.
        NullValueError: no id is given.
        EngineError: the id given could be none of a group.
        ConflictError: the id given is another.
    """
    with store.transaction() as tx:
        group = commands.known_row(tx, Group, key, UnknownGroupError)
        # The group is locked first: an unknown one is missing, whatever id the body has.
        wanted = require_valid_id("Group", group_id)
        if wanted != key:
            raise ConflictError.of_id("Group", wanted)
        group.name, group.type = name, type_
        note_party(tx, "Update", Group, key)


@repeated
def delete(store: Store, group_id: str) -> None:
    """Delete a group with its memberships and what authorizations say about it."""
    with store.transaction() as tx:
        remove(tx, Group, Resource.GROUP, group_id)


@repeated
def add_member(store: Store, group_id: str, user_id: str) -> None:
    """Put a user into a group.

    Raises:
        NullValueError: no such user, or group.
        PersistenceError: the user is in the group.
    """
    with store.transaction() as tx:
        membership = GroupMembership(f"{user_id}:{group_id}", user_id, group_id)
        join(tx, membership, (User, user_id), (Group, group_id))


@repeated
def delete_member(store: Store, group_id: str, user_id: str) -> None:
    """Take a user out of a group; one that is not in it is no error."""
    with store.transaction() as tx:
        leave(tx, GroupMembership, f"{user_id}:{group_id}")


def groups_of(store: Store, user_id: str) -> dict[str, list[dict[str, Any]]]:
    """The groups of a user, and the other users that are in one of them.

    Returns:
        ``groups`` and ``group_users``, as their lists have them.
    """
    groups = lists.find(store, "group", {"member": user_id}, [("name", "asc")])
    # Without groups there are no users to share them; the second statement is spared.
    if not groups:
        return {"groups": [], "group_users": []}
    with store.reading() as connection:
        return {"groups": groups, "group_users": reads.others_in_groups_of(connection, user_id)}
