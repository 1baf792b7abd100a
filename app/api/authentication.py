"""Authentication: the credentials that every resource but the list of engines wants.

Source: contract 11.7 and 11.10; RFC 7617 (Basic), RFC 6750 (Bearer).
"""

import base64
import binascii
import functools
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Protocol

from flask import Request, Response, request
from werkzeug.exceptions import HTTPException

from app.errors import AuthorizationError
from app.logging import log
from app.security.callers import Caller
from app.security.logins import Logins, Strangers
from app.security.needs import NEEDS
from app.security.sessions import HEADER
from app.services import access, users
from app.store import Store

from .application import CALLER, GUARD
from .decorators import empty
from .problems import FORBIDDEN, INVALID, MISSING, Problem

_OPEN = ("engine.engines",)
_FORMS = ("/deployed-form", "/deployed-start-form")  # whose errors are those of the HTTP layer


class UnauthorizedError(HTTPException):
    """The request has no credentials, or wrong ones: 401 without a body.

    Args:
        challenges: for the headers ``WWW-Authenticate``.
    """

    code = HTTPStatus.UNAUTHORIZED

    def __init__(self, challenges: Sequence[str]) -> None:
        super().__init__()
        self.challenges = challenges


class Scheme(Protocol):
    """One way to say who asks.

    Attributes:
        word: in front of the credentials, in small letters.
        challenge: what asks for them.
        refused: the same, where they were wrong.
    """

    word: str
    challenge: str
    refused: str

    def caller(self, credentials: str) -> Caller | None:
        """The user of credentials; None for no known user."""
        ...

    def forget(self, user_id: str) -> None:
        """Ask anew for the credentials of a user that has changed."""
        ...


class Basic:
    """Users of the identity API with their passwords."""

    word = "basic"

    def __init__(self, store: Store, engine: str = "default") -> None:
        self._store = store
        self.challenge = self.refused = f'Basic realm="{engine}"'
        self._logins, self._strangers = Logins(), Strangers()

    def caller(self, credentials: str) -> Caller | None:
        """The user of a name and a password."""
        known = self._logins.caller(credentials)
        if known is not None:
            return known
        found = named(credentials)
        if found is None or not self._are_right(*found):
            return None
        return self._logins.recognize(credentials, *found)

    def forget(self, user_id: str) -> None:
        """Ask anew for the password of a user."""
        self._logins.forget(user_id)
        self._strangers.forget(user_id)

    def _are_right(self, user_id: str, password: str) -> bool:
        logins = self._logins
        if logins.is_known(user_id, password):
            return True
        # Asked again inside: who had the turn before may have found out the same.
        with logins.turn(user_id):
            return logins.is_known(user_id, password) or self._find_out(user_id, password)

    def _find_out(self, user_id: str, password: str) -> bool:
        """Ask the database whether the user is as it was, or else whether the password is right."""
        kept = self._logins.kept(user_id, password)
        if kept is not None and users.kept_password(self._store, user_id) == kept:
            self._logins.note(user_id, password, kept)
            return True
        # Before the hash, which is what guessing would make us pay for.
        if self._strangers.is_held(user_id):
            return False
        if users.verify(self._store, user_id, password):
            kept = users.kept_password(self._store, user_id)
            if kept is not None:
                self._logins.note(user_id, password, kept)
            log.info("log-in", user=user_id, by="basic")  # once: afterwards it is remembered
            return True
        self._logins.forget(user_id)  # who guesses has locked the user
        if not users.is_known(self._store, user_id):
            log.warning("log-in failed: there is no such user", user=user_id[:100])
            self._strangers.note(user_id)
        return False


class KnownBrowsers(Protocol):
    """The users logged in with a browser, by what it has sent; None for no user."""

    def __call__(self, request: Request) -> Caller | None:
        """The user who sends a request."""
        ...

    def begin(self, user_id: str, password: str, time_to_live: timedelta) -> str | None:
        """Log a user in; None where the password is not that of the user."""
        ...

    def forget(self, user_id: str) -> None:
        """Let a user log in at once that has changed."""
        ...


class Authentication:
    """Asks for credentials.

    Attributes:
        sessions: asked where a request has no credentials; None where browsers cannot log in.

    Args:
        base: below which path.
    """

    def __init__(self, store: Store, base: str, schemes: Sequence[Scheme]) -> None:
        self.sessions: KnownBrowsers | None = None
        self._store = store
        self._base = f"{base}/"
        # In the order of the settings, which is that of the challenges.
        self._schemes = {scheme.word: scheme for scheme in schemes}

    @property
    def has_sessions(self) -> bool:
        """Whether browsers can log in."""
        return self.sessions is not None

    def require(self, request: Request) -> None:
        """Find out who sends a request, and whether that user may.

        Raises:
            UnauthorizedError: nobody who is known.
            AuthorizationError: the user may not do it.
            Problem: no engine has the name that the path has.
        """
        endpoint = request.endpoint or ""
        # The page asks by itself (`pages.entry`), so that it can lead to its log-in; the probes are
        # for everybody.
        if not request.path.startswith(self._base) or endpoint in _OPEN:
            return
        if endpoint == "engine.unknown_engine":
            name = (request.view_args or {}).get("name")
            # Before the credentials, as in the reference's filter: users are those of an engine.
            raise Problem(MISSING, INVALID, f"Process engine {name} not available")
        caller = request.environ[CALLER] = self.caller(request)
        rule = request.url_rule
        if rule is not None and self._store.has_authorization:
            operation, names = _operation(request.method, rule.rule, self._base, endpoint)
            if operation is not None:
                # Only what a path names can be asked about here; what a body names, the service
                # asks about once it is locked (decision 22).
                values = request.view_args or {}
                keys = tuple(str(values[name]) for name in names)
                request.environ[GUARD] = self._admit(caller, operation, keys)

    def forget(self, user_id: str) -> None:
        """Ask anew for the password of a user."""
        for scheme in self._schemes.values():
            scheme.forget(user_id)
        if self.sessions is not None:
            self.sessions.forget(user_id)

    def log_in(self, user_id: str, password: str, time_to_live: timedelta) -> str | None:
        """Begin the session of a browser; None where the password is not that of the user."""
        if self.sessions is None:
            return None
        return self.sessions.begin(user_id, password, time_to_live)

    def caller(self, request: Request) -> Caller:
        """The user who sends a request.

        Raises:
            UnauthorizedError: nobody who is known.
        """
        word, _, credentials = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        scheme = self._schemes.get(word.lower())
        found = None
        if scheme is not None:
            found = scheme.caller(credentials.strip())
        # Credentials that are there and wrong are not made good by a cookie.
        elif not word and self.sessions is not None:
            found = self.sessions(request)
        if found is None:
            known = self._schemes.values()
            raise UnauthorizedError([s.refused if s is scheme else s.challenge for s in known])
        return found

    def _admit(self, caller: Caller, operation: str, keys: tuple[str, ...]) -> object:
        try:
            return access.admit(self._store.acting_for(caller), operation, keys)
        except AuthorizationError as error:
            if operation.endswith(_FORMS):
                raise Problem(FORBIDDEN, INVALID, str(error)) from error
            raise


@functools.cache  # there are as many as routes and their methods
def _operation(
    method: str, rule: str, base: str, endpoint: str
) -> tuple[str | None, tuple[str, ...]]:
    """The name of a request in `NEEDS`, and the names of the parameters of its path in order.

    None for one that is asked for nothing here.
    """
    # The permissions are asked about by the view itself, link by link (`api.options`).
    if method == "OPTIONS":
        return None, ()
    # As the route that serves it, or a read could be had without its permission.
    operation, names = _named("GET" if method == "HEAD" else method, rule.removeprefix(base[:-1]))
    if operation not in NEEDS and is_list(endpoint):
        return None, ()
    return operation, names


def is_list(endpoint: str) -> bool:
    """Whether a view answers a list, which has what the user sees."""
    # By the name of the blueprint, which `lists.Lists` gives alike to all of them.
    return endpoint.partition(".")[0].endswith("_list")


def operation_of(
    method: str, path: str, values: Mapping[str, object]
) -> tuple[str, tuple[str, ...]]:
    """An operation as permissions name it, and what stands in its path for the braces.

    Args:
        path: of a route, below the base path.
        values: of its variable parts.
    """
    operation, names = _named(method, path)
    return operation, tuple(str(values[name]) for name in names)


def _named(method: str, path: str) -> tuple[str, tuple[str, ...]]:
    """An operation, and the names of what stands in its path for the braces, in their order."""
    operation = f"{method} {re.sub(r'<[^>]+>', '{}', path)}"
    return operation, tuple(re.findall(r"<(?:\w+:)?(\w+)>", path))


def named(credentials: str) -> tuple[str, str] | None:
    """The user and the password of HTTP Basic; None where there are none."""
    try:
        # RFC 7617 leaves the charset open; UTF-8 is what clients of today send.
        text = base64.b64decode(credentials, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    # At the first colon: a user has none, and a password may have any (RFC 7617, 2).
    user_id, colon, password = text.partition(":")
    # PostgreSQL would refuse the name, with an error in place of a challenge.
    if not colon or "\x00" in text:
        return None
    return user_id, password


def challenge(error: UnauthorizedError) -> Response:
    """The answer to a request of nobody who is known."""
    answer = empty(HTTPStatus.UNAUTHORIZED)
    # the page asks for itself; a browser that was challenged would ask over it
    for text in () if HEADER in request.headers else error.challenges:
        answer.headers.add("WWW-Authenticate", text)
    return answer
