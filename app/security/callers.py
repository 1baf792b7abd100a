"""Who sends a request, once that is known."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """A user who has logged in, with the groups and tenants that it has just now."""

    user_id: str
    groups: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()
