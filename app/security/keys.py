"""The keys that an issuer publishes: fetched when they are needed, and kept for a while.

Source: RFC 7517; OpenID Connect Discovery 1.0, 4; contract 11.10.
"""

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any

import jwt

from app.logging import log

from .tokens import TokenError

LARGEST = 1024 * 1024  # bytes of an answer of the issuer
ANSWERS = 5.0  # seconds in which it has to answer
FRESH, STALE = 600.0, 86_400.0  # seconds after which keys are fetched again; are not used any more
PAUSE = 10.0  # seconds between two fetches: a token can name any id
# Errors of an issuer's answer: it is away, breaks off, is no JSON, or no set of keys.
UNREADABLE = (
    OSError,
    HTTPException,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    jwt.PyJWTError,
)


class KeysError(Exception):
    """The issuer's keys cannot be had, and none are known."""


def fetched(url: str) -> Any:
    """The JSON of a URL.

    Raises:
        OSError: it cannot be reached.
        ValueError: its answer is no JSON, or too large.
    """
    request = urllib.request.Request(url, headers={"Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=ANSWERS) as answer:
        # One byte more than may be shows that there is more.
        data = answer.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError("the answer is too large")
    return json.loads(data)


class Keys:
    """The keys of one issuer, by their ids.

    One thread at a time fetches; the others go on with the keys that are known. Keys that are
    known stay in use for a day while the issuer is away.

    Args:
        url: of the key set; where it is empty, the issuer's own document names it.
        fetch: the JSON of a URL.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        issuer: str,
        url: str = "",
        fetch: Callable[[str], Any] = fetched,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer, self._url, self._fetch, self._clock = issuer, url, fetch, clock
        self._lock = threading.Lock()
        self._known: dict[str | None, Any] = {}
        self._fetched = self._tried = -STALE

    def key(self, key_id: str | None) -> Any:
        """The key of an id; the only key there is for a token that names none.

        Raises:
            TokenError: the issuer has no such key.
            KeysError: it cannot be asked, and nothing is known of it.
        """
        is_missing = self._found(key_id) is None  # rotated, or never there
        if is_missing or self._age() >= FRESH:
            self._refresh(waits=is_missing or self._age() >= STALE)
        if self._age() >= STALE:
            raise KeysError("the keys of the issuer of tokens cannot be had")
        found = self._found(key_id)
        if found is None:
            raise TokenError(f"the issuer has no key with the id {key_id!r}"[:200])
        return found

    def _found(self, key_id: str | None) -> Any:
        if key_id is None:
            # With several nobody could tell which one was meant (RFC 7515, 4.1.4).
            return next(iter(self._known.values())) if len(self._known) == 1 else None
        return self._known.get(key_id)

    def _age(self) -> float:
        """Seconds since the keys that are known were fetched."""
        return self._clock() - self._fetched

    def _refresh(self, *, waits: bool) -> None:
        """Fetch the keys, unless that was tried just before.

        Args:
            waits: for another thread that fetches them already; else there are keys to go on with.
        """
        # An issuer that is silent must cost one thread its time-out, and not all of them.
        if not self._lock.acquire(blocking=waits):
            return
        try:
            if self._clock() - self._tried >= PAUSE:
                self._fetch_all()
        finally:
            self._lock.release()

    def _fetch_all(self) -> None:
        # Before the fetch: an issuer that is away must not be asked by each request.
        self._tried = self._clock()
        try:
            self._known = _signing(self._fetch(self._url or self._discovered()))
            self._fetched = self._clock()
        except UNREADABLE as error:
            log.warning("the issuer's keys cannot be fetched", reason=str(error)[:200])

    def _discovered(self) -> str:
        document = self._fetch(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        return str(document["jwks_uri"])


def _signing(document: Mapping[str, Any]) -> dict[str | None, Any]:
    """The keys of a set that may sign; a shared secret is none."""
    return {
        key.key_id: key.key  # as it is: a token may be signed by each algorithm that is allowed
        for key in jwt.PyJWKSet.from_dict(dict(document)).keys
        # A key set is public: a secret in it, taken for HMAC, would let anybody sign.
        if key.public_key_use in (None, "sig") and key.key_type != "oct"
    }
