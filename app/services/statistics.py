"""How many instances, failed jobs and incidents there are.

Source: contract 10.2.
"""

from collections.abc import Mapping
from typing import Any

from app.errors import InvalidRequestError
from app.store import Store
from app.store.lists import statistics

from . import lists


class ExclusiveFlagsError(InvalidRequestError):
    """Two ways to count incidents are asked for at once."""

    def __init__(self, other: str) -> None:
        super().__init__(f"Only one of the query parameter includeIncidents or {other} can be set.")


def of_activities(
    store: Store,
    definition_id: str,
    *,
    has_failed_jobs: bool,
    has_incidents: bool,
    incident_type: str | None,
) -> list[dict[str, Any]]:
    """The statistics of the activities of a definition; none where it is unknown.

    Raises:
        ExclusiveFlagsError: all incidents and those of one type are asked for.
    """
    if has_incidents and incident_type is not None:
        raise ExclusiveFlagsError("includeIncidentsForType")
    # Each list has its own rule: a user may see instances whose incidents are not for it to see.
    seen = {name: lists.limits(store, name) for name in ("execution", "job", "incident")}
    with store.viewing() as connection:
        return statistics.of_activities(
            connection,
            definition_id,
            seen,
            has_failed_jobs=has_failed_jobs,
            has_incidents=has_incidents,
            incident_type=incident_type,
        )


def of_definitions(
    store: Store,
    *,
    has_failed_jobs: bool,
    has_incidents: bool,
    has_root_incidents: bool,
    incident_type: str | None,
) -> list[dict[str, Any]]:
    """The statistics of each version of each definition.

    Raises:
        ExclusiveFlagsError: incidents are asked for in two ways.
    """
    if has_incidents and incident_type is not None:
        raise ExclusiveFlagsError("includeIncidentsForType")
    if has_incidents and has_root_incidents:
        raise ExclusiveFlagsError("includeRootIncidents")
    seen = lists.limits(store, "process_definition")
    with store.viewing() as connection:
        return statistics.of_definitions(
            connection,
            seen,
            has_failed_jobs=has_failed_jobs,
            has_incidents=has_incidents,
            has_root_incidents=has_root_incidents,
            incident_type=incident_type,
        )


def of_history(
    store: Store, definition_id: str, filters: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """How often each activity of a definition was visited, by the id of the activity."""
    seen = lists.limits(store, "historic_process_instance")
    with store.viewing() as connection:
        return statistics.of_history(connection, definition_id, seen, dict(filters))
