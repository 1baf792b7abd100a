"""Lists of users, groups and tenants.

Source: contract 11.5; Camunda 7 ``UserQueryImpl``, ``GroupQueryImpl``, ``TenantQueryImpl``.
"""

from typing import Any

from sqlalchemy import Connection, or_, select
from sqlalchemy.sql import ColumnElement

from app.filters import FLAG, SET, TEXT, set_of
from app.models.identity import group, group_membership, tenant, tenant_membership, user
from app.models.repository import process_definition
from app.security.permissions import Resource

from .base import Condition, Filter, Filters, Listing, View
from .conditions import Meaning, among, equals, is_named, like
from .rules import groups_of, permitted

u, g, t = user.c, group.c, tenant.c
_of_group, _of_tenant = group_membership.c, tenant_membership.c
_definition = process_definition.c


def _among(column: ColumnElement[Any], found: Any) -> Meaning:
    """The column is one of what a query finds by the value."""
    return lambda value: column.in_(found(value))


def _may_start(definition_id: str) -> Condition:
    """The user, or one of the user's groups, is a candidate for starting a definition."""
    # Candidates are one text with commas, in the definition's row: no table to join with.
    by_group = select(_of_group.group_id).where(
        _of_group.user_id == u.id,
        is_named(_definition.candidate_starter_groups, _of_group.group_id),
    )
    return (
        select(_definition.id)
        .where(
            _definition.id == definition_id,
            or_(
                is_named(_definition.candidate_starter_users, u.id),
                by_group.correlate(user, process_definition).exists(),
            ),
        )
        .correlate(user)
        .exists()
    )


USERS = Listing(
    "user",
    user,
    [u.id, u.first_name, u.last_name, u.email],
    {
        "id": Filter(TEXT, equals(u.id)),
        "id_in": Filter(SET, among(u.id)),
        "first_name": Filter(TEXT, equals(u.first_name)),
        "first_name_like": Filter(TEXT, like(u.first_name)),
        "last_name": Filter(TEXT, equals(u.last_name)),
        "last_name_like": Filter(TEXT, like(u.last_name)),
        "email": Filter(TEXT, equals(u.email)),
        "email_like": Filter(TEXT, like(u.email)),
        "member_of_group": Filter(
            TEXT,
            _among(u.id, lambda v: select(_of_group.user_id).where(_of_group.group_id == v)),
        ),
        # Members themselves: the users of a group that is a member are not found by it.
        "member_of_tenant": Filter(
            TEXT,
            _among(u.id, lambda v: select(_of_tenant.user_id).where(_of_tenant.tenant_id == v)),
        ),
        "potential_starter": Filter(TEXT, _may_start),
    },
    {"userId": u.id, "firstName": u.first_name, "lastName": u.last_name, "email": u.email},
    order=[u.id],
    seen_by=permitted("READ", Resource.USER),
)
GROUPS = Listing(
    "group",
    group,
    list(g),
    {
        "id": Filter(TEXT, equals(g.id)),
        "id_in": Filter(set_of("Provided ids"), among(g.id)),
        "name": Filter(TEXT, equals(g.name)),
        "name_like": Filter(TEXT, like(g.name)),
        "type": Filter(TEXT, equals(g.type)),
        "member": Filter(TEXT, _among(g.id, groups_of)),
        "member_of_tenant": Filter(
            TEXT,
            _among(g.id, lambda v: select(_of_tenant.group_id).where(_of_tenant.tenant_id == v)),
        ),
    },
    {"id": g.id, "name": g.name, "type": g.type},
    order=[g.id],
    seen_by=permitted("READ", Resource.GROUP),
)


def _has_member(user_id: str, filters: Filters) -> Condition:
    """The user is a member, also by a group where that is asked for."""
    # A membership is of a user or of a group: the other column is NULL, and compares with
    # nothing.
    members = _of_tenant.user_id == user_id
    if filters.get("including_groups_of_user"):
        members = or_(members, _of_tenant.group_id.in_(groups_of(user_id)))
    return t.id.in_(select(_of_tenant.tenant_id).where(members))


TENANTS = Listing(
    "tenant",
    tenant,
    list(t),
    {
        "id": Filter(TEXT, equals(t.id)),
        "name": Filter(TEXT, equals(t.name)),
        "name_like": Filter(TEXT, like(t.name)),
        "user_member": Filter(TEXT, joint=_has_member),
        "group_member": Filter(
            TEXT,
            _among(t.id, lambda v: select(_of_tenant.tenant_id).where(_of_tenant.group_id == v)),
        ),
        # Read by `_has_member`: without a member it asks for nothing.
        "including_groups_of_user": Filter(FLAG),
    },
    {"id": t.id, "name": t.name},
    order=[t.id],
    seen_by=permitted("READ", Resource.TENANT),
)


def others_in_groups_of(connection: Connection, user_id: str) -> list[View]:
    """The other users that are in a group of a user."""
    members = select(_of_group.user_id).where(_of_group.group_id.in_(groups_of(user_id)))
    found = select(*USERS.columns).where(u.id.in_(members), u.id != user_id)
    return [dict(row) for row in connection.execute(found.order_by(*USERS.order)).mappings()]
