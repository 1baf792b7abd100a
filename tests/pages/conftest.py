"""A filled database for all tests of the page, served in this process."""

import shutil

import psycopg
import pytest

from tests.api.conftest import EMPTY
from tests.conftest import serving
from tests.local import Local

from . import filling, walk


@pytest.fixture(scope="module")
def filled_app(routes, database, sqlite_template, tmp_path_factory, request):
    """An application with a filled database of each kind; tests only read it."""
    if database == "sqlite":
        path = tmp_path_factory.mktemp("pages") / "baton.db"
        shutil.copy(sqlite_template, path)
        url = f"sqlite:///{path}"
    else:
        postgres = request.getfixturevalue("postgres")
        request.getfixturevalue("postgres_template")
        postgres.drop("baton_pages")
        url = postgres.create("baton_pages", "baton_template")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(EMPTY)
    with serving(routes, url) as app:
        yield app
    if database != "sqlite":
        postgres.drop("baton_pages")


@pytest.fixture(scope="module")
def known(filled_app):
    """The ids of what there is."""
    return filling.fill(Local(filled_app.test_client()))


@pytest.fixture(scope="module")
def views(filled_app, known):
    """The path of each view."""
    return walk.paths(Local(filled_app.test_client()), known)


@pytest.fixture
def page(filled_app, known):
    """A browser without scripts."""
    return filled_app.test_client()
