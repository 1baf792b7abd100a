"""Servers and a database of their own for tests that break them."""

import itertools

import pytest

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


@pytest.fixture
def fragile_url(fragile_postgres):
    """A fresh database on it; the server that is started first migrates it."""
    return fragile_postgres.create(f"fragile_{next(_numbers)}")


@pytest.fixture
def working(serve):
    """Starts servers that run jobs, and take over those of the dead soon."""

    def start(url, **environ):
        settings = {"BATON_JOB_EXECUTOR": "on", "BATON_JOB_LOCK_SECONDS": "1"}
        return serve(url, **{"WEB_CONCURRENCY": processes(url), **settings, **environ})

    return start
