"""Commands at once on tasks of which none has a call hierarchy to lock: each ends once."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.errors import EngineError, InvalidRequestError
from app.services import attachments, comments, lists, task_links, tasks
from app.store import Store

ROUNDS = 15


@pytest.fixture
def store(database_url):
    store = Store(database_url, pool_size=6)
    yield store
    store.close()


def make(store, task_id, parent=None):
    about = {"parent_task_id": parent, "delegation_state": None}
    tasks.create(store, task_id=task_id, **about, priority=0)


def quietly(command, *args, **kwargs):
    """Try a command that may come too late."""
    with contextlib.suppress(EngineError):
        command(*args, **kwargs)


def complete(store, task_id):
    quietly(tasks.complete, store, task_id, variables={})


def at_once(*commands):
    with ThreadPoolExecutor(len(commands)) as pool:
        for done in [pool.submit(*command) for command in commands]:
            done.result()


def test_a_task_below_another_ends_with_it_or_before_it_or_was_never_made(store):
    for number in range(ROUNDS):
        top, below, late = (f"{name}{number}" for name in ("top", "below", "late"))
        make(store, top)
        make(store, below, top)

        at_once(
            (complete, store, top),
            (complete, store, below),
            (quietly, make, store, late, top),
        )

    assert lists.count(store, "task", {}) == 0
    done = lists.find(store, "historic_task", {})
    assert all(task["delete_reason"] == "completed" for task in done)
    assert len(done) >= 2 * ROUNDS


def test_tasks_below_each_other_can_be_completed_at_once(store):
    for number in range(ROUNDS):
        first, second = f"a{number}", f"b{number}"
        make(store, first)
        make(store, second, first)
        above = {"parent_task_id": second, "delegation_state": None}
        tasks.update(store, first, tenant_id=None, **above)

        at_once((complete, store, first), (complete, store, second))

    assert lists.count(store, "task", {}) == 0


def test_an_id_is_taken_once(store):
    for number in range(ROUNDS):
        at_once(*[(quietly, make, store, f"own{number}") for _ in range(3)])

    assert lists.count(store, "task", {}) == ROUNDS


def test_links_are_all_there_and_all_gone(store):
    make(store, "own")
    link = {"user_id": "ann", "group_id": None, "link_type": "candidate"}

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: task_links.add_identity_link(store, "own", **link), range(ROUNDS)))
    assert len(task_links.identity_links(store, "own")) == ROUNDS
    task_links.delete_identity_link(store, "own", **link)

    assert task_links.identity_links(store, "own") == []


def test_nothing_is_said_where_nothing_is_kept(database_url):
    store = Store(database_url, history_level="none")
    try:
        make(store, "own")
        values = dict.fromkeys(("name", "description", "attachment_type", "url"))
        with pytest.raises(InvalidRequestError, match="History is not enabled"):
            comments.create(store, "own", message="m", process_instance_id=None)
        with pytest.raises(InvalidRequestError, match="History is not enabled"):
            attachments.create(store, "own", content=b"", **values)
    finally:
        store.close()
