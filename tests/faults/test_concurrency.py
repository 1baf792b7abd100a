"""Two at once: nobody's work is lost or doubled, and no worker meets our conflicts."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest

from app.engine.state.values import TypedValue
from app.errors import BadUserRequestError
from app.services import deployments, external_tasks, lists, locks, process_definitions
from app.store import Store
from tests.models import TWO_TASKS, parallel


@pytest.fixture
def open_store(database_url):
    """A store with room for many at once."""
    store = Store(database_url, pool_size=12)
    yield store
    store.close()


def deploy(store, xml):
    deployments.create(
        store, name="t", source=None, tenant_id=None, resources=[("t.bpmn", xml.encode())]
    )


def fetch(store, topic, worker="w", most=10, seconds=3600):
    return external_tasks.fetch_and_lock(
        store,
        worker_id=worker,
        max_tasks=most,
        use_priority=False,
        topics=[{"topic_name": topic, "lock_duration": timedelta(seconds=seconds)}],
        sorting=[],
    )


def complete(store, task_id, worker="w", **variables):
    values = {name: TypedValue("Boolean", value) for name, value in variables.items()}
    external_tasks.complete(store, task_id, worker_id=worker, variables=values, local_variables={})


@pytest.mark.parametrize("width", [2, 6])
def test_branches_that_complete_at_the_same_timestamp_all_succeed_and_join_once(open_store, width):
    deploy(open_store, parallel(width))
    instances = [
        process_definitions.start(open_store, key="parallel", variables={})["id"] for _ in range(8)
    ]
    tasks = fetch(open_store, "branch", most=8 * width)
    by_instance = {i: [t["id"] for t in tasks if t["process_instance_id"] == i] for i in instances}
    barrier = threading.Barrier(width)

    def work(task_id):
        barrier.wait()
        complete(open_store, task_id)

    with ThreadPoolExecutor(width) as pool:
        for ids in by_instance.values():
            assert len(ids) == width
            list(pool.map(work, ids))

    for instance in instances:
        view = lists.get(open_store, "historic_process_instance", instance)
        assert view["state"] == "COMPLETED"
        ends = {"process_instance_id": instance, "activity_id": "end"}
        assert lists.count(open_store, "historic_activity_instance", ends) == 1


def test_workers_that_fetch_at_once_get_each_task_once_and_none_goes_without(open_store):
    deploy(open_store, TWO_TASKS)
    for _ in range(120):
        process_definitions.start(open_store, key="two", variables={})
    taken, first = [], []
    lock, together = threading.Lock(), threading.Barrier(6)

    def work(number):
        together.wait(60)
        found = mine = fetch(open_store, "check", f"w{number}", most=5)
        with lock:
            first.append(len(found))
        # No second fetch before all first ones, so that enough is left for each of these.
        together.wait(60)
        while found:
            found = fetch(open_store, "check", f"w{number}", most=5)
            mine = mine + found
        with lock:
            taken.extend(task["id"] for task in mine)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))

    assert first == [5] * 6
    assert len(taken) == len(set(taken)) == 120


@contextlib.contextmanager
def holding(store, instance_id):
    """The row of an instance, locked by somebody else."""
    if store.dialect.name == "sqlite":  # a writer excludes every other there: no gap to act in
        yield
        return
    with psycopg.connect(store.database_url) as connection:
        connection.execute("SELECT 1 FROM execution WHERE id = %s FOR UPDATE", (instance_id,))
        yield
        connection.rollback()


def test_a_lock_that_is_stolen_between_our_two_locks_is_seen(open_store):
    deploy(open_store, TWO_TASKS)
    instance = process_definitions.start(open_store, key="two", variables={})["id"]
    (task,) = fetch(open_store, "check", "slow", seconds=0.05)
    threading.Event().wait(0.1)

    with ThreadPoolExecutor(1) as pool, holding(open_store, instance):
        if open_store.dialect.name == "postgresql":
            completion = pool.submit(complete, open_store, task["id"], "slow", approved=True)
            threading.Event().wait(0.3)  # it waits for the instance
            assert not completion.done()
        locks.lock(open_store, task["id"], worker_id="thief", lock_duration=timedelta(seconds=60))
        if open_store.dialect.name == "sqlite":
            completion = pool.submit(complete, open_store, task["id"], "slow", approved=True)

    with pytest.raises(BadUserRequestError, match="It is locked by worker 'thief'"):
        completion.result(10)
    assert lists.get(open_store, "external_task", task["id"])["worker_id"] == "thief"


def test_one_of_two_completions_of_a_task_counts(open_store):
    deploy(open_store, TWO_TASKS)
    instance = process_definitions.start(open_store, key="two", variables={})["id"]
    (task,) = fetch(open_store, "check")
    barrier = threading.Barrier(2)

    def work(_):
        barrier.wait()
        try:
            complete(open_store, task["id"], approved=True)
        except BadUserRequestError as error:
            return str(error)
        return None

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(work, range(2)))

    assert sorted(outcomes, key=str) == sorted(
        [None, f"External task with id {task['id']} does not exist"], key=str
    )
    ships = {"process_instance_id": instance, "activity_id": "ship"}
    assert lists.count(open_store, "historic_activity_instance", ships) == 1
