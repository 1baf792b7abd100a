"""Lists that are read from a standby tell what was done before they were asked for."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.services import lists
from app.store import Store
from app.store.connections.database import create_engine
from app.store.connections.schema import migrate
from app.store.connections.standby import REST_SECONDS
from tests.models import TWO_TASKS
from tests.postgres import Postgres
from tests.replication import Standby
from tests.store.driving import deploy, start


@pytest.fixture(scope="module")
def pair():
    primary = Postgres()
    try:
        migrate(create_engine(primary.create("baton")))
        standby = Standby(primary)
        try:
            yield primary, standby
        finally:
            standby.close()
    finally:
        primary.close()


@pytest.fixture
def store(pair):
    primary, standby = pair
    found = Store(primary.url("baton"), read_url=standby.url("baton"), read_wait=10)
    yield found
    found.close()


def count(store):
    return lists.count(store, "historic_process_instance", {})


def test_a_list_has_what_was_done_before_and_comes_from_the_standby(store):
    deploy(store, TWO_TASKS)
    before = count(store)

    for number in range(1, 6):
        start(store, "two")
        assert count(store) == before + number

    assert store.standby.late == 0
    with store.viewing() as connection:
        assert connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one() is True


def test_a_standby_that_is_behind_or_away_is_passed_over(pair):
    primary, standby = pair
    store = Store(primary.url("baton"), read_url=standby.url("baton"), read_wait=0.05)
    deploy(store, TWO_TASKS)
    standby.execute("SELECT pg_wal_replay_pause()")
    try:
        before = count(store)
        start(store, "two")

        assert count(store) == before + 1
        assert store.standby.late == 1
        assert count(store) == before + 1  # it has a rest: nothing waits for it
        assert store.standby.late == 1
    finally:
        standby.execute("SELECT pg_wal_replay_resume()")
    standby.stop()
    try:
        time.sleep(REST_SECONDS)
        store.standby.pool.close()
        assert count(store) == before + 1
        assert store.standby.late == 2
    finally:
        standby.start()
        store.close()


def test_a_command_reads_from_the_primary(store):
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one() is False


def test_a_list_that_waits_for_the_standby_keeps_nobody_from_the_primary(pair):
    primary, standby = pair
    urls = {"read_url": standby.url("baton"), "read_wait": 60}
    store = Store(primary.url("baton"), pool_size=1, pool_timeout=10, **urls)
    store.standby.pool.timeout = 60

    with ThreadPoolExecutor(1) as pool, store.standby.pool.taken():
        listed = pool.submit(count, store)
        threading.Event().wait(0.2)  # in which it has most likely come to wait
        deploy(store, TWO_TASKS)
        assert not listed.done()

    assert listed.result() == count(store)
    store.close()
