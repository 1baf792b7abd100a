"""Writers of one process take turns, in the order in which they came."""

import threading
import time

import pytest

from app.store.sqlite.turns import Turns


def waiting(turns, number):
    """Wait until so many stand in line."""
    deadline = time.monotonic() + 60
    while len(turns._waiting) < number:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_who_came_first_goes_first():
    turns, order = Turns(), []

    def write(number):
        with turns:
            order.append(number)

    with turns:
        threads = []
        for number in range(8):
            threads.append(threading.Thread(target=write, args=(number,)))
            threads[-1].start()
            waiting(turns, number + 1)
    for thread in threads:
        thread.join(60)

    assert order == list(range(8))


def test_one_writes_at_a_time():
    turns, inside, most = Turns(), [], []

    def write():
        for _ in range(200):
            with turns:
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(most) == 800
    assert set(most) == {1}


def test_a_turn_that_fails_is_handed_on():
    turns = Turns()

    with pytest.raises(ZeroDivisionError), turns:
        raise ZeroDivisionError

    with turns:
        pass


def test_a_turn_that_is_handed_on_is_not_free_for_who_comes_just_then():
    """A thread that waits has it at once, also before it has woken up."""
    turns = Turns()
    held = threading.Event()
    done = []

    def write():
        with turns:
            held.set()
            done.append(1)

    with turns:
        thread = threading.Thread(target=write)
        thread.start()
        waiting(turns, 1)
    assert turns._is_taken or held.is_set()
    thread.join(60)

    assert done == [1]
    assert not turns._is_taken
