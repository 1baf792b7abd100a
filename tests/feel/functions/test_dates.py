"""Functions of dates, and those that make dates, times and durations.

Source: DMN 1.3 §10.3.4.1, §10.3.4.7, §10.3.4.8; semantics 12.8.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feel import FeelEvaluationError, YearsMonths

from ..evaluating import exact, few, value_of, written

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('day of year(date("2019-09-17"))', 260, id="day of year"),
        pytest.param('day of year(date("2024-12-31"))', 366, id="last day of a leap year"),
        pytest.param('day of week(date("2019-09-17"))', "Tuesday", id="day of week"),
        pytest.param(
            'day of week(date and time("2024-09-01T00:00:00"))', "Sunday", id="a moment's"
        ),
        pytest.param('month of year(date("2019-09-17"))', "September", id="month of year"),
        pytest.param('week of year(date("2019-09-17"))', 38, id="week of year"),
        pytest.param('week of year(date("2003-12-29"))', 1, id="a week of the next year"),
        pytest.param('week of year(date("2004-01-04"))', 1, id="whose Sunday is in it"),
        pytest.param('week of year(date("2005-01-01"))', 53, id="a week of the year before"),
        pytest.param('string(last day of month(date("2022-02-05")))', "2022-02-28", id="February"),
        pytest.param('string(last day of month(date("2024-02-29")))', "2024-02-29", id="leap"),
        pytest.param('string(last day of month(date("2100-02-01")))', "2100-02-28", id="century"),
        pytest.param('string(last day of month(date("2000-02-01")))', "2000-02-29", id="fourth"),
        pytest.param('day of year("2019-09-17")', None, id="a text is no date"),
        pytest.param("day of week(null)", None, id="nor is null"),
        pytest.param('month of year(time("10:00:00"))', None, id="nor is a time"),
        pytest.param('day of year(date: date("2024-01-02"))', 2, id="by name"),
    ],
)
def test_functions_of_dates(text, expected):
    assert exact(text) == repr(expected)


@few
@given(st.dates())
def test_the_last_day_of_a_month_is_before_the_first_of_the_next(day):
    last = value_of("last day of month(d)", d=day)

    assert (last.year, last.month) == (day.year, day.month)
    assert last == date.max or (last + timedelta(days=1)).day == 1


def test_now_is_a_moment_with_an_offset_and_today_its_date():
    before = datetime.now(UTC)
    moment, day = value_of("[now(), today()]")
    after = datetime.now(UTC)

    assert before <= moment <= after
    assert before.date() <= day <= after.date()
    assert type(day) is date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('date("2024-02-29")', date(2024, 2, 29), id="a text"),
        pytest.param("date(2024, 2, 29)", date(2024, 2, 29), id="three numbers"),
        pytest.param("date(year: 2024, month: 2, day: 29)", date(2024, 2, 29), id="by names"),
        pytest.param(
            'date(date and time("2024-02-29T23:59:59"))', date(2024, 2, 29), id="a moment"
        ),
        pytest.param(
            'date(date and time("2024-02-29T23:30:00-02:00"))',
            date(2024, 2, 29),
            id="its own offset",
        ),
        pytest.param('date(date("2024-02-29"))', date(2024, 2, 29), id="a date"),
        pytest.param('date("2023-02-29")', None, id="no such day"),
        pytest.param("date(2023, 2, 29)", None, id="no such day in numbers"),
        pytest.param("date(2024, 13, 1)", None, id="no such month"),
        pytest.param('date("2024-2-9")', None, id="digits are missing"),
        pytest.param('date("2024-02-29T10:00:00")', None, id="a moment's text"),
        pytest.param('date(" 2024-02-29")', None, id="a blank in front"),
        pytest.param("date(null)", None, id="null"),
        pytest.param("date(20240229)", None, id="a number"),
        pytest.param('date(time("10:00:00"))', None, id="a time"),
        pytest.param('date(from: "2024-02-29")', date(2024, 2, 29), id="from by name"),
    ],
)
def test_date(text, expected):
    found = value_of(text)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('time("10:30:15")', time(10, 30, 15), id="local"),
        pytest.param('time("10:30")', time(10, 30), id="without seconds"),
        pytest.param('time("10:30:15.25")', time(10, 30, 15, 250_000), id="with a fraction"),
        pytest.param('time("10:30:15Z")', time(10, 30, 15, tzinfo=UTC), id="in UTC"),
        pytest.param(
            'time("10:30:15+01:30")',
            time(10, 30, 15, tzinfo=timezone(timedelta(hours=1, minutes=30))),
            id="with an offset",
        ),
        pytest.param(
            'time("10:30:15@Europe/Paris")',
            time(10, 30, 15, tzinfo=ZoneInfo("Europe/Paris")),
            id="in a zone",
        ),
        pytest.param("time(10, 30, 15)", time(10, 30, 15), id="three numbers"),
        pytest.param("time(10, 30, 15.5)", time(10, 30, 15, 500_000), id="seconds with a fraction"),
        pytest.param(
            'time(10, 30, 15, duration("-PT5H"))',
            time(10, 30, 15, tzinfo=timezone(timedelta(hours=-5))),
            id="with an offset as a duration",
        ),
        pytest.param("time(10, 30, 15, null)", time(10, 30, 15), id="with null for an offset"),
        pytest.param(
            'time(date and time("2024-01-01T10:30:15"))', time(10, 30, 15), id="of a moment"
        ),
        pytest.param('time(date("2024-01-01"))', time(0, tzinfo=UTC), id="of a date: midnight"),
        pytest.param('time(time("10:30:15"))', None, id="of a time"),
        pytest.param('time("25:00:00")', None, id="no such hour"),
        pytest.param('time("10:60:00")', None, id="no such minute"),
        pytest.param('time("10:00:60")', None, id="no such second"),
        pytest.param('time("10:00:00+19:00")', None, id="an offset beyond 18 hours"),
        pytest.param('time("10:00:00@Nowhere/At_all")', None, id="no such zone"),
        pytest.param('time("1:00:00")', None, id="a digit is missing"),
        pytest.param("time(25, 0, 0)", None, id="no such hour in numbers"),
        pytest.param("time(10, 0, 0, 1)", None, id="an offset that is no duration"),
        pytest.param("time(null)", None, id="null"),
        pytest.param("time(hour: 10, minute: 30, second: 0)", time(10, 30), id="by names"),
    ],
)
def test_time(text, expected):
    found = value_of(text)

    assert found == expected
    assert getattr(found, "tzinfo", None) == getattr(expected, "tzinfo", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('date and time("2024-02-29T10:30:00")', "2024-02-29T10:30:00", id="local"),
        pytest.param('date and time("2024-02-29")', "2024-02-29T00:00:00", id="of a date's text"),
        pytest.param('date and time("2024-02-29T10:30:00Z")', "2024-02-29T10:30:00Z", id="UTC"),
        pytest.param(
            'date and time("2024-02-29T10:30:00+05:30")',
            "2024-02-29T10:30:00+05:30",
            id="an offset",
        ),
        pytest.param(
            'date and time("2024-02-29T10:30:00@Europe/Paris")',
            "2024-02-29T10:30:00@Europe/Paris",
            id="a zone",
        ),
        pytest.param(
            'date and time(date("2024-02-29"), time("10:30:00"))', "2024-02-29T10:30:00", id="parts"
        ),
        pytest.param(
            'date and time(date and time("2024-02-29T01:02:03"), time("10:30:00Z"))',
            "2024-02-29T10:30:00Z",
            id="a moment gives its date alone",
        ),
        pytest.param(
            'date and time(date and time("2024-02-29T10:30:00Z"), "Europe/Paris")',
            "2024-02-29T11:30:00@Europe/Paris",
            id="into a zone",
        ),
        pytest.param(
            'date and time(date and time("2024-02-29T10:30:00"), "Europe/Paris")',
            "2024-02-29T10:30:00@Europe/Paris",
            id="a local one belongs to the zone",
        ),
        pytest.param('date and time("2024-02-30T10:30:00")', None, id="no such day"),
        pytest.param('date and time("2024-02-29 10:30:00")', None, id="without the T"),
        pytest.param('date and time("2024-02-29T24:30:00")', None, id="no such hour"),
        pytest.param("date and time(null)", None, id="null"),
        pytest.param('date and time(date("2024-02-29"), null)', None, id="with no time"),
        pytest.param(
            'date and time(date: date("2024-02-29"), time: time("10:30:00"))',
            "2024-02-29T10:30:00",
            id="parts by name",
        ),
    ],
)
def test_date_and_time(text, expected):
    assert written(text) == expected


def test_a_zone_that_is_none_fails():
    with pytest.raises(FeelEvaluationError, match="Unknown time-zone ID: Nowhere"):
        value_of('date and time(date and time("2024-01-01T00:00:00"), "Nowhere")')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4), id="all parts"
        ),
        pytest.param("-P1D", timedelta(days=-1), id="backwards"),
        pytest.param("P-1D", timedelta(days=-1), id="a sign at a part"),
        pytest.param("-P-1D", timedelta(days=1), id="two signs"),
        pytest.param("PT36H", timedelta(days=1, hours=12), id="more hours than a day has"),
        pytest.param("PT0.5S", timedelta(milliseconds=500), id="a fraction of a second"),
        pytest.param("PT-0.5S", timedelta(milliseconds=-500), id="a fraction below zero"),
        pytest.param("PT0S", timedelta(0), id="nothing"),
        pytest.param("P1Y2M", YearsMonths(14), id="years and months"),
        pytest.param("P13M", YearsMonths(13), id="more months than a year has"),
        pytest.param("-P1Y", YearsMonths(-12), id="years backwards"),
        pytest.param("P1Y-1M", YearsMonths(11), id="a sign at the months"),
        pytest.param("P1Y1D", None, id="years and days"),
        pytest.param("P1W", None, id="weeks"),
        pytest.param("P", None, id="no part"),
        pytest.param("PT", None, id="no part of a time"),
        pytest.param("P1DT", None, id="a T with nothing behind"),
        pytest.param("1D", None, id="no P"),
        pytest.param("p1d", None, id="small letters"),
        pytest.param("P1.5D", None, id="a fraction of a day"),
        pytest.param("PT1M1H", None, id="parts in another order"),
        pytest.param("", None, id="an empty text"),
        pytest.param("P99999999999D", None, id="beyond what there is"),
    ],
)
def test_duration(text, expected):
    found = value_of("duration(t)", t=text)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("2011-12-22", "2013-08-24", "P1Y8M", id="whole months"),
        pytest.param("2013-08-24", "2011-12-22", "-P1Y8M", id="backwards"),
        pytest.param("2024-01-31", "2024-02-29", "P0Y", id="a month that is not over"),
        pytest.param("2024-01-15", "2024-02-15", "P1M", id="to the day"),
        pytest.param("2024-01-15", "2024-02-14", "P0Y", id="a day short"),
        pytest.param("2024-01-15", "2024-01-15", "P0Y", id="the same day"),
        pytest.param("2024-03-01", "2024-02-02", "P0Y", id="less than a month backwards"),
    ],
)
def test_years_and_months_between_dates(start, end, expected):
    text = "string(years and months duration(date(a), date(b)))"

    assert value_of(text, a=start, b=end) == expected


def test_years_and_months_between_moments_are_those_of_their_dates():
    text = (
        'string(years and months duration(date and time("2024-01-15T23:00:00"), '
        'date and time("2024-02-15T01:00:00")))'
    )

    assert value_of(text) == "P1M"


@few
@given(st.datetimes(timezones=st.none()))
def test_a_moment_is_its_date_and_its_time(moment):
    assert value_of("date and time(date(m), time(m))", m=moment) == moment


@few
@given(st.times())
def test_a_time_is_read_as_it_is_written(clock):
    assert value_of("time(string(t))", t=clock) == clock
