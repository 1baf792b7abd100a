"""What the tests of the API share: applications in this process, and ways to call them."""

import psycopg
import pytest

from app.models import metadata
from tests.conftest import serving
from tests.local import Local

from .calling import Caller
from .calls import Calls

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
def app(routes, database, request):
    """An application with an empty database."""
    if database == "sqlite":
        url = request.getfixturevalue("sqlite_url")
    else:
        url = request.getfixturevalue("kept_url")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(EMPTY)
    with serving(routes, url) as app:
        yield app


@pytest.fixture
def server(client):
    """An application on each database."""
    return Local(client)


@pytest.fixture
def calls(client):
    """Calls of an application that has a small model."""
    return Calls(client)


@pytest.fixture
def variable(calls):
    """The path of a variable that a new instance does not have yet."""
    return f"/process-instance/{calls.start()}/variables/v"


@pytest.fixture
def api(client):
    """Calls of the API without a server."""
    return Caller(client)
