"""Laws that hold for all ranges, dates and durations."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feel import Range, YearsMonths, compile_expression, compile_unary_tests

pytestmark = pytest.mark.no_database

numbers = st.integers(-20, 20).map(Decimal)
ranges = st.builds(
    lambda ends, low, high: Range(min(ends), max(ends), low, high),
    st.tuples(numbers, numbers).filter(lambda ends: ends[0] != ends[1]),
    st.booleans(),
    st.booleans(),
)
dates = st.dates(date(1600, 1, 1), date(2400, 1, 1))
timestamps = st.datetimes(datetime(1600, 1, 1), datetime(2400, 1, 1))
durations = st.timedeltas(timedelta(days=-9999), timedelta(days=9999))
months = st.integers(-1200, 1200).map(YearsMonths)


def value_of(text, **variables):
    return compile_expression(text).evaluate(variables)


MIRRORED = [
    ("before", "after"),
    ("meets", "met by"),
    ("overlaps", "overlaps"),
    ("overlaps before", "overlaps after"),
    ("finishes", "finished by"),
    ("during", "includes"),
    ("starts", "started by"),
    ("coincides", "coincides"),
]


@pytest.mark.parametrize(("relation", "mirrored"), MIRRORED)
@given(a=ranges, b=ranges)
def test_a_relation_of_ranges_is_its_mirror_the_other_way_round(relation, mirrored, a, b):
    there = value_of(f"{relation}(a, b)", a=a, b=b)

    assert isinstance(there, bool)
    assert there is value_of(f"{mirrored}(b, a)", a=a, b=b)


@given(a=ranges, b=ranges)
def test_two_ranges_are_apart_or_overlap(a, b):
    apart = value_of("before(a, b) or after(a, b)", a=a, b=b)

    assert apart is not value_of("overlaps(a, b)", a=a, b=b)


@given(a=ranges, b=ranges)
def test_ranges_that_include_each_other_coincide(a, b):
    both = value_of("includes(a, b) and includes(b, a)", a=a, b=b)

    assert both is value_of("coincides(a, b)", a=a, b=b)


@given(point=numbers, a=ranges)
def test_a_point_is_before_in_or_after_a_range(point, a):
    places = [
        value_of("before(p, a)", p=point, a=a),
        value_of("includes(a, p)", p=point, a=a),
        value_of("after(p, a)", p=point, a=a),
    ]

    assert places.count(True) == 1


@given(point=numbers, a=ranges)
def test_a_cell_takes_what_its_interval_includes(point, a):
    opening, closing = "[" if a.is_low_closed else "(", "]" if a.is_high_closed else ")"
    cell = compile_unary_tests(f"{opening}{a.low}..{a.high}{closing}")

    assert cell.matches(point, {}) is value_of("includes(a, p)", p=point, a=a)
    assert cell.matches(point, {}) is value_of("p in a", p=point, a=a)


@given(a=dates, b=dates)
def test_a_date_and_a_difference_make_the_other_date(a, b):
    assert value_of("a + (b - a)", a=a, b=b) == b


@given(a=timestamps, d=durations)
def test_a_timestamp_comes_back_from_a_duration(a, d):
    assert value_of("a + d - d", a=a, d=d) == a
    assert value_of("(a + d) - a", a=a, d=d) == d


@given(a=dates, m=months)
def test_months_keep_the_day_or_take_the_last_of_the_month(a, m):
    moved = value_of("a + m", a=a, m=m)

    assert (moved.year * 12 + moved.month) - (a.year * 12 + a.month) == m.months
    assert moved.day == min(a.day, value_of("last day of month(a)", a=moved).day)


@given(a=dates, b=dates)
def test_whole_months_between_dates_do_not_go_beyond(a, b):
    duration = value_of("years and months duration(a, b)", a=a, b=b)
    reached = value_of("a + d", a=a, d=duration)

    if a <= b:
        assert reached <= b
    elif a.day <= 28 and b.day <= 28:
        assert reached >= b


@given(a=durations, b=durations)
def test_durations_are_added_and_taken_away(a, b):
    assert value_of("a + b - b", a=a, b=b) == a
    assert value_of("a + b = b + a", a=a, b=b) is True


@given(
    a=st.timedeltas(timedelta(days=-9999), timedelta(days=9999)).map(
        lambda value: timedelta(seconds=value // timedelta(seconds=1))
    )
)
def test_a_duration_is_read_as_it_is_written(a):
    assert value_of("duration(string(a))", a=a) == a
    assert value_of("a.days * 86400 + a.hours * 3600 + a.minutes * 60 + a.seconds", a=a) == (
        a // timedelta(seconds=1)
    )


@given(m=months)
def test_years_and_months_are_read_as_they_are_written(m):
    assert value_of("duration(string(m))", m=m) == m
    assert value_of("m.years * 12 + m.months", m=m) == m.months


@given(a=dates, b=dates)
def test_the_order_of_dates_is_that_of_their_texts(a, b):
    assert value_of("a < b", a=a, b=b) is value_of("string(a) < string(b)", a=a, b=b)


@given(a=timestamps)
def test_a_timestamp_is_read_as_it_is_written(a):
    assert value_of("date and time(string(a))", a=a) == a


@given(a=st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000))
def test_zero_has_no_sign(a):
    zero = value_of("a * 0", a=a)

    assert not zero.is_signed()
    assert not value_of("-z", z=zero).is_signed()
