"""Extends the locks of the tasks whose functions run."""

import threading
import time
from dataclasses import dataclass

from .connection import AnswerError, Connection
from .handlers import Topic, milliseconds
from .reporting import LOG
from .task import Task


@dataclass
class _Held:
    task: Task
    topic: Topic
    due: float  # when to extend, by the monotonic clock


class LockKeeper:
    """A thread that extends each lock when half of its time is over.

    A lock that cannot be extended any more is noted at its task (`Task.lost`).
    """

    def __init__(self, connection: Connection, worker_id: str) -> None:
        self._connection = connection
        self._worker_id = worker_id
        self._held: dict[str, _Held] = {}
        self._changed = threading.Condition()
        self._is_stopped = False
        self._thread = threading.Thread(target=self._run, name="baton-locks", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; locks are not extended any more."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify()
        self._thread.join()

    def hold(self, task: Task, topic: Topic) -> None:
        """Extend the lock of a task from now on."""
        with self._changed:
            self._held[task.id] = _Held(task, topic, _half(topic))
            self._changed.notify()

    def release(self, task: Task) -> None:
        """Extend it no more."""
        with self._changed:
            self._held.pop(task.id, None)

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._is_stopped:
                    return
                now = time.monotonic()
                due = [h for h in self._held.values() if h.due <= now]
                if not due:
                    soonest = min((h.due for h in self._held.values()), default=now + 60)
                    # Woken by each new lock, which may be shorter than those that are waited for.
                    self._changed.wait(soonest - now)
            # Outside of the lock: a slow server must not keep a function from being released.
            for held in due:
                self._extend(held)

    def _extend(self, held: _Held) -> None:
        body = {"workerId": self._worker_id, "newDuration": milliseconds(held.topic.lock)}
        try:
            self._connection.call("POST", f"/external-task/{held.task.id}/extendLock", body)
        except AnswerError as error:
            # Of another worker, or the task is gone; all else may pass.
            if error.status in (400, 404):
                LOG.warning("the lock of the task %s is lost: %s", held.task.id, error)
                held.task.lost.set()
                self.release(held.task)
                return
        except OSError as error:
            LOG.warning("the lock of the task %s could not be extended: %s", held.task.id, error)
        held.due = _half(held.topic)


def _half(topic: Topic) -> float:
    # At half of it there is time for a second attempt.
    return time.monotonic() + topic.lock.total_seconds() / 2
