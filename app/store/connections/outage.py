"""Says in the log once that the database is away, and once that it is back."""

import threading
import time

from app.logging import log


class Outage:
    """The time in which a process cannot reach its database.

    Attributes:
        since: when it was missed first, on the monotonic clock; None while it is there.

    Args:
        engine: whose database it is.
    """

    def __init__(self, engine: str = "default") -> None:
        self._log = log if engine == "default" else log.bind(engine=engine)
        self.since: float | None = None
        self._lock = threading.Lock()

    def begin(self, reason: str) -> None:
        """A command has met a database that is away."""
        with self._lock:
            # A thousand requests meet the same outage: one line tells of it.
            if self.since is not None:
                return
            self.since = time.monotonic()
        self._log.warning("the database is away", reason=reason)

    def end(self) -> None:
        """A command has met one that is there."""
        with self._lock:
            since, self.since = self.since, None
        if since is not None:
            self._log.warning("the database is back", seconds=round(time.monotonic() - since, 1))
