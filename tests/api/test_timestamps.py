"""Timestamps in ISO 8601, where a few commands take them in place of other dates."""

from datetime import UTC, datetime

import pytest

from app.api.timestamps import parse_timestamp
from app.errors import JavaRuntimeError

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("", None),
        ("2031-01-21", datetime(2031, 1, 21, tzinfo=UTC)),
        ("2031-01-21T10:00:00", datetime(2031, 1, 21, 10, tzinfo=UTC)),
        ("2031-01-21T10:00:00Z", datetime(2031, 1, 21, 10, tzinfo=UTC)),
        ("2031-01-21T10:00:00.250+0200", datetime(2031, 1, 21, 8, 0, 0, 250_000, tzinfo=UTC)),
        ("2031-01-21T10:00:00+02:00", datetime(2031, 1, 21, 8, tzinfo=UTC)),
        ("2031-01-21T10:00:00-0130", datetime(2031, 1, 21, 11, 30, tzinfo=UTC)),
    ],
)
def test_a_timestamp_is_in_utc(text, expected):
    assert parse_timestamp(text) == expected


NEVER = datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
FIRST = datetime(1, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2031", datetime(2031, 1, 1, tzinfo=UTC)),
        ("31", datetime(31, 1, 1, tzinfo=UTC)),
        ("2031-02", datetime(2031, 2, 1, tzinfo=UTC)),
        ("2031-1-2", datetime(2031, 1, 2, tzinfo=UTC)),
        ("2031-021", datetime(2031, 1, 21, tzinfo=UTC)),
        ("2032-366", datetime(2032, 12, 31, tzinfo=UTC)),
        ("2031-W05", datetime(2031, 1, 27, tzinfo=UTC)),
        ("2031-W05-3", datetime(2031, 1, 29, tzinfo=UTC)),
        ("T10:30", datetime(1970, 1, 1, 10, 30, tzinfo=UTC)),
        ("2031-01-21t1:2:3z", datetime(2031, 1, 21, 1, 2, 3, tzinfo=UTC)),
        ("2031-01-21T", datetime(2031, 1, 21, tzinfo=UTC)),
        ("2031-01-21T10,5", datetime(2031, 1, 21, 10, 30, tzinfo=UTC)),
        ("2031-01-21T10:30.5", datetime(2031, 1, 21, 10, 30, 30, tzinfo=UTC)),
        ("2031-01-21T10:00:00.25", datetime(2031, 1, 21, 10, 0, 0, 250_000, tzinfo=UTC)),
        ("2031-01-21T10:00:00+01", datetime(2031, 1, 21, 9, tzinfo=UTC)),
        ("2031-01-21T10:00:00+010030", datetime(2031, 1, 21, 8, 59, 30, tzinfo=UTC)),
        ("2031-01-21T10:00+01:00:00.5", datetime(2031, 1, 21, 8, 59, 59, 500_000, tzinfo=UTC)),
        ("10000-01-01", NEVER),
        ("292278993-01-01", NEVER),
        ("9999-12-31T23:59:59.999-0100", NEVER),
        ("0001-01-01T00:00:00+1400", FIRST),
        ("0000-01-01", FIRST),
        ("-5000", FIRST),
        ("1-W01-1", FIRST),
    ],
)
def test_a_timestamp_may_end_early_and_lie_anywhere(text, expected):
    assert parse_timestamp(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("soon", 'Invalid format: "soon"'),
        (" ", 'Invalid format: " "'),
        ("T", 'Invalid format: "T" is too short'),
        ("10:00", 'Invalid format: "10:00" is malformed at ":00"'),
        ("2031-", 'Invalid format: "2031-" is malformed at "-"'),
        ("2031-W", 'Invalid format: "2031-W" is malformed at "-W"'),
        ("1.5", 'Invalid format: "1.5" is malformed at ".5"'),
        ("true", 'Invalid format: "true" is malformed at "rue"'),
        ("20310121T100000", 'Invalid format: "20310121T100000" is malformed at "0000"'),
        ("2031-01-21 10:00", 'Invalid format: "2031-01-21 10:00" is malformed at " 10:00"'),
        ("2031-01-21T10+1", 'Invalid format: "2031-01-21T10+1" is malformed at "+1"'),
        ("2031-01-21T10+01:60", 'Invalid format: "2031-01-21T10+01:60" is malformed at "+01:60"'),
        ("2031T10+0100:", 'Invalid format: "2031T10+0100:" is malformed at ":"'),
        (
            "2031-01-21T10:00:00.1234567890",
            'Invalid format: "2031-01-21T10:00:00.1234567890" is malformed at "0"',
        ),
        ("1" + 40 * "2", f'Invalid format: "1{40 * "2"}" is malformed at "{32 * "2"}"'),
        ("1" + 60 * "2", f'Invalid format: "1{40 * "2"}..." is malformed at "{32 * "2"}..."'),
    ],
)
def test_the_place_of_what_is_wrong_is_told(text, message):
    with pytest.raises(JavaRuntimeError) as refused:
        parse_timestamp(text)

    assert refused.value.java_type == "IllegalArgumentException"
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("text", "value", "limits"),
    [
        ("2031-13-01", "13 for monthOfYear", "1,12"),
        ("2031-02-30", "30 for dayOfMonth", "1,28"),
        ("2031-366", "366 for dayOfYear", "1,365"),
        ("2031-W54", "54 for weekOfWeekyear", "1,52"),
        ("2031-W05-8", "8 for dayOfWeek", "1,7"),
        ("2031-01-21T25:00:00", "25 for hourOfDay", "0,23"),
        ("2031-01-21T10:60", "60 for minuteOfHour", "0,59"),
        ("2031-01-21T10:00:60", "60 for secondOfMinute", "0,59"),
        ("999999999", "999999999 for year", "-292275055,292278994"),
    ],
)
def test_a_field_that_is_too_large_is_told_with_its_range(text, value, limits):
    with pytest.raises(JavaRuntimeError) as refused:
        parse_timestamp(text)

    assert refused.value.java_type == "IllegalFieldValueException"
    expected = f'Cannot parse "{text}": Value {value} must be in the range [{limits}]'
    assert str(refused.value) == expected
