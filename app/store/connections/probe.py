"""Whether the database answers, asked past the pool of connections.

So a probe is answered while every connection is in use, and never hangs with the database.
"""

import functools
import threading
import time
from concurrent.futures import Future

from .database import create_engine
from .schema import is_usable

SECONDS = 1.0  # within which the database has to answer
STALE_SECONDS = 10.0  # after which a question that hangs is given up for a new one


class Probe:
    """Asks one question at a time; threads that come meanwhile share its answer."""

    def __init__(self, database_url: str, is_pooled: bool) -> None:
        self._engine = create_engine(
            database_url,
            statement_timeout=round(STALE_SECONDS),
            creates=False,
            is_pooled=is_pooled,
        )
        self._lock = threading.Lock()
        self._answer: Future[str] | None = None
        self._asked_at = 0.0

    def begin(self) -> None:
        """Ask, without waiting for the answer."""
        self._question()

    def ask(self, seconds: float = SECONDS) -> str:
        """UP, SCHEMA_OUTDATED, DATABASE_DOWN or DATABASE_SLOW.

        Args:
            seconds: in which the answer has to be there.
        """
        try:
            return self._question().result(seconds)
        except TimeoutError:
            return "DATABASE_SLOW"

    def _question(self) -> Future[str]:
        with self._lock:
            now = time.monotonic()
            if self._answer is None or now - self._asked_at > STALE_SECONDS:
                self._answer, self._asked_at = Future(), now
                # A thread of its own: the driver cannot be interrupted, and the prober has its
                # answer in a second.
                thread = threading.Thread(target=self._query, args=(self._answer,), daemon=True)
                thread.start()
            return self._answer

    def _query(self, answer: Future[str]) -> None:
        try:
            status = "UP" if is_usable(self._engine) else "SCHEMA_OUTDATED"
        except Exception:
            status = "DATABASE_DOWN"
        with self._lock:
            if self._answer is answer:  # a newer question may have taken its place
                self._answer = None
        answer.set_result(status)


@functools.cache
def probe_of(database_url: str, is_pooled: bool = False) -> Probe:
    """The probe of a database in this process."""
    return Probe(database_url, is_pooled)
