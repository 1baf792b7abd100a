"""The users and groups of a tenant: they come along where the target does not know them.

No user gets more rights by it than before: a group that the target knows keeps its members, and a
user that it knows keeps password and groups. In the source everybody stays.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, select

from app.models.identity import group, group_membership, tenant_membership, user

from .databases import Row, put, rows


def copy(source: Connection, target: Connection, tenant: str) -> dict[str, int]:
    """Bring over who is missing; returns how many rows of each table."""
    groups = _missing(target, group, _members(source, tenant, "group_id"))
    joined = select(group_membership).where(group_membership.c.group_id.in_(groups))
    # Of the groups that come along alone: in one that the target knows no user becomes a member.
    memberships = list(rows(source, joined))
    # Those of the groups that come along, and those who are members themselves.
    named = {row[1] for row in memberships} | _members(source, tenant, "user_id")
    users = _missing(target, user, named)
    brought = {
        group: list(_rows(source, group, groups)),
        user: list(_rows(source, user, users)),
        group_membership: memberships,
    }
    for table, found in brought.items():
        put(target, table, found)
    return {table.name: len(found) for table, found in brought.items()}


def _members(source: Connection, tenant: str, column: str) -> set[str]:
    wanted = select(tenant_membership.c[column]).where(tenant_membership.c.tenant_id == tenant)
    return {row[0] for row in rows(source, wanted) if row[0] is not None}


def _missing(target: Connection, table: Table, ids: set[str]) -> set[str]:
    known = select(table.c.id).where(table.c.id.in_(ids))
    return ids - {row[0] for row in rows(target, known)}


def _rows(source: Connection, table: Table, ids: set[str]) -> Iterator[Row]:
    yield from rows(source, select(table).where(table.c.id.in_(ids)))
