"""The counters, gauges and histograms of this process for ``/metrics``.

The labels of each have few values: engines, routes and not paths, commands, outcomes. Under
gunicorn each process writes into files of a folder that they share, and the one that is asked adds
them up.

Counts for each request of a worker are only noted, by one append, and written into the files some
time later (`settle`): a counter of a file costs ten times as much as the rest of it.

Source: docs/operating.md, "Metrics".
"""

import bisect
import contextlib
import functools
import threading
from collections import Counter as Tally
from collections import deque
from collections.abc import Callable, Iterable

from prometheus_client import Counter, Gauge, Histogram


class Distribution(Histogram):
    """A histogram that takes many values at once."""

    def add(self, values: Iterable[float]) -> None:
        """Observe all of them."""
        found = list(values)
        self._sum.inc(sum(found))
        bounds = self._upper_bounds
        # By bucket, for each call of it writes into the file.
        for place, count in Tally(bisect.bisect_left(bounds, value) for value in found).items():
            self._buckets[place].inc(count)


class Notes:
    """Values that are noted where it has to be cheap, by any thread, and added up later.

    Args:
        add: takes the values that were noted since the last time.
    """

    __slots__ = ("_add", "_values")

    def __init__(self, add: Callable[[list[float]], None]) -> None:
        self._add = add
        self._values: deque[float] = deque()
        _NOTES.append(self)

    def note(self, value: float) -> None:
        """Note a value."""
        self._values.append(value)
        if len(self._values) >= MOST_NOTED:  # where nothing settles now and then
            settle()

    def settle(self) -> None:
        """Add up what was noted; one thread at a time."""
        values = self._values
        # As many as there were: other threads go on noting, and a loop until none is left might not
        # end.
        found = [values.popleft() for _ in range(len(values))]
        if found:
            self._add(found)


def counting(counter: Counter) -> Notes:
    """Notes of what happened, and how often, for a counter."""
    return Notes(lambda found: counter.inc(sum(found)))


MOST_NOTED = 1_000
_NOTES: list[Notes] = []
_SETTLING = threading.Lock()


def settle() -> None:
    """Write all that was noted to where the metrics are read from."""
    # One at a time, or two could each take half of the notes and write over each other.
    with _SETTLING:
        for notes in _NOTES:
            # a file of the metrics may be full or gone, which no request has to know
            with contextlib.suppress(OSError):
                notes.settle()


SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
# As a label and no name of a metric, so that engines can be added up.
_ENGINE = ("engine",)

REQUESTS = Counter(
    "baton_requests", "Answers by route and status.", ("engine", "method", "route", "status")
)
REQUEST_SECONDS = Distribution(
    "baton_request_seconds",
    "Seconds until the answer is there; long polls include their wait.",
    ("engine", "method", "route"),
    buckets=SECONDS,
)
COMMANDS = Counter(
    "baton_external_task_commands",
    "What workers reported: complete, failure, bpmnError, by outcome.",
    ("engine", "command", "outcome"),
)
WAITING_POLLS = Gauge(
    "baton_waiting_polls", "Long polls that wait now.", _ENGINE, multiprocess_mode="livesum"
)
REFUSED_POLLS = Counter("baton_refused_polls", "Polls answered at once: too many waited.", _ENGINE)
WAKE_UP_SECONDS = Histogram(
    "baton_wake_up_seconds",
    "Seconds from the making of a task to its lock by a poll that waited for it.",
    _ENGINE,
    buckets=SECONDS,
)
POOL_IN_USE = Gauge(
    "baton_pool_in_use",
    "Database connections that are in use.",
    _ENGINE,
    multiprocess_mode="livesum",
)
POOL_SIZE = Gauge(
    "baton_pool_size",
    "Database connections that there may be.",
    _ENGINE,
    multiprocess_mode="livesum",
)
POOL_WAIT_SECONDS = Histogram(
    "baton_pool_wait_seconds",
    "Seconds that a transaction waited because every connection was in use.",
    _ENGINE,
    buckets=SECONDS,
)
POOL_TIMEOUTS = Counter(
    "baton_pool_timeouts", "Transactions that got no connection in time.", _ENGINE
)
TRANSACTION_STATEMENTS = Distribution(
    "baton_transaction_statements",
    "Statements of the transactions that wrote, BEGIN and COMMIT included.",
    _ENGINE,
    buckets=(4, 6, 8, 10, 12, 14, 20, 30, 50, 100, 1000),
)
CONFLICTS = Counter(
    "baton_conflicts",
    "Commands repeated because another transaction was there.",
    ("engine", "command"),
)
JOBS = Counter("baton_jobs_run", "Jobs that were run, by outcome.", ("engine", "outcome"))
INCIDENTS = Counter(
    "baton_incidents_created", "Incidents that came up, by type.", ("engine", "type")
)
REMOVED_INSTANCES = Counter(
    "baton_history_removed_instances",
    "Instances whose history was removed, its time being up.",
    _ENGINE,
)


class Instruments:
    """The instruments that each engine has of its own.

    Args:
        engine: its name.
    """

    def __init__(self, engine: str) -> None:
        self.waiting_polls = WAITING_POLLS.labels(engine)
        self.refused_polls = REFUSED_POLLS.labels(engine)
        self.wake_up_seconds = WAKE_UP_SECONDS.labels(engine)
        self.pool_in_use = POOL_IN_USE.labels(engine)
        self.pool_size = POOL_SIZE.labels(engine)
        self.pool_wait_seconds = POOL_WAIT_SECONDS.labels(engine)
        self.pool_timeouts = POOL_TIMEOUTS.labels(engine)
        self.statements = Notes(TRANSACTION_STATEMENTS.labels(engine).add)
        self.removed_instances = REMOVED_INSTANCES.labels(engine)


@functools.cache
def instruments_of(engine: str) -> Instruments:
    """The instruments of an engine in this process."""
    return Instruments(engine)
