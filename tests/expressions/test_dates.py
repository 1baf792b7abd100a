"""Joda's DateTime and its parts: calendar, clocks, fields, order, patterns.

Source: Joda-Time's documentation of `DateTime`, `LocalDate`, `LocalTime`; semantics 7.3, 11.7.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ExpressionError
from app.expressions import parse
from app.expressions.dates import DateTime
from app.expressions.values import Integer

from .conftest import NOW, Place, same

PARIS = ZoneInfo("Europe/Paris")


def ask(text, timestamp=NOW, **variables):
    return parse(f"${{{text}}}").evaluate(Place({"d": DateTime(timestamp, NOW), **variables}))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("plusYears(1)", "2027-01-31T10:20:30.450Z"),
        ("minusYears(1)", "2025-01-31T10:20:30.450Z"),
        ("plusMonths(1)", "2026-02-28T10:20:30.450Z"),
        ("plusMonths(13)", "2027-02-28T10:20:30.450Z"),
        ("minusMonths(2)", "2025-11-30T10:20:30.450Z"),
        ("plusWeeks(1)", "2026-02-07T10:20:30.450Z"),
        ("plusDays(1)", "2026-02-01T10:20:30.450Z"),
        ("minusDays(31)", "2025-12-31T10:20:30.450Z"),
        ("plusHours(14)", "2026-02-01T00:20:30.450Z"),
        ("minusHours(11)", "2026-01-30T23:20:30.450Z"),
        ("plusMinutes(40)", "2026-01-31T11:00:30.450Z"),
        ("minusMinutes(21)", "2026-01-31T09:59:30.450Z"),
        ("plusSeconds(30)", "2026-01-31T10:21:00.450Z"),
        ("minusSeconds(31)", "2026-01-31T10:19:59.450Z"),
        ("plusMillis(550)", "2026-01-31T10:20:31.000Z"),
        ("minusMillis(451)", "2026-01-31T10:20:29.999Z"),
        ("plusDays(-1)", "2026-01-30T10:20:30.450Z"),
        ("plusDays('2')", "2026-02-02T10:20:30.450Z"),
        ("plusDays(1.9)", "2026-02-01T10:20:30.450Z"),
        ("plusDays(null)", "2026-01-31T10:20:30.450Z"),
        ("withYear(2024)", "2024-01-31T10:20:30.450Z"),
        ("withMonthOfYear(2)", "2026-02-28T10:20:30.450Z"),
        ("withDayOfMonth(1)", "2026-01-01T10:20:30.450Z"),
        ("withDayOfYear(32)", "2026-02-01T10:20:30.450Z"),
        ("withDayOfWeek(1)", "2026-01-26T10:20:30.450Z"),
        ("withHourOfDay(0)", "2026-01-31T00:20:30.450Z"),
        ("withMinuteOfHour(59)", "2026-01-31T10:59:30.450Z"),
        ("withSecondOfMinute(0)", "2026-01-31T10:20:00.450Z"),
        ("withMillisOfSecond(0)", "2026-01-31T10:20:30.000Z"),
        ("withTime(1, 2, 3, 4)", "2026-01-31T01:02:03.004Z"),
        ("withDate(2024, 2, 29)", "2024-02-29T10:20:30.450Z"),
        ("withTimeAtStartOfDay()", "2026-01-31T00:00:00.000Z"),
        ("withMillis(0)", "1970-01-01T00:00:00.000Z"),
        ("dayOfMonth().withMaximumValue()", "2026-01-31T10:20:30.450Z"),
        ("dayOfMonth().withMinimumValue()", "2026-01-01T10:20:30.450Z"),
        ("monthOfYear().addToCopy(1)", "2026-02-28T10:20:30.450Z"),
        ("hourOfDay().setCopy(5)", "2026-01-31T05:20:30.450Z"),
        ("plusMonths(1).dayOfMonth().withMaximumValue()", "2026-02-28T10:20:30.450Z"),
    ],
)
def test_a_change_gives_another_timestamp(change, expected):
    assert ask(f"d.{change}.toString()") == expected
    assert ask("d.toString()") == "2026-01-31T10:20:30.450Z"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("year", 2026),
        ("monthOfYear", 1),
        ("dayOfMonth", 31),
        ("dayOfYear", 31),
        ("dayOfWeek", 6),
        ("weekOfWeekyear", 5),
        ("hourOfDay", 10),
        ("minuteOfHour", 20),
        ("secondOfMinute", 30),
        ("millisOfSecond", 450),
    ],
)
def test_a_field_is_read_in_three_ways(name, expected):
    getter = f"get{name[0].upper()}{name[1:]}"

    assert same(ask(f"d.{name}"), Integer(expected))
    assert same(ask(f"d.{getter}()"), Integer(expected))
    assert same(ask(f"d.{name}().get()"), Integer(expected))
    assert ask(f"d.{name}().getName()") == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("d.monthOfYear().asText", "January"),
        ("d.monthOfYear().asShortText", "Jan"),
        ("d.dayOfWeek().asText", "Saturday"),
        ("d.dayOfWeek().asShortText", "Sat"),
        ("d.dayOfMonth().asText", "31"),
        ("d.monthOfYear().asString", "1"),
        ("d.dayOfMonth().maximumValue", Integer(31)),
        ("d.plusMonths(1).dayOfMonth().maximumValue", Integer(28)),
        ("d.dayOfMonth().minimumValue", Integer(1)),
        ("d.toString('yyyy-MM-dd')", "2026-01-31"),
        ("d.toString('dd/MM/yy HH:mm:ss.SSS')", "31/01/26 10:20:30.450"),
        ("d.toString('EEE, d MMM yyyy')", "Sat, 31 Jan 2026"),
        ("d.toString(\"'day' d\")", "day 31"),
        ("d.toLocalDate().toString()", "2026-01-31"),
        ("d.toLocalTime().toString()", "10:20:30.450"),
        ("d.toLocalDateTime().toString()", "2026-01-31T10:20:30.450"),
        ("d.toLocalDate().plusMonths(1).toString()", "2026-02-28"),
        ("d.toLocalTime().plusHours(15).toString()", "01:20:30.450"),
        ("d.toLocalDateTime().toLocalDate().toString()", "2026-01-31"),
        ("d.toDate()", NOW),
        ("d.toLocalDate().toDate()", datetime(2026, 1, 31, tzinfo=UTC)),
        ("d.millis", 1769854830450),
        ("d.getMillis()", 1769854830450),
        ("d.isEqual(d)", True),
        ("d.isBefore(d.plusMillis(1))", True),
        ("d.isAfter(d.plusMillis(1))", False),
        ("d.compareTo(d.minusDays(1))", Integer(1)),
        ("d.equals(d.plusDays(0))", True),
        ("d.equals(d.toLocalDateTime())", False),
        ("d == d", True),
        ("d < d.plusDays(1)", True),
        ("d.isEqualNow()", True),
        ("d.plusMillis(1).isAfterNow()", True),
        ("d.minusMillis(1).beforeNow", True),
        ("d.isAfter(0)", True),
        ("d.toDateTime().equals(d)", True),
    ],
)
def test_a_timestamp_is_asked(text, expected):
    assert ask(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "d.withMonthOfYear(13)",
        "d.withDayOfMonth(32)",
        "d.withHourOfDay(24)",
        "d.withMinuteOfHour(60)",
        "d.withDate(2026, 2, 29)",
        "d.withTime(25, 0, 0, 0)",
        "d.withYear(10000)",
        "d.plusYears(10000)",
        "d.minusYears(10000)",
        "d.plusDays(2147483647)",
        "d.plusDays('a')",
        "d.plusCenturies(1)",
        "d.days(1)",
        "d.century",
        "d.getClass()",
        "d.isBefore('2026-01-01')",
        "d.isBefore(null)",
        "d.toLocalDate().plusHours(1)",
        "d.toLocalTime().plusDays(1)",
        "d.toLocalDate().hourOfDay",
        "d.toLocalTime().year",
        "d.toLocalDate().isBefore(d)",
        "d < d.toLocalDate()",
        "d.dayOfMonth().foo()",
        "d.local",
        "d.timestamp",
    ],
)
def test_what_there_is_not_fails_with_an_error_of_the_language(text):
    with pytest.raises(ExpressionError):
        ask(text)


@pytest.mark.parametrize(
    ("local", "change", "expected"),
    [
        ((2026, 3, 28, 2, 30), "plusDays(1)", "2026-03-29T03:30:00.000+02:00"),
        ((2026, 3, 29, 1, 30), "plusHours(1)", "2026-03-29T03:30:00.000+02:00"),
        ((2026, 3, 28, 12, 0), "plusDays(1)", "2026-03-29T12:00:00.000+02:00"),
        ((2026, 3, 28, 12, 0), "plusHours(24)", "2026-03-29T13:00:00.000+02:00"),
        ((2026, 10, 24, 12, 0), "plusHours(24)", "2026-10-25T11:00:00.000+01:00"),
        ((2026, 10, 25, 1, 30), "plusHours(2)", "2026-10-25T02:30:00.000+01:00"),
        ((2026, 7, 1, 12, 0), "withTimeAtStartOfDay()", "2026-07-01T00:00:00.000+02:00"),
    ],
)
def test_days_keep_the_clock_and_hours_the_time_that_passes(local, change, expected):
    there = datetime(*local, tzinfo=PARIS)

    assert ask(f"d.{change}.toString()", there) == expected


timestamps = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(
    lambda found: found.replace(tzinfo=UTC, microsecond=found.microsecond // 1000 * 1000)
)


@settings(max_examples=25)
@given(timestamps, st.integers(-1000, 1000))
def test_what_is_added_and_taken_away_again_is_nothing(timestamp, amount):
    for unit in ("Weeks", "Days", "Hours", "Minutes", "Seconds", "Millis"):
        assert ask(f"d.plus{unit}(n).minus{unit}(n).equals(d)", timestamp, n=amount)


@settings(max_examples=25)
@given(timestamps, st.integers(-1000, 1000))
def test_months_keep_the_day_or_take_the_last_of_the_month(timestamp, amount):
    moved = ask("d.plusMonths(n)", timestamp, n=amount)
    day, last = moved.local.day, (moved.local.replace(day=28) + timedelta(days=4)).replace(day=1)

    assert day == min(timestamp.day, (last - timedelta(days=1)).day)
    months = (moved.local.year - timestamp.year) * 12 + moved.local.month - timestamp.month
    assert months == amount


@settings(max_examples=25)
@given(timestamps, timestamps)
def test_timestamps_are_ordered_by_their_milliseconds(left, right):
    other = DateTime(right, NOW)

    assert ask("d.compareTo(o)", left, o=other) == (left > right) - (left < right)
    assert ask("d < o", left, o=other) is (left < right)
    assert ask("d.millis < o.millis", left, o=other) is (left < right)


@settings(max_examples=25)
@given(timestamps)
def test_a_field_that_is_set_to_what_it_is_changes_nothing(timestamp):
    for name in ("Year", "MonthOfYear", "DayOfMonth", "DayOfYear", "DayOfWeek", "HourOfDay"):
        assert ask(f"d.with{name}(d.get{name}()).equals(d)", timestamp), name
