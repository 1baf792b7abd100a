"""Locks that are extended while functions run."""

import threading
from datetime import timedelta

import pytest

from app.worker.connection import AnswerError
from app.worker.handlers import Topic
from app.worker.keeping import LockKeeper
from app.worker.task import Task

from .recorded import TASK

SHORT = timedelta(milliseconds=20)
LONG = timedelta(hours=1)


def topic(lock):
    return Topic("charge", None, lock, 3, LONG, None, None, {})


class Extending:
    """Notes what is extended; says what it is told to, then yes.

    Attributes:
        answers: by the id of a task, errors that its extensions meet, one after the other.
    """

    def __init__(self, **answers):
        self.answers = answers
        self.calls = []
        self.seen = threading.Condition()

    def call(self, method, path, body):
        *_, id_, action = path.split("/")
        assert (method, action) == ("POST", "extendLock")
        with self.seen:
            self.calls.append((id_, body))
            self.seen.notify_all()
        if errors := self.answers.get(id_):
            raise errors.pop(0)

    def wait_for(self, count, id_="t1"):
        """Wait until a task was extended so often."""
        with self.seen:
            assert self.seen.wait_for(lambda: self.count(id_) >= count, 60)

    def count(self, id_):
        return sum(1 for found, _ in self.calls if found == id_)


def task(id_="t1"):
    return Task({**TASK, "id": id_}, None)


@pytest.fixture
def keeping():
    """Starts keepers; they end with the test."""
    started = []

    def start(connection):
        keeper = LockKeeper(connection, "w")
        keeper.start()
        started.append(keeper)
        return keeper

    yield start
    for keeper in started:
        keeper.stop()


def test_a_lock_is_extended_again_and_again_by_its_own_time(keeping):
    connection = Extending()

    keeping(connection).hold(task(), topic(SHORT))
    connection.wait_for(3)

    assert connection.calls[0] == ("t1", {"workerId": "w", "newDuration": 20})


def test_a_task_that_is_done_is_extended_no_more(keeping):
    connection = Extending()
    keeper, held = keeping(connection), task()
    keeper.hold(held, topic(SHORT))
    connection.wait_for(1)

    keeper.release(held)
    before = connection.count("t1")
    keeper.hold(task("t2"), topic(SHORT))
    connection.wait_for(3, "t2")

    assert connection.count("t1") <= before + 1  # one may have been on its way


def test_a_short_lock_does_not_wait_behind_a_long_one(keeping):
    connection = Extending()
    keeper = keeping(connection)

    keeper.hold(task("long"), topic(LONG))
    keeper.hold(task("short"), topic(SHORT))
    connection.wait_for(2, "short")

    assert connection.count("long") == 0


@pytest.mark.parametrize("status", [400, 404])
def test_a_lock_that_is_lost_is_noted_at_its_task_and_left_alone(keeping, status):
    connection = Extending(t1=[AnswerError(status, "not yours")])
    keeper, held = keeping(connection), task()

    keeper.hold(held, topic(SHORT))

    assert held.lost.wait(60)
    keeper.hold(task("t2"), topic(SHORT))
    connection.wait_for(3, "t2")
    assert connection.count("t1") == 1


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(AnswerError(503, "wait"), id="busy"),
        pytest.param(AnswerError(500, "broken"), id="broken"),
        pytest.param(AnswerError(401, "who?"), id="no longer logged in"),
        pytest.param(ConnectionResetError("away"), id="away"),
        pytest.param(TimeoutError("slow"), id="slow"),
    ],
)
def test_a_lock_that_could_not_be_extended_is_tried_again(keeping, error):
    connection, held = Extending(t1=[error]), task()

    keeping(connection).hold(held, topic(SHORT))
    connection.wait_for(2)

    assert not held.lost.is_set()


def test_one_lost_lock_keeps_no_other_from_being_extended(keeping):
    connection = Extending(a=[AnswerError(404, "gone")])
    keeper = keeping(connection)

    keeper.hold(task("a"), topic(SHORT))
    keeper.hold(task("b"), topic(SHORT))

    connection.wait_for(3, "b")
    assert connection.count("a") == 1


def test_releasing_what_is_not_held_is_nothing(keeping):
    connection = Extending()
    keeper = keeping(connection)

    keeper.release(task())
    keeper.hold(task("t2"), topic(SHORT))

    connection.wait_for(2, "t2")
    assert connection.count("t1") == 0


def test_a_keeper_ends_while_it_waits_for_a_long_lock():
    keeper = LockKeeper(Extending(), "w")
    keeper.start()
    keeper.hold(task(), topic(LONG))

    keeper.stop()

    assert not any(thread.name == "baton-locks" for thread in threading.enumerate())
