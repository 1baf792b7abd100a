"""The first administrator, without whom nobody could make the others.

Source: contract 11.7; Camunda 7 ``AdministratorAuthorizationPlugin``.
"""

from app.engine.state.identity import Authorization, Group, GroupMembership, User
from app.security import passwords
from app.security.permissions import ALL, ANY, GRANT, Resource
from app.store import Store
from app.store.commands import identity as commands

from .retrying import repeated

GROUP = "camunda-admin"


@repeated
def ensure(store: Store, user_id: str, password: str) -> bool:
    """Make a user, unless there is one, and put it into the group that may do everything.

    The password of a user that is there stays as it is.

    Returns:
        whether the user is new.
    """
    with store.snapshot() as snapshot:
        is_known = commands.seen(snapshot, User, user_id) is not None
    kept = None if is_known else passwords.hashed(password)  # outside, for it takes a while
    with store.transaction() as tx:
        # Asked again behind the lock: two processes that start at once both found nobody before.
        is_new = kept is not None and commands.row(tx, User, user_id) is None
        if is_new:
            tx.records.add(User(user_id, password_hash=kept))
        if commands.row(tx, Group, GROUP) is None:
            tx.records.add(Group(GROUP, "camunda BPM Administrators", "SYSTEM"))
        # Also at a later start: a new version may know resources that the group holds nothing on
        # yet.
        for resource in Resource:
            grant = Authorization(tx.new_id(), GRANT, ALL, None, GROUP, int(resource), ANY)
            if not commands.has_same(tx, grant):
                tx.records.add(grant)
        membership = GroupMembership(f"{user_id}:{GROUP}", user_id, GROUP)
        if commands.row(tx, GroupMembership, membership.id) is None:
            tx.records.add(membership)
    return is_new
