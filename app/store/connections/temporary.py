"""The database of an engine for tests: made for it, gone with it."""

import os
import shutil
import tempfile
import uuid

from sqlalchemy import Engine, make_url, text

from . import clocks, schema
from .database import create_engine
from .hosts import postgres_url

MEMORY = "/dev/shm"


def make(url: str) -> str:
    """An empty database with the newest schema: a file in memory, or one of a PostgreSQL.

    Args:
        url: of a PostgreSQL server, which gets a new database; anything else is a file.

    Returns:
        its URL.
    """
    if url.startswith(("postgresql:", "postgres:", "postgresql+psycopg:")):
        name = f"baton_test_{uuid.uuid4().hex}"
        _on_server(create_engine(url), f"CREATE DATABASE {name}")
        found = postgres_url(url).set(database=name).render_as_string(hide_password=False)
        engine = create_engine(found)
        schema.create(engine)
        clocks.prepare(engine)
        return found
    # Tests commit thousands of times, each to the disk: memory makes that free.
    where = MEMORY if os.access(MEMORY, os.W_OK) else None
    found = f"sqlite:///{tempfile.mkdtemp(prefix='baton-test-', dir=where)}/baton.db"
    schema.create(create_engine(found))
    return found


def remove(url: str) -> None:
    """Remove what `make` has made."""
    if url.startswith("sqlite"):
        shutil.rmtree(os.path.dirname(make_url(url).database or ""), ignore_errors=True)
    else:
        found = postgres_url(url)
        server = create_engine(found.set(database="postgres").render_as_string(hide_password=False))
        _on_server(server, f"DROP DATABASE {found.database} WITH (FORCE)")


def _on_server(engine: Engine, statement: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
