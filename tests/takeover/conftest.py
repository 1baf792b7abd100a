"""Databases of Camunda 7, taken over once for all tests of a session."""

import contextlib
import os
import shutil

import psycopg
import pytest

from app import create_app
from app.takeover.cli import main
from config import Config

from ..local import Local
from . import loading


@contextlib.contextmanager
def filled(postgres, name, *dumps, **options):
    """The URL of a database with the rows of some dumps."""
    name = f"{name}_{os.getpid()}"
    postgres.drop(name)
    url = postgres.create(name)
    loading.create(url, options.get("version", "7.24"))
    loading.fill(url, *dumps, **options)
    yield url
    postgres.drop(name)


@pytest.fixture
def source(postgres):
    """Makes a database of Camunda 7 that a test may change."""
    with contextlib.ExitStack() as stack:
        yield lambda *dumps, **options: stack.enter_context(
            filled(postgres, "camunda", *dumps, **options)
        )


@pytest.fixture
def change():
    """Carries out statements in a database of PostgreSQL."""

    def execute(url, *statements):
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                found = connection.execute(statement)
        return found.fetchall() if found.description else None

    return execute


@contextlib.contextmanager
def target(database, request, tmp_path_factory, name):
    """The URL of a database in which nothing has happened yet."""
    if database == "sqlite":
        path = tmp_path_factory.mktemp(name) / "baton.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    postgres, name = request.getfixturevalue("postgres"), f"{name}_{os.getpid()}"
    postgres.drop(name)
    yield postgres.create(name, request.getfixturevalue("postgres_template"))
    postgres.drop(name)


@pytest.fixture
def empty_url(database, request, tmp_path_factory):
    with target(database, request, tmp_path_factory, "empty") as url:
        yield url


@contextlib.contextmanager
def served(url):
    """A client of an application on a database that was taken over."""
    app = create_app(
        Config(database_url=url, has_job_executor=False, require_history_time_to_live=True)
    )
    yield Local(app.test_client())
    app.extensions["baton"].store.close()
    assert app.extensions["baton"].unforeseen == 0


def _taken_over(database, request, tmp_path_factory, name, *dumps, **options):
    with (
        filled(request.getfixturevalue("postgres"), f"{name}_old", *dumps, **options) as url,
        target(database, request, tmp_path_factory, f"{name}_new") as to,
    ):
        assert main([url, "--to", to]) == 0
        with served(to) as api:
            yield api


@pytest.fixture(scope="session")
def cuts(database, request, tmp_path_factory):
    """An API over all cuts, which were one installation."""
    dumps = [cut["dump"] for cut in loading.data("cuts").values()]
    yield from _taken_over(database, request, tmp_path_factory, "cuts", *dumps)


@pytest.fixture(scope="session")
def house(database, request, tmp_path_factory):
    """An API over the house."""
    nothing = loading.timedelta(0)
    dump = loading.data("house")
    yield from _taken_over(database, request, tmp_path_factory, "house", dump, shift=nothing)
