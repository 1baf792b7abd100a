"""The methods of dateTime()."""

from datetime import UTC, datetime

import pytest

from app.expressions.dates import DateTime
from app.expressions.failures import InvocationError

TIMESTAMP = DateTime(datetime(2031, 1, 31, 8, 30, 15, 250_000, tzinfo=UTC))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("yyyy-MM-dd HH:mm:ss.SSS", "2031-01-31 08:30:15.250"),
        ("d MMM yy, EEEE h a", "31 Jan 31, Friday 8 AM"),
        ("yyyy-MM-dd'T'HH 'o''clock' Z", "2031-01-31T08 o'clock +0000"),
    ],
)
def test_a_pattern_writes_a_timestamp(pattern, expected):
    assert TIMESTAMP.juel_call("toString", [pattern]) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("withDayOfWeek", [1], "2031-01-27T08:30:15.250Z"),
        ("withDayOfYear", [365], "2031-12-31T08:30:15.250Z"),
        ("withTime", [23, 0, 0, 7], "2031-01-31T23:00:00.007Z"),
    ],
)
def test_fields_are_replaced(name, arguments, expected):
    assert str(TIMESTAMP.juel_call(name, arguments)) == expected


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        *(("toString", [pattern]) for pattern in ("b", "", "y" * 501, "y" * 51)),
        *(("withDayOfWeek", [8]), ("withDayOfYear", [366]), ("withTime", [24, 0, 0, 0])),
    ],
)
def test_what_there_is_not_is_refused(name, arguments):
    with pytest.raises(InvocationError):
        TIMESTAMP.juel_call(name, arguments)
