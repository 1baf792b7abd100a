"""Wakes up the long polls that wait for tasks of some topics.

In a process a waiting poll has an event, set when a transaction of the process that made tasks
available has committed. Across processes on PostgreSQL one background connection sends the
topics (coalesced, so that no commit waits for a notification) and one listens. On SQLite,
and behind a pooler that drops notifications, each poll asks the database from time to time.

Source: decision 6.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson

from app.instruments import Instruments
from app.logging import log

from .watch import Watch, Watched

CHANNEL = "baton_tasks"
LARGEST_PAYLOAD = 7_000  # bytes; PostgreSQL allows 8,000
EVERYTHING = "*"
RECONNECT_SECONDS = 1.0
LISTEN_SECONDS = 30.0  # without a word, after which the server is asked whether it is there
NOTIFY_SECONDS = 0.025  # between two notifications of a process, however much it commits


class Waiter:
    """One waiting poll."""

    __slots__ = ("event", "is_cancelled", "topics", "worker_id")

    def __init__(self, topics: frozenset[str], worker_id: str) -> None:
        self.topics = topics
        self.worker_id = worker_id
        self.is_cancelled = False  # a newer poll of the same worker has taken its place
        self.event = threading.Event()

    def wait(self, seconds: float) -> bool:
        """Wait until a task may be there; False when the time is up."""
        woken = self.event.wait(seconds)
        self.event.clear()
        return woken


class Wakeups:
    """The waiting polls of a process.

    Attributes:
        is_stopping: every poll answers at once.
        is_unique: a new poll of a worker ends those of the same worker that wait.
        most: how many may wait.

    Args:
        instruments: of the engine.
    """

    def __init__(self, instruments: Instruments) -> None:
        self._instruments = instruments
        self._lock = threading.Lock()
        self._waiters: dict[str, set[Waiter]] = {}
        self._count = 0
        self._outgoing: set[str] = set()
        self._has_outgoing = threading.Event()
        # A process hears its own notifications, too: it has woken its polls already.
        self._origin = f"{os.getpid()}-{os.urandom(4).hex()}"
        self._threads: list[threading.Thread] = []
        self._connections: list[Any] = []
        self.is_stopping = False
        self.is_unique = False
        self.most = 56

    @contextlib.contextmanager
    def waiting(self, topics: Iterable[str], worker_id: str) -> Iterator[Waiter | None]:
        """Register a poll for as long as it waits; None when too many wait already."""
        waiter = Waiter(frozenset(topics), worker_id)
        with self._lock:
            # Within the lock, so that of two polls of one worker that begin at once one stays.
            if self.is_unique:
                self._cancel(worker_id)
            admitted = self._count < self.most and not self.is_stopping
            if admitted:
                self._count += 1
                self._instruments.waiting_polls.inc()
                for topic in waiter.topics:
                    self._waiters.setdefault(topic, set()).add(waiter)
        try:
            yield waiter if admitted else None
        finally:
            if admitted:
                with self._lock:
                    self._count -= 1
                    self._instruments.waiting_polls.dec()
                    for topic in waiter.topics:
                        self._waiters[topic].discard(waiter)
                        if not self._waiters[topic]:
                            # Topics come from requests: those nobody waits for must not pile up.
                            del self._waiters[topic]

    def _cancel(self, worker_id: str) -> None:
        """End the polls of a worker that wait."""
        for waiter in {w for waiters in self._waiters.values() for w in waiters}:
            if waiter.worker_id == worker_id:
                waiter.is_cancelled = True
                waiter.event.set()

    def committed(self, topics: Iterable[str]) -> None:
        """Tell the polls of this process, and then of others, that tasks are there."""
        found = set(topics)
        self._wake(found)
        if self._threads:
            with self._lock:
                self._outgoing |= found
            self._has_outgoing.set()

    def _wake(self, topics: Iterable[str]) -> None:
        with self._lock:
            if EVERYTHING in topics:
                topics = list(self._waiters)
            waiters = [w for topic in topics for w in self._waiters.get(topic, ())]
        for waiter in waiters:
            waiter.event.set()

    def stop(self) -> None:
        """Let every poll answer, and end the threads."""
        self.is_stopping = True
        self._has_outgoing.set()
        self._wake([EVERYTHING])
        for connection in self._connections:
            with contextlib.suppress(Exception):
                connection.close()

    # -- other processes ------------------------------------------------------------

    def connect(self, open_connection: Callable[[], Any], seconds: float) -> None:
        """Start to listen and to notify over PostgreSQL.

        Args:
            open_connection: gives a psycopg connection of its own, in autocommit mode.
            seconds: how long the database may take to answer before a connection is given up.
        """
        watch = Watch(seconds)
        for work in (self._listen, self._notify):
            thread = threading.Thread(
                target=self._keep,
                args=(work, open_connection, watch),
                daemon=True,
                name=work.__name__,
            )
            self._threads.append(thread)
            thread.start()

    def _keep(
        self,
        work: Callable[[Any, Watched], None],
        open_connection: Callable[[], Any],
        watch: Watch,
    ) -> None:
        """Do a thread's work, with a new connection whenever one is lost."""
        while not self.is_stopping:
            try:
                connection = open_connection()
                self._connections.append(connection)
                watched = watch.add(connection)
                try:
                    work(connection, watched)
                finally:
                    watch.remove(watched)
                    self._connections.remove(connection)
                    connection.close()
            except Exception as error:
                if not self.is_stopping:
                    log.warning("wake-ups across processes are interrupted", reason=str(error))
                    threading.Event().wait(RECONNECT_SECONDS)

    def _listen(self, connection: Any, watched: Watched) -> None:
        with watched.asking():
            connection.execute(f"LISTEN {CHANNEL}")
        self._wake([EVERYTHING])  # notifications of the time before are lost
        while True:
            for notice in connection.notifies(timeout=LISTEN_SECONDS):
                origin, *topics = orjson.loads(notice.payload)
                if origin != self._origin:
                    self._wake(topics)
                if self.is_stopping:
                    return
            with watched.asking():
                # In the silence between notifications nothing else would tell that the server is
                # gone.
                connection.execute("SELECT 1")

    def _notify(self, connection: Any, watched: Watched) -> None:
        watched.rest()
        while not self.is_stopping:
            self._has_outgoing.wait()
            self._has_outgoing.clear()
            with self._lock:
                topics, self._outgoing = self._outgoing, set()
            if not topics:
                continue
            payload = orjson.dumps([self._origin, *topics])
            if len(payload) > LARGEST_PAYLOAD:
                # Too many topics to name: everybody looks once, which is always right.
                payload = orjson.dumps([self._origin, EVERYTHING])
            with watched.asking():
                connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload.decode()))
            time.sleep(NOTIFY_SECONDS)
