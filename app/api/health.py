"""Whether the process lives, and whether it can work. Outside of the base path.

Neither asks the pool of connections, so that both answer while every connection is in use.
"""

import threading
import time

from flask import Blueprint, Response, current_app
from sqlalchemy import text

from app.store.engine import create_engine
from app.store.schema import current, head

from .json import json_response

health = Blueprint("health", __name__)
SECONDS = 1.0  # within which the database has to answer


@health.get("/health")
def live() -> Response:
    """The process lives."""
    return json_response({"status": "UP"})


@health.get("/ready")
def ready() -> Response:
    """The database answers within a second, and its schema is this version's."""
    found: list[str] = []
    url = current_app.config["BATON"].database_url

    def look() -> None:
        try:
            engine = create_engine(url, pool_size=1)
            try:
                with engine.connect() as connection:
                    connection.execute(text("SELECT 1"))
                found.append("UP" if current(engine) == head() else "SCHEMA_OUTDATED")
            finally:
                engine.dispose()
        except Exception:
            found.append("DATABASE_DOWN")

    started = time.monotonic()
    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(SECONDS)
    status = found[0] if found else "DATABASE_SLOW"
    milliseconds = round((time.monotonic() - started) * 1000)
    answer = {"status": status, "databaseMillis": milliseconds}
    return json_response(answer, 200 if status == "UP" else 503)
