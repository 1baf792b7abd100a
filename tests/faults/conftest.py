"""Servers and a database of their own for tests that break them."""

import itertools

import pytest

from app.store.connections.database import create_engine
from app.store.connections.schema import migrate
from tests.postgres import Postgres
from tests.serving import processes

_numbers = itertools.count()


@pytest.fixture
def instances(request):
    """How many instances a test drives; ``--faults=2000`` is the long form."""
    return request.config.getoption("--faults")


@pytest.fixture(scope="session")
def fragile_postgres(tmp_path_factory):
    """A PostgreSQL that may be killed: its commits are on the disk when they are answered."""
    server = Postgres(is_durable=True)
    yield server
    server.close()


@pytest.fixture(scope="session")
def fragile_template(fragile_postgres):
    """A database with the schema, from which others are copied."""
    engine = create_engine(fragile_postgres.create("fragile_template"))
    migrate(engine)
    engine.dispose()  # nobody may be in what is copied
    return "fragile_template"


@pytest.fixture
def fragile_url(fragile_postgres, fragile_template):
    """A fresh database on it."""
    return fragile_postgres.create(f"fragile_{next(_numbers)}", fragile_template)


@pytest.fixture
def working(serve):
    """Starts servers that run jobs, and take over those of the dead soon."""

    def start(url, **environ):
        settings = {"BATON_JOB_EXECUTOR": "on", "BATON_JOB_LOCK_SECONDS": "1"}
        return serve(url, **{"WEB_CONCURRENCY": processes(url), **settings, **environ})

    return start
