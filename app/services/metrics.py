"""Metrics: what the processes have counted.

Source: contract 10.7; Camunda 7 ``MetricsQueryImpl``.
"""

from datetime import datetime
from typing import Any

from app.engine.history import metrics
from app.errors import EngineError
from app.filters import LONG
from app.store import Store
from app.store.commands import metrics as commands

from . import user_operations
from .retrying import repeated

MOST = 200  # rows of a list
SECONDS = 900  # of an interval that nobody names


def report(store: Store) -> None:
    """Write down what this process has counted."""
    counts = store.meters.take()
    # Nothing was counted: a process that idles writes no rows.
    if not counts:
        return
    try:
        _report(store, counts)
    # Counts that could not be written down count on with the next ones.
    except BaseException:
        store.meters.add(counts)
        raise


@repeated
def _report(store: Store, counts: dict[str, int]) -> None:
    with store.transaction() as tx:
        commands.add(tx, counts)


def total(
    store: Store, name: str, *, start_date: datetime | None, end_date: datetime | None
) -> int:
    """The total of a metric; what this process has not written down yet counts now."""
    # Some names of the API are older than what is counted under them.
    stored = metrics.STORED_NAMES.get(name, name)
    with store.viewing() as connection:
        if stored == metrics.TASK_WORKERS:
            return commands.task_workers(connection, start_date, end_date)
        written = commands.total(connection, stored, start_date, end_date)
    # A count not written down yet is of now: it belongs to no span that has ended.
    is_past = end_date is not None and end_date <= store.clock()
    return written if is_past else written + store.meters.of(stored)


def by_interval(
    store: Store,
    *,
    name: str | None,
    reporter: str | None,
    start_date: datetime | None,
    end_date: datetime | None,
    interval: int | None,
    is_by_reporter: bool,
    first_result: int | None,
    max_results: int | None,
) -> list[dict[str, Any]]:
    """The counts written down, by intervals of so many seconds, the latest first.

    Raises:
        EngineError: more rows are asked for than there may be, or the interval has no length.
    """
    most = MOST if max_results is None else max_results
    if most > MOST:
        raise EngineError(f"Metrics interval query row limit can't be set larger than {MOST}.")
    # The sign of an interval cancels out in the reference engine's statement.
    seconds = SECONDS if interval is None else min(abs(interval), LONG[1])
    if not seconds:
        raise EngineError("interval is not greater than 0")
    # Answered under the names that are asked for, not under those of the table.
    known = {stored: public for public, stored in metrics.STORED_NAMES.items()}
    with store.viewing() as connection:
        found = commands.by_interval(
            connection,
            name=None if name is None else metrics.STORED_NAMES.get(name, name),
            reporter=reporter,
            start=start_date,
            end=end_date,
            seconds=seconds,
            is_by_reporter=is_by_reporter,
            first_result=max(0, first_result or 0),
            max_results=max(0, most),
        )
    return [{**row, "name": known.get(row["name"], row["name"])} for row in found]


@repeated
def forget_task_workers(store: Store, *, date: datetime | None) -> None:
    """Delete what tells of the assignees of tasks before a date, or of all."""
    with store.transaction() as tx:
        changes: user_operations.Changes = (
            user_operations.NO_PROPERTY if date is None else {"timestamp": (None, date)}
        )
        user_operations.note(tx, "Delete", "TaskMetrics", changes)
        commands.forget_task_workers(tx, date)
