"""Calls polls whose time is up, and asks for tasks that no wake-up announces.

Locks expire, and wake-ups of other processes may be lost: one query each second for all the topics
that polls of this process wait for, however many they are.

Source: decision 29.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from app.errors import UnavailableError
from app.logging import log

from .wait_queues import Waiter, WaitQueues

LINGER_SECONDS = 2.0  # of the thread, when nobody waits any more
MOST_TOPICS = 2_000  # of one query; further ones have their turn in the next


class PollTimer:
    """The thread that does so; there is one while polls wait.

    Args:
        find_free: which of some topics have tasks that are free.
        pause: seconds from one query to the next.
    """

    def __init__(
        self,
        queues: WaitQueues,
        find_free: Callable[[list[str]], Sequence[str]],
        pause: Callable[[], float],
    ) -> None:
        self._queues, self._find_free, self._pause = queues, find_free, pause
        self._changed = threading.Condition()
        self._deadlines: list[tuple[float, int, Waiter]] = []
        self._numbers = itertools.count()  # of two with the same deadline
        self._thread: threading.Thread | None = None
        self._begin = 0  # of the topics of the next query

    def add(self, waiter: Waiter) -> None:
        """Call a poll when its time is up, if it waits then."""
        with self._changed:
            if len(self._deadlines) > 2 * len(self._queues) + 100:
                # Most have ended early: what is left of them must not stay for half an hour.
                self._deadlines = [one for one in self._deadlines if one[2].queue is not None]
                heapq.heapify(self._deadlines)
            heapq.heappush(self._deadlines, (waiter.deadline, next(self._numbers), waiter))
            # After a fork the object is there, but not its thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, daemon=True, name="poll-timer")
                self._thread.start()
            elif self._deadlines[0][2] is waiter:
                self._changed.notify()

    def _work(self) -> None:
        due_at = time.monotonic() + self._pause()
        while True:
            with self._changed:
                self._wait_until(due_at)
                expired = self._expired()
                if not len(self._queues):  # what is left are polls that have ended early
                    self._deadlines.clear()
                    self._changed.wait(LINGER_SECONDS)
                    if not self._deadlines:
                        self._thread = None
                        return
            self._queues.expire(expired)
            if time.monotonic() >= due_at:
                self._find_free_tasks()
                due_at = time.monotonic() + self._pause()

    def _wait_until(self, due_at: float) -> None:
        """Wait until something is to be done."""
        first = self._deadlines[0][0] if self._deadlines else due_at
        seconds = min(first, due_at) - time.monotonic()
        if seconds > 0:
            self._changed.wait(seconds)

    def _expired(self) -> list[Waiter]:
        now, found = time.monotonic(), []
        while self._deadlines and self._deadlines[0][0] <= now:
            waiter = heapq.heappop(self._deadlines)[2]
            if waiter.queue is not None:
                found.append(waiter)
        return found

    def _find_free_tasks(self) -> None:
        try:
            if topics := self._next_topics():
                found = self._find_free(topics)
                if found:
                    self._queues.wake(dict.fromkeys(found, 1))
        except UnavailableError:
            pass  # the polls wait on; the store says in the log that the database is away
        except Exception as error:
            log.warning("asking for free tasks has failed", reason=str(error))

    def _next_topics(self) -> list[str]:
        topics: list[Any] = self._queues.topics()
        if len(topics) <= MOST_TOPICS:
            return topics
        self._begin %= len(topics)
        chosen = (topics + topics)[self._begin : self._begin + MOST_TOPICS]
        self._begin += MOST_TOPICS
        return chosen
