"""Whether the database has the schema that this version needs, and bringing it there.

Alembic is imported only when there is something to do: a start with a schema at its head costs
one query.
"""

import contextlib
import functools
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from app.errors import SchemaOutdatedError

from .database import identity

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"
_LOCK = 0x6261746F6E  # "baton", the advisory lock of migrations


@functools.cache
def revisions() -> dict[str, str]:
    """The revision below each known one."""
    found = {}
    for path in (MIGRATIONS / "versions").glob("*.py"):
        names = dict(
            line.split(" = ", 1)
            for line in path.read_text().splitlines()
            if line.startswith(("revision = ", "down_revision = "))
        )
        found[names["revision"].strip("\"'")] = names["down_revision"].strip("\"'")
    return found


def head() -> str:
    """The newest revision: the one that no other revises."""
    (newest,) = revisions().keys() - revisions().values()
    return newest


def current(engine: Engine) -> str | None:
    """The revision of the database; None before the first."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def require_head(engine: Engine) -> None:
    """Refuse a schema that is not this version's.

    Raises:
        SchemaOutdatedError: it is behind, or ahead.
    """
    is_missing = engine.dialect.name == "sqlite" and identity(engine.url.database or "") is None
    found, wanted = None if is_missing else current(engine), head()
    if found is not None and found not in revisions():
        raise SchemaOutdatedError(
            f"The database schema is at revision {found}, which this version does not know: "
            "a newer version has migrated it."
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

    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head()})


@contextlib.contextmanager
def migration_lock(engine: Engine) -> Iterator[None]:
    """Let one process migrate at a time."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            # to the end of the transaction: a pooler may give the session to others behind it
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield
        return
    import fcntl

    with open(f"{engine.url.database}.migrating", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
