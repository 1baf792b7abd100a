"""Long polling: a fetch that waits for tasks, outside of any transaction.

Source: contract 3.4; decision 6.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from app.errors import PollCancelledError
from app.logging import log
from app.store import Store

from . import external_tasks

QUERY_SECONDS = 1.0  # between two queries of a poll that no wake-up reaches
QUERY_SECONDS_ALONE = 0.1  # the same on SQLite, where a query is a read of the file
WARN_SECONDS = 60.0
_warned_at = 0.0
_WARNING = threading.Lock()


def fetch_and_lock(
    store: Store,
    *,
    async_response_timeout: int | None,
    is_connected: Callable[[], bool],
    **arguments: Any,
) -> list[dict[str, Any]]:
    """Fetch and lock, and when there is nothing wait for it.

    Args:
        async_response_timeout: milliseconds to wait at most; None, zero or less: not at all.
        is_connected: whether the client still waits for the answer; asked before each claim.
        arguments: those of `external_tasks.fetch_and_lock`.

    Returns:
        the tasks; an empty list when there were none in time.

    Raises:
        PollCancelledError: a newer poll of the same worker has taken its place.
    """
    found = external_tasks.fetch_and_lock(store, **arguments)
    if found or async_response_timeout is None or async_response_timeout <= 0:
        return found
    began = time.monotonic()
    deadline = began + async_response_timeout / 1000
    topics = [topic["topic_name"] for topic in arguments["topics"]]
    with store.wakeups.waiting(topics, arguments["worker_id"]) as waiter:
        # Each waiting poll holds a thread: others must be left for those who complete.
        if waiter is None:
            store.instruments.refused_polls.inc()
            _warn(store)
            return []
        pause = 0.0  # the first query is for tasks that came before the waiter was registered
        while not store.wakeups.is_stopping:
            left = deadline - time.monotonic()
            woken = waiter.wait(max(0.0, min(left, pause)))
            pause = QUERY_SECONDS if store.has_notifications else QUERY_SECONDS_ALONE
            if waiter.is_cancelled:
                raise PollCancelledError
            # A client that is gone would leave its tasks locked for nobody.
            if store.wakeups.is_stopping or not is_connected():
                return []
            # Most looks are a query without locks; at the end the claim itself is tried once more.
            if woken or left <= pause or external_tasks.may_fetch(store, topics):
                found = external_tasks.fetch_and_lock(store, **arguments)
            if found:
                _note_delay(store, found, arguments["topics"], time.monotonic() - began)
            if found or time.monotonic() >= deadline:
                return found
    return []


def _note_delay(
    store: Store, found: list[dict[str, Any]], topics: list[dict[str, Any]], waited: float
) -> None:
    """Measure how long the tasks that a poll waited for had to wait for it.

    By the clock of the transactions that made and locked them, which is the database's; tasks
    that were there before the poll, locked by others or hidden, tell nothing of wake-ups.
    """
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
    log.warning(
        "too many waiting polls: further ones are answered at once; raise THREADS",
        most=store.wakeups.most,
    )
