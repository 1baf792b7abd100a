"""Stores for tests that look below the services."""

import contextlib
import os
import shutil

import pytest

from app.store import Store

from .driving import Counter
from .rows import Rows


@pytest.fixture
def pg_store(postgres_url):
    store = Store(postgres_url, pool_size=2)
    yield store
    store.close()


@pytest.fixture
def raced(postgres_url):
    """A store whose pool has a connection for each command of a race."""
    store = Store(postgres_url, pool_size=6)
    yield store
    store.close()


@pytest.fixture
def counter(postgres, postgres_url):
    return Counter(postgres, postgres_url)


@contextlib.contextmanager
def one_for_many(database, request, name):
    """A store over a database that several tests share."""
    if database == "sqlite":
        folder = request.getfixturevalue("tmp_path_factory").mktemp(name)
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "baton.db")
        url = f"sqlite:///{folder / 'baton.db'}"
    else:
        postgres = request.getfixturevalue("postgres")
        template = request.getfixturevalue("postgres_template")
        url = postgres.create(f"baton_{name}_{os.getpid()}", template)
    store = Store(url, pool_size=2)
    yield store
    store.close()
    store.engine.dispose()
    if database != "sqlite":
        postgres.drop(f"baton_{name}_{os.getpid()}")


@pytest.fixture(scope="session")
def shared(database, request):
    """A store for tests that take away the rows that they write."""
    with one_for_many(database, request, "rows") as store:
        yield store


@pytest.fixture(scope="module")
def crowded(database, request):
    """A store for tests of one module, which do not mind each other's rows."""
    with one_for_many(database, request, "crowded") as store:
        yield store


@pytest.fixture
def rows(shared):
    """Rows for one test: what it has written into their tables, and what it adds, goes."""
    found = Rows()
    yield found
    found.clear(shared.engine)
