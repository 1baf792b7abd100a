"""Authorizations: what users and groups may do with resources, as data.

Source: contract 11.7; Camunda 7 ``AuthorizationServiceImpl``, ``AuthorizationEntity``.
"""

from dataclasses import replace
from typing import Any

from app.engine.state import as_view
from app.engine.state.identity import Authorization
from app.errors import (
    BadUserRequestError,
    EngineError,
    NotFoundError,
    NullValueError,
    PersistenceError,
)
from app.security import judging, permission_numbers
from app.security import permissions as model
from app.store import Store, Transaction
from app.store.commands import identity as commands
from app.store.commands import permissions as reads_of_users
from app.store.lists import authorizations as reads

from . import lists, user_operations
from .retrying import repeated

_TYPES = {**model.TYPE_NAMES, **permission_numbers.TYPE_NAMES}
_RESOURCES = {int(number): name for number, name in _TYPES.items()}


class UnknownAuthorizationError(NotFoundError):
    """No authorization has the id."""

    def __init__(self, authorization_id: str) -> None:
        super().__init__(f"Authorization with id {authorization_id} does not exist.")


class NoHolderError(NullValueError):
    """An authorization is for nobody, or for two."""

    def __init__(self) -> None:
        super().__init__("Authorization must either have a 'userId' or a 'groupId'.")


@repeated
def create(
    store: Store,
    *,
    type_: int | None,
    permissions: list[str] | None,
    user_id: str | None,
    group_id: str | None,
    resource_type: int | None,
    resource_id: str | None,
) -> dict[str, Any]:
    """Make an authorization.

    Args:
        type_: None is what is for everybody, as in the reference engine.

    Returns:
        it, as its list has it.

    Raises:
        NullValueError: resource type, permissions, or all of whom it is for are missing.
        EngineError: the type is unknown, or everybody is another than ``*``.
        BadUserRequestError: the resource has no such permission.
        PersistenceError: there is one of the same type, holder and resource.
    """
    # A Java `int` that is missing is 0, and 0 is the number of what is for everybody.
    type_ = model.GLOBAL if type_ is None else type_
    # In the order in which the reference misses them.
    bits, resource_type = _meant(permissions, resource_type)
    if type_ not in (model.GLOBAL, model.GRANT, model.REVOKE):
        raise EngineError(
            f"ENGINE-03025 Unrecognized authorization type '{type_}'. Must be one of "
            "['0', '1', '2']"
        )
    with store.transaction() as tx:
        made = Authorization(
            tx.new_id(), type_, bits, user_id, group_id, resource_type, resource_id
        )
        _check(tx, made)
        tx.records.add(made)
        _note(tx, "Create", made)
    view = as_view(made)
    # Bits are of the database alone; a client is answered with the names that it has sent.
    show(store, [view])
    return view


def show(store: Store, views: list[dict[str, Any]]) -> None:
    """Put the names of permissions into views, in place of their bits."""
    del store
    for view in views:
        view["permissions"] = model.names_of(view["permissions"], view["resource_type"])


@repeated
def update(
    store: Store,
    authorization_id: str,
    *,
    permissions: list[str] | None,
    user_id: str | None,
    group_id: str | None,
    resource_type: int | None,
    resource_id: str | None,
) -> None:
    """Replace all of an authorization but its type.

    Args:
        permissions: None keeps those that it has.

    Raises:
        UnknownAuthorizationError: no such authorization.
        others: as `create` does.
    """
    with store.transaction() as tx:
        found = commands.known_row(tx, Authorization, authorization_id, UnknownAuthorizationError)
        # A copy: records are changed in place of being made anew.
        before = replace(found)
        # Before the permissions, in the order of the reference engine; `_check` asks again for
        # `create`.
        if (user_id is None) == (group_id is None):
            raise NoHolderError
        if permissions is None:
            found.resource_type = _required("resourceType", resource_type)
        else:
            found.permissions, found.resource_type = _meant(permissions, resource_type)
        found.user_id, found.group_id, found.resource_id = user_id, group_id, resource_id
        _check(tx, found)
        _note(tx, "Update", found, before)


@repeated
def delete(store: Store, authorization_id: str) -> None:
    """Delete an authorization.

    Raises:
        UnknownAuthorizationError: no such authorization.
    """
    with store.transaction() as tx:
        found = commands.known_row(tx, Authorization, authorization_id, UnknownAuthorizationError)
        tx.records.remove(found)
        _note(tx, "Delete", found)


def _note(
    tx: Transaction, operation_type: str, made: Authorization, before: Authorization | None = None
) -> None:
    """Write an authorization down, with all of it as what is new also where it goes."""
    now, old = _shown(made), {} if before is None else _shown(before)
    changes: user_operations.Changes = {
        name: (old.get(name), now.get(name)) for name in {**now, **old}
    }
    admin = user_operations.ADMIN
    user_operations.note(tx, operation_type, "Authorization", changes, category=admin)


def _shown(made: Authorization) -> dict[str, object]:
    """The properties of an authorization by the words of the log; holders that are not left out."""
    names = model.names_of(made.permissions, made.resource_type)
    resource = made.resource_type  # any number: who has resources of its own may say ALL of them
    is_revoked = made.type == model.REVOKE
    holders = {"userId": made.user_id, "groupId": made.group_id}
    return {
        "permissionBits": permission_numbers.number_of(names, resource, is_revoked=is_revoked),
        "permissions": ", ".join(names) or "NONE",
        "type": made.type,
        "resource": _RESOURCES.get(resource),
        "resourceId": made.resource_id,
        **{name: value for name, value in holders.items() if value is not None},
    }


def _required(name: str, value: int | None) -> int:
    if value is None:
        raise NullValueError(f"{name} is null")
    return value


def _meant(permissions: list[str] | None, resource_type: int | None) -> tuple[int, int]:
    resource_type = _required("resourceType", resource_type)
    if permissions is None:
        raise NullValueError("permissions is null")
    return model.bits_of(permissions, resource_type), resource_type


def _check(tx: Transaction, wanted: Authorization) -> None:
    """Refuse an authorization of nobody, and one that is there."""
    if (wanted.user_id is None) == (wanted.group_id is None):
        raise NoHolderError
    # The group first: a global authorization with a group has no user that could be wrong.
    if wanted.type == model.GLOBAL and wanted.group_id is not None:
        raise EngineError("ENGINE-03027 Cannot use 'groupId' for GLOBAL authorization")
    if wanted.type == model.GLOBAL and wanted.user_id != model.ANY:
        raise EngineError(
            f"ENGINE-03028 Illegal value '{wanted.user_id}' for userId for GLOBAL authorization. "
            "Must be '*'"
        )
    # Without a resource there may be any number of them: null is not null in a unique index.
    if wanted.resource_id is not None and commands.has_same(tx, wanted):
        raise PersistenceError


def may_ask_of_others(store: Store) -> bool:
    """Whether the user who asks may know what others are allowed."""
    if store.asked is None:
        return True
    with store.snapshot() as snapshot:
        said = reads_of_users.said(snapshot.sql, store.asked, ())
    return judging.holds(said, ("READ", model.Resource.AUTHORIZATION, None))


def holds(
    store: Store,
    *,
    user_id: str,
    permission: str,
    resource_name: str,
    resource_type: int,
    resource_id: str | None,
    is_other: bool = False,
) -> bool:
    """Whether a user holds a permission, by what is said of it, of its groups and of everybody.

    Args:
        is_other: the user is not the one who asks; groups do not count then (recorded).

    Raises:
        BadUserRequestError: the resource has no such permission.
    """
    bits = model.bit_of(permission, resource_type)
    # Known and for another resource: an error of its own, with the name that the client has sent.
    if not model.is_for(permission, resource_type):
        raise BadUserRequestError(
            f"ENGINE-03086 The resource type '{resource_name}' is not valid for '{permission}' "
            "permission."
        )
    member = {"member": user_id}
    # As the engine itself: what the user may see of groups must not change what its groups grant.
    groups = [group["id"] for group in lists.find(store.acting_for(None), "group", member)]
    groups += () if store.caller is None else store.caller.groups
    with store.reading() as connection:
        groups = [] if is_other else groups
        return reads.holds(connection, user_id, groups, bits, resource_type, resource_id)
