"""Queues of waiting polls: a task calls as few as it needs, and none is overlooked."""

import random
import time
from functools import partial

import pytest

from app.instruments import instruments_of
from app.store.connections.poll_timer import PollTimer
from app.store.connections.wait_queues import Limits, Waiter, WaitQueues

pytestmark = pytest.mark.no_database
LATER = 3600


@pytest.fixture
def queues():
    found = WaitQueues(instruments_of("queues"))
    yield found
    for waiter in list(found._waiters()):
        found.leave(waiter)


class Polls:
    """Waiting polls by name, and which of them were called."""

    def __init__(self, queues):
        self.queues, self.called, self.waiters = queues, [], {}

    def enter(self, name, *topics, wants=None, worker="w", deadline=None, **more):
        waiter = Waiter(
            wants=wants or topics,
            topics=frozenset(topics),
            worker_id=worker,
            deadline=time.monotonic() + LATER if deadline is None else deadline,
            **{"seen": self.queues.wakes, **more},
        )
        waiter.call = partial(self.called.append, name)
        self.waiters[name] = waiter
        return self.queues.enter(waiter)

    def await_turn(self, *names):
        for name in names:
            self.queues.await_turn(self.waiters[name])

    def wait(self, *names, **more):
        for name in names:
            assert self.enter(name, "check", **more)
            self.await_turn(name)

    def end(self, name, found=1, most=1):
        self.queues.note_result(self.waiters[name], found, most)
        self.queues.leave(self.waiters[name])

    def find_nothing(self, name):
        self.queues.note_result(self.waiters[name], 0, 1)
        self.await_turn(name)


@pytest.fixture
def polls(queues):
    return Polls(queues)


def test_a_task_calls_the_poll_that_came_first_and_no_other(queues, polls):
    polls.wait("a", "b", "c")

    queues.wake({"check": 1, "other": 1})

    assert polls.called == ["a"]


def test_as_many_polls_are_called_as_there_are_tasks(queues, polls):
    polls.wait("a", "b", "c", "d")

    queues.wake({"check": 3})

    assert polls.called == ["a", "b", "c"]


def test_no_more_fetch_at_once_than_may_and_others_follow(queues, polls):
    queues.limits = Limits(fetches=2)
    polls.wait("a", "b", "c", "d")

    queues.wake({"check": 4})
    at_once = list(polls.called)
    polls.end("b")

    assert at_once == ["a", "b"]
    assert polls.called == ["a", "b", "c"]


def test_the_next_is_called_when_one_was_given_all_it_had_asked_for(queues, polls):
    polls.wait("a", "b", "c")
    queues.wake({"check": 1})

    polls.end("a", found=2, most=2)
    polls.end("b", found=1, most=2)

    assert polls.called == ["a", "b"]


def test_a_poll_that_finds_nothing_keeps_its_place(queues, polls):
    polls.wait("a", "b")
    queues.wake({"check": 1})
    polls.find_nothing("a")

    queues.wake({"check": 1})

    assert polls.called == ["a", "a"]


def test_each_line_of_a_topic_is_called(queues, polls):
    polls.wait("a", "b")
    polls.wait("c", "d", wants="something else")

    queues.wake({"check": 1})

    assert polls.called == ["a", "c"]


def test_a_poll_that_ends_before_it_fetches_passes_its_call_on(queues, polls):
    polls.wait("a", "b")
    queues.wake({"check": 1})

    queues.leave(polls.waiters["a"])

    assert polls.called == ["a", "b"]


def test_a_task_that_comes_while_the_only_poll_fetches_calls_it_again(queues, polls):
    polls.wait("a")
    queues.wake({"check": 1})

    queues.wake({"check": 1})
    polls.find_nothing("a")

    assert polls.called == ["a", "a"]


def test_a_task_that_comes_between_a_fetch_and_the_wait_calls_the_poll(queues, polls):
    seen = queues.wakes
    queues.wake({"check": 1})

    assert polls.enter("a", "check", seen=seen)
    polls.await_turn("a")

    assert polls.called == ["a"]


def test_a_poll_whose_time_is_up_is_called_also_when_it_fetches_just_then(queues, polls):
    polls.wait("a", "b")
    queues.wake({"check": 1})

    queues.expire(polls.waiters.values())
    polls.find_nothing("a")

    assert polls.called == ["a", "b", "a"]


def test_what_one_has_not_found_at_the_end_of_others_they_need_not_ask(queues, polls):
    now = time.monotonic()
    polls.wait("a", "b", deadline=now)
    polls.wait("c", deadline=now + LATER)
    queues.expire([polls.waiters["a"]])
    before = queues.is_known_empty(polls.waiters["b"])

    polls.end("a", found=0)

    assert not before
    assert queues.is_known_empty(polls.waiters["b"])
    assert not queues.is_known_empty(polls.waiters["c"])


def test_a_failed_fetch_calls_nobody_else(queues, polls):
    polls.wait("a", "b")
    queues.wake({"check": 1})

    polls.end("a", found=None)

    assert polls.called == ["a"]


@pytest.mark.parametrize("limits", [Limits(polls=2), Limits(in_threads=2)])
def test_no_more_wait_than_may(queues, polls, limits):
    queues.limits = limits
    polls.wait("a", "b", holds_thread=True)

    refused = not polls.enter("c", "check", holds_thread=True)
    queues.leave(polls.waiters["a"])

    assert refused
    assert polls.enter("d", "check", holds_thread=True)


def test_a_new_poll_of_a_worker_ends_its_older_ones_where_that_is_on(queues, polls):
    queues.is_unique = True
    polls.wait("a")
    polls.wait("b", worker="other")

    polls.wait("c")

    assert polls.called == ["a"]
    assert [name for name, one in polls.waiters.items() if one.is_cancelled] == ["a"]


@pytest.mark.parametrize("end", ["stop", "hang_up"])
def test_every_poll_is_called_to_end_also_one_that_comes_to_rest_after_that(queues, polls, end):
    polls.wait("a")
    assert polls.enter("b", "check")

    if end == "stop":
        queues.stop()
    else:
        queues.hang_up(polls.waiters["a"])
        queues.hang_up(polls.waiters["b"])
    polls.await_turn("b")

    assert polls.called == ["a", "b"]


def test_topics_that_nobody_waits_for_are_forgotten(queues, polls):
    polls.wait("a", "b")
    assert polls.enter("c", "check", "other")

    for waiter in polls.waiters.values():
        queues.leave(waiter)

    assert (queues.topics(), len(queues)) == ([], 0)


class Play:
    """Polls and commits over one list of free tasks: generators, each step of which is one act."""

    def __init__(self, queues, choose):
        self.queues, self.choose = queues, choose
        self.free, self.given = [], []

    def claim(self, most):
        """Take so many free tasks; answers how many there were."""
        some = self.free[:most]
        del self.free[:most]
        self.given.extend(some)
        return len(some)

    def poll(self, name):
        """A poll; it gives ``waits`` while nothing has called it."""
        most = self.choose.choice((1, 1, 3))
        seen = self.queues.wakes
        yield
        if self.claim(most):
            return
        yield
        waiter = Waiter(("check",), frozenset(["check"]), name, time.monotonic() + LATER, seen)
        assert self.queues.enter(waiter)
        waits = True
        while waits:
            yield
            called = []
            waiter.call = partial(called.append, name)
            self.queues.await_turn(waiter)
            while not called:
                yield "waits"
            yield
            if self.choose.random() < 0.1:  # its client has gone
                break
            found = self.claim(most)
            yield
            self.queues.note_result(waiter, found, most)
            waits = not found
        self.queues.leave(waiter)

    def commit(self, number):
        """A transaction that makes tasks."""
        made = self.choose.choice((1, 1, 2))
        self.free.extend((number, one) for one in range(made))
        yield
        self.queues.wake({"check": made})


@pytest.mark.parametrize("seed", range(60))
def test_no_task_stays_while_a_poll_waits_for_it_whatever_comes_between(queues, seed):
    """Polls and commits take their steps in a random order; nothing looks from time to time."""
    choose = random.Random(seed)
    queues.limits = Limits(fetches=choose.choice((1, 2, 8)))
    play = Play(queues, choose)
    ready = [play.poll(f"poll-{n}") for n in range(12)] + [play.commit(n) for n in range(10)]

    def step(actor):
        done = next(actor, "ends")
        if done == "ends":
            ready.remove(actor)
        return done != "waits"

    moves = True
    while ready and moves:
        for _ in range(20):
            if ready:
                step(choose.choice(ready))
        moves = bool(sum(step(actor) for actor in list(ready)))

    assert not (play.free and ready), "a task is there, and a poll waits"
    assert len(play.given) == len(set(play.given))


def test_the_timer_calls_polls_whose_time_is_up_or_whom_no_wake_up_has_reached(queues, polls):
    looked_for = []

    def find_free(topics):
        looked_for.append(sorted(topics))
        return ["check"] if len(looked_for) > 1 else []

    timer = PollTimer(queues, find_free, lambda: 0.01)
    assert polls.enter("a", "check", deadline=time.monotonic())
    assert polls.enter("b", "check")
    assert polls.enter("c", "other")
    for name in polls.waiters:
        timer.add(polls.waiters[name])
        polls.await_turn(name)
    until = time.monotonic() + 60
    while set(polls.called) < {"a", "b"} and time.monotonic() < until:
        time.sleep(0.005)

    assert polls.waiters["a"].is_over
    assert set(polls.called) == {"a", "b"}
    assert looked_for[0] == ["check", "other"]


def test_the_timer_goes_on_when_it_cannot_ask(queues, polls):
    def find_free(_):
        raise OSError("the database is away")

    timer = PollTimer(queues, find_free, lambda: 0.01)
    assert polls.enter("a", "check", deadline=time.monotonic() + 0.05)
    timer.add(polls.waiters["a"])
    polls.await_turn("a")
    until = time.monotonic() + 60
    while not polls.called and time.monotonic() < until:
        time.sleep(0.005)

    assert polls.called == ["a"]
