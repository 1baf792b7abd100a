"""Commands that look outside of their transaction, and are held back before they begin to write.

SQLite does not tell looking and locking apart within a transaction, so that such a command is held
back there too.
"""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.services import (
    deletion,
    deployments,
    external_tasks,
    jobs,
    lists,
    process_definitions,
    retries,
    suspension,
)

from .every_service.world import NO_QUERIES, SKIPS
from .races import (
    MODEL,
    assert_whole,
    complete,
    deploy,
    job_of,
    lock,
    start,
)


@pytest.fixture
def late(store, monkeypatch):
    """Runs a command that is held back before it begins to write, while another runs."""

    def run(second, first):
        at_the_door, go = threading.Event(), threading.Event()
        begin, mine = store.transaction, threading.local()

        @contextlib.contextmanager
        def transaction():
            if getattr(mine, "is_late", False):
                mine.is_late = False
                at_the_door.set()
                assert go.wait(60)
            with begin() as tx:
                yield tx

        def late_command():
            mine.is_late = True
            second()

        monkeypatch.setattr(store, "transaction", transaction)
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(late_command)
            assert at_the_door.wait(60)
            first()
            go.set()
            return done.exception()

    return run


@pytest.mark.parametrize("cascade", [False, True])
def test_a_deletion_counts_again_what_has_started_since_it_looked(store, late, cascade):
    deployment_id = deploy(store, MODEL)

    error = late(
        lambda: deployments.delete(store, deployment_id, cascade=cascade),
        lambda: start(store, "race"),
    )

    assert error is None if cascade else isinstance(error, deletion.RunningInstancesError)
    assert lists.count(store, "process_instance", {}) == (0 if cascade else 1)
    assert lists.count(store, "process_definition", {}) == (0 if cascade else 1)
    assert_whole(store)


@pytest.mark.parametrize("cascade", [False, True])
def test_versions_are_deleted_together_or_not_at_all(store, late, cascade):
    for _ in range(2):
        deploy(store, MODEL)
    ids = process_definitions.ids_of_key(store, "race", None)

    error = late(
        lambda: process_definitions.delete(store, ids, cascade=cascade, **SKIPS),
        lambda: start(store, "race"),
    )

    assert error is None if cascade else isinstance(error, deletion.RunningInstancesError)
    assert lists.count(store, "process_definition", {}) == (0 if cascade else 2)
    assert_whole(store)


def test_tasks_that_a_query_has_found_may_be_done_by_then(store, late):
    deploy(store, MODEL)
    start(store, "race")
    instance = start(store, "race")
    (task_id,) = (
        view["id"] for view in lists.find(store, "external_task", {"process_instance_id": instance})
    )
    external_tasks.set_priority(store, task_id, priority=5)
    lock(store, "first")

    error = late(
        lambda: retries.set_retries_of_many(
            store, retries=0, external_task_ids=None, **{**NO_QUERIES, "external_task_query": {}}
        ),
        lambda: complete(store, task_id),
    )

    assert error is None
    assert [t["retries"] for t in lists.find(store, "external_task", {})] == [0]


def test_a_task_that_was_named_must_be_there(store, late):
    deploy(store, MODEL)
    start(store, "race")
    task_id = lock(store, "first")["first"]

    error = late(
        lambda: retries.set_retries_of_many(
            store, retries=0, external_task_ids=[task_id], **NO_QUERIES
        ),
        lambda: complete(store, task_id),
    )

    assert isinstance(error, retries.BulkTaskMissingError)


def test_an_executor_leaves_a_job_alone_that_was_suspended_since_it_was_acquired(store, late):
    deploy(store, MODEL)
    instance = start(store, "race")
    complete(store, lock(store, "first")["first"])
    jobs.acquire(store, "me", limit=5, lock_duration=timedelta(hours=1))
    job_id = job_of(store, "second")

    error = late(
        lambda: jobs.execute(store, job_id, owner="me"),
        lambda: suspension.set_instances(store, [instance], suspended=True),
    )

    assert error is None
    assert lists.get(store, "job", job_id)["retries"] == 3
    suspension.set_instances(store, [instance], suspended=False)
    assert jobs.acquire(store, "you", limit=5, lock_duration=timedelta(hours=1))


def test_an_executor_leaves_a_job_alone_that_another_has_by_now(store):
    deploy(store, MODEL)
    start(store, "race")
    complete(store, lock(store, "first")["first"])
    job_id = job_of(store, "second")
    jobs.acquire(store, "me", limit=5, lock_duration=timedelta(hours=1))

    jobs.execute(store, job_id, owner="you")

    assert lists.get(store, "job", job_id) is not None
    jobs.execute(store, job_id, owner="me")
    assert lists.get(store, "job", job_id) is None
