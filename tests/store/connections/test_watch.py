"""A connection that is silent for too long is cut; others, and those that idle, are not."""

import socket
import time

import pytest

from app.store.connections import watch as module
from app.store.connections.watch import Watch

WAIT = 30  # seconds in which a busy machine does what takes a few hundredths


class Driver:
    """A connection of a driver, of which only the socket counts."""

    def __init__(self):
        self.ours, self.theirs = socket.socketpair()
        self.theirs.settimeout(WAIT)

    def fileno(self):
        return self.ours.fileno()

    def is_cut(self):
        return self.theirs.recv(1) == b""


@pytest.fixture
def driver():
    drivers = []

    def make():
        drivers.append(Driver())
        return drivers[-1]

    yield make
    for each in drivers:
        each.ours.close()
        each.theirs.close()


@pytest.fixture
def watch(monkeypatch):
    """A watch that looks often, and cuts what has waited longer than any test takes."""
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    return Watch(WAIT)


def let_wait(watched):
    """Let its statement have begun long ago."""
    watched.since = time.monotonic() - 3 * WAIT


def test_a_statement_that_takes_too_long_is_cut(watch, driver):
    late = driver()
    watched = watch.add(late)
    let_wait(watched)

    assert late.is_cut()
    watch.remove(watched)


def test_others_stay_whether_they_idle_or_have_just_begun(watch, driver):
    late, idle, busy = driver(), driver(), driver()
    watched = [watch.add(each) for each in (late, idle, busy)]
    watched[1].stop_clock()
    let_wait(watched[0])

    assert late.is_cut()  # each of them would be by now

    for each in (idle, busy):
        each.ours.sendall(b"x")
        assert each.theirs.recv(1) == b"x"
    for each in watched:
        watch.remove(each)


def test_a_connection_is_cut_once(watch, driver):
    late = driver()
    watched = watch.add(late)
    let_wait(watched)
    assert late.is_cut()

    assert watched.since is None
    watch.remove(watched)


def test_a_statement_counts_from_its_own_beginning(watch, driver):
    watched = watch.add(driver())
    watched.stop_clock()
    before = time.monotonic()

    with watched.asking():
        assert watched.since >= before
    assert watched.since is None
    watched.touch()
    assert watched.since >= before
    watch.remove(watched)


def test_a_question_that_fails_stops_the_clock_too(watch, driver):
    watched = watch.add(driver())

    with pytest.raises(ZeroDivisionError), watched.asking():
        raise ZeroDivisionError

    assert watched.since is None
    watch.remove(watched)


def test_a_descriptor_that_is_used_anew_is_not_cut(watch, driver):
    """The driver closes its connection; the next one may have its number."""
    gone = driver()
    watched = watch.add(gone)
    gone.ours.close()
    other = driver()
    let_wait(watched)

    assert gone.is_cut()

    other.ours.sendall(b"x")
    assert other.theirs.recv(1) == b"x"
    watch.remove(watched)


def test_the_thread_ends_with_the_last_connection_and_comes_with_the_next(watch, driver):
    watched = watch.add(driver())
    thread = watch._thread
    watch.remove(watched)
    thread.join(WAIT)

    late = driver()
    again = watch.add(late)
    let_wait(again)

    assert not thread.is_alive()
    assert late.is_cut()
    watch.remove(again)
