"""How many instances, failed jobs and incidents there are, by definition and by activity.

Each is a few statements, whatever the number of definitions, activities and instances.

Source: contract 10.2; Camunda 7 ``StatisticsManager``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, not_, or_, select
from sqlalchemy.sql import ColumnElement

from app.engine.history.history import OPEN, REMOVED, RESOLVED
from app.models.history import (
    historic_activity_instance,
    historic_incident,
    historic_process_instance,
)
from app.models.repository import process_definition
from app.models.runtime import execution, incident, job

from .base import Condition, View

_COUNT = func.count()


def of_activities(
    connection: Connection,
    definition_id: str,
    seen: Mapping[str, Sequence[Condition]],
    *,
    has_failed_jobs: bool,
    has_incidents: bool,
    incident_type: str | None,
) -> list[View]:
    """The counts at the activities of a definition; activities without any are left out.

    Args:
        seen: what is true of the executions, jobs and incidents that the user sees.
        incident_type: incidents of this type only.
    """
    e, j, i = execution.c, job.c, incident.c
    # By ix_execution_in_definition, ix_job_definition and ix_incident_definition.
    # Active executions at an activity: scopes above a token are inactive, and would count it twice.
    waits = e.is_active, not_(e.is_event_scope), e.activity_id.is_not(None), *seen["execution"]
    found = _Counts()
    found.add("instances", _counted(connection, e.activity_id, _of(e, definition_id), *waits))
    if has_failed_jobs:
        # A job that is tried again has not failed yet.
        failed = j.retries == 0, j.activity_id.is_not(None), *seen["job"]
        found.add(
            "failed_jobs", _counted(connection, j.activity_id, _of(j, definition_id), *failed)
        )
    if has_incidents or incident_type is not None:
        wanted = [_of(i, definition_id), i.activity_id.is_not(None), *seen["incident"]]
        if incident_type is not None:
            wanted.append(i.incident_type == incident_type)
        found.add_incidents(_by_type(connection, i.activity_id, *wanted))
    return found.views()


def _of(columns: Any, definition_id: str) -> Condition:
    return columns.process_definition_id == definition_id  # type: ignore[no-any-return]


def _counted(
    connection: Connection, column: ColumnElement[Any], *conditions: Condition
) -> Iterable[tuple[str, int]]:
    query = select(column, _COUNT).where(*conditions).group_by(column)
    return [(row[0], row[1]) for row in connection.execute(query)]


def _by_type(
    connection: Connection, column: ColumnElement[Any], *conditions: Condition
) -> list[tuple[str, str, int]]:
    """The numbers of incidents, by a column and their type."""
    query = (
        select(column, incident.c.incident_type, _COUNT)
        .where(*conditions)
        .group_by(column, incident.c.incident_type)
        .order_by(column, incident.c.incident_type)
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


class _Counts:
    """Views with numbers, by the id of what they count at."""

    def __init__(self) -> None:
        self._views: dict[str, View] = {}

    def _at(self, key: str) -> View:
        none: View = {"id": key, "instances": 0, "failed_jobs": 0, "incidents": []}
        return self._views.setdefault(key, none)

    def add(self, name: str, counted: Iterable[tuple[str, int]]) -> None:
        for key, number in counted:
            self._at(key)[name] = number

    def add_incidents(self, counted: Iterable[tuple[str, str, int]]) -> None:
        for key, type_, number in counted:
            self._at(key)["incidents"].append({"incident_type": type_, "incident_count": number})

    def views(self) -> list[View]:
        # Sorted by bytes, so that both databases answer in one order.
        return [self._views[key] for key in sorted(self._views)]


def of_definitions(
    connection: Connection,
    seen: Sequence[Condition],
    *,
    has_failed_jobs: bool,
    has_incidents: bool,
    has_root_incidents: bool,
    incident_type: str | None,
) -> list[View]:
    """The counts of each definition, in each of its versions.

    Args:
        seen: what is true of the definitions that the user sees.
        has_root_incidents: only incidents that arose in the instances themselves.
        incident_type: incidents of this type only.
    """
    e, j, i = execution.c, job.c, incident.c
    found = _Counts()
    # In the order of ix_execution_in_definition, ix_job_definition and ix_incident_definition.
    # Counted for all definitions, seen or not: which are seen is decided once, with the
    # definitions.
    instances = _counted(connection, e.process_definition_id, e.parent_id.is_(None))
    found.add("instances", instances)
    if has_failed_jobs:
        failed = _counted(
            connection,
            j.process_definition_id,
            j.retries == 0,
            j.process_definition_id.is_not(None),
        )
        found.add("failed_jobs", failed)
    if has_incidents or has_root_incidents or incident_type is not None:
        wanted: list[Condition] = [i.process_definition_id.is_not(None)]
        if has_root_incidents:
            # Incidents are handed on to callers: only the first of such a chain is its own root
            # cause.
            wanted.append(i.root_cause_incident_id == i.id)
        if incident_type is not None:
            wanted.append(i.incident_type == incident_type)
        found.add_incidents(_by_type(connection, i.process_definition_id, *wanted))
    counts = {view["id"]: view for view in found.views()}
    none: View = {"instances": 0, "failed_jobs": 0, "incidents": []}
    query = select(process_definition).where(*seen).order_by(process_definition.c.id)
    return [
        {**counts.get(row["id"], none), "id": row["id"], "definition": dict(row)}
        for row in connection.execute(query).mappings()
    ]


_INCIDENTS = {"open_incidents": OPEN, "resolved_incidents": RESOLVED, "deleted_incidents": REMOVED}


def of_history(
    connection: Connection, definition_id: str, seen: Sequence[Condition], wanted: View
) -> list[View]:
    """How often each activity of a definition was visited.

    Args:
        seen: what is true of the instances that the user sees.
        wanted: the flags ``canceled``, ``finished``, ``complete_scope`` and ``incidents``, of
            which each adds to those that go on; ``process_instance_id_in``; and the dates
            ``started_before`` and so on, which are those of the instances.
    """
    a, p = historic_activity_instance.c, historic_process_instance.c
    instances = [*_instances(definition_id, wanted), *seen]
    extras = {
        "canceled": a.is_canceled,
        "finished": a.end_time.is_not(None),
        "complete_scope": a.is_complete_scope,
    }
    asked = {name: condition for name, condition in extras.items() if wanted.get(name)}
    runs = a.end_time.is_(None)
    # The instances by ix_hi_process_instance_definition, what was done in them by
    # ix_hi_activity_instance_instance.
    if not asked:  # what goes on is in instances that go on, which are few
        instances.append(p.end_time.is_(None))
    numbers = [_COUNT.filter(runs).label("instances")]
    numbers += [_COUNT.filter(condition).label(name) for name, condition in asked.items()]
    query = (
        select(a.activity_id.label("id"), *numbers)
        .join_from(historic_activity_instance, historic_process_instance, _is_owner(a, p))
        .where(*instances, or_(runs, *asked.values()))
        .group_by(a.activity_id)
    )
    none = dict.fromkeys(("instances", *extras, *_INCIDENTS), 0)
    found = {row["id"]: {**none, **row} for row in connection.execute(query).mappings()}
    if wanted.get("incidents"):
        for key, number in _historic_incidents(connection, definition_id, seen, wanted).items():
            found.setdefault(key, {"id": key, **none}).update(number)
    return [found[key] for key in sorted(found)]


def _is_owner(row: Any, instance: Any) -> Condition:
    return row.process_instance_id == instance.id  # type: ignore[no-any-return]


def _instances(definition_id: str, wanted: View) -> list[Condition]:
    """Which instances count."""
    p = historic_process_instance.c
    found = [p.process_definition_id == definition_id]
    if wanted.get("process_instance_id_in"):
        found.append(p.id.in_(wanted["process_instance_id_in"]))
    for name, column in (("started", p.start_time), ("finished", p.end_time)):
        if wanted.get(f"{name}_before") is not None:
            found.append(column <= wanted[f"{name}_before"])
        if wanted.get(f"{name}_after") is not None:
            found.append(column >= wanted[f"{name}_after"])
    return found


def _historic_incidents(
    connection: Connection, definition_id: str, seen: Sequence[Condition], wanted: View
) -> dict[str, dict[str, int]]:
    """How many incidents of each state there were at the activities."""
    h, p = historic_incident.c, historic_process_instance.c
    numbers = (_COUNT.filter(h.state == state).label(n) for n, state in _INCIDENTS.items())
    # By ix_hi_incident_definition; or by ix_hi_incident_instance, from the instances.
    query = (
        select(h.activity_id, *numbers)
        .join_from(historic_incident, historic_process_instance, _is_owner(h, p))
        .where(
            and_(*_instances(definition_id, wanted), *seen),
            h.process_definition_id == definition_id,
            h.activity_id.is_not(None),
        )
        .group_by(h.activity_id)
    )
    rows = connection.execute(query).mappings()
    return {row["activity_id"]: {name: row[name] for name in _INCIDENTS} for row in rows}
