"""Automatic grants: to whom something belongs, where authorizations are asked for.

Source: contract 11.7; Camunda 7 ``DefaultAuthorizationProvider``.
"""

from app.engine.state.identity import Authorization
from app.security.permissions import GRANT, Resource, bits_of
from app.store import Store, Transaction
from app.store.commands import identity as commands


def give(
    tx: Transaction,
    store: Store,
    permissions: str,
    resource: Resource,
    resource_id: str,
    *,
    user_id: str | None = None,
    group_id: str | None = None,
) -> None:
    """Grant permissions on a resource to a user or a group, in addition to those that it has.

    Args:
        permissions: as words in one text.
    """
    # Without authorization there would be grants that nobody has asked for on the day that it is
    # switched on.
    if store.has_authorization and (user_id is not None or group_id is not None):
        bits = bits_of(permissions.split(), resource)
        made = Authorization(
            tx.new_id(), GRANT, bits, user_id, group_id, int(resource), resource_id
        )
        # United with what there is, for there is one authorization of a holder and a resource.
        commands.grant(tx, made)
