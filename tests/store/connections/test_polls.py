"""Polls in the test's own process: what comes between a fetch and the wait is not missed."""

import contextlib
import threading
from datetime import timedelta
from functools import partial

import pytest

from app.errors import UnavailableError
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
    store.wakeups.timer._pause = lambda: 3600.0
    return store


def start(store):
    return process_definitions.start(store, key="two", variables={})["id"]


def wanted(worker="w", most=1, lock=MINUTE, timeout=120_000, **more):
    topic = {"topic_name": "check", "lock_duration": lock, **more}
    return {
        "worker_id": worker,
        "max_tasks": most,
        "use_priority": False,
        "topics": [topic],
        "sorting": [],
        "async_response_timeout": timeout,
        "is_connected": lambda: True,
    }


def begin(store, **more):
    poll = polling.begin(store, holds_thread=False, **wanted(**more))
    assert isinstance(poll, polling.Poll)
    return poll


def fetch(store):
    """The tasks of a fetch whose thread waits for them."""
    found = polling.begin(store, holds_thread=True, **wanted())
    if isinstance(found, polling.Poll):
        found.wait()
        return found.result()
    return found


def free(store):
    with store.reading() as connection:
        return free_topics(connection, ["check", "nothing", "ship"])


@pytest.mark.parametrize("step", ["enter", "await_turn", "note_result"])
def test_a_task_that_is_made_at_any_step_of_a_poll_is_handed_out(two, monkeypatch, step):
    queues, made, fetches = two.wakeups.queues, [], []
    original, await_turn = getattr(queues, step), queues.await_turn

    def make_first(*arguments):
        if not made:
            made.append(start(two))
        return original(*arguments)

    def await_turn_and_retry(*arguments):
        await_turn(*arguments)
        if not fetches:
            fetches.append(1)
            queues.wake({"check": 1})  # there is nothing yet

    if step == "note_result":
        monkeypatch.setattr(queues, "await_turn", await_turn_and_retry)
    monkeypatch.setattr(queues, step, make_first)
    tasks = fetch(two)

    assert [task["process_instance_id"] for task in tasks] == made


def test_polls_that_want_the_same_tasks_stand_in_one_queue_whatever_their_answers_hold(two):
    called = []
    asked = {
        "first": {},
        "longer": {"lock": 2 * MINUTE},
        "fewer variables": {"variables": ["amount"]},
        "own key": {"business_key": "other"},
    }
    polls = {name: begin(two, worker=name, **more) for name, more in asked.items()}
    for name, poll in polls.items():
        poll.await_turn(partial(called.append, name))

    start(two)
    ended = [name for name in list(called) if polls[name].retry()]
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
    poll.await_turn(partial(called.append, "called"))

    locks.unlock(two, task["id"], lock_token=None)
    is_over = poll.retry()

    assert called == ["called"]
    assert is_over
    assert [one["id"] for one in poll.result()] == [task["id"]]


def test_the_look_of_all_polls_tells_topics_whose_tasks_can_be_fetched(two):
    before = free(two)
    start(two)
    made = free(two)
    (held,) = fetch(two)
    locked = free(two)
    locks.extend_lock(two, held["id"], worker_id="w", new_duration=NO_TIME)
    while not (expired := free(two)):
        pass
    external_tasks.set_retries(two, held["id"], retries=0)

    assert (before, made, locked, expired) == ([], ["check"], [], ["check"])
    assert free(two) == []


class Away:
    """The connections of a database that cannot be reached."""

    def take(self):
        raise UnavailableError("The database cannot be reached")


@pytest.fixture
def without_database(two, monkeypatch):
    """The store while its database is away, as a context."""

    @contextlib.contextmanager
    def outage():
        with monkeypatch.context() as patch:
            patch.setattr(two, "pool", Away())
            yield

    return outage


def test_a_poll_waits_on_while_the_database_is_away_and_has_the_next_task(two, without_database):
    called, poll = [], begin(two)
    poll.await_turn(partial(called.append, "first"))
    with without_database():
        two.wakeups.queues.wake({"check": 1})
        is_over_without = poll.retry()
        poll.await_turn(partial(called.append, "again"))
        called_without = list(called)

    instance = start(two)
    is_over = poll.retry()

    assert (called_without, is_over_without) == (["first"], False)
    assert (called, is_over) == (["first", "again"], True)
    assert [task["process_instance_id"] for task in poll.result()] == [instance]


def test_a_poll_whose_time_is_up_while_the_database_is_away_says_so(two, without_database):
    poll = begin(two, timeout=1)
    called = threading.Event()
    poll.await_turn(called.set)
    assert called.wait(60)

    with without_database():
        is_over = poll.retry()

    assert is_over
    with pytest.raises(UnavailableError):
        poll.result()
    assert len(two.wakeups.queues) == 0


def test_a_new_poll_is_refused_while_the_database_is_away(two, without_database):
    with without_database(), pytest.raises(UnavailableError):
        begin(two)

    assert len(two.wakeups.queues) == 0
