"""The counts of the operator's page: a statement each, over the rows that a user sees.

Source: decision 21.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, and_, func, not_, or_, select
from sqlalchemy.sql import ColumnElement

from app.models.history import historic_activity_instance, historic_external_task_log
from app.models.runtime import execution, external_task, incident, job, task

from .base import Condition, Filters, Listing, View
from .external_task_logs import ENTRIES
from .external_tasks import NOW

COLUMNS = {  # what rows are counted by
    "process_instance": execution.c.process_definition_id,
    "external_task": external_task.c.process_definition_id,
    "task": task.c.process_definition_id,
    "incident": incident.c.process_definition_id,
    "job": job.c.process_definition_id,
}
LAST = 1000  # rows of the log of external tasks in which workers are looked for
LENGTH = 200  # characters of a message by which incidents are alike
_COUNT = func.count()
_SUMS = ("open", "locked", "failed")
t, i, e, j = external_task.c, incident.c, execution.c, job.c


@contextmanager
def counting(connection: Connection) -> Iterator[None]:
    """Let PostgreSQL read whole tables, which is the best way to count all of their rows.

    Connections are told to take indexes wherever they can; against the price that a whole table
    has then, sorting all of its rows looks as cheap as counting them by a hash.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    with driver.transaction():
        # LOCAL: behind the transaction the connection is as every statement expects it.
        driver.execute("SET LOCAL enable_seqscan = on")
        yield


def _timestamp(value: Any) -> datetime | None:
    """A timestamp that was computed: of a column that has no type, SQLite answers a number."""
    if isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, UTC)
    found: datetime | None = value
    return found


def by_definition(
    connection: Connection, listing: Listing, filters: Filters | None = None
) -> dict[str, int]:
    """How many rows of a list there are of each definition that has any."""
    column = COLUMNS[listing.name]
    rows = connection.execute(listing.grouped(filters or {}, [column], [_COUNT]))
    return {row[0]: row[1] for row in rows if row[0] is not None}


def incidents(connection: Connection, listing: Listing) -> tuple[dict[str, int], dict[str, int]]:
    """How many incidents each definition has, and how many of its instances have any."""
    numbers = [_COUNT, func.count(i.process_instance_id.distinct())]
    # In the order of ix_incident_definition.
    rows = connection.execute(listing.grouped({}, [i.process_definition_id], numbers))
    # Incidents of batches belong to no definition.
    known = [row for row in rows if row[0] is not None]
    return {row[0]: row[1] for row in known}, {row[0]: row[2] for row in known}


def topics(connection: Connection, listing: Listing) -> tuple[list[View], dict[str, int]]:
    """The topics of the list of external tasks, with the counts and the holders of their tasks.

    One statement counts by topic, worker and definition: to look at each task twice would take
    twice as long. What is of one topic is added up here.

    Returns:
        the topics, and how many external tasks each definition has.
    """
    is_failed = and_(t.retries.is_not(None), t.retries <= 0)
    # NULL, of a task that was never locked, would be neither counted nor left out.
    has_lock = func.coalesce(t.lock_expiration_time > NOW, False)
    keys = [
        t.topic_name.label("topic_name"),
        t.worker_id.label("worker_id"),
        t.process_definition_id.label("process_definition_id"),
    ]
    numbers = [
        _COUNT.label("tasks"),
        _COUNT.filter(and_(has_lock, not_(is_failed))).label("locked"),
        _COUNT.filter(is_failed).label("failed"),
        func.min(t.create_time).filter(not_(or_(is_failed, has_lock))).label("oldest"),
        func.max(t.lock_expiration_time).label("until"),
    ]
    found: dict[str | None, View] = {}
    by_definition: dict[str, int] = {}
    for row in connection.execute(listing.grouped({}, keys, numbers)).mappings():
        definition_id = row["process_definition_id"]
        if definition_id is not None:
            by_definition[definition_id] = by_definition.get(definition_id, 0) + row["tasks"]
        nothing: View = {**dict.fromkeys(_SUMS, 0), "oldest": None, "workers": {}}
        _add(found.setdefault(row["topic_name"], {"topic_name": row["topic_name"], **nothing}), row)
    for topic in found.values():
        holders = topic["workers"].values()
        topic["workers"] = sorted(holders, key=lambda one: (-one["tasks"], one["worker_id"]))
    now = datetime.now(UTC)
    order = sorted(
        found.values(),
        key=lambda one: (-one["failed"], one["oldest"] or now, one["topic_name"] or ""),
    )
    return order, by_definition


def _add(topic: View, row: Mapping[Any, Any]) -> None:
    """Add what one worker has of one definition to a topic; what no worker holds is open."""
    topic["open"] += row["tasks"] - row["locked"] - row["failed"]
    topic["locked"] += row["locked"]
    topic["failed"] += row["failed"]
    topic["oldest"] = min(filter(None, (topic["oldest"], _timestamp(row["oldest"]))), default=None)
    worker_id, until = row["worker_id"], _timestamp(row["until"])
    if worker_id is not None and row["locked"]:
        one = topic["workers"].setdefault(
            worker_id, {"worker_id": worker_id, "tasks": 0, "until": until}
        )
        one["tasks"] += row["locked"]
        one["until"] = max(filter(None, (one["until"], until)))


def workers_seen(connection: Connection, listing: Listing) -> dict[str | None, list[View]]:
    """The workers last active at each topic, by the log of external tasks; the last one first.

    Only the last rows of all are looked at, whether the user sees them or not: to look for more
    would be to read the whole history.
    """
    written, log = historic_external_task_log.c, ENTRIES.c
    # From the end of ix_hi_external_task_log_time.
    last = select(written.id).order_by(written.timestamp.desc()).limit(LAST).scalar_subquery()
    keys = [log.topic_name.label("topic_name"), log.worker_id.label("worker_id")]
    query = listing.grouped({}, keys, [func.max(log.timestamp).label("at")])
    found: dict[str | None, list[View]] = {}
    for row in connection.execute(query.where(log.row_id.in_(last), log.worker_id.is_not(None))):
        seen = {"worker_id": row.worker_id, "at": _timestamp(row.at)}
        found.setdefault(row.topic_name, []).append(seen)
    for workers in found.values():
        workers.sort(key=lambda one: one["at"], reverse=True)
    return found


def incident_groups(
    connection: Connection, listing: Listing, filters: Filters, first: int, most: int
) -> list[View]:
    """Incidents that are alike: of one definition, activity, type and message; most at first."""
    keys = [
        i.process_definition_id.label("process_definition_id"),
        i.activity_id.label("activity_id"),
        i.incident_type.label("incident_type"),
        func.substr(i.incident_message, 1, LENGTH).label("incident_message"),
    ]
    numbers = [
        _COUNT.label("incidents"),
        func.min(i.incident_timestamp).label("oldest"),
        func.max(i.incident_timestamp).label("newest"),
    ]
    query = listing.grouped(filters, keys, numbers)
    order: list[ColumnElement[Any]] = [_COUNT.desc(), *keys]
    rows = connection.execute(query.order_by(*order).offset(first).limit(most)).mappings()
    times = ("oldest", "newest")
    return [{**row, **{name: _timestamp(row[name]) for name in times}} for row in rows]


def by_instance(
    connection: Connection, listing: Listing, instance_ids: Sequence[str]
) -> dict[str, int]:
    """How many incidents some instances have, of the list of incidents."""
    # By ix_incident_process_instance.
    query = listing.grouped({}, [i.process_instance_id], [_COUNT])
    rows = connection.execute(query.where(i.process_instance_id.in_(instance_ids)))
    return {row[0]: row[1] for row in rows}


def by_activity(
    connection: Connection, listing: Listing, column: ColumnElement[Any], *conditions: Condition
) -> dict[str, int]:
    """How many rows of a list are at each activity."""
    rows = connection.execute(listing.grouped({}, [column], [_COUNT]).where(*conditions))
    return {row[0]: row[1] for row in rows if row[0] is not None}


def at_activities(
    connection: Connection, listings: dict[str, Listing], owner: str, key: str
) -> dict[str, dict[str, int]]:
    """The counts at the activities of a definition, or of one instance.

    Args:
        listings: ``execution``, ``incident``, ``external_task``, ``task`` and ``job``, as the user
            sees them.
        owner: ``process_definition_id`` or ``process_instance_id``, which `key` is.
    """
    tokens = [e.is_active, not_(e.is_event_scope), e.activity_id.is_not(None)]
    # Of a definition by ix_execution_in_definition, ix_incident_definition,
    # ix_external_task_definition, ix_task_definition and ix_job_definition; of an instance by
    # ix_execution_process_instance, ix_incident_process_instance,
    # ix_external_task_process_instance, ix_task_process_instance and ix_job_process_instance.
    wanted: dict[str, tuple[ColumnElement[Any], list[Condition]]] = {
        "execution": (e.activity_id, tokens),
        "incident": (i.activity_id, []),
        "external_task": (t.activity_id, []),
        "task": (task.c.task_definition_key, []),
        "job": (j.activity_id, []),
    }
    found: dict[str, dict[str, int]] = {}
    for name, (column, conditions) in wanted.items():
        is_owned = column.table.c[owner] == key
        for activity_id, number in by_activity(
            connection, listings[name], column, is_owned, *conditions
        ).items():
            found.setdefault(activity_id, {})[name] = number
    return found


def visited(connection: Connection, listing: Listing, instance_id: str) -> dict[str, View]:
    """How often the activities of an instance were visited, and how many visits were canceled."""
    a = historic_activity_instance.c
    numbers = [_COUNT.label("visits"), _COUNT.filter(a.is_canceled).label("canceled")]
    query = listing.grouped({}, [a.activity_id.label("activity_id")], numbers)
    # By ix_hi_activity_instance_instance.
    rows = connection.execute(query.where(a.process_instance_id == instance_id)).mappings()
    return {row["activity_id"]: dict(row) for row in rows}


def up_to(connection: Connection, listing: Listing, filters: Filters, most: int) -> int:
    """How many rows a list has; `most` is the highest answer, and no more are looked at."""
    found = listing.limited(filters, most).subquery()
    return int(connection.execute(select(_COUNT).select_from(found)).scalar_one())
