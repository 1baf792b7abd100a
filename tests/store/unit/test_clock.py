"""A transaction has one time: the first answer counts, in whole milliseconds."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.store.unit.clock import Clock

NOW = datetime(2026, 3, 1, 12, 0, 0, 123_456, tzinfo=UTC)
WHOLE = NOW.replace(microsecond=123_000)


class Answering:
    """Statements that answer a time, and count how often they are asked."""

    def __init__(self, *times):
        self.times = list(times)

    def rows(self, statement):
        return [(self.times.pop(0),)]


def own():
    return NOW


def test_the_first_answer_is_the_time():
    clock = Clock(Answering(NOW, NOW + timedelta(days=1)), own)

    assert [clock.read(), clock.read(), clock.set(NOW + timedelta(days=2))] == [WHOLE] * 3


def test_a_statement_that_has_told_the_time_spares_the_question():
    clock = Clock(Answering(), own)
    clock.set(NOW)

    assert clock.read() == WHOLE


def test_where_the_database_has_no_clock_ours_counts():
    assert Clock(Answering(None), own).read() == WHOLE


@pytest.mark.parametrize("hours", [-11, 0, 5])
def test_the_time_is_in_utc(hours):
    there = NOW.astimezone(timezone(timedelta(hours=hours)))

    found = Clock(Answering(there), own).read()

    assert (found, found.tzinfo) == (WHOLE, UTC)
