"""The user who sends a request, once known."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """A user who has logged in.

    Attributes:
        groups: those that its token names; they count in addition to those of the identity API.
    """

    user_id: str
    groups: tuple[str, ...] = ()
