"""Working days, days before the last and Quartz's weekdays in cron texts."""

from datetime import UTC, datetime

import pytest

from app.engine.events.timers import TimerError, next_due

NOW = datetime(2026, 1, 20, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 0 12 L-3 * ?", "2026-01-28T12:00"),
        ("0 0 12 L-27 2 ?", "2026-02-01T12:00"),
        ("0 0 12 L-28 2 ?", "2028-02-01T12:00"),
        ("0 0 12 L-31 * ?", "2026-01-28T12:00"),  # before the last of February
        ("0 0 6 15W 2 ?", "2026-02-16T06:00"),  # a Sunday
        ("0 0 6 15W 8 ?", "2026-08-14T06:00"),  # a Saturday
        ("0 0 6 1W 8 ?", "2026-08-03T06:00"),  # a Saturday that begins the month
        ("0 0 6 31W 5 ?", "2026-05-29T06:00"),  # a Sunday that ends the month
        ("* * * 20W * ?", "2026-01-20T10:30:01"),
        ("0 0 0 ? * FRIL", "2026-01-30T00:00"),
        ("0 0 0 ? * friL", "2026-01-30T00:00"),
        ("0 0 8 ? * 2", "2026-01-27T08:00"),
        ("0 0 8 ? * 2 2027-2030", "2027-01-04T08:00"),
        ("0 0 8 ? * MON 2027", "2027-01-04T08:00"),
        ("0 15 10 ? * 6L 2027", "2027-01-29T10:15"),
        ("0 0 8 ? * 2#1 2027", "2027-01-04T08:00"),
        ("0 0 8 ? * 2-6 2027", "2027-01-01T08:00"),
    ],
)
def test_the_day_of_a_cron_text(text, expected):
    assert next_due(text, NOW) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["0 0 8 ? * 8 2027", "0 0 8 ? * 0 2027", "0 0 8 32W * ?"])
def test_a_day_that_there_is_not_is_refused(text):
    with pytest.raises(TimerError):
        next_due(text, NOW)


def test_a_day_that_the_only_month_lacks_gives_no_date():
    assert next_due("0 0 12 31W 2 ?", NOW) is None
