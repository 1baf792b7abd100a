"""Credentials that were right a short time ago, so that not every request costs a hash."""

import hashlib
import hmac
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from .callers import Caller

SECONDS, MOST = 5.0, 4096
HELD, LONGEST_HELD = 3.0, 60.0  # seconds after the first failure; after many
_TURNS = 64


class Known(NamedTuple):
    """A password that was right.

    Attributes:
        kept: what the database has of it; while that stays, the password is right.
    """

    digest: bytes
    kept: str
    until: float


class Logins:
    """Remembers which passwords were right; never which were wrong.

    For seconds nothing is asked at all; after that the database is asked whether the user has
    changed, which costs no hash. Of a password there is only a digest, with a key that this process
    alone has.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = os.urandom(32)
        self._lock = threading.Lock()
        self._turns = [threading.Lock() for _ in range(_TURNS)]
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._callers: OrderedDict[bytes, tuple[Known, Caller]] = OrderedDict()

    def _digest(self, password: str) -> bytes:
        data = password.encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, data, hashlib.sha256)

    def _key_of(self, credentials: str) -> bytes:
        data = credentials.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, key=self._key, digest_size=32).digest()

    def caller(self, credentials: str) -> Caller | None:
        """The user who just sent these credentials, with the password that is still known."""
        # Without the lock: a dictionary is read whole, and a miss only costs the longer way.
        found = self._callers.get(self._key_of(credentials))
        if found is None:
            return None
        known, caller = found
        # not only in time: a user who has changed since is forgotten, or known by another password
        is_good = self._known.get(caller.user_id) is known and known.until > self._clock()
        return caller if is_good else None

    def recognize(self, credentials: str, user_id: str, password: str) -> Caller:
        """Remember credentials whose password was found to be right."""
        caller = Caller(user_id)
        with self._lock:
            known = self._known.get(user_id)
            if known is not None and self._is(known, password):
                self._callers[self._key_of(credentials)] = known, caller
            # Bounded: whoever changes the spelling of its header would fill the memory.
            while len(self._callers) > MOST:
                self._callers.popitem(last=False)
        return caller

    def turn(self, user_id: str) -> threading.Lock:
        """Held by who finds out: many requests at once would hash the same password at once."""
        # A fixed number of locks: one for each name would grow with whatever is guessed.
        return self._turns[hash(user_id) % _TURNS]

    def is_known(self, user_id: str, password: str) -> bool:
        """Whether this password of this user was right just before."""
        with self._lock:
            known = self._known.get(user_id)
        return known is not None and known.until > self._clock() and self._is(known, password)

    def kept(self, user_id: str, password: str) -> str | None:
        """The stored hash of this password when it was right, however long ago that is."""
        with self._lock:
            known = self._known.get(user_id)
        return known.kept if known is not None and self._is(known, password) else None

    def _is(self, known: Known, password: str) -> bool:
        return hmac.compare_digest(known.digest, self._digest(password))

    def note(self, user_id: str, password: str, kept: str) -> None:
        """Note that a password is right."""
        known = Known(self._digest(password), kept, self._clock() + SECONDS)
        with self._lock:
            self._known[user_id] = known
            self._known.move_to_end(user_id)
            while len(self._known) > MOST:
                self._known.popitem(last=False)

    def forget(self, user_id: str) -> None:
        """Ask anew for the password of a user that has changed."""
        with self._lock:
            self._known.pop(user_id, None)


class Strangers:
    """Names that no user has, and under which log-ins are tried again and again.

    They are held up as users are, so that the time tells nobody who there is, and so that guessing
    costs no hashes.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def is_held(self, name: str) -> bool:
        """Whether a name has to wait."""
        with self._lock:
            return self._known.get(name, (0, 0.0))[1] > self._clock()

    def note(self, name: str) -> None:
        """Note that a log-in has failed: each further one has to wait twice as long."""
        with self._lock:
            count = self._known.get(name, (0, 0.0))[0]
            # The exponent is bounded too: a count that grows for weeks must not make a huge number.
            seconds = min(HELD * 2 ** min(count, 10), LONGEST_HELD)
            self._known[name] = count + 1, self._clock() + seconds
            self._known.move_to_end(name)
            while len(self._known) > MOST:
                self._known.popitem(last=False)

    def forget(self, name: str) -> None:
        """Let a user of the name log in at once: there may be a user by now."""
        with self._lock:
            self._known.pop(name, None)
