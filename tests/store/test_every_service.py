"""One rule for every service: it writes what it has locked, or it reads and begins no transaction.

Every public function of the services that takes a store is here, so that a new one has to be.
"""

import importlib
import inspect
import pkgutil

import pytest
from sqlalchemy.exc import DBAPIError

import app.services
from app.store import Store

from . import root_locks
from .every_service import READS, WRITES
from .every_service.world import World, deploy


def public_functions():
    """The functions of the services that take a store, by module and name.

    Not those of an engine for tests, which is alone with its database and empties it.
    """
    for found in pkgutil.iter_modules(app.services.__path__):
        if found.name == "testing":
            continue
        module = importlib.import_module(f"app.services.{found.name}")
        for name, function in vars(module).items():
            is_own = inspect.isfunction(function) and function.__module__ == module.__name__
            if not is_own or name.startswith("_"):
                continue
            if next(iter(inspect.signature(function).parameters), None) == "store":
                yield f"{found.name}.{name}"


def test_every_service_is_known_to_write_or_to_read():
    assert sorted(public_functions()) == sorted([*WRITES, *READS])


@pytest.fixture(scope="module")
def checked_url(postgres, postgres_template):
    """A database that refuses what is written without the lock of its call hierarchy."""
    postgres.drop("baton_locks")
    url = postgres.create("baton_locks", postgres_template)
    root_locks.install(url)
    yield url
    postgres.drop("baton_locks")


@pytest.fixture
def checked(checked_url):
    store = Store(checked_url, pool_size=3)
    deploy(store)
    yield store
    store.close()


@pytest.mark.parametrize("name", WRITES)
def test_a_service_writes_only_below_roots_that_it_has_locked(checked, name):
    world = World(checked)

    WRITES[name](checked, world)  # the database refuses anything else


def test_the_database_of_this_test_refuses_what_is_not_locked(checked):
    world = World(checked)

    update = "UPDATE external_task SET business_key = 'x' WHERE process_instance_id = %(id)s"

    with checked.reading() as connection, pytest.raises(DBAPIError, match="without the lock"):
        connection.exec_driver_sql(update, {"id": world.instance})


@pytest.fixture(scope="module")
def world(crowded):
    """A populated store that tests only read, made once for the module."""
    deploy(crowded)
    return World(crowded)


@pytest.mark.parametrize("name", READS)
def test_a_service_that_only_answers_begins_no_transaction_that_writes(world, monkeypatch, name):
    store = world.store

    def refuse():
        raise AssertionError(f"{name} begins a transaction that writes")

    monkeypatch.setattr(store, "transaction", refuse)

    READS[name](store, world)
