"""Literals of dates and times, zones, and what time passes where clocks change.

Source: DMN 1.3 §10.3.4.1 (grammar rule 62); Java's `ZonedDateTime`; semantics 12.8.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feel import YearsMonths

from .evaluating import few, value_of, written

pytestmark = pytest.mark.no_database

PARIS = "@Europe/Paris"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2024-02-29", date(2024, 2, 29), id="a date"),
        pytest.param("2024-02-29T10:30:00", datetime(2024, 2, 29, 10, 30), id="a moment"),
        pytest.param(
            "2024-02-29T10:30:00Z", datetime(2024, 2, 29, 10, 30, tzinfo=UTC), id="in UTC"
        ),
        pytest.param("10:30:00", time(10, 30), id="a time"),
        pytest.param("10:30:00Z", time(10, 30, tzinfo=UTC), id="a time in UTC"),
        pytest.param("T10:30:00", time(10, 30), id="a time behind a T"),
        pytest.param("P1D", timedelta(days=1), id="days"),
        pytest.param("PT2H", timedelta(hours=2), id="hours"),
        pytest.param("P1Y2M", YearsMonths(14), id="months"),
        pytest.param("-P1D", timedelta(days=-1), id="days backwards"),
        pytest.param("2024-02-30", None, id="no such day"),
        pytest.param("24:00:00", time(0), id="the end of a day"),
        pytest.param("24:00:01", None, id="behind the end of a day"),
        pytest.param("tomorrow", None, id="a word"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_literal_is_the_first_kind_that_fits(text, expected):
    found = value_of(f'@"{text}"')

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2024-02-29t10:30:00", id="a small t"),
        pytest.param("2024-02-29T10:30:00z", id="a small z"),
        pytest.param("2024-02-29T10:30:00+1:00", id="an offset of one digit"),
        pytest.param("2024-02-29T10:30:00+0100", id="an offset without a colon"),
        pytest.param("2024-02-29T10:30:00+18:01", id="an offset beyond 18 hours"),
        pytest.param("2024-02-29T10:30:00-18:00:01", id="an offset beyond it by a second"),
        pytest.param("2024-02-29T10:30:00+01:60", id="an offset of 60 minutes"),
        pytest.param("2024-02-29T10:30:00+01:00:60", id="an offset of 60 seconds"),
        pytest.param("2024-02-29T10:30:00.1234567890", id="ten digits of a second"),
        pytest.param("2024-02-29T10:30:00.", id="a point and no digit"),
        pytest.param("2024-02-29T10", id="hours alone"),
        pytest.param("2024-02-29T10:30:00Z@Europe/Paris", id="an offset and a zone"),
        pytest.param("2024-02-29T10:30:00@", id="a zone without a name"),
        pytest.param("2024-02-29T10:30:00@europe/nowhere", id="a zone that is none"),
        pytest.param("02024-02-29T10:30:00", id="five digits of a year"),
        pytest.param("-2024-02-29T10:30:00", id="a year before ours"),
        pytest.param("2024-02-29T10:30:00 ", id="a blank behind"),
        pytest.param("\u0662\u0660\u0662\u0664-02-29T10:30:00", id="digits of another script"),
    ],
)
def test_a_text_that_is_nearly_a_moment_is_null(text):
    assert value_of("date and time(t)", t=text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("10:30:00.5", "10:30:00.5", id="tenths"),
        pytest.param("10:30:00.123456", "10:30:00.123456", id="six digits"),
        pytest.param("10:30:00.123456789", "10:30:00.123456", id="nine digits are cut"),
        pytest.param("10:30:00.000", "10:30:00", id="zeros are nothing"),
        pytest.param("10:30", "10:30:00", id="no seconds"),
        pytest.param("10:30:00+00:00", "10:30:00Z", id="no offset"),
        pytest.param("10:30:00-00:30", "10:30:00-00:30", id="half an hour west"),
        pytest.param("10:30:00+18:00", "10:30:00+18:00", id="as far east as there is"),
        pytest.param("10:30:00-18:00", "10:30:00-18:00", id="as far west"),
    ],
)
def test_a_time_is_written_with_what_it_has(text, expected):
    assert value_of("string(time(t))", t=text) == expected


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        pytest.param("2024-03-31T01:59:59", "PT1S", "2024-03-31T03:00:00", id="into summer"),
        pytest.param("2024-03-30T12:00:00", "P1D", "2024-03-31T13:00:00", id="a day of 23 hours"),
        pytest.param("2024-10-27T01:00:00", "PT3H", "2024-10-27T03:00:00", id="into winter"),
        pytest.param("2024-03-31T03:00:00", "-PT1S", "2024-03-31T01:59:59", id="back from summer"),
        pytest.param(
            "2024-07-01T12:00:00", "P1D", "2024-07-02T12:00:00", id="in the midst of summer"
        ),
    ],
)
def test_a_duration_is_time_that_passes_where_clocks_change(start, duration, end):
    text = "string(date and time(a) + duration(d))"

    assert value_of(text, a=start + PARIS, d=duration) == end + PARIS


@pytest.mark.parametrize(
    ("earlier", "later", "passed"),
    [
        ("2024-03-31T00:00:00", "2024-04-01T00:00:00", "PT23H"),
        ("2024-10-27T00:00:00", "2024-10-28T00:00:00", "P1DT1H"),
        ("2024-06-01T00:00:00", "2024-06-02T00:00:00", "P1D"),
    ],
)
def test_days_in_which_clocks_change_have_other_hours(earlier, later, passed):
    text = "string(date and time(b) - date and time(a))"

    assert value_of(text, a=earlier + PARIS, b=later + PARIS) == passed


def test_months_are_added_to_the_clock_and_not_to_the_time_that_passes():
    text = 'date and time("2024-03-15T12:00:00@Europe/Paris") + duration("P1M")'

    assert written(text) == "2024-04-15T12:00:00@Europe/Paris"


def test_moments_of_two_zones_are_ordered_by_their_instants():
    text = (
        '{a: date and time("2024-01-01T12:00:00@Asia/Tokyo"), '
        'b: date and time("2024-01-01T12:00:00@Europe/Paris"), r: [a < b, a - b]}.r'
    )

    is_before, difference = value_of(text)
    assert is_before is True
    assert difference == timedelta(hours=-8)


def test_a_moment_in_another_zone_is_the_same_instant():
    text = 'date and time(date and time("2024-07-01T12:00:00Z"), z)'

    for zone, hour in {"Asia/Tokyo": 21, "America/New_York": 8, "UTC": 12}.items():
        found = value_of(text, z=zone)
        assert (found.hour, found.tzinfo) == (hour, ZoneInfo(zone))


offsets = st.integers(-18 * 60, 18 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(
    datetime(1990, 1, 1), datetime(2050, 1, 1), timezones=st.one_of(offsets, st.just(UTC))
)


@few
@given(moments, moments)
def test_moments_with_offsets_are_ordered_as_their_difference_says(a, b):
    less, difference = value_of("[a < b, a - b]", a=a, b=b)

    assert less is (difference < timedelta(0))
    assert less is (a < b)


@few
@given(moments)
def test_a_moment_with_an_offset_is_read_as_it_is_written(moment):
    found = value_of("date and time(string(m))", m=moment)

    assert found == moment
    assert found.utcoffset() == moment.utcoffset()


@few
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-500, 500))
def test_a_date_moved_by_months_comes_back_but_for_the_days_that_months_lack(day, count):
    moved = value_of("d + m - m", d=day, m=YearsMonths(count))

    assert (moved.year, moved.month) == (day.year, day.month)
    assert moved.day == day.day or moved.day >= 28


@few
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-10_000, 10_000))
def test_a_date_moved_by_days_is_that_many_days_away(day, count):
    assert value_of("(d + n) - d", d=day, n=timedelta(days=count)) == timedelta(days=count)


@pytest.mark.parametrize(
    ("text", "written_as", "seconds"),
    [
        ("PT0.5S", "P0D", 0),
        ("PT1.5S", "PT1S", 1),
        ("-PT0.5S", "-PT1S", -1),
        ("-PT1S", "-PT1S", -1),
        ("-PT59.5S", "-PT1M", 0),
        ("-PT23H59M59.5S", "-P1D", 0),
        ("-P1DT0.5S", "-P1DT1S", -1),
    ],
)
def test_durations_are_rounded_down_to_whole_seconds(text, written_as, seconds):
    assert written(f'duration("{text}")') == written_as
    assert value_of(f'duration("{text}").seconds') == seconds


@pytest.mark.parametrize(
    "text",
    [
        'date and time(date and time("2024-01-01T10:00:00"))',
        "date and time(now())",
        'date and time(date("2024-01-01"))',
    ],
)
def test_no_function_makes_a_date_and_time_of_one_value_but_a_text(text):
    assert value_of(text) is None
