"""Rows of users, groups, tenants and their members, of authorizations and of filters.

None belongs to an instance: each is locked by itself.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Integer, Text, bindparam, delete, select

from app.engine.state import Record
from app.engine.state.identity import (
    Authorization,
    Group,
    GroupMembership,
    SavedFilter,
    Session,
    Tenant,
    TenantMembership,
    User,
)
from app.models.base import Timestamp
from app.models.identity import (
    authorization,
    browser_session,
    group_membership,
    tenant_membership,
)
from app.store.connections.dialects import Compiled, Variants
from app.store.unit.writing import target_of

if TYPE_CHECKING:
    from app.store.unit.snapshot import Snapshot
    from app.store.unit.transaction import Transaction

R = TypeVar("R", bound=Record)
_ID = bindparam("id", type_=Text)
_TYPE = bindparam("type", type_=Integer)
_RESOURCE_TYPE = bindparam("resource_type", type_=Integer)
_KINDS: tuple[type[Any], ...] = (
    User,
    Group,
    Tenant,
    GroupMembership,
    TenantMembership,
    Authorization,
    SavedFilter,
    Session,
)


def _by_key(kind: type, *, is_locked: bool) -> Compiled:
    def build() -> Any:
        table = target_of(kind).table
        found = select(*table.c).where(table.c.id == _ID)
        return found.with_for_update() if is_locked else found

    return Compiled(build)


# By the primary key.
_LOCKED_ROW = {kind: _by_key(kind, is_locked=True) for kind in _KINDS}
# By the primary key.
_UNLOCKED_ROW = {kind: _by_key(kind, is_locked=False) for kind in _KINDS}


def row(tx: "Transaction", kind: type[R], key: str) -> R | None:
    """A row by its id, locked; None when there is none."""
    rows = tx.sql.rows(_LOCKED_ROW[kind], id=key)
    return tx.records.load(kind(*rows[0])) if rows else None


def known_row(tx: "Transaction", kind: type[R], key: str, missing: Callable[[str], Exception]) -> R:
    """A row by its id, locked.

    Raises:
        Exception: what `missing` makes of the id, where there is none.
    """
    found = row(tx, kind, key)
    if found is None:
        raise missing(key)
    return found


def seen(snapshot: "Snapshot", kind: type[R], key: str) -> R | None:
    """A row by its id, as it is just now."""
    rows = snapshot.sql.rows(_UNLOCKED_ROW[kind], id=key)
    return kind(*rows[0]) if rows else None


# -- what goes with a row that is deleted --------------------------------------------------------

_memberships, _tenants = group_membership.c, tenant_membership.c
# By ix_group_membership_user_id and ix_tenant_membership_user.
_REMOVE_MEMBERSHIPS_OF_USER = (
    Compiled(lambda: delete(group_membership).where(_memberships.user_id == _ID)),
    Compiled(lambda: delete(tenant_membership).where(_tenants.user_id == _ID)),
)
# By ix_group_membership_group_id and ix_tenant_membership_group.
_REMOVE_MEMBERSHIPS_OF_GROUP = (
    Compiled(lambda: delete(group_membership).where(_memberships.group_id == _ID)),
    Compiled(lambda: delete(tenant_membership).where(_tenants.group_id == _ID)),
)
# By ix_tenant_membership_tenant_id.
_REMOVE_MEMBERSHIPS_OF_TENANT = (
    Compiled(lambda: delete(tenant_membership).where(_tenants.tenant_id == _ID)),
)
_MEMBERSHIPS: dict[type, tuple[Compiled, ...]] = {
    User: _REMOVE_MEMBERSHIPS_OF_USER,
    Group: _REMOVE_MEMBERSHIPS_OF_GROUP,
    Tenant: _REMOVE_MEMBERSHIPS_OF_TENANT,
}
# By ix_authorization_resource.
_REMOVE_AUTHORIZATIONS_ABOUT = Compiled(
    lambda: delete(authorization).where(
        authorization.c.resource_id == _ID, authorization.c.resource_type == _RESOURCE_TYPE
    )
)


def end_memberships(tx: "Transaction", kind: type, key: str) -> None:
    """Delete the memberships of a user, a group or a tenant."""
    for statement in _MEMBERSHIPS[kind]:
        tx.sql.run(statement, id=key)


def forget_authorizations(tx: "Transaction", resource_type: int, key: str) -> None:
    """Delete the authorizations about a resource that is no more."""
    tx.sql.run(_REMOVE_AUTHORIZATIONS_ABOUT, id=key, resource_type=resource_type)


def _granted(given: Any) -> Any:
    owner = "user_id" if "user_id" in given else "group_id"
    a = authorization.c
    return delete(authorization).where(
        a[owner] == bindparam(owner, type_=Text),
        a.resource_id == _ID,
        a.resource_type == _RESOURCE_TYPE,
        # Grants alone: what was revoked stays revoked when the thing is given back.
        a.type == 1,
    )


# By uq_authorization_user or uq_authorization_group, of which all columns are given.
_REMOVE_GRANTS = Variants(_granted)


def forget_grants(tx: "Transaction", resource_type: int, key: str, **holder: str) -> None:
    """Delete what a user or a group is granted on a resource.

    Args:
        holder: ``user_id`` or ``group_id``.
    """
    tx.sql.run(_REMOVE_GRANTS.given(holder), id=key, resource_type=resource_type, **holder)


# -- sessions ------------------------------------------------------------------------------------

_session = browser_session.c
# By ix_browser_session_user_id.
_END_SESSIONS_OF_USER = Compiled(lambda: delete(browser_session).where(_session.user_id == _ID))
# By ix_browser_session_expiration_time.
_END_EXPIRED_SESSIONS = Compiled(
    lambda: delete(browser_session).where(
        _session.expiration_time <= bindparam("now", type_=Timestamp())
    )
)


def end_sessions_of(tx: "Transaction", user_id: str) -> None:
    """Let no browser be known as a user any more."""
    tx.sql.run(_END_SESSIONS_OF_USER, id=user_id)


def end_expired_sessions(tx: "Transaction") -> None:
    """Delete the sessions whose time is over."""
    tx.sql.run(_END_EXPIRED_SESSIONS, now=tx.now)


# -- authorizations ------------------------------------------------------------------------------


def _same(given: Any) -> Any:
    a = authorization.c
    owner = "user_id" if "user_id" in given else "group_id"
    return select(a.id).where(
        a[owner] == bindparam(owner, type_=Text),
        a.resource_type == _RESOURCE_TYPE,
        a.resource_id == bindparam("resource_id", type_=Text),
        a.type == _TYPE,
        a.id != _ID,
    )


# By uq_authorization_user or uq_authorization_group, of which all columns are given.
_SAME_AUTHORIZATION = Variants(_same)


def has_same(tx: "Transaction", wanted: Authorization) -> bool:
    """Whether there is another authorization of the same type, holder and resource."""
    return _same_id(tx, wanted) is not None


def grant(tx: "Transaction", wanted: Authorization) -> None:
    """Add an authorization, or its permissions to the one of the same holder and resource."""
    known = _same_id(tx, wanted)
    found = None if known is None else row(tx, Authorization, known)
    if found is None:
        tx.records.add(wanted)
    else:
        # The row is locked by `row`: two grants at once do not lose each other's bits.
        found.permissions |= wanted.permissions


def _same_id(tx: "Transaction", wanted: Authorization) -> str | None:
    rows = tx.sql.rows_given(
        _SAME_AUTHORIZATION,
        id=wanted.id,
        type=wanted.type,
        resource_type=wanted.resource_type,
        resource_id=wanted.resource_id,
        user_id=wanted.user_id,
        # One holder: a parameter that is given adds a condition.
        group_id=None if wanted.user_id is not None else wanted.group_id,
    )
    return rows[0][0] if rows else None
