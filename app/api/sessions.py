"""Browsers that have logged in at the page: a cookie in place of credentials.

Source: decision 27; RFC 6265.
"""

from datetime import timedelta
from http import HTTPStatus

from flask import Request

from app.logging import log
from app.security.callers import Caller
from app.security.logins import Strangers
from app.security.sessions import HEADER, cookie_of, may_write
from app.services import sessions, users
from app.store import Store

from .browsers import READS
from .problems import INVALID, Problem


class Sessions:
    """Knows browsers by their cookies.

    Args:
        base: below which path a write has to name what only the page knows.
        engine: at which they have logged in.
    """

    def __init__(self, store: Store, base: str, engine: str = "default") -> None:
        self._cookie = cookie_of(engine)
        self._store = store
        self._base = f"{base}/"
        self._strangers = Strangers()

    def __call__(self, request: Request) -> Caller | None:
        """The user who has logged in with a browser; None for no user.

        Raises:
            Problem: the browser is known, but the page does not seem to be what writes.
        """
        token = request.cookies.get(self._cookie)
        user_id = None if not token else sessions.user_of(self._store, token)
        if token is None or user_id is None:
            return None
        # The page's own forms name the token in their bodies; it is checked where they are read.
        is_write = request.method not in READS and request.path.startswith(self._base)
        # Any site can make a browser send its cookies; a header of this name it cannot.
        if is_write and not may_write(token, request.headers.get(HEADER, "")):
            raise Problem(HTTPStatus.FORBIDDEN, INVALID, f"A write needs the header {HEADER}")
        return Caller(user_id)

    def begin(self, user_id: str, password: str, time_to_live: timedelta) -> str | None:
        """Log a user in.

        Returns:
            the text that the browser keeps; None where the password is not that of the user.
        """
        # Held up as users are, or the time would tell which names there are (contract 11.10).
        if self._strangers.is_held(user_id):
            return None
        token = sessions.begin(self._store, user_id, password, time_to_live)
        if token is None and not users.is_known(self._store, user_id):
            log.warning("log-in failed: there is no such user", user=user_id[:100])
            self._strangers.note(user_id)
        return token

    def forget(self, user_id: str) -> None:
        """Let a user log in at once: there may be one by now."""
        self._strangers.forget(user_id)
