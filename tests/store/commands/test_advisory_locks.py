"""A name is held by one transaction until it ends; another name is not."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from app.store import Store
from app.store.commands import advisory_locks
from tests.store.races import Held

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def hold(store, name):
    with store.transaction() as tx:
        advisory_locks.hold(tx, name)


def test_another_transaction_waits_for_the_name(raced, postgres_url):
    held = Held(postgres_url, LOCK, "message:m")

    held.line_up(hold, raced, "message:m")  # fails where it does not wait

    assert held.let_go() == [None]


def test_another_name_is_free(raced, postgres_url):
    with psycopg.connect(postgres_url) as connection:
        connection.execute(LOCK, ["message:m"])

        hold(raced, "message:other")


def test_a_name_is_free_when_its_transaction_has_failed(raced):
    def fail():
        with raced.transaction() as tx:
            advisory_locks.hold(tx, "a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    hold(raced, "a")


@pytest.mark.parametrize("name", ["", "ünï🙂", "x" * 10_000, "a'b\\c"])
def test_any_text_is_a_name(store, name):
    with store.transaction() as tx:
        advisory_locks.hold(tx, name)
        advisory_locks.hold(tx, name)  # its own


def test_on_each_database_one_comes_after_the_other(database_url):
    store = Store(database_url, pool_size=3)
    inside, most = [], []
    together = threading.Barrier(3)

    def work(_):
        together.wait(60)
        with store.transaction() as tx:
            advisory_locks.hold(tx, "one")
            tx.now  # noqa: B018 (a statement, with which a transaction of SQLite begins)
            inside.append(1)
            time.sleep(0.02)  # in which others would come
            most.append(len(inside))
            inside.pop()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    store.close()

    assert most == [1, 1, 1]
