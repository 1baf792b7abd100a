"""Who asks: the credentials of HTTP Basic, which every resource but the list of engines wants.

Source: contract 11.7; RFC 7617.
"""

import base64
import binascii
from http import HTTPStatus

from flask import Request, Response
from werkzeug.exceptions import HTTPException

from app.security.callers import Caller
from app.security.logins import Logins
from app.services import users
from app.store import Store

from .callers import KEY
from .decorators import empty
from .problems import INVALID, MISSING, Problem

CHALLENGE = 'Basic realm="default"'
_OPEN = ("engine.engines",)


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

    def require(self, request: Request) -> str | None:
        """Find out who sends a request: the id of the user; None where nobody has to say.

        Raises:
            UnauthorizedError: nobody who is known.
            Problem: no engine has the name that the path has.
        """
        endpoint = request.endpoint
        if not request.path.startswith(self._base) or endpoint in _OPEN:
            return None
        if endpoint == "engine.unknown_engine":
            name = (request.view_args or {}).get("name")
            raise Problem(MISSING, INVALID, f"Process engine {name} not available")
        credentials = basic(request.environ.get("HTTP_AUTHORIZATION", ""))
        if credentials is None or not self._are_right(*credentials):
            raise UnauthorizedError
        request.environ[KEY] = Caller(credentials[0])
        return credentials[0]

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
    answer.headers["WWW-Authenticate"] = CHALLENGE
    return answer
