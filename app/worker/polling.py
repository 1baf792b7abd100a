"""Asks for tasks, and can be stopped while it waits for them at the server."""

import threading
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from .connection import AnswerError, Connection
from .handlers import Topic, milliseconds
from .reporting import LOG
from .task import Task

GRACE = 10  # seconds that an answer may be late


class Poll:
    """The fetches of one worker.

    Args:
        wait: how long a fetch waits at the server.
    """

    def __init__(self, connection: Connection, worker_id: str, wait: timedelta) -> None:
        self._connection = connection
        self._worker_id = worker_id
        self._wait = wait
        self._waiting: Any = None
        self._lock = threading.Lock()
        self._is_stopped = False

    def fetch(self, topics: Iterable[Topic], most: int) -> list[Task]:
        """Lock tasks, waiting for the first one; none when the poll was stopped.

        Raises:
            AnswerError: the server refuses the fetch.
            OSError: it cannot be reached.
        """
        body = {
            "workerId": self._worker_id,
            "maxTasks": most,
            "usePriority": True,
            "asyncResponseTimeout": milliseconds(self._wait),
            "topics": [topic.asked() for topic in topics],
        }
        limit = self._wait.total_seconds() + GRACE
        try:
            found = self._connection.call(
                "POST", "/external-task/fetchAndLock", body, timeout=limit, started=self._note
            )
        except OSError:
            # The connection was cut by `stop` itself.
            if self._is_stopped:
                return []
            raise
        finally:
            with self._lock:
                self._waiting = None
        return [Task(raw, self._connection) for raw in found or ()]

    def _note(self, connection: Any) -> None:
        """Remember what is waited on; a poll that is stopped by now does not wait."""
        with self._lock:
            self._waiting = connection
            is_stopped = self._is_stopped
        if is_stopped:
            self._connection.hang_up(connection)

    def stop(self) -> None:
        """End the wait; what was locked meanwhile is found by `give_back`."""
        with self._lock:
            self._is_stopped = True
            waiting = self._waiting
        if waiting is not None:
            self._connection.hang_up(waiting)

    def give_back(self, done: set[str]) -> None:
        """Unlock the tasks of an answer that was never read.

        Args:
            done: the ids of tasks that have arrived.
        """
        path = f"/external-task?locked=true&workerId={quote(self._worker_id, safe='')}"
        try:
            for raw in self._connection.call("GET", path) or ():
                if raw["id"] not in done:
                    self._unlock(raw["id"])
        except (AnswerError, OSError) as error:
            LOG.warning("locked tasks could not be given back: %s", error)

    def _unlock(self, task_id: str) -> None:
        try:
            self._connection.call("POST", f"/external-task/{task_id}/unlock")
        # It was deleted meanwhile, say: that keeps no other task from being given back.
        except AnswerError as error:
            LOG.warning("the task %s could not be given back: %s", task_id, error)
