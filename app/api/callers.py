"""Who sends the request that is served."""

from app.security.callers import Caller

from .application import context

KEY = "baton.caller"


def caller() -> Caller | None:
    """The user who has logged in; None where nobody has to."""
    found: Caller | None = context().request.environ.get(KEY)
    return found
