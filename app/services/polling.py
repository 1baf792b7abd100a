"""Long polling: a fetch that waits for tasks, outside of any transaction.

A poll that waits is an object in a queue of the store's. When it is called, a thread lets it fetch:
one that has waited for that, or any that the server gives it.

Source: contract 3.4; decisions 6 and 29.
"""

import threading
import time
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

from app.errors import PollCancelledError, UnavailableError
from app.logging import log
from app.store import Store
from app.store.connections.wait_queues import Waiter

from . import external_tasks

Views = list[dict[str, Any]]
ASK_SECONDS = 1.0  # between two checks of a waiting thread whether its client is still there
WARN_SECONDS = 60.0
_warned_at = 0.0
_WARNING = threading.Lock()
# fields of a topic that say nothing of which tasks it is given
_OF_ANSWER = {"lock_duration", "variables", "local_variables", "include_extension_properties"}


class Poll:
    """A fetch that has found nothing, and waits.

    Args:
        arguments: those of `external_tasks.fetch_and_lock`.
        is_connected: whether the client still waits for the answer; asked before each claim.
    """

    __slots__ = ("_arguments", "_began", "_error", "_found", "_is_connected", "_store", "_waiter")

    def __init__(
        self,
        store: Store,
        arguments: Mapping[str, Any],
        is_connected: Callable[[], bool],
        waiter: Waiter,
    ) -> None:
        self._store, self._arguments, self._waiter = store, arguments, waiter
        self._is_connected = is_connected
        self._began = time.monotonic()
        self._found: Views = []
        self._error: Exception | None = None

    def await_turn(self, call: Callable[[], None]) -> None:
        """Wait, for the first time or again.

        Args:
            call: asks for a thread that lets the poll `retry`; is called once, by any thread,
                perhaps before this returns.
        """
        self._waiter.call = call
        self._store.wakeups.queues.await_turn(self._waiter)

    def hang_up(self) -> None:
        """The client has gone: the poll is called, and ends."""
        self._store.wakeups.queues.hang_up(self._waiter)

    def leave(self) -> None:
        """Wait no longer."""
        self._store.wakeups.queues.leave(self._waiter)

    def retry(self) -> bool:
        """Fetch again; whether the poll is over, and has a result."""
        waiter, is_over = self._waiter, True
        try:
            is_over = self._is_ended() or self._fetch_again()
        except Exception as error:
            self._error = error
        finally:
            if is_over:
                self._store.wakeups.queues.leave(waiter)
        return is_over

    def _is_ended(self) -> bool:
        if self._waiter.is_cancelled:
            raise PollCancelledError
        # A client that is gone would leave its tasks locked for nobody.
        return self._store.wakeups.is_stopping or self._waiter.is_gone or not self._is_connected()

    def _fetch_again(self) -> bool:
        queues, waiter = self._store.wakeups.queues, self._waiter
        is_last = time.monotonic() >= waiter.deadline
        found: Views | None = None
        # Another poll of the queue has found nothing since the time was up: one fetch is enough for
        # all.
        if is_last and queues.is_known_empty(waiter):
            return True
        try:
            found = external_tasks.fetch_and_lock(self._store, **self._arguments)
        except UnavailableError:
            # It has not been answered that there is nothing, and its time is not up: who waits
            # gets the first tasks when the database is back, and a thousand clients that would try
            # again at once are not in its way (contract 3.4).
            if is_last:
                raise
            return False
        finally:
            count = None if found is None else len(found)
            # Also of a fetch that failed: whoever waits behind it must be called in its place.
            queues.note_result(waiter, count, self._arguments["max_tasks"])
        if found:
            _note_delay(self._store, found, self._arguments["topics"], self._began)
        self._found = found
        return is_last or bool(found)

    def wait(self) -> None:
        """Let this thread wait until the poll is over."""
        called = threading.Event()
        while True:
            self.await_turn(called.set)
            while not called.wait(ASK_SECONDS):
                if not self._is_connected():
                    self.hang_up()
            called.clear()
            if self.retry():
                return

    def result(self) -> Views:
        """The tasks fetched; an empty list when there was nothing in time.

        Raises:
            PollCancelledError: a newer poll of the same worker has taken its place.
            EngineError: the fetch has failed.
        """
        if self._error is not None:
            raise self._error
        return self._found


def begin(
    store: Store,
    *,
    async_response_timeout: int | None,
    is_connected: Callable[[], bool],
    holds_thread: bool,
    **arguments: Any,
) -> Views | Poll:
    """Fetch and lock; what has found nothing and may wait is a poll from then on.

    Args:
        async_response_timeout: milliseconds to wait at most; None, zero or less: not at all.
        is_connected: whether the client still waits for the answer.
        holds_thread: whether a thread will wait for it (`Poll.wait`).
        arguments: those of `external_tasks.fetch_and_lock`.
    """
    queues = store.wakeups.queues
    seen = queues.wakes  # before the fetch: what is made from here on must not be missed
    found = external_tasks.fetch_and_lock(store, **arguments)
    # A negative time is legal, and means not to wait (contract 3.4).
    if found or async_response_timeout is None or async_response_timeout <= 0:
        return found
    waiter = Waiter(
        wants=_wants(store, arguments),
        topics=frozenset(topic["topic_name"] for topic in arguments["topics"]),
        worker_id=arguments["worker_id"],
        deadline=time.monotonic() + async_response_timeout / 1000,
        seen=seen,
        holds_thread=holds_thread,
    )
    if not queues.enter(waiter):
        store.instruments.refused_polls.inc()
        _warn(store)
        return []
    # Behind `enter`: the timer calls only what waits in a queue.
    store.wakeups.timer.add(waiter)
    return Poll(store, arguments, is_connected, waiter)


def _wants(store: Store, arguments: Mapping[str, Any]) -> bytes:
    """The same for fetches of which each could take the other's tasks, however long they are."""
    topics = [
        sorted((name, value) for name, value in topic.items() if name not in _OF_ANSWER)
        for topic in arguments["topics"]
    ]
    said = repr((topics, arguments["max_tasks"] == 0, store.asked))
    return blake2b(said.encode(errors="surrogatepass"), digest_size=16).digest()


def _note_delay(store: Store, found: Views, topics: list[dict[str, Any]], began: float) -> None:
    """Measure how long the tasks that a poll waited for had to wait for it.

    By the clock of the transactions that made and locked them, which is the database's; tasks
    that were there before the poll, locked by others or hidden, tell nothing of wake-ups.
    """
    waited = time.monotonic() - began
    durations = {topic["topic_name"]: topic["lock_duration"] for topic in topics}
    for task in found:
        locked_at = task["lock_expiration_time"] - durations[task["topic_name"]]
        seconds = (locked_at - task["create_time"]).total_seconds()
        if task["lock_count"] == 1 and 0 <= seconds <= waited:
            store.instruments.wake_up_seconds.observe(seconds)


def _warn(store: Store) -> None:
    """Say, once a minute, that more polls came than may wait."""
    global _warned_at
    with _WARNING:
        now = time.monotonic()
        if now - _warned_at < WARN_SECONDS and _warned_at:
            return
        _warned_at = now
    limits = store.wakeups.queues.limits
    log.warning(
        "too many waiting polls: further ones are answered at once; raise MAX_POLLS",
        most=limits.polls,
        in_threads=limits.in_threads,
    )
