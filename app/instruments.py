"""What this process counts and measures for ``/metrics``.

The labels of each have few values: engines, routes and not paths, commands, outcomes. Under
gunicorn each process writes into files of a folder that they share, and whoever is asked adds them
up.

Source: docs/operating.md, "Metrics".
"""

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_ENGINE = ("engine",)

REQUESTS = Counter(
    "baton_requests", "Answers by route and status.", ("engine", "method", "route", "status")
)
REQUEST_SECONDS = Histogram(
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
TRANSACTION_STATEMENTS = Histogram(
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
    """What is counted for one engine, where there is one of each.

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
        self.transaction_statements = TRANSACTION_STATEMENTS.labels(engine)
        self.removed_instances = REMOVED_INSTANCES.labels(engine)
