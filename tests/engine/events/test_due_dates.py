"""ISO 8601 texts as due dates: durations, dates, intervals and cycles (semantics 6)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.engine.events.timers import (
    TimerError,
    due_of,
    moved,
    next_due,
    timestamp_of,
)

from .dates import BERLIN, NOW, due, firings


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("PT10S", "2026-01-31T10:30:10", id="seconds"),
        pytest.param("PT1.5S", "2026-01-31T10:30:01.500", id="a fraction"),
        pytest.param("PT1,5S", "2026-01-31T10:30:01.500", id="a fraction with a comma"),
        pytest.param("PT0S", "2026-01-31T10:30", id="none at all"),
        pytest.param("PT90M", "2026-01-31T12:00", id="more minutes than an hour has"),
        pytest.param("PT1H1M1S", "2026-01-31T11:31:01", id="hours, minutes and seconds"),
        pytest.param("P1D", "2026-02-01T10:30", id="a day"),
        pytest.param("P1W", "2026-02-07T10:30", id="a week"),
        pytest.param("P1DT1H", "2026-02-01T11:30", id="a day and an hour"),
        pytest.param("P1M", "2026-02-28T10:30", id="the last day of a shorter month"),
        pytest.param("P2M", "2026-03-31T10:30", id="the same day again"),
        pytest.param("P1M1D", "2026-03-01T10:30", id="months before days"),
        pytest.param("P1Y", "2027-01-31T10:30", id="a year"),
        pytest.param("P12M", "2027-01-31T10:30", id="twelve months are a year"),
        pytest.param("P2Y1M", "2028-02-29T10:30", id="a leap year"),
        pytest.param("P1Y2M3DT4H", "2027-04-03T14:30", id="years, months, days and hours"),
        pytest.param(" PT1H ", "2026-01-31T11:30", id="blanks around"),
    ],
)
def test_a_duration_counts_from_now(text, expected):
    assert due("duration", text) == utc(expected)


@pytest.mark.parametrize(
    "text",
    [
        "P1W2D",
        "-PT1S",
        "PT-1S",
        "+PT1S",
        "pt5m",
        "5m",
        "P",
        "PT",
        "P1DT",
        "",
        "10",
        "PT1S1H",
        "P1H",
        "PT1D",
        "P1.5D",
        "PT1H 1M",
        "P99999999999D",
        "PT1H/",
        "/PT1H",
        "a/b/c",
        "soon",
    ],
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(TimerError, match="ENGINE-09027 Exception while resolving duedate"):
        due_of("duration", text, NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2026-03-01T00:00:00Z", "2026-03-01T00:00", id="UTC"),
        pytest.param("2026-03-01T00:00:00+02:00", "2026-02-28T22:00", id="an offset"),
        pytest.param("2026-03-01T00:00:00-0530", "2026-03-01T05:30", id="an offset without colon"),
        pytest.param("2026-03-01T00:00:00.250Z", "2026-03-01T00:00:00.250", id="milliseconds"),
        pytest.param("2026-03-01T12:15", "2026-03-01T12:15", id="no seconds"),
        pytest.param("2026-03-01", "2026-03-01T00:00", id="no time"),
        pytest.param("2026-03", "2026-03-01T00:00", id="no day"),
        pytest.param("2026-W10-1", "2026-03-02T00:00", id="a week date"),
        pytest.param("2001-01-01T00:00:00Z", "2001-01-01T00:00", id="the past"),
        pytest.param("PT1H", "2026-01-31T11:30", id="a duration in place of a date"),
    ],
)
def test_a_date_says_when(text, expected):
    assert due("date", text) == utc(expected)


@pytest.mark.parametrize(
    "text",
    ["20260201T100000Z", "20260201", "2026-13-01", "2026-02-30", "tomorrow", "10:00", "", "T10:00"],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(TimerError, match="ENGINE-09027"):
        due_of("date", text, NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2026-03-01T00:00:00/PT1H", "2026-03-01T01:00", id="start and period"),
        pytest.param("PT1H/2026-03-01T00:00:00", "2026-03-01T00:00", id="period and end"),
        pytest.param("2026-01-31/P1M", "2026-02-28T00:00", id="months from the start"),
    ],
)
def test_an_interval_as_duration_says_its_end(text, expected):
    assert due("duration", text) == utc(expected)


@pytest.mark.parametrize("kind", ["date", "duration", "cycle"])
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="null"),
        pytest.param(5, id="a number"),
        pytest.param(1.5, id="a decimal"),
        pytest.param(True, id="a boolean"),
        pytest.param([], id="a list"),
        pytest.param(timedelta(hours=1), id="a length of time"),
    ],
)
def test_a_value_that_is_neither_text_nor_date_is_refused(kind, value):
    with pytest.raises(TimerError, match="Timer 'x' was not configured with a valid duration/time"):
        due_of(kind, value, NOW, "x")


@pytest.mark.parametrize("kind", ["date", "duration", "cycle"])
def test_a_date_of_an_expression_is_taken_whatever_the_kind(kind):
    found = due_of(kind, datetime(2026, 5, 1, 12, tzinfo=BERLIN), NOW)

    assert found.timestamp == utc("2026-05-01T10:00")
    assert found.repeat is None


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param("date", "2026-07-01T12:00", "2026-07-01T10:00", id="summer time"),
        pytest.param("date", "2026-01-01T12:00", "2026-01-01T11:00", id="winter time"),
        pytest.param("date", "2026-07-01T12:00Z", "2026-07-01T12:00", id="its own zone"),
        pytest.param("duration", "P2M", "2026-03-31T09:30", id="months keep the clock"),
        pytest.param("duration", "PT1416H", "2026-03-31T10:30", id="hours do not"),
    ],
)
def test_texts_without_a_zone_are_in_that_of_the_engine(kind, text, expected):
    assert due(kind, text, NOW.astimezone(BERLIN)) == utc(expected)


@pytest.mark.parametrize("value", [NOW, "2026-01-31T10:30Z", "PT0S"])
def test_a_date_of_a_task_is_a_date_or_a_text(value):
    assert timestamp_of(value, NOW) == NOW


# -- cycles -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "R3/PT10M",
            ["2026-01-31T10:40", "2026-01-31T10:50", "2026-01-31T11:00"],
            id="so many times",
        ),
        pytest.param("R1/PT10M", ["2026-01-31T10:40"], id="once"),
        pytest.param(
            "R2/2026-03-01T00:00:00/PT1H",
            ["2026-03-01T00:00", "2026-03-01T01:00", "2026-03-01T02:00"],
            id="a start that is ahead",
        ),
        pytest.param(
            "R/PT1H/2026-01-31T12:00",
            ["2026-01-31T11:00", "2026-01-31T12:00"],
            id="until an end",
        ),
        pytest.param(
            "R/PT30M/2026-01-31T11:45",
            ["2026-01-31T10:45", "2026-01-31T11:15", "2026-01-31T11:45"],
            id="on the grid of its end",
        ),
        pytest.param(
            "R2/PT1H/2026-01-31T20:00",
            ["2026-01-31T18:00", "2026-01-31T19:00", "2026-01-31T20:00"],
            id="so many times before its end",
        ),
        pytest.param(
            "R/P1M/2026-05-15T00:00",
            ["2026-02-15T00:00", "2026-03-15T00:00", "2026-04-15T00:00", "2026-05-15T00:00"],
            id="months back from an end",
        ),
        pytest.param(
            "R/PT1S/9999-12-31T00:00:00",
            ["2026-01-31T10:30:01", "2026-01-31T10:30:02"],
            id="an end that is millennia away",
        ),
        pytest.param(
            "R999999999/P1Y/2028-01-01T00:00:00",
            ["2027-01-01T00:00", "2028-01-01T00:00"],
            id="more repetitions than there are years before its end",
        ),
        pytest.param(
            "R3/PT1H/2026-01-31T12:00",
            ["2026-01-31T11:00", "2026-01-31T12:00"],
            id="counted back from its end",
        ),
        pytest.param(
            "R4/P1M",
            ["2026-02-28T10:30", "2026-03-31T10:30", "2026-04-30T10:30", "2026-05-31T10:30"],
            id="months are counted from the start",
        ),
        pytest.param("R0/PT1H", ["2026-01-31T10:30"], id="never means once, at once"),
        pytest.param("R-1/PT1H", ["2026-01-31T10:30"], id="less than never as well"),
    ],
)
def test_a_cycle_fires_on_its_grid(text, expected):
    expected = [utc(one) for one in expected]

    assert firings(text)[: len(expected)] == expected
    assert len(firings(text)) == len(expected) or "9999" in text


def test_a_cycle_without_a_number_goes_on_for_ever():
    assert len(firings("R/PT1H", count=50)) == 50


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        pytest.param(timedelta(seconds=10), 20, id="in time"),
        pytest.param(timedelta(seconds=35), 40, id="three firings late"),
        pytest.param(timedelta(seconds=40), 50, id="at a point of the grid"),
        pytest.param(timedelta(days=3650), 3650 * 86400 + 10, id="ten years late"),
    ],
)
def test_firings_that_were_missed_are_not_made_up(late, expected):
    repeat = due_of("cycle", "R/PT10S", NOW).repeat

    assert next_due(repeat, NOW + late) == NOW + timedelta(seconds=expected)


def test_missed_firings_use_up_repetitions():
    repeat = due_of("cycle", "R3/PT10S", NOW).repeat

    assert next_due(repeat, NOW + timedelta(seconds=29)) == NOW + timedelta(seconds=30)
    assert next_due(repeat, NOW + timedelta(seconds=30)) is None


@pytest.mark.parametrize(
    "text",
    [
        "R3",
        "R3/",
        "R/R/PT1H",
        "R3/PT1H/x",
        "Rx/PT1H",
        "R9999999999999/PT1H",
        "R3/2026/x",
        "r3/PT1H",
    ],
)
def test_what_is_no_cycle_is_refused(text):
    with pytest.raises(TimerError, match="ENGINE-09026 Exception while parsing cycle expression"):
        due_of("cycle", text, NOW)


def test_a_cycle_whose_repetitions_are_all_in_the_past_is_refused():
    with pytest.raises(TimerError, match="duedate is null"):
        due_of("cycle", "R2/2020-01-01T00:00:00/PT1H", NOW)


def test_a_cycle_is_kept_with_the_moment_from_which_it_counts():
    assert due_of("cycle", "R3/PT1H", NOW).repeat == "R3/2026-01-31T10:30:00.000Z/PT1H"
    given_start = "R3/2026-03-01T00:00:00/PT1H"
    assert due_of("cycle", given_start, NOW).repeat == given_start


@pytest.mark.parametrize(
    "spans",
    [
        pytest.param([timedelta(minutes=5)], id="once"),
        pytest.param([timedelta(minutes=5), timedelta(minutes=-2)], id="there and back"),
        pytest.param([timedelta(milliseconds=1)], id="a little"),
    ],
)
def test_a_cycle_that_was_moved_is_later_by_as_much(spans):
    repeat = plain = due_of("cycle", "R/PT1H", NOW).repeat
    for span in spans:
        repeat = moved(repeat, span)

    total = sum(spans, timedelta())
    later = NOW + timedelta(minutes=90)
    assert next_due(repeat, later + total) == next_due(plain, later) + total
