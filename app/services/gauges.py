"""The gauges of the metrics: the database is asked by one scrape at a time.

Source: docs/operating.md, "Metrics".
"""

import threading
import time
from collections.abc import Mapping

from app.errors import UnavailableError
from app.store import Store
from app.store.lists import gauges
from app.store.lists.gauges import Gauges, Tasks

__all__ = ["Gauges", "Reader", "Tasks", "read", "read_all"]

FRESH_SECONDS = 2.0  # in which scrapes share an answer, whoever sends them
PATIENCE = 5.0  # seconds for the databases of several engines, of which one may be silent
SHARE = 10  # the answer is shared for ten times as long as it took


def read(store: Store) -> Gauges:
    """Ask the database once.

    Raises:
        UnavailableError: it cannot be reached.
    """
    # Past the pool: the metrics are wanted most when all of its connections are in use.
    with store.aside() as connection:
        return gauges.read(connection)


class Reader:
    """Asks at most once at a time, and never for more than a tenth of the time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._last: Gauges | None = None
        self._fresh_until = 0.0

    def read(self) -> Gauges | None:
        """The numbers; None when the database has not answered.

        A scrape that comes while another one asks has the numbers of the time before.
        """
        # No scrape waits: one that comes meanwhile is answered with the last numbers.
        if time.monotonic() >= self._fresh_until and self._lock.acquire(blocking=False):
            try:
                self._ask()
            finally:
                self._lock.release()
        return self._last

    def _ask(self) -> None:
        started = time.monotonic()
        try:
            self._last = read(self._store)
        except UnavailableError:
            # No numbers rather than old ones: an alarm has to see that they are missing.
            self._last = None
        now = time.monotonic()
        self._fresh_until = now + max(FRESH_SECONDS, SHARE * (now - started))


def read_all(readers: Mapping[str, Reader]) -> dict[str, Gauges | None]:
    """The numbers of each engine; those that are silent for too long have none.

    Several are asked at the same time, so that one that is away costs the others nothing.
    """
    # The usual server: no thread, and an error of the reader is raised where it is.
    if len(readers) == 1:
        return {name: reader.read() for name, reader in readers.items()}
    found: dict[str, Gauges | None] = dict.fromkeys(readers)

    def ask(name: str) -> None:
        found[name] = readers[name].read()

    # Not joined to the end: one that waits for a silent database ends with its time-out, and writes
    # into a dictionary that nobody reads any more.
    threads = [threading.Thread(target=ask, args=(name,), daemon=True) for name in readers]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    # A copy, for late threads go on writing.
    return dict(found)
