"""Stores for tests that look below the services."""

import os
import shutil

import pytest

from app.store import Store

from .rows import Rows
from .test_statements import Counter


@pytest.fixture
def pg_store(postgres_url):
    store = Store(postgres_url, pool_size=2)
    yield store
    store.close()


@pytest.fixture
def counter(postgres, postgres_url):
    return Counter(postgres, postgres_url)


@pytest.fixture(scope="session")
def shared(database, request, tmp_path_factory):
    """A store for tests that take away the rows that they write."""
    if database == "sqlite":
        path = tmp_path_factory.mktemp("shared") / "baton.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        postgres = request.getfixturevalue("postgres")
        url = postgres.create(
            f"baton_rows_{os.getpid()}", request.getfixturevalue("postgres_template")
        )
    store = Store(url, pool_size=2)
    yield store
    store.close()
    store.engine.dispose()
    if database != "sqlite":
        postgres.drop(f"baton_rows_{os.getpid()}")


@pytest.fixture
def rows(shared):
    """Rows for one test: what it has written into their tables, and what it adds, goes."""
    found = Rows()
    yield found
    found.clear(shared.engine)
