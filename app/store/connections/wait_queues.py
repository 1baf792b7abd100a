"""Polls that wait for tasks, each in the queue of those that want the same.

Any poll of a queue can take a new task as well as another; where one finds nothing, none would.
So a task that was made calls one of them and not all; the next one is called when that one was
given as much as it had asked for. How many fetch at once is limited: who completes tasks needs
threads and connections meanwhile.

Nothing is called while the lock is held, and what is called returns at once.

Source: decision 29.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from app.instruments import Instruments


def _nobody() -> None:
    """Do nothing: the call of a poll that does not wait."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the polls of an engine may take of a process.

    Attributes:
        polls: how many may wait.
        in_threads: how many of them may each hold a thread.
        fetches: how many may fetch tasks at once.
    """

    polls: int = 2_000
    in_threads: int = 56
    fetches: int = 4


@dataclass(slots=True, eq=False)
class Waiter:
    """One poll that waits.

    Attributes:
        wants: equal for polls of which each could take the other's tasks.
        topics: of the tasks that it could take.
        deadline: when it fetches for the last time, by the monotonic clock.
        seen: how many wake-ups there had been when it last began to fetch.
        holds_thread: a thread does nothing but wait for it.
        call: tells it to fetch, or to end.
        is_called: it has been called, and has not come back.
        is_over: its time is up.
        is_cancelled: a newer poll of the same worker has taken its place.
        is_gone: its client has hung up.
    """

    wants: Hashable
    topics: frozenset[str]
    worker_id: str
    deadline: float
    seen: int
    holds_thread: bool = False
    call: Callable[[], None] = _nobody
    queue: "WaitQueue | None" = None
    called_at: float = 0.0
    is_called: bool = True
    is_fetching: bool = False
    is_over: bool = False
    is_cancelled: bool = False
    is_gone: bool = False


@dataclass(slots=True, eq=False)
class WaitQueue:
    """Polls that want the same, the one that came first in front.

    Attributes:
        due: how many have still to be called.
        woken: the number of its last wake-up.
        empty_at: when the last fetch began that found nothing.
    """

    wants: Hashable
    topics: frozenset[str]
    waiters: dict[Waiter, None] = field(default_factory=dict)
    due: int = 0
    woken: int = 0
    empty_at: float = 0.0

    def first(self) -> Waiter | None:
        """The next one to call."""
        return next((waiter for waiter in self.waiters if not waiter.is_called), None)


class WaitQueues:
    """The polls of an engine that wait in this process.

    Attributes:
        limits: see there.
        wakes: how many wake-ups there were; who is about to fetch notes it before (`Waiter.seen`).
        is_unique: a new poll of a worker ends those of the same worker that wait.
        is_stopping: every poll ends.
    """

    def __init__(self, instruments: Instruments) -> None:
        self._instruments = instruments
        # reentrant: a signal that ends the process at once may come while its thread is in here
        self._lock = threading.RLock()
        self._queues: dict[Hashable, WaitQueue] = {}
        self._of_topic: dict[str, dict[WaitQueue, None]] = {}
        self._due: dict[WaitQueue, None] = {}  # the one whose turn it is in front
        self._over: deque[Waiter] = deque()
        self._count = self._in_threads = self._fetching = 0
        self.limits = Limits()
        self.wakes = 0
        self.is_unique = self.is_stopping = False

    def __len__(self) -> int:
        return self._count

    # -- of a poll --------------------------------------------------------------------

    def enter(self, waiter: Waiter) -> bool:
        """Take a poll in; False when too many wait already. It is called once it rests."""
        with self._lock:
            # Within the lock, so that of two polls of one worker that begin at once one stays.
            calls = self._cancelled(waiter.worker_id) if self.is_unique else []
            is_admitted = self._has_room(waiter)
            if is_admitted:
                self._count += 1
                self._in_threads += waiter.holds_thread
                self._instruments.waiting_polls.inc()
                self._stand(waiter)
        _call(calls)
        return is_admitted

    def _has_room(self, waiter: Waiter) -> bool:
        limits = self.limits
        has_thread = not waiter.holds_thread or self._in_threads < limits.in_threads
        return has_thread and self._count < limits.polls and not self.is_stopping

    def _stand(self, waiter: Waiter) -> None:
        queue = self._queues.get(waiter.wants)
        if queue is None:
            queue = self._queues[waiter.wants] = WaitQueue(waiter.wants, waiter.topics)
            for topic in queue.topics:
                self._of_topic.setdefault(topic, {})[queue] = None
            # No poll stood here to be called for what was made since this poll has fetched.
            queue.woken = self.wakes
            queue.due = int(self.wakes > waiter.seen)
        waiter.queue = queue
        queue.waiters[waiter] = None

    def await_turn(self, waiter: Waiter) -> None:
        """Let a poll wait, for the first time or again; it may be called at once."""
        with self._lock:
            self._give_back(waiter)
            if waiter.queue is None:
                return
            waiter.is_called = False
            if self.is_stopping or waiter.is_cancelled or waiter.is_gone:
                calls = [waiter]
                waiter.is_called = True
            else:
                if waiter.is_over:
                    self._over.append(waiter)
                if waiter.queue.due:
                    self._due[waiter.queue] = None
                calls = self._next()
        _call(calls)

    def is_known_empty(self, waiter: Waiter) -> bool:
        """Whether another poll of its queue has found nothing since its time was up."""
        queue = waiter.queue
        return queue is not None and queue.empty_at >= waiter.deadline

    def note_result(self, waiter: Waiter, found: int | None, most: int) -> None:
        """Note what a poll has found.

        Args:
            found: how many tasks; None when it failed.
            most: how many it had asked for.
        """
        with self._lock:
            self._give_back(waiter)
            queue = waiter.queue
            if queue is not None and found is not None:
                if found and found >= most:
                    queue.due = max(queue.due, 1)  # there may be more
                    self._due[queue] = None
                elif queue.woken <= waiter.seen:
                    queue.due = 0
                if not found:
                    queue.empty_at = max(queue.empty_at, waiter.called_at)
            calls = self._next()
        _call(calls)

    def leave(self, waiter: Waiter) -> None:
        """Take a poll out. Where it was called and has not fetched, another one is."""
        with self._lock:
            queue, waiter.queue, waiter.call = waiter.queue, None, _nobody
            if queue is None:
                return
            if waiter.is_fetching:
                queue.due = max(queue.due, 1)
                self._due[queue] = None
            self._give_back(waiter)
            self._count -= 1
            self._in_threads -= waiter.holds_thread
            self._instruments.waiting_polls.dec()
            del queue.waiters[waiter]
            if not queue.waiters:
                self._close(queue)
            calls = self._next()
        _call(calls)

    def _close(self, queue: WaitQueue) -> None:
        # Topics come from requests: those nobody waits for must not pile up.
        del self._queues[queue.wants]
        self._due.pop(queue, None)
        for topic in queue.topics:
            queues = self._of_topic[topic]
            del queues[queue]
            if not queues:
                del self._of_topic[topic]

    def hang_up(self, waiter: Waiter) -> None:
        """Its client has gone: it is called to end."""
        with self._lock:
            waiter.is_gone = True
            calls = _dismissed([waiter])
        _call(calls)

    def _cancelled(self, worker_id: str) -> list[Waiter]:
        """The polls of a worker that wait, which have to end."""
        found = [w for w in self._waiters() if w.worker_id == worker_id]
        for waiter in found:
            waiter.is_cancelled = True
        return _dismissed(found)

    def _waiters(self) -> Iterable[Waiter]:
        return (waiter for queue in self._queues.values() for waiter in queue.waiters)

    # -- of all -----------------------------------------------------------------------

    def topics(self) -> list[str]:
        """Those that polls wait for."""
        with self._lock:
            return list(self._of_topic)

    def wake(self, topics: Mapping[str, int] | None) -> None:
        """Call polls for tasks that are there.

        Args:
            topics: how many tasks of each; None to let the first of each queue fetch.
        """
        with self._lock:
            self.wakes += 1
            if topics is None:
                topics = dict.fromkeys(self._of_topic, 1)
            for topic, count in topics.items():
                for queue in self._of_topic.get(topic, ()):
                    queue.woken = self.wakes
                    queue.due = min(queue.due + count, len(queue.waiters))
                    self._due[queue] = None
            calls = self._next()
        _call(calls)

    def expire(self, waiters: Iterable[Waiter]) -> None:
        """The time of some polls is up: each fetches once more."""
        with self._lock:
            for waiter in waiters:
                waiter.is_over = True
                if not waiter.is_called:
                    self._over.append(waiter)
            calls = self._next()
        _call(calls)

    def stop(self) -> None:
        """Call every poll, to end."""
        with self._lock:
            self.is_stopping = True
            calls = _dismissed(self._waiters())
        _call(calls)

    # -- turns ------------------------------------------------------------------------

    def _next(self) -> list[Waiter]:
        """Those whose turn it is to fetch, as far as places are free."""
        found = []
        while self._fetching < self.limits.fetches:
            waiter = self._expired() or self._wanted()
            if waiter is None:
                break
            waiter.is_called = waiter.is_fetching = True
            waiter.seen, waiter.called_at = self.wakes, time.monotonic()
            self._fetching += 1
            found.append(waiter)
        return found

    def _expired(self) -> Waiter | None:
        while self._over:
            waiter = self._over.popleft()
            if waiter.queue is not None and not waiter.is_called:
                return waiter
        return None

    def _wanted(self) -> Waiter | None:
        while self._due:
            queue = next(iter(self._due))
            del self._due[queue]
            waiter = queue.first() if queue.due else None
            # Where all have been called, the first that comes back to rest is called again.
            if waiter is not None:
                queue.due -= 1
                if queue.due:
                    self._due[queue] = None  # behind the others
                return waiter
        return None

    def _give_back(self, waiter: Waiter) -> None:
        if waiter.is_fetching:
            waiter.is_fetching = False
            self._fetching -= 1


def _dismissed(waiters: Iterable[Waiter]) -> list[Waiter]:
    """Those that have to be called to end; others that were called find it out by themselves."""
    found = [waiter for waiter in waiters if not waiter.is_called]
    for waiter in found:
        waiter.is_called = True
    return found


def _call(waiters: Iterable[Waiter]) -> None:
    for waiter in waiters:
        waiter.call()
