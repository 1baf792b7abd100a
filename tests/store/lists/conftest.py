"""One database for all tests of lists; each module writes its world once and takes it away."""

import os
import shutil

import pytest

from app.store import Store
from tests.store.rows import Rows


@pytest.fixture(scope="session")
def listed(database, request, tmp_path_factory):
    """A store that only this folder uses."""
    if database == "sqlite":
        path = tmp_path_factory.mktemp("lists") / "baton.db"
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


@pytest.fixture(scope="module")
def world(listed, request):
    """The store with the rows that the module's ``fill`` makes."""
    rows = Rows()
    request.module.fill(rows)
    rows.write(listed.engine)
    yield listed
    rows.remove(listed.engine)
