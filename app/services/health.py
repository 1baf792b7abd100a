"""Whether this process can work."""

import time
from collections.abc import Mapping
from typing import Any

from app.store.connections.probe import SECONDS, probe_of

UP, PARTLY_UP = "UP", "PARTLY_UP"


def readiness(database_url: str, *, is_pooled: bool = False) -> dict[str, Any]:
    """Whether the database answers within a second and has this version's schema."""
    started = time.monotonic()
    status = probe_of(database_url, is_pooled).ask()
    return {"status": status, "database_millis": round((time.monotonic() - started) * 1000)}


def readiness_of_engines(databases: Mapping[str, tuple[str, bool]]) -> dict[str, Any]:
    """The same of several engines, whose databases are asked at the same time.

    A process is ready for those that are up while another one is away: a load balancer that took
    it out would take it from them.

    Args:
        databases: URL, and whether there is a pooler, by the name of the engine.
    """
    started = time.monotonic()
    probes = {name: probe_of(*database) for name, database in databases.items()}
    for probe in probes.values():
        # All before any is waited for, so that together they take one second and not one each.
        probe.begin()
    found: list[dict[str, Any]] = []
    for name, probe in probes.items():
        status = probe.ask(max(0.0, started + SECONDS - time.monotonic()))
        millis = round((time.monotonic() - started) * 1000)
        found.append({"name": name, "status": status, "database_millis": millis})
    states = [view["status"] for view in found]
    whole = states[0] if UP not in states else UP if set(states) == {UP} else PARTLY_UP
    return {
        "status": whole,
        "database_millis": max(view["database_millis"] for view in found),
        "engines": found,
    }
