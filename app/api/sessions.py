"""Browsers that have logged in at the page: a cookie in place of credentials.

Source: decision 27; RFC 6265.
"""

from http import HTTPStatus

from flask import Request

from app.security.callers import Caller
from app.security.sessions import HEADER, cookie_of, may_write
from app.services import sessions
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

    def __call__(self, request: Request) -> Caller | None:
        """Who has logged in with a browser; None for nobody.

        Raises:
            Problem: the browser is known, but the page does not seem to be what writes.
        """
        token = request.cookies.get(self._cookie)
        user_id = None if not token else sessions.user_of(self._store, token)
        if token is None or user_id is None:
            return None
        # The page's own forms name the token in their bodies; it is checked where they are read.
        is_write = request.method not in READS and request.path.startswith(self._base)
        if is_write and not may_write(token, request.headers.get(HEADER, "")):
            raise Problem(HTTPStatus.FORBIDDEN, INVALID, f"A write needs the header {HEADER}")
        return Caller(user_id)
