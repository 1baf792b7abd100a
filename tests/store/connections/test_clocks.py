"""A clock for tests is put to a time, goes on from there, and stands still where it is told to."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.store.connections.clocks import MovableClock

THEN = datetime(2030, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)  # far more than a test takes


@pytest.fixture
def clock():
    return MovableClock()


def test_it_shows_the_time_until_it_is_moved(clock):
    before = datetime.now(UTC)

    assert before - HOUR < clock() < before + HOUR
    assert not clock.is_frozen


def test_it_goes_on_from_where_it_is_put(clock):
    clock.move(THEN)

    assert THEN <= clock() < THEN + HOUR
    assert clock() <= clock()


def test_it_stands_still(clock):
    clock.move(THEN)
    clock.freeze()

    assert clock.is_frozen
    assert clock() == clock()


def test_it_stands_still_where_it_is_moved_to(clock):
    clock.freeze()
    clock.move(THEN)

    assert clock() == THEN
    assert clock.is_frozen


def test_it_goes_on_from_the_time_that_it_shows(clock):
    clock.freeze()
    clock.move(THEN)
    clock.thaw()

    assert THEN <= clock() < THEN + HOUR
    assert not clock.is_frozen
    clock.thaw()  # again: nothing to do
    assert THEN <= clock() < THEN + HOUR


@pytest.mark.parametrize("is_frozen", [True, False])
def test_a_time_of_another_zone_is_the_same_instant(clock, is_frozen):
    if is_frozen:
        clock.freeze()
    clock.move(THEN.astimezone(timezone(timedelta(hours=-7))))

    assert THEN <= clock() < THEN + HOUR
    assert clock().tzinfo is UTC


def test_it_can_be_put_back(clock):
    clock.move(THEN)
    clock.freeze()
    clock.reset()

    assert clock() < THEN
    assert not clock.is_frozen


def test_it_can_go_back_in_time(clock):
    clock.move(datetime(1999, 1, 1, tzinfo=UTC))

    assert clock().year == 1999
