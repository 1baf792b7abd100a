"""Joining and leaving groups and tenants, and the end of those who do."""

from typing import Any

from app.engine.state import Record
from app.engine.state.identity import TenantMembership
from app.errors import NullValueError, PersistenceError
from app.security.permissions import Resource
from app.store import Transaction
from app.store.commands import identity as commands

from .user_operations import ADMIN, Changes, note


def join(tx: Transaction, membership: Record, *parties: tuple[type[Any], str]) -> None:
    """Add a membership of parties that are there.

    Raises:
        NullValueError: one is not there.
        PersistenceError: there is the membership already.
    """
    # Each row is locked as it is read: a party that is deleted meanwhile waits for the membership.
    for kind, key in parties:
        if commands.row(tx, kind, key) is None:
            name = kind.__name__.lower()
            raise NullValueError(f"No {name} found with id '{key}'.: {name} is null")
    # Asked before the insertion: a key that is there twice would be an error without a name.
    if commands.row(tx, type(membership), membership.id) is not None:
        raise PersistenceError
    tx.records.add(membership)
    _note(tx, "Create", membership)


def leave(tx: Transaction, kind: type[Any], key: str) -> bool:
    """Remove a membership, if there is one; returns whether there was."""
    found = commands.row(tx, kind, key)
    if found is not None:
        tx.records.remove(found)
        _note(tx, "Delete", found)
    return found is not None


def _note(tx: Transaction, operation_type: str, membership: Record) -> None:
    """Write a membership down, by the ids of those that it joins."""
    of_tenant = isinstance(membership, TenantMembership)
    ids = {
        key: getattr(membership, name, None)
        for key, name in (("userId", "user_id"), ("groupId", "group_id"), ("tenantId", "tenant_id"))
    }
    changes: Changes = {key: (None, value) for key, value in ids.items() if value is not None}
    entity_type = "TenantMembership" if of_tenant else "Group membership"
    note(tx, operation_type, entity_type, changes, category=ADMIN)


def note_party(tx: Transaction, operation_type: str, kind: type[Any], key: str) -> None:
    """Write down what is done to a user, a group or a tenant."""
    name = kind.__name__
    changes: Changes = {f"{name.lower()}Id": (None, key)}
    note(tx, operation_type, name, changes, category=ADMIN)


def remove(tx: Transaction, kind: type[Any], resource: Resource, key: str) -> None:
    """Remove a user, group or tenant, its memberships and what authorizations say about it.

    One that is not there is no error.
    """
    found = commands.row(tx, kind, key)
    if found is None:
        return
    tx.records.remove(found)
    note_party(tx, "Delete", kind, key)
    commands.end_memberships(tx, kind, key)
    # The authorizations on it, not those that it holds: a user of the same id would be given those
    # again, as in the reference engine.
    commands.forget_authorizations(tx, resource, key)
