"""Figures that are noted at each request, and their values in scrapes."""

import threading

import pytest
from prometheus_client import CollectorRegistry, Counter, Histogram

from app import instruments
from app.background.metering import Reporter
from app.instruments import Distribution, Notes

BUCKETS = (0.01, 0.1, 1)
VALUES = [0.001, 0.01, 0.0100001, 0.5, 1, 7, 7, -1]


@pytest.fixture
def registry():
    return CollectorRegistry()


def samples(metric):
    return {
        (sample.name.removeprefix(metric._name), sample.labels.get("le")): sample.value
        for family in metric.collect()
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def test_many_values_at_once_are_observed_as_one_after_the_other(registry):
    slow = Histogram("slow", "s", buckets=BUCKETS, registry=registry)
    fast = Distribution("fast", "f", buckets=BUCKETS, registry=registry)
    for value in VALUES:
        slow.observe(value)

    fast.add(VALUES[:3])
    fast.add([])
    fast.add(VALUES[3:])

    assert samples(fast) == pytest.approx(samples(slow))


@pytest.fixture
def counter(registry):
    return Counter("done", "d", registry=registry)


@pytest.fixture
def notes(counter, monkeypatch):
    monkeypatch.setattr(instruments, "_NOTES", [])
    return instruments.counting(counter)


def count(counter):
    return samples(counter)["_total", None]


def test_what_is_noted_counts_once_it_is_settled(counter, notes):
    for _ in range(5):
        notes.note(1)
    before = count(counter)

    instruments.settle()
    instruments.settle()

    assert (before, count(counter)) == (0, 5)


def test_nothing_piles_up_where_nobody_settles(counter, notes):
    for _ in range(instruments.MOST_NOTED + 1):
        notes.note(1)

    assert count(counter) == instruments.MOST_NOTED
    assert len(notes._values) == 1


def test_no_note_of_many_threads_is_lost(counter, notes):
    threads = [
        threading.Thread(target=lambda: [notes.note(1) for _ in range(3_000)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        instruments.settle()
    instruments.settle()

    assert count(counter) == 12_000


def test_a_process_that_ends_settles_what_it_has_noted(store, counter, notes):
    notes.note(3)

    Reporter(store).stop()

    assert count(counter) == 3


def test_a_counter_that_fails_does_not_keep_others_from_theirs(counter, notes):
    def fail(found):
        raise OSError(len(found))

    broken = Notes(fail)
    instruments._NOTES.reverse()
    broken.note(1)
    notes.note(1)

    instruments.settle()

    assert count(counter) == 1
