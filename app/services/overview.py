"""The counts of the operator's page, of what the user sees.

Source: decision 21.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.store import Store
from app.store.lists import overview

from .lists import seen
from .query_expressions import evaluated

View = dict[str, Any]


def definitions(store: Store, external_tasks: Mapping[str, int] | None = None) -> list[View]:
    """Every key with its newest version, and what goes on in all of its versions.

    Definitions with failures come first, then those with most instances.

    Args:
        external_tasks: how many each definition has, where that is known, as `topics` finds it.
    """
    with store.viewing() as connection, overview.counting(connection):
        rows = seen(store, "process_definition").find(connection, {})
        incidents, failed = overview.incidents(connection, seen(store, "incident"))
        if external_tasks is None:
            external_tasks = overview.by_definition(connection, seen(store, "external_task"))
        counts: dict[str, Mapping[str, int]] = {
            "instances": overview.by_definition(connection, seen(store, "process_instance")),
            "incidents": incidents,
            "failed": failed,
            "external_tasks": external_tasks,
            "tasks": overview.by_definition(connection, seen(store, "task")),
        }
    found: dict[tuple[str, str | None], View] = {}
    # Ascending, so that the fields of the newest version are the last to be written.
    for row in sorted(rows, key=lambda row: row["version"]):
        known = found.setdefault((row["key"], row["tenant_id"]), {**dict.fromkeys(counts, 0)})
        for name, numbers in counts.items():
            known[name] += numbers.get(row["id"], 0)
        known["versions"] = known.get("versions", 0) + 1
        known.update(row)
    return sorted(found.values(), key=lambda one: (-one["failed"], -one["instances"], one["key"]))


def versions(store: Store, key: str, tenant_id: str | None) -> list[View]:
    """The versions of a key with their instances and incidents, the newest first."""
    filters: View = {"key": key}
    filters |= {"without_tenant_id": True} if tenant_id is None else {"tenant_id_in": [tenant_id]}
    with store.viewing() as connection:
        rows = seen(store, "process_definition").find(connection, filters, [("version", "desc")])
        of_key = {"process_definition_key": key}
        instances = overview.by_definition(connection, seen(store, "process_instance"), of_key)
        incidents = overview.by_definition(
            connection, seen(store, "incident"), {"process_definition_key_in": [key]}
        )
    return [
        {
            **row,
            "instances": instances.get(row["id"], 0),
            "incidents": incidents.get(row["id"], 0),
        }
        for row in rows
    ]


def topics(store: Store, most: int) -> tuple[list[View], dict[str, int]]:
    """The topics, with their waiting tasks and their workers; failing ones first.

    Returns:
        the topics, of each of which ``workers`` are those who hold its tasks and ``seen`` those who
        did something last and hold none; and how many external tasks each definition has.
    """
    listing, log = seen(store, "external_task"), seen(store, "historic_external_task_log")
    with store.viewing() as connection:
        with overview.counting(connection):
            found, by_definition = overview.topics(connection, listing)
        lately = overview.workers_seen(connection, log)
    for topic in found[:most]:
        holders = {one["worker_id"] for one in topic["workers"]}
        known = lately.get(topic["topic_name"], [])
        # A worker that holds a task is shown as that; one that was active and holds none may have
        # died.
        topic["seen"] = [one for one in known if one["worker_id"] not in holders]
    return found[:most], by_definition


def incident_groups(store: Store, filters: Mapping[str, Any], first: int, most: int) -> list[View]:
    """Incidents that are alike, most at first."""
    listing = seen(store, "incident")
    with store.viewing() as connection, overview.counting(connection):
        return overview.incident_groups(connection, listing, filters, first, most)


def incidents_of(store: Store, instance_ids: Sequence[str]) -> dict[str, int]:
    """How many incidents some instances have."""
    with store.viewing() as connection:
        return overview.by_instance(connection, seen(store, "incident"), instance_ids)


_AT = ("execution", "incident", "external_task", "task", "job")


def at_activities(store: Store, **owner: str) -> dict[str, dict[str, int]]:
    """The counts at the activities of a definition or an instance, by the id of the activity.

    Args:
        owner: ``process_definition_id`` or ``process_instance_id``.
    """
    ((name, key),) = owner.items()
    listings = {kind: seen(store, kind) for kind in _AT}
    with store.viewing() as connection:
        return overview.at_activities(connection, listings, name, key)


def visited(store: Store, instance_id: str) -> dict[str, View]:
    """How often the activities of an instance were visited."""
    listing = seen(store, "historic_activity_instance")
    with store.viewing() as connection:
        return overview.visited(connection, listing, instance_id)


def up_to(store: Store, name: str, filters: Mapping[str, Any], most: int) -> int:
    """How many rows a list has; `most` is the highest answer, and no more are looked at."""
    listing = seen(store, name)
    wanted = evaluated(listing, filters, store)
    with store.viewing() as connection:
        return overview.up_to(connection, listing, wanted, most)
