"""Metrics: written down now and then, summed up, and forgotten.

Source: contract 10.7; Camunda 7 ``MeterLogManager``.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    null,
    select,
)
from sqlalchemy.sql import ColumnElement

from app.models.base import Timestamp
from app.models.monitoring import metric, task_worker
from app.store.connections.dialects import Compiled, Given, Variants

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

# Adds one row.
_ADD_COUNT = Compiled(
    lambda: insert(metric).values(
        id=bindparam("id", type_=Text),
        name=bindparam("name", type_=Text),
        reporter=bindparam("reporter", type_=Text),
        timestamp=bindparam("timestamp", type_=Timestamp()),
        value=bindparam("value", type_=BigInteger),
    )
)


def add(tx: "Transaction", counts: Mapping[str, int]) -> None:
    """Write down what this process has counted since it was written down last."""
    for name, value in counts.items():
        tx.sql.run(
            _ADD_COUNT,
            id=tx.new_id(),
            name=name,
            reporter=tx.hostname,
            timestamp=tx.now,
            value=value,
        )


def _between(
    column: ColumnElement[Any], start: datetime | None, end: datetime | None
) -> list[ColumnElement[bool]]:
    found = [] if start is None else [column >= start]
    # Without the end, so that spans that follow each other count nothing twice.
    return found if end is None else [*found, column < end]


def total(connection: Connection, name: str, start: datetime | None, end: datetime | None) -> int:
    """The sum of a metric's stored counts in a span of time."""
    query = select(func.coalesce(func.sum(metric.c.value), 0)).where(
        metric.c.name == name, *_between(metric.c.timestamp, start, end)
    )
    return int(connection.execute(query).scalar_one())


def task_workers(connection: Connection, start: datetime | None, end: datetime | None) -> int:
    """How many users became the assignee of a task in a span of time."""
    query = select(func.count(task_worker.c.user_hash.distinct())).where(
        *_between(task_worker.c.timestamp, start, end)
    )
    return int(connection.execute(query).scalar_one())


def _epoch(connection: Connection) -> ColumnElement[Any]:
    """The seconds since 1970 at which something was counted."""
    if connection.dialect.name == "sqlite":
        return cast(metric.c.timestamp, Integer) // 1000  # which stores milliseconds
    return cast(func.floor(func.extract("epoch", metric.c.timestamp)), BigInteger)


def by_interval(
    connection: Connection,
    *,
    name: str | None,
    reporter: str | None,
    start: datetime | None,
    end: datetime | None,
    seconds: int,
    is_by_reporter: bool,
    first_result: int,
    max_results: int,
) -> list[dict[str, Any]]:
    """The sums of metrics in intervals of so many seconds, the latest first.

    Args:
        is_by_reporter: False for the sum over all reporters.
    """
    m = metric.c
    # Intervals count from 1970, so that those of two questions have the same limits.
    interval = (_epoch(connection) // seconds).label("interval")
    source = m.reporter if is_by_reporter else null()
    wanted = [
        column == value
        for column, value in ((m.name, name), (m.reporter, reporter))
        if value is not None
    ]
    rows = select(interval, m.name, source.label("reporter"), m.value)
    # In a subquery, so that what is grouped by is a column: PostgreSQL takes two equal expressions
    # with parameters for two.
    found = rows.where(*wanted, *_between(m.timestamp, start, end)).subquery().c
    keys = found.interval, found.name, found.reporter
    query = (
        select(*keys, func.sum(found.value).label("value"))
        .group_by(*keys)
        .order_by(found.interval.desc(), found.name, found.reporter)
        .limit(max_results)
        .offset(first_result)
    )
    return [
        {
            "timestamp": datetime.fromtimestamp(0, UTC) + timedelta(seconds=row[0] * seconds),
            "name": row[1],
            "reporter": row[2],
            "value": int(row[3]),
        }
        for row in connection.execute(query)
    ]


def _forget(given: Given) -> Any:
    statement = delete(task_worker)
    if "date" in given:
        statement = statement.where(task_worker.c.timestamp < bindparam("date", type_=Timestamp()))
    return statement


# By ix_task_worker_time; without a date the whole table goes.
_FORGET_TASK_WORKERS = Variants(_forget)


def forget_task_workers(tx: "Transaction", date: datetime | None) -> None:
    """Delete what tells of the assignees before a date, or of all."""
    given = () if date is None else ("date",)
    tx.sql.run(_FORGET_TASK_WORKERS.given(given), **({} if date is None else {"date": date}))
