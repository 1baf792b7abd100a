"""Reports of what has ended: how long it took, and how much it was.

A period is a month or a quarter of any year, as the reference engine has it, in UTC.

Source: contract 10.7; Camunda 7 ``HistoricProcessInstanceReportImpl``,
``HistoricTaskInstanceReportImpl``.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Integer, Select, cast, func, select
from sqlalchemy.sql import ColumnElement

from app.models.history import historic_process_instance, historic_task
from app.models.repository import process_definition

from .base import Condition, View

MONTHS = {"MONTH": 1, "QUARTER": 3}  # that a period has


def _period(start: ColumnElement[Any], unit: str, *, is_sqlite: bool) -> ColumnElement[int]:
    """The number of the period in which something began."""
    if is_sqlite:
        month = cast(func.strftime("%m", cast(start, Integer) // 1000, "unixepoch"), Integer)
    else:
        # In UTC on both databases, whatever the session's zone is.
        month = cast(func.extract("month", func.timezone("UTC", start)), Integer)
    # Rounded up: January to March are the first quarter.
    return (month + MONTHS[unit] - 1) // MONTHS[unit]


def _milliseconds(table: Any, *, is_sqlite: bool) -> ColumnElement[Any]:
    if is_sqlite:
        # SQLite keeps milliseconds as numbers; the cast takes off the type that would make dates of
        # them.
        return cast(table.end_time, Integer) - cast(table.start_time, Integer)
    return func.extract("epoch", table.end_time - table.start_time) * 1000


def _durations(
    connection: Connection, table: Any, unit: str, conditions: list[Condition]
) -> list[View]:
    """The shortest, the longest and the mean time that something took, by period."""
    is_sqlite = connection.dialect.name == "sqlite"
    period = _period(table.start_time, unit, is_sqlite=is_sqlite)
    took = _milliseconds(table, is_sqlite=is_sqlite)
    numbered = (
        select(period.label("period"), took.label("took"))
        .where(table.end_time.is_not(None), *conditions)
        .subquery()
    )
    found = numbered.c
    query: Select[Any] = (
        select(found.period, func.min(found.took), func.max(found.took), func.avg(found.took))
        .group_by(found.period)
        .order_by(found.period)
    )
    return [
        {
            "period": number,
            "period_unit": unit,
            "minimum": int(least),
            "maximum": int(most),
            "average": int(mean),
        }
        for number, least, most, mean in connection.execute(query)
    ]


def instance_durations(connection: Connection, unit: str, wanted: Mapping[str, Any]) -> list[View]:
    """How long instances took, by the period in which they were started.

    Args:
        wanted: ``process_definition_id_in``, ``process_definition_key_in``, ``started_before`` and
            ``started_after``, as far as they are given.
    """
    p = historic_process_instance.c
    # By ix_hi_process_instance_definition or ix_hi_process_instance_definition_key; without a
    # definition by ix_hi_process_instance_start, or by ix_hi_process_instance_end all that ended.
    names = ("process_definition_id", "process_definition_key")
    conditions: list[Condition] = [
        p[name].in_(wanted[f"{name}_in"]) for name in names if wanted.get(f"{name}_in")
    ]
    conditions += _between(p.start_time, "started", wanted)
    return _durations(connection, p, unit, conditions)


def _between(column: ColumnElement[Any], name: str, wanted: Mapping[str, Any]) -> list[Condition]:
    found: list[Condition] = []
    if wanted.get(f"{name}_before") is not None:
        found.append(column <= wanted[f"{name}_before"])
    if wanted.get(f"{name}_after") is not None:
        found.append(column >= wanted[f"{name}_after"])
    return found


def task_durations(connection: Connection, unit: str, wanted: Mapping[str, Any]) -> list[View]:
    """How long user tasks took, by the period in which they were created.

    Args:
        wanted: ``completed_before`` and ``completed_after``, as far as they are given.
    """
    t = historic_task.c
    # Reads all tasks: no index has their end, which each would have to write a second time.
    return _durations(connection, t, unit, _between(t.end_time, "completed", wanted))


def task_counts(
    connection: Connection, wanted: Mapping[str, Any], *, is_by_name: bool
) -> list[View]:
    """How many user tasks of processes have ended, by definition, or by their name as well.

    Args:
        wanted: as for `task_durations`.
    """
    t, d = historic_task.c, process_definition.c
    keys = [t.process_definition_id, t.process_definition_key, t.tenant_id]
    keys = [t.name, *keys] if is_by_name else keys
    # From ix_hi_task_definition, which has the tasks of processes before those without one.
    counted = (
        select(func.count().label("count"), *keys)
        .where(
            t.end_time.is_not(None),
            # Tasks that stand alone belong to no definition that they could be counted at.
            t.process_definition_id.is_not(None),
            *_between(t.end_time, "completed", wanted),
        )
        .group_by(*keys)
        .subquery()
    )
    query = (
        select(counted, d.name.label("process_definition_name"))
        .outerjoin_from(counted, process_definition, d.id == counted.c.process_definition_id)
        .order_by(counted.c.process_definition_id, *([counted.c.name] if is_by_name else []))
    )
    return [{**row, "task_name": row.get("name")} for row in connection.execute(query).mappings()]
