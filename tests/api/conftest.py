"""Shared by the tests of the API: applications in this process, and ways to call them."""

import contextlib
import shutil

import psycopg
import pytest

from app.models import metadata
from app.services import administrators
from tests.conftest import serving
from tests.decisions import TIERS
from tests.local import Local

from .callers import asking_for_permissions, with_an_instance
from .calling import Caller
from .calls import Calls
from .kept import small_world
from .sending import Admin
from .world import World

KEPT = {"schema_log"}  # which a migration writes
EMPTY = "; ".join(
    f"DELETE FROM {table.name}"
    for table in reversed(metadata.sorted_tables)
    if table.name not in KEPT
)


@pytest.fixture(scope="session")
def kept_url(postgres, postgres_template):
    """A database on PostgreSQL for test after test: to empty one takes less than to make one."""
    postgres.drop("baton_api")
    yield postgres.create("baton_api", postgres_template)
    postgres.drop("baton_api")


@pytest.fixture
def empty_url(database, request):
    """The URL of an empty database of each kind."""
    if database == "sqlite":
        return request.getfixturevalue("sqlite_url")
    url = request.getfixturevalue("kept_url")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(EMPTY)
    return url


@pytest.fixture
def app(routes, empty_url):
    """An application with an empty database."""
    with serving(routes, empty_url) as app:
        yield app


@pytest.fixture
def having(routes, empty_url):
    """Makes applications with settings, one after the other, over one database."""
    with contextlib.ExitStack() as stack:
        yield lambda **settings: Local(
            stack.enter_context(serving(routes, empty_url, **settings)).test_client()
        )


@pytest.fixture
def server(client):
    """An application on each database."""
    return Local(client)


@pytest.fixture
def calls(client):
    """Calls of an application that has a small model."""
    return Calls(client)


@pytest.fixture
def pricing(server):
    """A deployment of two decisions in one file."""
    return server.deploy(TIERS, "pricing.dmn")


@pytest.fixture
def variable(calls):
    """The path of a variable that a new instance does not have yet."""
    return f"/process-instance/{calls.start()}/variables/v"


@pytest.fixture
def api(client):
    """Calls of the API without a server."""
    return Caller(client)


@pytest.fixture
def guarded_app(sqlite_url):
    """An application that asks for authorizations, with an administrator."""
    app = asking_for_permissions(sqlite_url)
    yield app
    app.extensions["baton"].store.close()


@pytest.fixture
def callers(guarded_app):
    """An administrator, and two users without grants, with an instance."""
    return with_an_instance(guarded_app)


@pytest.fixture(scope="module")
def world(routes, sqlite_template, tmp_path_factory):
    """A database with the world of the examples, the ids in it, and the document."""
    path = tmp_path_factory.mktemp("world") / "world.db"
    shutil.copy(sqlite_template, path)
    with serving(routes, f"sqlite:///{path}") as app:
        administrators.ensure(app.extensions["baton"].store, "admin", "admin")
        server = Admin(app.test_client())
        ids = World(server).build()
        document = server.call("GET", "/openapi.json")[1]
    return path, ids, document


@pytest.fixture(scope="module")
def kept(routes, sqlite_template, tmp_path_factory):
    """A server with an instance at each kind of activity, and the ids, for a whole module."""
    with small_world(routes, sqlite_template, tmp_path_factory.mktemp("kept")) as found:
        yield found
