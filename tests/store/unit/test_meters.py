"""Counts of a process: added by many threads, and taken once."""

from concurrent.futures import ThreadPoolExecutor

from app.store.unit.meters import Meters


def test_what_was_added_is_taken_once():
    meters = Meters()
    meters.add({"a": 2, "b": 1})
    meters.add({"a": 3})

    assert (meters.of("a"), meters.of("none")) == (5, 0)
    assert meters.take() == {"a": 5, "b": 1}
    assert meters.take() == {}
    assert meters.of("a") == 0


def test_what_is_zero_is_no_count():
    meters = Meters()
    meters.add({})
    meters.add({"a": 0})

    assert meters.take() == {}


def test_no_count_is_lost_between_threads():
    meters, taken = Meters(), []

    def work(_):
        for number in range(500):
            meters.add({"a": 1})
            if number % 50 == 0:
                taken.append(meters.take())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))

    assert sum(found.get("a", 0) for found in [*taken, meters.take()]) == 2_000
