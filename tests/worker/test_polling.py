"""Fetches: what is asked for, how a wait is ended, and what is given back."""

import threading
from datetime import timedelta

import pytest

from app.worker.connection import AnswerError
from app.worker.handlers import Topic
from app.worker.polling import GRACE, Poll

from .recorded import GONE, TASK


def topic(name="charge"):
    seconds = timedelta(seconds=1)
    return Topic(name, None, seconds, 3, seconds, None, None, {})


@pytest.fixture
def poll(connect):
    def poll(server, worker_id="w", wait=timedelta(seconds=20)):
        return Poll(connect(server), worker_id, wait)

    return poll


def test_a_fetch_asks_for_all_topics_at_once_by_priority(recorded, poll):
    server = recorded()

    poll(server).fetch([topic("charge"), topic("ship")], 7)

    ((body, _),) = server.named("fetchAndLock")
    assert (body["workerId"], body["maxTasks"], body["usePriority"]) == ("w", 7, True)
    assert body["asyncResponseTimeout"] == 20_000
    assert [asked["topicName"] for asked in body["topics"]] == ["charge", "ship"]


def test_tasks_come_in_the_order_of_the_answer(recorded, poll):
    server = recorded(fetchAndLock=[(200, [{**TASK, "id": name} for name in "bca"])])

    assert [task.id for task in poll(server).fetch([topic()], 3)] == ["b", "c", "a"]


@pytest.mark.parametrize("answer", [(200, []), (200, None), (204, None)], ids=repr)
def test_an_answer_without_tasks_is_none(recorded, poll, answer):
    assert poll(recorded(fetchAndLock=[answer])).fetch([topic()], 1) == []


def test_the_answer_may_be_later_than_the_servers_wait():
    class Waiting:
        def call(self, *_, timeout, **__):
            self.timeout = timeout
            return []

    waiting = Waiting()

    Poll(waiting, "w", timedelta(seconds=20)).fetch([topic()], 1)

    assert waiting.timeout == 20 + GRACE


@pytest.mark.parametrize("answer", [None, (400, {"message": "no"}), (503, {})], ids=repr)
def test_a_fetch_that_fails_says_so(recorded, poll, answer):
    with pytest.raises((AnswerError, OSError)):
        poll(recorded(fetchAndLock=[answer])).fetch([topic()], 1)


class Unanswered:
    """A server that answers nothing; who waits is told when somebody hangs up."""

    def __init__(self):
        self.is_asked, self.is_cut = threading.Event(), threading.Event()

    def call(self, *_, started, **__):
        started("connection")
        self.is_asked.set()
        assert self.is_cut.wait(30)
        raise ConnectionResetError("cut")

    def hang_up(self, connection):
        assert connection == "connection"
        self.is_cut.set()


def test_stopping_ends_a_wait_without_a_failure():
    server, found = Unanswered(), []
    waiting = Poll(server, "w", timedelta(hours=1))
    thread = threading.Thread(target=lambda: found.append(waiting.fetch([topic()], 1)))
    thread.start()
    assert server.is_asked.wait(30)

    waiting.stop()
    thread.join(30)

    assert found == [[]]


def test_a_poll_that_is_stopped_before_it_asks_does_not_wait():
    server = Unanswered()
    waiting = Poll(server, "w", timedelta(hours=1))
    waiting.stop()

    assert waiting.fetch([topic()], 1) == []


def test_stopping_twice_or_without_a_wait_is_nothing(recorded, poll):
    stopped = poll(recorded())

    stopped.stop()
    stopped.stop()

    assert stopped.fetch([topic()], 1) == []


# -- giving back ------------------------------------------------------------------------------


def test_what_has_not_arrived_is_unlocked_and_nothing_else(recorded, poll):
    server = recorded(**{"external-task": [(200, [{"id": "a"}, {"id": "b"}, {"id": "c"}])]})

    poll(server).give_back({"b"})

    assert server.lines == [
        ("GET", "/engine-rest/external-task?locked=true&workerId=w"),
        ("POST", "/engine-rest/external-task/a/unlock"),
        ("POST", "/engine-rest/external-task/c/unlock"),
    ]


def test_a_task_that_is_gone_keeps_no_other_from_being_given_back(recorded, poll, caplog):
    tasks = [{"id": "a"}, {"id": "b"}]
    server = recorded(**{"external-task": [(200, tasks)], "unlock": [GONE]})

    poll(server).give_back(set())

    assert [path.split("/")[-2] for _, path in server.lines[1:]] == ["a", "b"]
    assert "the task a could not be given back" in caplog.text


def test_a_worker_of_any_name_finds_its_own_tasks(recorded, poll):
    server = recorded()

    poll(server, worker_id="a&b=c/ü").give_back(set())

    ((_, path),) = server.lines
    assert path.endswith("workerId=a%26b%3Dc%2F%C3%BC")


@pytest.mark.parametrize("answer", [None, (403, {"message": "no"})], ids=repr)
def test_a_server_that_is_away_keeps_no_worker_from_its_end(recorded, poll, answer, caplog):
    poll(recorded(**{"external-task": [answer]})).give_back(set())

    assert "could not be given back" in caplog.text
