"""Lists as a user sees them: with the rule of the list, and the tenants of the user.

Source: contract 11.7; Camunda 7 ``AuthorizationManager``, ``TenantManager``.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import and_

from app.security.callers import Caller

from .base import Condition, Filter, Listing
from .rules import User, of_tenants


def for_user(listing: Listing, caller: Caller) -> Listing:
    """The list with the rows that a user sees."""
    conditions = limits(listing, caller)
    if listing.base is not None:
        conditions.append(listing.base)
    user = User(caller.user_id, caller.groups)
    filters = {name: _of_user(found, user) for name, found in listing.filters.items()}
    # As a part of the list's own condition, so that counts, pages and exports obey it too.
    return replace(listing, base=and_(*conditions), filters=filters)


def _of_user(found: Filter, user: User) -> Filter:
    """A filter with the condition that it has for a user."""
    if found.of_user is None:
        return found
    condition = found.of_user(user)
    return replace(found, condition=lambda _: condition)


def limits(listing: Listing, caller: Caller) -> list[Condition]:
    """The conditions for the rows of a list that a user sees."""
    columns: dict[str, Any] = {str(c.key): c for c in (*listing.source.c, *listing.columns)}
    user = User(caller.user_id, caller.groups)
    found = [listing.seen_by(user, columns)]
    if "tenant_id" in columns:
        found.append(of_tenants(user, columns["tenant_id"]))
    return found
