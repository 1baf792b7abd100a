"""Bearer tokens: JSON Web Tokens that an issuer has signed with one of its published keys.

Source: RFC 6750; RFC 7519; RFC 8725 (what has to be checked); contract 11.10.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from app.logging import log

from .callers import Caller
from .permissions import ANY

LONGEST = 16 * 1024  # characters of a token
LONGEST_NAME, MOST_GROUPS = 255, 1000
# errors of reading a malformed token: endless numbers, deeply nested lists
BROKEN = (TypeError, ValueError, OverflowError, RecursionError)
SECONDS, MOST = 5.0, 4096  # for how long, and how many tokens that were right are remembered
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")


class TokenError(Exception):
    """A token lets nobody in; the message says why, for the log."""


@dataclass(frozen=True)
class Claims:
    """The requirements on a token.

    Attributes:
        issuer, audience: that it has to name.
        algorithms: of the signature; the token does not choose among others.
        leeway: seconds that clocks may differ.
        user: the claim with the user's id; dots lead into objects.
        groups: the claim with the groups; none where it is empty.
    """

    issuer: str
    audience: str
    algorithms: tuple[str, ...] = ("RS256",)
    leeway: int = 30
    user: str = "sub"
    groups: str = ""


Key = Callable[[str | None], Any]  # the issuer's key of an id


class Tokens:
    """Finds out whom a token lets in.

    Args:
        key: finds a key of the issuer; raises `TokenError` where it has none of the id.
        clock: seconds that only grow.
    """

    def __init__(
        self, claims: Claims, key: Key, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._claims, self._key, self._clock = claims, key, clock
        self._lock = threading.Lock()
        self._known: OrderedDict[bytes, tuple[Caller, float]] = OrderedDict()

    def caller(self, token: str) -> Caller:
        """Whom a token lets in.

        Raises:
            TokenError: nobody.
            KeysError: the issuer's keys cannot be had just now.
        """
        if len(token) > LONGEST:
            raise TokenError("the token is too long")
        # Tokens themselves are not kept: who reads the memory would have them.
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        with self._lock:
            found, until = self._known.get(digest, (None, 0.0))
        if found is not None and until > self._clock():
            return found
        caller, seconds = self._read(token)
        if found is None:
            log.info("log-in", user=caller.user_id, by="bearer")
        with self._lock:
            # No longer than the token says, so that one that ends is not outlived by our memory.
            self._known[digest] = caller, self._clock() + min(SECONDS, seconds)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return caller

    def _read(self, token: str) -> tuple[Caller, float]:
        """The caller, and for how many seconds more the token is right."""
        wanted = self._claims
        try:
            head = jwt.get_unverified_header(token)
            if head.get("alg") not in wanted.algorithms:  # before any key is looked for
                raise TokenError(f"the algorithm is {head.get('alg')!r}")
            key_id = head.get("kid")
            said = jwt.decode(
                token,
                self._key(key_id if isinstance(key_id, str) else None),
                algorithms=list(wanted.algorithms),
                audience=wanted.audience,
                issuer=wanted.issuer,
                leeway=wanted.leeway,
                # A token that leaves them out would be right for ever, or for other services too.
                options={"require": ["exp", "iss", "aud"]},
            )
        except (jwt.PyJWTError, *BROKEN) as error:
            raise TokenError(str(error)[:200]) from error
        left = float(said["exp"]) + wanted.leeway - time.time()
        return Caller(self._user(said), self._groups(said)), left

    def _user(self, said: Mapping[str, Any]) -> str:
        found = _claim(said, self._claims.user)
        if not _is_name(found):
            raise TokenError(f"the claim {self._claims.user} names no user")
        return str(found)

    def _groups(self, said: Mapping[str, Any]) -> tuple[str, ...]:
        if not self._claims.groups:
            return ()
        found = _claim(said, self._claims.groups)
        names = [found] if isinstance(found, str) else found
        if not isinstance(names, list):
            return ()
        if len(names) > MOST_GROUPS:
            raise TokenError(f"the claim {self._claims.groups} has more than {MOST_GROUPS} groups")
        # A value that is no name is left out, not refused: issuers put all sorts of things there.
        return tuple(dict.fromkeys(name for name in names if _is_name(name)))


def _claim(said: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, or else by the names of the objects that it is in."""
    if path in said:  # a name may have dots itself, as those that are URLs
        return said[path]
    found: Any = said
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _is_name(value: object) -> bool:
    """Whether a value names a user or a group; a star would be everybody."""
    is_text = isinstance(value, str) and 0 < len(value) <= LONGEST_NAME
    return is_text and value != ANY and "\x00" not in str(value)
