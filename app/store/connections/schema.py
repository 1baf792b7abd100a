"""Whether the database has the schema that this version needs, and bringing it there.

Alembic is imported only when there is something to do: a start with a schema at its head costs
one query.
"""

import contextlib
import functools
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_mock_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from app.errors import SchemaOutdatedError

from .database import identity

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"
_LOCK = 0x6261746F6E  # "baton", the advisory lock of migrations
_PAUSE = 0.2  # seconds between two tries to take it
_NAMES = ("revision", "down_revision", "oldest")


@functools.cache
def _declared() -> list[dict[str, str]]:
    """The revision identifiers of each migration; to import them would load Alembic."""
    found = []
    for path in (MIGRATIONS / "versions").glob("*.py"):
        pairs = [line.split(" = ", 1) for line in path.read_text().splitlines() if " = " in line]
        found.append({name: value.strip("\"'") for name, value in pairs if name in _NAMES})
    return found


@functools.cache
def revisions() -> dict[str, str]:
    """The revision below each known one."""
    return {found["revision"]: found["down_revision"] for found in _declared()}


def oldest() -> str:
    """The oldest revision whose versions go on with the schema at its head."""
    marks = {found["revision"]: found["oldest"] for found in _declared() if "oldest" in found}
    revision = head()
    while revision not in marks:
        revision = revisions()[revision]
    return marks[revision]


def head() -> str:
    """The newest revision: the one that no other revises."""
    # Exactly one, or two branches of the repository were merged without putting one behind the
    # other.
    (newest,) = revisions().keys() - revisions().values()
    return newest


def current(engine: Engine) -> str | None:
    """The revision of the database; None before the first."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_usable(engine: Engine) -> bool:
    """Whether this version works with the schema: its own, or a later one that has only grown."""
    found = current(engine)
    return found == head() or (found is not None and _goes_on(engine, found))


def _goes_on(engine: Engine, found: str) -> bool:
    """Whether a schema that is ahead has all that this version needs.

    A newer version has left in the database the oldest revision whose versions go on; it is one
    that this version knows when this version is not older than that.
    """
    if found in revisions():  # behind, or of no version that marks anything
        return False
    try:
        with engine.connect() as connection:
            mark = connection.execute(text("SELECT oldest FROM alembic_version")).scalar()
    # A schema from before the column: whatever has made it knows of no older version.
    except DBAPIError:
        return False
    return mark in revisions()


def mark_oldest(connection: Connection, revision: str) -> None:
    """Note the oldest revision whose versions go on with the schema that is being migrated."""
    connection.execute(text("UPDATE alembic_version SET oldest = :oldest"), {"oldest": revision})


def require_head(engine: Engine) -> None:
    """Refuse a schema that this version cannot work with.

    Raises:
        SchemaOutdatedError: it is behind, or ahead and no longer compatible.
    """
    is_missing = engine.dialect.name == "sqlite" and identity(engine.url.database or "") is None
    found, wanted = None if is_missing else current(engine), head()
    if found is not None and found not in revisions():
        if _goes_on(engine, found):
            return
        raise SchemaOutdatedError(
            f"The database schema is at revision {found}, which this version does not know: "
            "a newer version has migrated it, and versions as old as this one cannot go on."
        )
    if found != wanted:
        raise SchemaOutdatedError(
            f"The database schema is at revision {found or 'none'}, this version needs {wanted}. "
            "Run: alembic -c migrations/alembic.ini upgrade head"
        )


def migrate(engine: Engine) -> bool:
    """Bring the schema to its head; two processes may do so at once.

    Returns:
        whether there was anything to do.

    Raises:
        SchemaOutdatedError: the schema is ahead.
    """
    found = current(engine)
    if found == head():
        return False
    if found is not None and found not in revisions():
        require_head(engine)
        return False
    from alembic import command
    from alembic.config import Config

    config = Config(str(MIGRATIONS / "alembic.ini"))
    config.attributes["engine"] = engine
    command.upgrade(config, "head")
    return True


def create(engine: Engine) -> None:
    """Make the newest schema in an empty database at once, in place of all migrations.

    Tests hold that both give the same schema.
    """
    from app.models import metadata
    from app.models.monitoring import SCHEMA_VERSION, schema_log

    if engine.dialect.name == "sqlite":
        _run_script(engine, metadata)
    else:
        metadata.create_all(engine, checkfirst=False)  # it is empty: nothing to look for
    with engine.begin() as connection:
        values = {"id": "0", "timestamp": datetime.now(UTC), "version": SCHEMA_VERSION}
        connection.execute(schema_log.insert().values(values))
        columns = "version_num VARCHAR(32) NOT NULL PRIMARY KEY, oldest VARCHAR(32)"
        connection.execute(text(f"CREATE TABLE alembic_version ({columns})"))
        values = {"head": head(), "oldest": oldest()}
        connection.execute(text("INSERT INTO alembic_version VALUES (:head, :oldest)"), values)


def _run_script(engine: Engine, metadata: MetaData) -> None:
    """Make the tables by one script: each statement by itself costs more than what it does."""
    statements: list[str] = []

    def note(statement: Any, *_: Any) -> None:
        statements.append(str(statement.compile(dialect=engine.dialect)))

    metadata.create_all(create_mock_engine(engine.url, note), checkfirst=False)
    connection: Any = engine.raw_connection()
    with contextlib.closing(connection):
        connection.executescript(";\n".join(["BEGIN", *statements, "COMMIT"]))


@contextlib.contextmanager
def migration_lock(engine: Engine) -> Iterator[None]:
    """Let one process migrate at a time."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            # to the end of the transaction: a pooler may give the session to others behind it. A
            # statement that waits would be waited for by an index that is made concurrently
            while not connection.execute(
                text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK}
            ).scalar():
                connection.rollback()
                time.sleep(_PAUSE)
            yield
        return
    import fcntl

    with open(f"{engine.url.database}.migrating", "w") as file:
        # A file of its own: to close any descriptor of the database's would drop the locks that
        # SQLite holds on it.
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
