"""Who asks: the credentials of HTTP Basic, which every resource but the list of engines wants.

A browser that has logged in at the page has a session in their place.

Source: contract 11.7; RFC 7617; decision 27.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from http import HTTPStatus

from flask import Request, Response, request
from werkzeug.exceptions import HTTPException

from app.security.callers import Caller
from app.security.logins import Logins
from app.security.needs import NEEDS
from app.security.sessions import COOKIE, HEADER, may_write
from app.services import access, sessions, users
from app.store import Store

from .application import CALLER
from .decorators import empty
from .problems import INVALID, MISSING, Problem

CHALLENGE = 'Basic realm="default"'
_OPEN = ("engine.engines",)
_READS = ("GET", "HEAD", "OPTIONS")


class UnauthorizedError(HTTPException):
    """The request has no credentials, or wrong ones: 401 without a body."""

    code = HTTPStatus.UNAUTHORIZED


class Authentication:
    """Asks for credentials.

    Args:
        base: below which path.
    """

    def __init__(self, store: Store, base: str) -> None:
        self._logins = Logins()
        self._store = store
        self._base = f"{base}/"

    def require(self, request: Request) -> None:
        """Find out who sends a request.

        Raises:
            UnauthorizedError: nobody who is known.
            AuthorizationError: the user may not do it.
            Problem: no engine has the name that the path has.
        """
        endpoint = request.endpoint
        if not request.path.startswith(self._base) or endpoint in _OPEN:
            return
        if endpoint == "engine.unknown_engine":
            name = (request.view_args or {}).get("name")
            raise Problem(MISSING, INVALID, f"Process engine {name} not available")
        user_id = self.user_of(request)
        if user_id is None:
            raise UnauthorizedError
        request.environ[CALLER] = Caller(user_id)
        rule = request.url_rule
        if rule is not None and request.method != "OPTIONS":
            path = re.sub(r"<[^>]+>", "{}", rule.rule.removeprefix(self._base[:-1]))
            operation = f"{'GET' if request.method == 'HEAD' else request.method} {path}"
            keys = tuple(str(key) for key in _in_order(rule.rule, request.view_args or {}))
            if operation in NEEDS or not _is_list(endpoint or ""):
                access.require(self._store.acting_for(user_id), operation, keys)

    def user_of(self, request: Request) -> str | None:
        """Who sends a request; None for nobody who is known.

        Raises:
            Problem: a browser is known, but the page does not seem to be what writes.
        """
        environ = request.environ
        if "HTTP_AUTHORIZATION" not in environ and "HTTP_COOKIE" in environ:
            return self._user_of_session(request)
        credentials = basic(environ.get("HTTP_AUTHORIZATION", ""))
        known = credentials is not None and self._are_right(*credentials)
        return credentials[0] if known and credentials is not None else None

    def _user_of_session(self, request: Request) -> str | None:
        token = request.cookies.get(COOKIE)
        user_id = None if not token else sessions.user_of(self._store, token)
        if user_id is None or token is None or request.method in _READS:
            return user_id
        if request.path.startswith(self._base) and not may_write(
            token, request.headers.get(HEADER, "")
        ):
            raise Problem(HTTPStatus.FORBIDDEN, INVALID, f"A write needs the header {HEADER}")
        return user_id

    def forget(self, user_id: str) -> None:
        """Ask anew for the password of a user."""
        self._logins.forget(user_id)

    def _are_right(self, user_id: str, password: str) -> bool:
        if self._logins.is_known(user_id, password):
            return True
        if not users.verify(self._store, user_id, password):
            return False
        self._logins.note(user_id, password)
        return True


def _is_list(endpoint: str) -> bool:
    """Whether a view answers a list, which has what the user sees."""
    return endpoint.partition(".")[0].endswith("_list")


def _in_order(rule: str, values: Mapping[str, object]) -> list[object]:
    """What stands in a path for the names of a rule."""
    return [values[name] for name in re.findall(r"<(?:\w+:)?(\w+)>", rule)]


def basic(header: str) -> tuple[str, str] | None:
    """The user and the password of a header; None where it has none."""
    scheme, _, data = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(data.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    user_id, colon, password = text.partition(":")
    if not colon or "\x00" in text:
        return None
    return user_id, password


def challenge(_: UnauthorizedError) -> Response:
    """The answer to a request of nobody who is known."""
    answer = empty(HTTPStatus.UNAUTHORIZED)
    if HEADER not in request.headers:  # the page asks for itself; a browser would ask over it
        answer.headers["WWW-Authenticate"] = CHALLENGE
    return answer
