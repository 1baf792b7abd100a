"""A database that stays silent: connections that wait for it too long are cut.

The server ends statements that take too long by itself (``statement_timeout``). One that is frozen,
or that no packet reaches any more, ends nothing, and libpq waits for ever: a thread of our own
shuts such a socket, so that the thread that reads from it meets the end of the connection.
"""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

GRACE_SECONDS = 2.0  # in which the server's own limit is to be heard of
LOOK_SECONDS = 0.5


class Watched:
    """A connection that is watched.

    Attributes:
        since: when its last statement began; None while it is not used.
    """

    __slots__ = ("_socket", "since")

    def __init__(self, fileno: int) -> None:
        # a descriptor of its own: the driver's may be another connection's by the time we cut
        self._socket = socket.socket(fileno=os.dup(fileno))
        self.since: float | None = time.monotonic()

    def touch(self) -> None:
        """A statement begins."""
        self.since = time.monotonic()

    def stop_clock(self) -> None:
        """It is not used any more."""
        self.since = None

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """Wait for an answer in a block; outside of it the connection may be silent."""
        self.touch()
        try:
            yield
        finally:
            self.stop_clock()

    def cut(self) -> None:
        """Let the thread that waits for an answer meet the end of the connection."""
        self.since = None
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """It is closed."""
        self.since = None
        self._socket.close()


class Watch:
    """Cuts the connections of an engine that stay silent for too long.

    Args:
        seconds: how long a statement may take.
    """

    def __init__(self, seconds: float) -> None:
        self._most = seconds + GRACE_SECONDS
        self._lock = threading.Lock()
        self._watched: set[Watched] = set()
        self._thread: threading.Thread | None = None

    def add(self, driver: Any) -> Watched:
        """Watch a connection of psycopg's from now on."""
        found = Watched(driver.fileno())
        with self._lock:
            self._watched.add(found)
            # After a fork the object is there, but not its thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, daemon=True, name="watch")
                self._thread.start()
        return found

    def remove(self, watched: Watched) -> None:
        """It is closed."""
        with self._lock:
            self._watched.discard(watched)
            watched.close()

    def _work(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            with self._lock:
                late = time.monotonic() - self._most
                for watched in self._watched:
                    since = watched.since
                    if since is not None and since < late:
                        watched.cut()
                # Under the lock in which `add` asks for it: none is left without a thread.
                if not self._watched:
                    self._thread = None
                    return
