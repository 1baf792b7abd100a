"""Polls in the test's own process: what comes between a fetch and the wait is not missed."""

from datetime import timedelta
from functools import partial

import pytest

from app.services import deployments, external_tasks, locks, polling, process_definitions
from app.store.lists.external_tasks import free_topics
from tests.models import TWO_TASKS

MINUTE = timedelta(minutes=1)
NO_TIME = timedelta(milliseconds=1)


@pytest.fixture
def two(store):
    """A store with a model of two tasks, whose polls nothing but wake-ups calls."""
    files = [("two.bpmn", TWO_TASKS.encode())]
    deployments.create(store, name="two", source=None, tenant_id=None, resources=files)
    store.wakeups.lookout._pause = lambda: 3600.0
    return store


def start(store):
    return process_definitions.start(store, key="two", variables={})["id"]


def wanted(worker="w", most=1, lock=MINUTE, **more):
    topic = {"topic_name": "check", "lock_duration": lock, **more}
    return {
        "worker_id": worker,
        "max_tasks": most,
        "use_priority": False,
        "topics": [topic],
        "sorting": [],
        "async_response_timeout": 120_000,
        "is_connected": lambda: True,
    }


def begin(store, **more):
    poll = polling.begin(store, holds_thread=False, **wanted(**more))
    assert isinstance(poll, polling.Poll)
    return poll


def free(store):
    with store.reading() as connection:
        return free_topics(connection, ["check", "nothing", "ship"])


@pytest.mark.parametrize("step", ["enter", "rest", "looked"])
def test_a_task_that_is_made_at_any_step_of_a_poll_is_handed_out(two, monkeypatch, step):
    lines, made, looks = two.wakeups.lines, [], []
    original, rest = getattr(lines, step), lines.rest

    def make_first(*arguments):
        if not made:
            made.append(start(two))
        return original(*arguments)

    def rest_and_look(*arguments):
        rest(*arguments)
        if not looks:
            looks.append(1)
            lines.wake({"check": 1})  # there is nothing yet

    if step == "looked":
        monkeypatch.setattr(lines, "rest", rest_and_look)
    monkeypatch.setattr(lines, step, make_first)
    tasks = polling.fetch_and_lock(two, **wanted())

    assert [task["process_instance_id"] for task in tasks] == made


def test_polls_that_want_the_same_tasks_stand_in_one_line_whatever_their_answers_hold(two):
    called = []
    asked = {
        "first": {},
        "longer": {"lock": 2 * MINUTE},
        "fewer variables": {"variables": ["amount"]},
        "own key": {"business_key": "other"},
    }
    polls = {name: begin(two, worker=name, **more) for name, more in asked.items()}
    for name, poll in polls.items():
        poll.rest(partial(called.append, name))

    start(two)
    ended = [name for name in list(called) if polls[name].look()]
    for poll in polls.values():
        poll.leave()

    assert called[:2] == ["first", "own key"]
    assert ended == ["first"]
    assert len(polls["first"].result()) == 1


def test_a_task_that_is_given_back_calls_a_poll(two):
    start(two)
    arguments = {n: v for n, v in wanted().items() if n not in ("async_response_timeout",)}
    del arguments["is_connected"]
    (task,) = external_tasks.fetch_and_lock(two, **arguments)
    called, poll = [], begin(two)
    poll.rest(partial(called.append, "called"))

    locks.unlock(two, task["id"], lock_token=None)
    is_over = poll.look()

    assert called == ["called"]
    assert is_over
    assert [one["id"] for one in poll.result()] == [task["id"]]


def test_the_look_of_all_polls_tells_topics_whose_tasks_can_be_fetched(two):
    before = free(two)
    start(two)
    made = free(two)
    (held,) = polling.fetch_and_lock(two, **wanted())
    locked = free(two)
    locks.extend_lock(two, held["id"], worker_id="w", new_duration=NO_TIME)
    while not (expired := free(two)):
        pass
    external_tasks.set_retries(two, held["id"], retries=0)

    assert (before, made, locked, expired) == ([], ["check"], [], ["check"])
    assert free(two) == []
