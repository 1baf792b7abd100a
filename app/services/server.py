"""The state of a process of the server: its database, its connections, its caches."""

import os
from typing import Any

from app.store import Store

from . import health, telemetry


def state(store: Store, version: str, *, is_pooled: bool = False) -> dict[str, Any]:
    """How this process and its database are.

    Args:
        is_pooled: a pooler is in front of the database, of which a probe has to know.

    Returns:
        ``health`` and ``millis`` of the database, ``vendor`` and ``database_version``,
        ``schema_since``, ``connections`` and ``idle_connections`` of this process, and its
        ``process_id``.
    """
    readiness = health.readiness(store.database_url, is_pooled=is_pooled)
    # The same as in telemetry: both ask the database the same.
    found = telemetry.data(store, version)["product"]["internals"]
    return {
        "health": readiness["status"],
        "millis": readiness["database_millis"],
        "vendor": found["database"]["vendor"],
        "database_version": found["database"]["version"],
        "application_server": found["application_server"],
        "schema_since": found["start_date"],
        "connections": store.pool.size,
        "idle_connections": store.pool.idle,
        "process_id": os.getpid(),
    }
