"""Whether this process can work."""

import time
from typing import Any

from app.store.connections.probe import probe_of


def readiness(database_url: str, *, is_pooled: bool = False) -> dict[str, Any]:
    """Whether the database answers within a second and has this version's schema."""
    started = time.monotonic()
    status = probe_of(database_url, is_pooled).ask()
    return {"status": status, "database_millis": round((time.monotonic() - started) * 1000)}
