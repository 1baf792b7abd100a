"""The parts that the views for administrators have in common."""

from app.api.decorators import current_store
from app.pages.rendering import BASE
from app.services import access
from app.store import Store

ADMINISTRATION = "GET /ui/user"  # of which nothing is said, so that it is for administrators


def tabs() -> tuple[tuple[str, str, str, str], ...]:
    """The views of administration, as tabs of each other."""
    return (
        ("user", "Users", f"{BASE}/user", ""),
        ("group", "Groups", f"{BASE}/group", ""),
        ("tenant", "Tenants", f"{BASE}/tenant", ""),
        ("authorization", "Authorizations", f"{BASE}/authorization", ""),
    )


def administrating() -> Store:
    """The store, for an administrator.

    Raises:
        AuthorizationError: the user is none.
    """
    store = current_store()
    access.require(store, ADMINISTRATION, ())
    return store
