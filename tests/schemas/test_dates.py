"""Dates of the wire: one format, read as leniently as Java reads it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.schemas.dates import FIRST, LAST, format_date, nearest_date, parse_date

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2020-01-02T03:04:05.678+0000", datetime(2020, 1, 2, 3, 4, 5, 678_000)),
        ("2020-01-02T03:04:05.678+0200", datetime(2020, 1, 2, 1, 4, 5, 678_000)),
        ("2020-01-02T03:04:05.678-0330", datetime(2020, 1, 2, 6, 34, 5, 678_000)),
        ("2020-01-02T03:04:05.678UTC", datetime(2020, 1, 2, 3, 4, 5, 678_000)),
        ("2020-01-02T03:04:05.678GMT+02:00", datetime(2020, 1, 2, 1, 4, 5, 678_000)),
        ("2020-01-02T03:04:05.678GMT-2:30", datetime(2020, 1, 2, 5, 34, 5, 678_000)),
        ("2020-07-02T03:04:05.678PST", datetime(2020, 7, 2, 11, 4, 5, 678_000)),
        # the calendar is lenient, and the fraction counts milliseconds
        ("2020-13-45T99:99:99.000+0000", datetime(2021, 2, 18, 4, 40, 39)),
        ("2020-00-00T00:00:00.000+0000", datetime(2019, 11, 30)),
        ("2020-1-2T3:4:5.6+0000", datetime(2020, 1, 2, 3, 4, 5, 6_000)),
        ("2020-01-02T03:04:05.1234567+0000", datetime(2020, 1, 2, 3, 24, 39, 567_000)),
        (" 2020-01-02T03:04:05.678+0000xyz", datetime(2020, 1, 2, 3, 4, 5, 678_000)),
        ("2020- 01-\t02T 03: 04: 05. 678 +0000", datetime(2020, 1, 2, 3, 4, 5, 678_000)),
    ],
)
def test_a_date_is_read_as_java_reads_it(text, utc):
    assert parse_date(text) == utc.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2020-01-02",
        "2020-01-02T03:04:05+0000",
        "2020-01-02T03:04:05.678",
        "2020-01-02T03:04:05.678Z",
        "2020-01-02T03:04:05.678+02:00",
        "2020-01-02t03:04:05.678+0000",
        "2020-01-02T03:04:05.678+2400",
        "2020-01-02T03:04:05.678+0060",
        "2020-01-02T03:04:05.678XYZ",
        "1577934245678",
        # beyond what a calendar has: by a field, and by their sum
        "0-01-01T00:00:00.000+0000",
        "10000-01-01T00:00:00.000+0000",
        "9999-12-31T23:59:59.999-0001",
        "2020-01-999999999T00:00:00.000+0000",
        "2020-01-02T03:04:05.1234567890+0000",
    ],
)
def test_any_other_text_is_no_date(text):
    with pytest.raises(ValueError):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-01-02T03:04:05.678+0000", datetime(2020, 1, 2, 3, 4, 5, 678_000, UTC)),
        ("0-01-01T00:00:00.000+0000", FIRST),
        ("-0001-01-01T00:00:00.000+0000", FIRST),
        ("0001-01-01T00:00:00.000+0100", FIRST),
        ("10000-01-01T00:00:00.000+0000", LAST),
        ("999999999-01-01T00:00:00.000+0000", LAST),
        ("9999-12-31T23:59:59.999-0001", LAST),
        ("2020-01-999999999T00:00:00.000+0000", LAST),
    ],
)
def test_what_lies_beyond_the_calendar_may_count_as_its_edge(text, expected):
    assert nearest_date(text) == expected


@pytest.mark.parametrize("text", ["", "2020-01-02", "2020-01-02T03:04:05.678Z"])
def test_the_format_of_a_date_that_may_lie_beyond_is_the_same(text):
    with pytest.raises(ValueError):
        nearest_date(text)


@pytest.mark.parametrize(
    ("timestamp", "text"),
    [
        (datetime(2026, 11, 23, 17, 21, 37, 113_999, UTC), "2026-11-23T17:21:37.113+0000"),
        (datetime(7, 1, 2, tzinfo=UTC), "0007-01-02T00:00:00.000+0000"),
        (
            datetime(2020, 7, 2, 5, 4, 5, tzinfo=timezone(timedelta(hours=2))),
            "2020-07-02T03:04:05.000+0000",
        ),
    ],
)
def test_a_date_is_written_in_utc_with_its_milliseconds(timestamp, text):
    assert format_date(timestamp) == text
    assert parse_date(text) == timestamp.replace(microsecond=timestamp.microsecond // 1000 * 1000)
