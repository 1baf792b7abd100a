"""Laws of due dates, on random texts and clocks (semantics 6)."""

import contextlib
import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from app.engine.events.timers import (
    TimerError,
    due_of,
    next_due,
    period_of,
    timestamp_from_text,
)
from app.errors import EngineError

from .dates import BERLIN, NOW, due, firings

clocks = st.datetimes(
    datetime(1970, 1, 1), datetime(2400, 1, 1), timezones=st.sampled_from([UTC, BERLIN])
)
numbers = st.integers(0, 500)


@given(clocks, numbers, numbers, numbers)
def test_hours_minutes_and_seconds_are_the_time_that_passes(now, hours, minutes, seconds):
    text = f"PT{hours}H{minutes}M{seconds}S"

    passed = due("duration", text, now) - now.astimezone(UTC)

    assert passed == timedelta(hours=hours, minutes=minutes, seconds=seconds)


@given(clocks, st.integers(0, 2000))
def test_months_keep_the_day_unless_the_month_is_shorter(now, months):
    now = now.astimezone(UTC)

    found = due("duration", f"P{months}M", now)

    assert (found.year - now.year) * 12 + found.month - now.month == months
    assert found.day == now.day or (found.day < now.day and (found + timedelta(days=1)).day == 1)
    assert found.time() == now.time()


@given(
    st.sampled_from(["R{n}/PT7M", "R{n}/P1D", "R{n}/P1M", "R/PT13S", "R{n}/P1DT2H"]),
    st.integers(1, 12),
    clocks,
)
def test_a_cycle_fires_so_often_and_ever_later(text, times, now):
    found = firings(text.format(n=times), now, count=times + 3)

    assert len(found) == (times + 3 if text.startswith("R/") else times)
    assert all(a < b for a, b in itertools.pairwise(found))
    assert found[0] > now


@given(clocks, st.integers(1, 100_000), st.integers(0, 10**9))
def test_the_next_point_of_a_grid_is_within_one_period(now, period, late):
    repeat = due_of("cycle", f"R/PT{period}S", now).repeat
    later = now.astimezone(UTC) + timedelta(seconds=late)

    found = next_due(repeat, later)

    assert later < found <= later + timedelta(seconds=period)
    start = timestamp_from_text(repeat.split("/")[1])
    assert (found - start) % timedelta(seconds=period) == timedelta(0)


@given(st.sampled_from(["date", "duration", "cycle"]), st.text(max_size=30))
def test_any_text_is_a_due_date_or_an_error_of_the_engine(kind, text):
    with contextlib.suppress(EngineError):
        assert due_of(kind, text, NOW).timestamp.tzinfo is not None


@given(st.text("PT0123456789YMWDHS.,/-R", max_size=25))
def test_any_text_of_the_right_letters_is_a_due_date_or_an_error_of_the_engine(text):
    for kind in ("date", "duration", "cycle"):
        try:
            found = due_of(kind, text, NOW)
        except TimerError:
            continue
        assert found.repeat is None or next_due(found.repeat, found.timestamp) != found.timestamp


@given(st.integers(0, 400), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_a_period_is_what_its_text_says(days, hours, minutes, seconds):
    assume(days + hours + minutes + seconds)

    found = period_of(f"P{days}DT{hours}H{minutes}M{seconds}S")

    assert (found.months, found.days) == (0, days)
    assert found.rest == timedelta(hours=hours, minutes=minutes, seconds=seconds)
    assert found.has_length
