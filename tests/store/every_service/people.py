"""Services that write users, their groups, tenants, logins, rights and filters."""

import uuid

from app.services import (
    administrators,
    authorizations,
    filters,
    groups,
    sessions,
    tenants,
    users,
)

from .world import LONG

GRANT = {"permissions": ["READ"], "user_id": "kim", "group_id": None, "resource_type": 6}
PROFILE = {"first_name": "Kim", "last_name": None, "email": None}
FILTER = {"name": "mine", "owner": "kim", "query": {}, "properties": None}


class People:
    """A user, in a group and in a tenant, and a tenant of that group."""

    def __init__(self, store):
        number = uuid.uuid4().hex
        self.user, self.group, self.tenant = f"kim{number}", f"crew{number}", f"north{number}"
        users.create(store, user_id=self.user, password="pw", **PROFILE)
        groups.create(store, group_id=self.group, name="Crew")
        tenants.create(store, tenant_id=self.tenant, name="North")
        groups.add_member(store, self.group, self.user)
        tenants.add_user(store, self.tenant, self.user)
        tenants.add_group(store, self.tenant, self.group)


def of_people(call):
    """The call of a service in a world with people."""
    return lambda store, world: call(store, People(store))


def kept_filter(store):
    return filters.create(store, resource_type="Task", **FILTER)["id"]


def grant(store):
    key = uuid.uuid4().hex
    return authorizations.create(store, type_=1, resource_id=key, **GRANT)["id"]


def logged_in(store, people):
    return sessions.begin(store, people.user, "pw", LONG)


WRITES = {
    "sessions.begin": of_people(logged_in),
    "sessions.end": of_people(lambda s, p: sessions.end(s, logged_in(s, p))),
    "administrators.ensure": lambda s, w: administrators.ensure(s, uuid.uuid4().hex, "pw"),
    "authorizations.create": lambda s, w: grant(s),
    "authorizations.update": lambda s, w: authorizations.update(
        s, grant(s), resource_id=uuid.uuid4().hex, **GRANT
    ),
    "authorizations.delete": lambda s, w: authorizations.delete(s, grant(s)),
    "filters.create": lambda s, w: kept_filter(s),
    "filters.update": lambda s, w: filters.update(s, kept_filter(s), **FILTER),
    "filters.delete": lambda s, w: filters.delete(s, kept_filter(s)),
    "groups.create": lambda s, w: People(s),
    "groups.update": of_people(
        lambda s, p: groups.update(s, p.group, group_id=p.group, name="b", type_=None)
    ),
    "groups.delete": of_people(lambda s, p: groups.delete(s, p.group)),
    "groups.add_member": lambda s, w: People(s),
    "groups.delete_member": of_people(lambda s, p: groups.delete_member(s, p.group, p.user)),
    "tenants.create": lambda s, w: People(s),
    "tenants.update": of_people(
        lambda s, p: tenants.update(s, p.tenant, tenant_id=p.tenant, name="South")
    ),
    "tenants.delete": of_people(lambda s, p: tenants.delete(s, p.tenant)),
    "tenants.add_user": lambda s, w: People(s),
    "tenants.add_group": lambda s, w: People(s),
    "tenants.delete_user": of_people(lambda s, p: tenants.delete_user(s, p.tenant, p.user)),
    "tenants.delete_group": of_people(lambda s, p: tenants.delete_group(s, p.tenant, p.group)),
    "users.create": lambda s, w: People(s),
    "users.update_profile": of_people(
        lambda s, p: users.update_profile(s, p.user, new_id=p.user, **PROFILE)
    ),
    "users.set_credentials": of_people(
        lambda s, p: users.set_credentials(s, p.user, password="other")
    ),
    "users.delete": of_people(lambda s, p: users.delete(s, p.user)),
    "users.unlock": of_people(lambda s, p: users.unlock(s, p.user)),
    "users.verify": of_people(lambda s, p: users.verify(s, p.user, "wrong")),
}
