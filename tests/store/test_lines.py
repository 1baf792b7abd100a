"""Lines of waiting polls: a task calls as few as it needs, and none is overlooked."""

import random
import time
from functools import partial

import pytest

from app.instruments import instruments_of
from app.store.connections.lines import Limits, Lines, Waiter
from app.store.connections.lookout import Lookout

pytestmark = pytest.mark.no_database
LATER = 3600


@pytest.fixture
def lines():
    found = Lines(instruments_of("lines"))
    yield found
    for waiter in list(found._waiters()):
        found.leave(waiter)


class Polls:
    """Waiting polls by name, and which of them were called."""

    def __init__(self, lines):
        self.lines, self.called, self.waiters = lines, [], {}

    def enter(self, name, *topics, wants=None, worker="w", deadline=None, **more):
        waiter = Waiter(
            wants=wants or topics,
            topics=frozenset(topics),
            worker_id=worker,
            deadline=time.monotonic() + LATER if deadline is None else deadline,
            **{"seen": self.lines.wakes, **more},
        )
        waiter.call = partial(self.called.append, name)
        self.waiters[name] = waiter
        return self.lines.enter(waiter)

    def rest(self, *names):
        for name in names:
            self.lines.rest(self.waiters[name])

    def wait(self, *names, **more):
        for name in names:
            assert self.enter(name, "check", **more)
            self.rest(name)

    def end(self, name, found=1, most=1):
        self.lines.looked(self.waiters[name], found, most)
        self.lines.leave(self.waiters[name])

    def find_nothing(self, name):
        self.lines.looked(self.waiters[name], 0, 1)
        self.rest(name)


@pytest.fixture
def polls(lines):
    return Polls(lines)


def test_a_task_calls_the_poll_that_came_first_and_no_other(lines, polls):
    polls.wait("a", "b", "c")

    lines.wake({"check": 1, "other": 1})

    assert polls.called == ["a"]


def test_as_many_polls_are_called_as_there_are_tasks(lines, polls):
    polls.wait("a", "b", "c", "d")

    lines.wake({"check": 3})

    assert polls.called == ["a", "b", "c"]


def test_no_more_look_at_once_than_may_and_others_follow(lines, polls):
    lines.limits = Limits(looks=2)
    polls.wait("a", "b", "c", "d")

    lines.wake({"check": 4})
    at_once = list(polls.called)
    polls.end("b")

    assert at_once == ["a", "b"]
    assert polls.called == ["a", "b", "c"]


def test_the_next_is_called_when_one_was_given_all_it_had_asked_for(lines, polls):
    polls.wait("a", "b", "c")
    lines.wake({"check": 1})

    polls.end("a", found=2, most=2)
    polls.end("b", found=1, most=2)

    assert polls.called == ["a", "b"]


def test_a_poll_that_finds_nothing_keeps_its_place(lines, polls):
    polls.wait("a", "b")
    lines.wake({"check": 1})
    polls.find_nothing("a")

    lines.wake({"check": 1})

    assert polls.called == ["a", "a"]


def test_each_line_of_a_topic_is_called(lines, polls):
    polls.wait("a", "b")
    polls.wait("c", "d", wants="something else")

    lines.wake({"check": 1})

    assert polls.called == ["a", "c"]


def test_a_poll_that_ends_before_it_looks_passes_its_call_on(lines, polls):
    polls.wait("a", "b")
    lines.wake({"check": 1})

    lines.leave(polls.waiters["a"])

    assert polls.called == ["a", "b"]


def test_a_task_that_comes_while_the_only_poll_looks_calls_it_again(lines, polls):
    polls.wait("a")
    lines.wake({"check": 1})

    lines.wake({"check": 1})
    polls.find_nothing("a")

    assert polls.called == ["a", "a"]


def test_a_task_that_comes_between_a_fetch_and_the_wait_calls_the_poll(lines, polls):
    seen = lines.wakes
    lines.wake({"check": 1})

    assert polls.enter("a", "check", seen=seen)
    polls.rest("a")

    assert polls.called == ["a"]


def test_a_poll_whose_time_is_up_is_called_also_when_it_looks_just_then(lines, polls):
    polls.wait("a", "b")
    lines.wake({"check": 1})

    lines.expire(polls.waiters.values())
    polls.find_nothing("a")

    assert polls.called == ["a", "b", "a"]


def test_what_one_has_not_found_at_the_end_of_others_they_need_not_ask(lines, polls):
    now = time.monotonic()
    polls.wait("a", "b", deadline=now)
    polls.wait("c", deadline=now + LATER)
    lines.expire([polls.waiters["a"]])
    before = lines.is_known_empty(polls.waiters["b"])

    polls.end("a", found=0)

    assert not before
    assert lines.is_known_empty(polls.waiters["b"])
    assert not lines.is_known_empty(polls.waiters["c"])


def test_a_failed_look_calls_nobody_else(lines, polls):
    polls.wait("a", "b")
    lines.wake({"check": 1})

    polls.end("a", found=None)

    assert polls.called == ["a"]


@pytest.mark.parametrize("limits", [Limits(polls=2), Limits(in_threads=2)])
def test_no_more_wait_than_may(lines, polls, limits):
    lines.limits = limits
    polls.wait("a", "b", holds_thread=True)

    refused = not polls.enter("c", "check", holds_thread=True)
    lines.leave(polls.waiters["a"])

    assert refused
    assert polls.enter("d", "check", holds_thread=True)


def test_a_new_poll_of_a_worker_ends_its_older_ones_where_that_is_on(lines, polls):
    lines.is_unique = True
    polls.wait("a")
    polls.wait("b", worker="other")

    polls.wait("c")

    assert polls.called == ["a"]
    assert [name for name, one in polls.waiters.items() if one.is_cancelled] == ["a"]


@pytest.mark.parametrize("end", ["stop", "hang_up"])
def test_every_poll_is_called_to_end_also_one_that_comes_to_rest_after_that(lines, polls, end):
    polls.wait("a")
    assert polls.enter("b", "check")

    if end == "stop":
        lines.stop()
    else:
        lines.hang_up(polls.waiters["a"])
        lines.hang_up(polls.waiters["b"])
    polls.rest("b")

    assert polls.called == ["a", "b"]


def test_topics_that_nobody_waits_for_are_forgotten(lines, polls):
    polls.wait("a", "b")
    assert polls.enter("c", "check", "other")

    for waiter in polls.waiters.values():
        lines.leave(waiter)

    assert (lines.topics(), len(lines)) == ([], 0)


@pytest.mark.parametrize("seed", range(60))
def test_no_task_stays_while_a_poll_waits_for_it_whatever_comes_between(lines, seed):
    """Polls and commits take their steps in a random order; nothing looks from time to time."""
    choose = random.Random(seed)
    lines.limits = Limits(looks=choose.choice((1, 2, 8)))
    free, given = [], []

    def poll(name):
        most = choose.choice((1, 1, 3))

        def claim():
            some = free[:most]
            del free[:most]
            given.extend(some)
            return len(some)

        seen = lines.wakes
        yield
        if claim():
            return
        yield
        waiter = Waiter(("check",), frozenset(["check"]), name, time.monotonic() + LATER, seen)
        assert lines.enter(waiter)
        waits = True
        while waits:
            yield
            called = []
            waiter.call = partial(called.append, name)
            lines.rest(waiter)
            while not called:
                yield "waits"
            yield
            if choose.random() < 0.1:  # its client has gone
                break
            found = claim()
            yield
            lines.looked(waiter, found, most)
            waits = not found
        lines.leave(waiter)

    def commit(number):
        made = choose.choice((1, 1, 2))
        free.extend((number, one) for one in range(made))
        yield
        lines.wake({"check": made})

    def step(actor):
        done = next(actor, "ends")
        if done == "ends":
            ready.remove(actor)
        return done != "waits"

    ready = [poll(f"poll-{n}") for n in range(12)] + [commit(n) for n in range(10)]
    moves = True
    while ready and moves:
        for _ in range(20):
            if ready:
                step(choose.choice(ready))
        moves = bool(sum(step(actor) for actor in list(ready)))

    assert not (free and ready), "a task is there, and a poll waits"
    assert len(given) == len(set(given))


def test_the_lookout_calls_whose_time_is_up_and_whom_no_wake_up_has_told(lines, polls):
    looked_for = []

    def look(topics):
        looked_for.append(sorted(topics))
        return ["check"] if len(looked_for) > 1 else []

    lookout = Lookout(lines, look, lambda: 0.01)
    assert polls.enter("a", "check", deadline=time.monotonic())
    assert polls.enter("b", "check")
    assert polls.enter("c", "other")
    for name in polls.waiters:
        lookout.add(polls.waiters[name])
        polls.rest(name)
    until = time.monotonic() + 60
    while set(polls.called) < {"a", "b"} and time.monotonic() < until:
        time.sleep(0.005)

    assert polls.waiters["a"].is_over
    assert set(polls.called) == {"a", "b"}
    assert looked_for[0] == ["check", "other"]


def test_the_lookout_goes_on_when_it_cannot_look(lines, polls):
    def look(_):
        raise OSError("the database is away")

    lookout = Lookout(lines, look, lambda: 0.01)
    assert polls.enter("a", "check", deadline=time.monotonic() + 0.05)
    lookout.add(polls.waiters["a"])
    polls.rest("a")
    until = time.monotonic() + 60
    while not polls.called and time.monotonic() < until:
        time.sleep(0.005)

    assert polls.called == ["a"]
