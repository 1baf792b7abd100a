"""The gauges of the database, by which an operator's alarms go.

Each statement reads entries of one index: of the tasks and incidents that are there, and of no more
than `MOST` jobs and ended instances.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, case, func, null, or_, select, text

from app.models.history import historic_process_instance
from app.models.runtime import external_task, incident, job
from app.store.connections.database import from_milliseconds
from app.store.connections.dialects import StatementClock

MOST = 100_000  # of what is only counted so far: that it is very many is enough to know
task, instance = external_task.c, historic_process_instance.c
NOW = StatementClock()
# word for word as the partial indexes have it (ix_external_task_fetch, ix_external_task_expiry,
# ix_external_task_failed, ix_job_due): SQLite compares texts
_FREE = text("NOT is_locked AND NOT is_suspended AND (retries IS NULL OR retries > 0)")
_HAS_RETRIES = or_(task.retries.is_(None), task.retries > 0)
_LOCKED, _FAILED = text("is_locked"), text("retries = 0")
_RUNS = text("retries > 0 AND NOT is_suspended")


class Tasks(NamedTuple):
    """The external tasks of a topic.

    Attributes:
        open: free to be locked, those with a lock that has expired included.
        locked: by a worker, or hidden until the next try.
        failed: without retries.
        oldest: seconds since the oldest one was made that is open.
    """

    open: int = 0
    locked: int = 0
    failed: int = 0
    oldest: float = 0.0


class Backlog(NamedTuple):
    """The number of waiting rows, `MOST` at most, and the age of the oldest in seconds."""

    number: int
    seconds: float


class Gauges(NamedTuple):
    """All of it."""

    tasks: dict[str, Tasks]
    jobs: Backlog
    incidents: dict[str, int]
    history: Backlog


TASKS_FREE = (
    select(task.topic_name, func.count(), func.min(task.create_time))
    .where(_FREE)
    .group_by(task.topic_name)
)
TASKS_LOCKED = (
    select(
        task.topic_name,
        func.count(case((task.lock_expiration_time > NOW, 1))),
        func.count(case((and_(task.lock_expiration_time <= NOW, _HAS_RETRIES), 1))),
    )
    .where(_LOCKED)
    .group_by(task.topic_name)
)
TASKS_FAILED = select(task.topic_name, func.count()).where(_FAILED).group_by(task.topic_name)
INCIDENTS = select(incident.c.incident_type, func.count()).group_by(incident.c.incident_type)


def _at_most(column: Any, *conditions: Any) -> Select[*tuple[Any, ...]]:
    """How many rows there are, up to `MOST`, and the earliest of a column."""
    found = select(column).where(*conditions).order_by(column).limit(MOST).subquery()
    return select(func.count(), func.min(found.c[0]))


JOBS_DUE = _at_most(job.c.due_date, _RUNS, job.c.due_date <= NOW)
# their ids grow with time, so that the first is the oldest
JOBS_AT_ONCE = select(func.count(), func.min(text("id"))).select_from(
    select(job.c.id)
    .where(_RUNS, job.c.due_date.is_(None))
    .order_by(job.c.due_date, job.c.id)
    .limit(MOST)
    .subquery()
)
HISTORY = _at_most(
    instance.removal_time, instance.removal_time <= NOW, instance.end_time.is_not(null())
)
STATEMENTS = TASKS_FREE, TASKS_LOCKED, TASKS_FAILED, JOBS_DUE, JOBS_AT_ONCE, INCIDENTS, HISTORY


def read(connection: Connection) -> Gauges:
    """Read all of it."""
    now = _timestamp(connection.execute(select(NOW)).scalar())
    tasks: dict[str, Tasks] = {}
    for topic, count, oldest in connection.execute(TASKS_FREE):
        # A metric's label is a text: no topic is the empty one.
        tasks[topic or ""] = Tasks(open=count, oldest=_since(now, oldest))
    # A lock that has expired is cleared by the next fetch alone, so that it counts as open here.
    for topic, locked, expired in connection.execute(TASKS_LOCKED):
        known = tasks.get(topic or "", Tasks())
        tasks[topic or ""] = known._replace(open=known.open + expired, locked=locked)
    for topic, failed in connection.execute(TASKS_FAILED):
        tasks[topic or ""] = tasks.get(topic or "", Tasks())._replace(failed=failed)
    return Gauges(
        tasks,
        _jobs(connection, now),
        dict(map(tuple, connection.execute(INCIDENTS))),
        _backlog(now, *connection.execute(HISTORY).one()),
    )


def _jobs(connection: Connection, now: datetime | None) -> Backlog:
    """The jobs that are due, by their date or at once."""
    due = _backlog(now, *connection.execute(JOBS_DUE).one())
    count, oldest_id = connection.execute(JOBS_AT_ONCE).one()
    if not count:
        return due
    made = connection.execute(select(job.c.create_time).where(job.c.id == oldest_id)).scalar()
    return Backlog(due.number + count, max(due.seconds, _since(now, made)))


def _backlog(now: datetime | None, count: int, oldest: Any) -> Backlog:
    return Backlog(count, _since(now, oldest))


def _since(now: datetime | None, timestamp: Any) -> float:
    """The seconds since a timestamp; 0 where there is none."""
    found = _timestamp(timestamp)
    if found is None or now is None:
        return 0.0
    # Not below zero: a row may be a little younger than the clock that was read before.
    return max(timedelta(0), now - found).total_seconds()


def _timestamp(value: Any) -> datetime | None:
    """A timestamp of a row: the driver of SQLite leaves what is computed as it is."""
    return value if value is None or isinstance(value, datetime) else from_milliseconds(value)
