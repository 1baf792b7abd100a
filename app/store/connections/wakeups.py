"""Wakes up the long polls that wait for tasks of some topics.

In a process they are called when a transaction of it that made tasks available has committed.
Across processes on PostgreSQL one background connection sends the topics (coalesced, so that no
commit waits for a notification) and one listens. A query from time to time finds whatever no
wake-up announces.

Source: decisions 6 and 29.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from app.instruments import Instruments
from app.logging import log

from .poll_timer import PollTimer
from .wait_queues import WaitQueues
from .watch import Watch, Watched

CHANNEL = "baton_tasks"
LARGEST_PAYLOAD = 7_000  # bytes; PostgreSQL allows 8,000
EVERYTHING = "*"
RECONNECT_SECONDS = 1.0
LISTEN_SECONDS = 30.0  # without a word, after which the server is asked whether it is there
NOTIFY_SECONDS = 0.025  # between two notifications of a process, however much it commits


class Wakeups:
    """The waking of an engine's polls that wait in this process.

    Attributes:
        queues: where they wait.
        timer: calls those that nothing has woken.

    Args:
        instruments: of the engine.
        find_free: which of some topics have tasks that are free.
        pause: seconds from one query to the next.
    """

    def __init__(
        self,
        instruments: Instruments,
        find_free: Callable[[list[str]], Sequence[str]],
        pause: Callable[[], float],
    ) -> None:
        self.queues = WaitQueues(instruments)
        self.timer = PollTimer(self.queues, find_free, pause)
        self._lock = threading.Lock()
        self._outgoing: set[str] = set()
        self._has_outgoing = threading.Event()
        # A process hears its own notifications, too: it has woken its polls already.
        self._origin = f"{os.getpid()}-{os.urandom(4).hex()}"
        self._threads: list[threading.Thread] = []
        self._connections: list[Any] = []

    @property
    def is_stopping(self) -> bool:
        """Whether every poll ends."""
        return self.queues.is_stopping

    def committed(self, topics: Mapping[str, int]) -> None:
        """Tell the polls of this process, and then of others, that tasks are there.

        Args:
            topics: how many tasks of each.
        """
        self.queues.wake(topics)
        if self._threads:
            with self._lock:
                self._outgoing.update(topics)
            # Mostly it is: the thread that sends them pauses, and to set it takes a lock.
            if not self._has_outgoing.is_set():
                self._has_outgoing.set()

    def _heard(self, topics: list[str]) -> None:
        """Another process has made tasks; how many is for those to find out who fetch."""
        self.queues.wake(None if EVERYTHING in topics else dict.fromkeys(topics, 1))

    def stop(self) -> None:
        """Let every poll answer, and end the threads."""
        self.queues.stop()
        self._has_outgoing.set()
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
        self._heard([EVERYTHING])  # notifications of the time before are lost
        while True:
            for notice in connection.notifies(timeout=LISTEN_SECONDS):
                origin, *topics = orjson.loads(notice.payload)
                if origin != self._origin:
                    self._heard(topics)
                if self.is_stopping:
                    return
            with watched.asking():
                # In the silence between notifications nothing else would tell that the server is
                # gone.
                connection.execute("SELECT 1")

    def _notify(self, connection: Any, watched: Watched) -> None:
        watched.stop_clock()
        while not self.is_stopping:
            self._has_outgoing.wait()
            self._has_outgoing.clear()
            with self._lock:
                topics, self._outgoing = self._outgoing, set()
            if not topics:
                continue
            payload = orjson.dumps([self._origin, *topics])
            if len(payload) > LARGEST_PAYLOAD:
                # Too many topics to name: every poll fetches once, which is always right.
                payload = orjson.dumps([self._origin, EVERYTHING])
            with watched.asking():
                connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload.decode()))
            time.sleep(NOTIFY_SECONDS)
