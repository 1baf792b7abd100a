"""The open connections of a process: the one that was used last is taken first.

A transaction takes a connection and gives it back for some microseconds; SQLAlchemy's pool, which
makes a proxy with a finalizer for each turn, took a tenth of a complete.
"""

import contextlib
import queue
import select
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from app.errors import UnavailableError
from app.instruments import Instruments, instruments_of

from .database import WATCHED, identity
from .watch import Watched

SHOWN_SECONDS = 0.2  # between two looks of the metrics at how many are in use
FRESH_SECONDS = 0.02  # since its last use: a connection is hardly cut just then


class Pooled:
    """An open connection.

    Attributes:
        core: for statements that SQLAlchemy builds.
        driver: the driver's own.
        link: its `postgresql.link.Link`, once it has carried a transaction.
        watched: cuts it when the database stays silent; None where nothing does.
    """

    __slots__ = (
        "_cursor",
        "_file",
        "_idle_since",
        "_readable",
        "core",
        "driver",
        "link",
        "watched",
    )

    def __init__(self, core: Connection) -> None:
        self.core = core
        self.driver: Any = core.connection.driver_connection
        self.link: Any = None
        self._cursor: Any = None
        self._idle_since = time.monotonic()
        self._readable: select.poll | None = None
        self._file: tuple[str, tuple[int, int] | None] | None = None
        self.watched: Watched | None = core.info.get(WATCHED)
        fileno = getattr(self.driver, "fileno", None)
        if fileno is not None:  # it is no file of SQLite's
            self._readable = select.poll()
            self._readable.register(fileno(), select.POLLIN)
        elif path := core.engine.url.database:
            self._file = path, identity(path)

    def require_file(self) -> None:
        """See that the file of the database has its name still.

        Raises:
            UnavailableError: it was removed or replaced; further writes would be lost.
        """
        if self._file is not None:
            path, known = self._file
            if known is None or identity(path) != known:
                self.close()
                raise UnavailableError("The file of the database was removed or replaced.")

    def cursor(self) -> Any:
        """A cursor of SQLite's, for as long as the connection is taken.

        A cursor that is collected resets its last statement, and those are shared: the driver keeps
        one for each text. By then another thread may have the connection, and execute just that.
        """
        self._cursor = self.driver.cursor()
        return self._cursor

    def use(self) -> None:
        """Note that it is used from now on."""
        if self.watched is not None:
            self.watched.touch()

    def idle(self) -> None:
        """Note that it is not used from now on."""
        if self._cursor is not None:
            self._cursor.close()
            self._cursor = None
        self._idle_since = time.monotonic()
        if self.watched is not None:
            self.watched.stop_clock()

    @property
    def is_stale(self) -> bool:
        """Whether the server has spoken unasked: mostly it has said that it hangs up.

        To ask lets another thread go first, so a connection that was used just now is not asked.
        """
        if self._readable is None or time.monotonic() - self._idle_since < FRESH_SECONDS:
            return False
        return bool(self._readable.poll(0))

    def close(self) -> None:
        """Close it in any state."""
        with contextlib.suppress(Exception):
            self.core.invalidate()
        with contextlib.suppress(Exception):
            self.core.close()


class Pool:
    """At most so many connections, opened when they are needed.

    Args:
        connect: opens one.
        size: how many there may be.
        timeout: seconds to wait for a free one.
        instruments: of the engine.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        size: int,
        timeout: float,
        instruments: Instruments | None = None,
    ) -> None:
        self._instruments = instruments or instruments_of("default")
        self.size = size
        self.timeout = timeout
        self._connect = connect
        # Its append and pop are atomic: no lock is needed.
        self._idle: deque[Pooled] = deque()
        # It is in C: to take a permit costs less than with a semaphore of `threading`.
        self._permits: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._shown, self._shown_at = 0, 0.0
        for _ in range(size):
            self._permits.put(None)

    def like(self, connect: Callable[[], Connection]) -> "Pool":
        """Another one, as large, of connections to another server."""
        return Pool(connect, self.size, self.timeout, self._instruments)

    @property
    def idle(self) -> int:
        """How many connections are open and wait for work."""
        return len(self._idle)

    def take(self) -> Pooled:
        """A connection, which is to be given back.

        Raises:
            UnavailableError: none became free in time.
        """
        self._permit()
        self._show()
        try:
            while self._idle:
                with contextlib.suppress(IndexError):  # another thread was faster
                    pooled = self._idle.pop()  # the last one used: its caches are warm
                    if not pooled.is_stale:
                        pooled.require_file()
                        pooled.use()
                        return pooled
                    pooled.close()
            pooled = Pooled(self._connect())
            pooled.require_file()
            return pooled
        except BaseException:
            self._free()  # or the pool would shrink with each failure
            raise

    def _permit(self) -> None:
        """Wait until there is a connection to take."""
        try:
            self._permits.get(block=False)
            return
        except queue.Empty:
            started = time.monotonic()
        try:
            self._permits.get(timeout=self.timeout)
        except queue.Empty:
            self._instruments.pool_timeouts.inc()
            raise UnavailableError("All connections to the database are in use.") from None
        finally:
            self._instruments.pool_wait_seconds.observe(time.monotonic() - started)

    def give_back(self, pooled: Pooled) -> None:
        """Keep a connection for the next transaction, unless it was lost."""
        try:
            if not pooled.core.closed:
                if pooled.core.invalidated:
                    self.discard(pooled)
                else:
                    pooled.idle()
                    self._idle.append(pooled)
        finally:
            self._free()

    def _free(self) -> None:
        self._permits.put(None)
        if self._shown and self._permits.qsize() == self.size:
            self._shown = 0
            self._instruments.pool_in_use.set(0)

    def _show(self) -> None:
        """Tell the metrics now and then how many are in use; each time would be noticed."""
        now = time.monotonic()
        if now - self._shown_at >= SHOWN_SECONDS:
            self._shown_at, self._shown = now, self.size - self._permits.qsize()
            self._instruments.pool_in_use.set(self._shown)

    @contextmanager
    def taken(self) -> Iterator[Pooled]:
        """A connection for the length of a block; the block ends the transactions that it begins.

        Raises:
            UnavailableError: none became free in time.
        """
        pooled = self.take()
        try:
            yield pooled
        finally:
            self.give_back(pooled)

    def discard(self, pooled: Pooled) -> None:
        """Close a connection that is lost, and those that idle: they were opened before it was."""
        pooled.close()
        self.close()

    def close(self) -> None:
        """Close the connections that idle."""
        with contextlib.suppress(IndexError):
            while True:
                self._idle.pop().close()
