"""Tenants, and the users and groups that belong to them.

Source: contract 11.5; Camunda 7 ``DbIdentityServiceProvider``.
"""

from app.engine.state.identity import Group, Tenant, TenantMembership, User
from app.errors import BadUserRequestError, ConflictError, NotFoundError
from app.security.permissions import Resource
from app.store import Store
from app.store.commands import identity as commands

from .grants import give
from .identity_ids import require_valid_id
from .memberships import join, leave, note_party, remove
from .retrying import repeated


class UnknownTenantError(NotFoundError):
    """No tenant has the id."""

    def __init__(self, tenant_id: str) -> None:
        super().__init__(f"Tenant with id {tenant_id} does not exist")


@repeated
def create(store: Store, *, tenant_id: str | None, name: str | None = None) -> None:
    """Make a tenant.

    Raises:
        NullValueError: there is no id.
        EngineError: the id has other characters than it may have.
        BadUserRequestError: there is a tenant of the id.
    """
    tenant_id = require_valid_id("Tenant", tenant_id)
    with store.transaction() as tx:
        if commands.row(tx, Tenant, tenant_id) is not None:
            raise BadUserRequestError("The tenant already exists")
        tx.records.add(Tenant(tenant_id, name))
        note_party(tx, "Create", Tenant, tenant_id)


@repeated
def update(store: Store, key: str, *, tenant_id: str | None, name: str | None) -> None:
    """Rename a tenant.

    Args:
        tenant_id: must be the tenant's own.

    Raises:
        UnknownTenantError: no such tenant.
        NullValueError: no id is given.
        EngineError: the id given could be none of a tenant.
        ConflictError: the id given is another.
    """
    with store.transaction() as tx:
        tenant = commands.known_row(tx, Tenant, key, UnknownTenantError)
        wanted = require_valid_id("Tenant", tenant_id)
        if wanted != key:
            raise ConflictError.of_id("Tenant", wanted)
        tenant.name = name
        note_party(tx, "Update", Tenant, key)


@repeated
def delete(store: Store, tenant_id: str) -> None:
    """Delete a tenant with its memberships and what authorizations say about it."""
    with store.transaction() as tx:
        remove(tx, Tenant, Resource.TENANT, tenant_id)


@repeated
def add_user(store: Store, tenant_id: str, user_id: str) -> None:
    """Make a user a member of a tenant.

    Raises:
        NullValueError: no such tenant, or user.
        PersistenceError: the user is a member.
    """
    with store.transaction() as tx:
        membership = TenantMembership(_id(tenant_id, "user", user_id), tenant_id, user_id=user_id)
        join(tx, membership, (Tenant, tenant_id), (User, user_id))
        give(tx, store, "READ", Resource.TENANT, tenant_id, user_id=user_id)


@repeated
def add_group(store: Store, tenant_id: str, group_id: str) -> None:
    """Make a group a member of a tenant.

    Raises:
        NullValueError: no such tenant, or group.
        PersistenceError: the group is a member.
    """
    with store.transaction() as tx:
        key = _id(tenant_id, "group", group_id)
        membership = TenantMembership(key, tenant_id, group_id=group_id)
        join(tx, membership, (Tenant, tenant_id), (Group, group_id))
        give(tx, store, "READ", Resource.TENANT, tenant_id, group_id=group_id)


@repeated
def delete_user(store: Store, tenant_id: str, user_id: str) -> None:
    """End the membership of a user; one that is not there is no error."""
    with store.transaction() as tx:
        # Only with a membership that was there: a grant that somebody made by hand stays.
        if leave(tx, TenantMembership, _id(tenant_id, "user", user_id)):
            commands.forget_grants(tx, Resource.TENANT, tenant_id, user_id=user_id)


@repeated
def delete_group(store: Store, tenant_id: str, group_id: str) -> None:
    """End the membership of a group; one that is not there is no error."""
    with store.transaction() as tx:
        if leave(tx, TenantMembership, _id(tenant_id, "group", group_id)):
            commands.forget_grants(tx, Resource.TENANT, tenant_id, group_id=group_id)


def _id(tenant_id: str, kind: str, key: str) -> str:
    # A user and a group may have the same id.
    return f"{tenant_id}:{kind}:{key}"
