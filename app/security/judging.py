"""The decision whether a user's authorizations grant a permission.

Source: contract 11.7; Camunda 7 ``AuthorizationManager``.
"""

from collections.abc import Iterable
from typing import NamedTuple

from .permissions import ANY, BITS, GLOBAL, GRANT, REVOKE, Resource

Wanted = tuple[str, Resource, str | None]  # a permission, on which resource; None is on any


class Said(NamedTuple):
    """One authorization that is about a user, one of its groups, or everybody."""

    type: int
    permissions: int
    is_of_group: bool
    resource_type: int
    resource_id: str | None


def holds(said: Iterable[Said], wanted: Wanted) -> bool:
    """Whether a user holds a permission, by all that is said of it and the resource.

    What is said of the user counts before what is said of its groups, and that before what is said
    of everybody. Where one of them says both, the grant counts; a revocation of any permission on
    the resource stands in the way of all (recorded).
    """
    name, resource, key = wanted
    # An authorization on all resources of a type counts for each of them.
    ids = (key, ANY)
    about = [s for s in said if s.resource_type == resource and s.resource_id in ids]
    bit = BITS[name]
    levels = (
        [s for s in about if s.type != GLOBAL and not s.is_of_group],
        [s for s in about if s.type != GLOBAL and s.is_of_group],
    )
    for level in levels:
        if any(s.type == GRANT and s.permissions & bit for s in level):
            return True
        if any(s.type == REVOKE for s in level):
            return False
    return any(s.type == GLOBAL and s.permissions & bit for s in about)
