"""A filled database for all tests of the page, served in this process."""

import shutil

import psycopg
import pytest

from tests.api.conftest import EMPTY
from tests.conftest import serving
from tests.local import Local

from . import filling, walk


@pytest.fixture(scope="session")
def originals():
    """The filled database of each kind, once a test has asked for it, and the ids in it."""
    return {}


@pytest.fixture(scope="module")
def filled(routes, database, originals, sqlite_template, tmp_path_factory, request):
    """The URL of a filled database of each kind, a copy for each module, and the ids in it."""
    if database == "sqlite":
        folder = tmp_path_factory.mktemp("pages")
        if database not in originals:
            original = tmp_path_factory.mktemp("filled") / "baton.db"
            shutil.copy(sqlite_template, original)
            originals[database] = original, _fill(routes, f"sqlite:///{original}")
        original, known = originals[database]
        shutil.copy(original, folder)
        yield f"sqlite:///{folder / original.name}", known
    else:
        postgres = request.getfixturevalue("postgres")
        template = request.getfixturevalue("postgres_template")
        if database not in originals:
            postgres.drop("baton_pages_original")
            url = postgres.create("baton_pages_original", template)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(EMPTY)
            originals[database] = "baton_pages_original", _fill(routes, url)
        original, known = originals[database]
        postgres.drop("baton_pages")
        yield postgres.create("baton_pages", original), known
        postgres.drop("baton_pages")


def _fill(routes, url):
    """Fill a database; the ids of what there is."""
    with serving(routes, url) as app:
        known = filling.fill(Local(app.test_client()))
        engine = app.extensions["baton"].store.engine
    engine.dispose()  # no session may be open while it is copied
    return known


@pytest.fixture(scope="module")
def filled_app(routes, filled):
    """An application with a filled database of each kind; tests only read it."""
    with serving(routes, filled[0]) as app:
        yield app


@pytest.fixture(scope="module")
def known(filled):
    """The ids of what there is."""
    return filled[1]


@pytest.fixture(scope="module")
def views(filled_app, known):
    """The path of each view."""
    return walk.paths(Local(filled_app.test_client()), known)


@pytest.fixture
def page(filled_app, known):
    """A browser without scripts."""
    return filled_app.test_client()


@pytest.fixture
def answering(routes):
    """A view is being made, so that links know where they are."""
    with routes.test_request_context("/ui/"):
        yield


@pytest.fixture(scope="module")
def asked(routes):
    """A view that is asked for with a query."""

    def asked(query="", **options):
        return routes.test_request_context(f"/ui/x{query}", **options)

    return asked
