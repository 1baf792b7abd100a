"""The user who sends the request that is served."""

from typing import cast

from app.security.callers import Caller

from .application import CALLER, Application, context


def caller() -> Caller | None:
    """The user who has logged in; None where nobody has to."""
    found: Caller | None = context().request.environ.get(CALLER)
    return found


def caller_id() -> str | None:
    """The id of that user."""
    found = caller()
    return None if found is None else found.user_id


def forget_log_in(user_id: str) -> None:
    """Ask anew for the password of a user that has changed, or is no more."""
    authentication = cast("Application", context().app).authentication
    # Where nobody is asked for credentials, none are remembered.
    if authentication is not None:
        authentication.forget(user_id)
