"""The database of an engine for tests is empty, of the newest schema, and gone at the end."""

from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from app.store import Store
from app.store.connections import temporary
from app.store.connections.database import create_engine
from app.store.connections.schema import require_head
from tests.models import TWO_TASKS
from tests.store.driving import deploy, start


@pytest.fixture
def given(database, request):
    """The URL that a database is made beside."""
    if database == "sqlite":
        return "sqlite:///ignored.db"
    return request.getfixturevalue("postgres").url("postgres")


@pytest.fixture
def made(given):
    url = temporary.make(given)
    yield url
    temporary.remove(url)


def test_it_is_usable_at_once_and_no_file_that_was_named_is_made(made):
    engine = create_engine(made)
    require_head(engine)
    engine.dispose()
    store = Store(made, pool_size=2)
    deploy(store, TWO_TASKS)

    assert start(store, "two")
    store.close()
    store.engine.dispose()
    assert not Path("ignored.db").exists()


def test_what_is_removed_is_gone_and_another_is_not(made, given):
    other = temporary.make(given)
    assert other != made

    temporary.remove(other)

    if other.startswith("sqlite"):
        assert not Path(make_url(other).database).parent.exists()
    else:
        with (
            pytest.raises(OperationalError, match="does not exist"),
            create_engine(other).connect(),
        ):
            pass
    require_head(create_engine(made))
