"""Cron texts of six fields, with the days that only they know, in any zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.engine.events.timers import NEVER, TimerError, due_of, next_due

NOW = datetime(2026, 1, 20, 10, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 0 12 * * ?", "2026-01-20T12:00"),
        (" 0  0   12 * * ? ", "2026-01-20T12:00"),
        ("@daily", "2026-01-21T00:00"),
        ("@weekly", "2026-01-25T00:00"),
        ("0 0/20 10 * * *", "2026-01-20T10:40"),
        ("5,35 30 10-12/2 * * *", "2026-01-20T10:30:05"),
        ("0 0 12 L-3 * ?", "2026-01-28T12:00"),
        ("0 0 12 L-27 2 ?", "2026-02-01T12:00"),
        ("0 0 12 L-28 2 ?", "2028-02-01T12:00"),
        ("0 0 12 L-31 * ?", "2026-01-28T12:00"),  # before the last of February
        ("0 0 12 L 2 ?", "2026-02-28T12:00"),
        ("0 0 12 LW 2 ?", "2026-02-27T12:00"),
        ("0 0 6 15W 2 ?", "2026-02-16T06:00"),  # a Sunday
        ("0 0 6 15W 8 ?", "2026-08-14T06:00"),  # a Saturday
        ("0 0 6 1W 8 ?", "2026-08-03T06:00"),  # a Saturday that begins the month
        ("0 0 6 31W 5 ?", "2026-05-29T06:00"),  # a Sunday that ends the month
        ("* * * 20W * ?", "2026-01-20T10:30:01"),
        ("0 0 0 ? * FRIL", "2026-01-30T00:00"),
        ("0 0 0 ? * 5L", "2026-01-30T00:00"),
        ("0 0 0 ? * 2#1", "2026-02-03T00:00"),
        ("0 0 0 ? * mon#3", "2026-02-16T00:00"),
        ("0 0 0 ? * 7#2", "2026-02-08T00:00"),
        ("0 0 8 ? * 2", "2026-01-27T08:00"),
        ("0 0 8 ? * 0", "2026-01-25T08:00"),
        ("0 0 8 ? * 7", "2026-01-25T08:00"),
        ("0 0 8 ? * 6-7", "2026-01-24T08:00"),
        ("0 0 8 ? * L", "2026-01-24T08:00"),
        ("0 0 0 ? * FRI-MON", "2026-01-23T00:00"),
        ("0 0 0 1 NOV-FEB ?", "2026-02-01T00:00"),
        ("0 0 0 28-3 * ?", "2026-01-28T00:00"),
        ("0 0 12 13 * FRI", "2026-02-13T12:00"),  # both must hold
        ("0 0 12 29 2 MON", "2044-02-29T12:00"),
    ],
)
def test_the_day_of_a_cron_text(text, expected):
    assert next_due(text, NOW) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "0 0",
        "0 12 * * ?",
        "0 0 12 * * ? *",
        "0 0 12 * * ? 2031",
        "? 0 12 * * *",
        "0 ? 12 * * *",
        "0 0 ? * * *",
        "0 0 12 * ? *",
        "0 0 22-4 * * ?",
        "0 5-1 0 * * ?",
        "0 0 0 ? * 8",
        "0 0 0 ? * MONDAY",
        "0 0 0 ? * X",
        "0 0 0 ? * 8#1",
        "0 0 8 32W * ?",
        "0 0 8 L-40 * ?",
        "60 * * * * *",
        "*/0 * * * * *",
        "*-5 * * * * *",
        "1, * * * * *",
        "0 0 0 1/" + "9" * 5000 + " * ?",
        "@reboot",
    ],
)
def test_what_is_no_cron_text_is_refused(text):
    with pytest.raises(TimerError, match="ENGINE-09026 Exception while parsing cycle expression"):
        due_of("cycle", text, NOW)


@pytest.mark.parametrize("text", ["0 0 0 ? * 2#6", "0 0 0 ? * 2#0", "0 0 12 30 2 ?"])
def test_a_day_that_never_comes_is_due_at_the_end_of_time(text):
    assert due_of("cycle", text, NOW).timestamp == NEVER
    assert next_due(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("0 0 8 * * ?", "2026-07-01T00:00", ["2026-07-01T08:00+02:00", "2026-07-02T08:00+02:00"]),
        ("0 0 8 * * ?", "2026-03-28T07:00", ["2026-03-28T08:00+01:00", "2026-03-29T08:00+02:00"]),
        # 02:30 is left out on the 29th of March: once, when the clocks are put forward
        ("0 30 2 * * ?", "2026-03-28T23:00", ["2026-03-29T03:30+02:00", "2026-03-30T02:30+02:00"]),
        # and is there twice on the 25th of October: only the first counts
        ("0 30 2 * * ?", "2026-10-24T23:00", ["2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"]),
        # a schedule for each hour fires in each hour that passes
        (
            "0 0 * * * ?",
            "2026-10-25T01:30",
            ["2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00", "2026-10-25T03:00+01:00"],
        ),
        ("0 0 * * * ?", "2026-03-29T01:30", ["2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00"]),
    ],
)
def test_a_cron_text_follows_the_clocks_of_its_zone(text, start, expected):
    timestamp, found = datetime.fromisoformat(start).replace(tzinfo=BERLIN), []
    for _ in expected:
        timestamp = next_due(text, timestamp).astimezone(BERLIN)
        found.append(timestamp.isoformat(timespec="minutes"))

    assert found == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("date", "2026-07-01T08:00:00", "2026-07-01T06:00"),
        ("date", "2026-12-01T08:00:00", "2026-12-01T07:00"),
        ("date", "2026-07-01T08:00:00Z", "2026-07-01T08:00"),
        ("date", "2026-07-01", "2026-06-30T22:00"),
        ("date", "2026-03-29T02:30:00", "2026-03-29T01:30"),  # left out: an hour later
        ("date", "2026-10-25T02:30:00", "2026-10-25T00:30"),  # there twice: the first
        ("duration", "P1D", "2026-03-29T09:00"),  # ten o'clock again, after 23 hours
        ("duration", "PT24H", "2026-03-29T10:00"),
        ("duration", "P1M", "2026-04-28T09:00"),
        ("cycle", "R3/P1D", "2026-03-29T09:00"),
        ("cycle", "R3/2026-03-28T12:00:00/P1D", "2026-03-28T11:00"),
    ],
)
def test_texts_without_a_zone_are_in_the_one_that_is_set(kind, text, expected):
    now = datetime(2026, 3, 28, 11, tzinfo=BERLIN)

    due = due_of(kind, text, now)

    assert due.timestamp == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert due.timestamp.tzinfo is UTC


def test_a_cycle_of_days_keeps_the_clock_where_it_is_changed():
    start = datetime(2026, 3, 27, 11, tzinfo=BERLIN)
    due = due_of("cycle", "R5/P1D", start)
    found = [due.timestamp]
    while len(found) < 4:
        found.append(next_due(due.repeat, found[-1].astimezone(BERLIN)))

    assert [timestamp.astimezone(BERLIN).hour for timestamp in found] == [11] * 4
    assert found[1] - found[0] == timedelta(hours=23)


def test_a_cycle_means_the_same_when_the_zone_is_set_later():
    due = due_of("cycle", "R5/PT1H", NOW)

    assert next_due(due.repeat, NOW.astimezone(BERLIN)) == NOW + timedelta(hours=1)


@pytest.mark.parametrize("cycle", ["R3/2031-01-01T00:00:00/PT1H", "R/2031-01-01T00:00:00/PT1H"])
def test_a_cycle_that_is_run_early_is_due_at_its_start_again(cycle):
    start = datetime(2031, 1, 1, tzinfo=UTC)

    due = due_of("cycle", cycle, NOW)

    assert due.timestamp == start
    assert next_due(due.repeat, NOW) == start
    assert next_due(due.repeat, start) == start + timedelta(hours=1)


@pytest.mark.parametrize("text", ["PT5M/PT6M", "PT5M/", "/PT5M", "PT5M/PT6M/PT7M", "x/PT5M"])
def test_two_durations_are_no_interval(text):
    with pytest.raises(TimerError, match=f"Exception while resolving duedate '{text}'"):
        due_of("duration", text, NOW)
