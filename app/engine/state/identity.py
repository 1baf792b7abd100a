"""The records of users, groups, tenants, of what they may do, and of their filters.

A run knows none of them; commands on them are written by the same unit of work.
"""

from datetime import datetime

from app.dataclasses import dataclass


@dataclass(slots=True)
class User:
    """A user who may log in.

    Attributes:
        password_hash: None for a user without a password, who cannot log in.
        attempts: log-ins that have failed since the last one that did not.
        lock_expiration_time: until when no log-in is looked at.
    """

    id: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    password_hash: str | None = None
    attempts: int = 0
    lock_expiration_time: datetime | None = None


@dataclass(slots=True)
class Group:
    """A group of users."""

    id: str
    name: str | None = None
    type: str | None = None


@dataclass(slots=True)
class Tenant:
    """A tenant, whose data the members of others do not see."""

    id: str
    name: str | None = None


@dataclass(slots=True)
class GroupMembership:
    """That a user is in a group; the id is made of both, so that there is one."""

    id: str
    user_id: str
    group_id: str


@dataclass(slots=True)
class TenantMembership:
    """That a user, or a group, belongs to a tenant; the id is made of both."""

    id: str
    tenant_id: str
    user_id: str | None = None
    group_id: str | None = None


@dataclass(slots=True)
class Authorization:
    """The permissions of a user, a group or everybody on a resource, granted or revoked.

    Attributes:
        type: 0 for everybody, 1 grants, 2 revokes.
        permissions: a bit for each.
        resource_id: of one resource, or ``*`` for all of the type.
    """

    id: str
    type: int
    permissions: int
    user_id: str | None
    group_id: str | None
    resource_type: int
    resource_id: str | None


@dataclass(slots=True)
class SavedFilter:
    """A query that is kept under a name.

    Attributes:
        query: JSON: the body of the query.
        properties: JSON: what a task list shows; None where nothing was given.
    """

    id: str
    resource_type: str
    name: str
    owner: str | None
    query: str
    properties: str | None


@dataclass(slots=True)
class Session:
    """That a user has logged in with a browser.

    Attributes:
        id: the digest of the text that the browser has.
        expiration_time: until when the browser is known by it.
    """

    id: str
    user_id: str
    expiration_time: datetime
