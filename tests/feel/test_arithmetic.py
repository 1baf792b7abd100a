"""Operators of arithmetic on numbers, texts, dates and durations.

Source: DMN 1.3 §10.3.2.3, tables 50 to 57; semantics 12.8.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feel import FeelEvaluationError, YearsMonths

from .evaluating import exact, few, value_of, written

pytestmark = pytest.mark.no_database

numbers = st.decimals(
    allow_nan=False, allow_infinity=False, places=3, min_value=-999, max_value=999
)
durations = st.integers(-(10**6), 10**6).map(lambda seconds: timedelta(seconds=seconds))
months = st.integers(-999, 999).map(YearsMonths)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("10 + 5", 15, id="plus"),
        pytest.param("10 - 5", 5, id="minus"),
        pytest.param("10 * 5", 50, id="times"),
        pytest.param("10 / 4", 2.5, id="over"),
        pytest.param("2 ** 5", 32, id="power"),
        pytest.param("2 ** -1", 0.5, id="power below zero"),
        pytest.param("4 ** 0.5", 2, id="a root"),
        pytest.param("2 ** 0", 1, id="to the zero"),
        pytest.param("0 ** 0", 1, id="zero to the zero"),
        pytest.param("0 ** 2", 0, id="zero to the second"),
        pytest.param("10 / 0", None, id="by zero is null"),
        pytest.param("0 / 0", None, id="zero by zero is null"),
        pytest.param("0.1 + 0.2", 0.3, id="decimals and no doubles"),
        pytest.param("1 - 0.9", 0.1, id="decimals and no doubles again"),
        pytest.param("-5", -5, id="a sign"),
        pytest.param("--5", 5, id="two signs"),
        pytest.param("-(2 + 3)", -5, id="a sign in front of parentheses"),
        pytest.param("5 - -2", 7, id="a sign behind an operator"),
        pytest.param("5-2", 3, id="without blanks"),
        pytest.param(".5 + 1", 1.5, id="no digit in front of the point"),
        pytest.param("-x", -3, id="a sign in front of a name"),
    ],
)
def test_numbers(text, expected):
    assert exact(text, x=3) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1 + 2 * 3", 7, id="times before plus"),
        pytest.param("(1 + 2) * 3", 9, id="parentheses before all"),
        pytest.param("10 - 4 - 3", 3, id="minus from the left"),
        pytest.param("100 / 10 / 2", 5, id="over from the left"),
        pytest.param("2 * 3 ** 2", 18, id="power before times"),
        pytest.param("2 ** 3 ** 2", 64, id="power from the left"),
        pytest.param("-2 ** 2", 4, id="the sign before the power"),
        pytest.param("10 - 2 + 3", 11, id="plus and minus are alike"),
        pytest.param("12 / 3 * 2", 8, id="times and over are alike"),
        pytest.param("1 + 1 = 2", True, id="before comparisons"),
        pytest.param("2 * 3 > 5 and 1 < 2", True, id="and comparisons before and"),
    ],
)
def test_precedence(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "**"])
@pytest.mark.parametrize(
    "other",
    ["null", "true", '"1"', "[1]", "{a: 1}", "unknown", 'date("2024-01-01")', "(function(a) a)"],
)
def test_a_number_and_another_kind_have_no_result(operator, other):
    assert value_of(f"1 {operator} {other}") is None
    assert value_of(f"{other} {operator} 1") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('"a" + "b"', "ab", id="texts are joined"),
        pytest.param('"" + ""', "", id="empty ones too"),
        pytest.param('"a" + 1', None, id="not with a number"),
        pytest.param('"a" + null', None, id="not with null"),
        pytest.param('"a" - "a"', None, id="nor taken away"),
        pytest.param('"a" * 2', None, id="nor repeated"),
        pytest.param("[1] + [2]", None, id="lists are not joined"),
        pytest.param("true + true", None, id="booleans are no numbers"),
        pytest.param("-true", None, id="and have no sign"),
        pytest.param('-"1"', None, id="nor has a text"),
        pytest.param("-null", None, id="nor null"),
        pytest.param('-duration("P1D")', None, id="nor a duration"),
    ],
)
def test_other_kinds(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            'date("2024-01-31") + duration("P1M")', "2024-02-29", id="the month's last day"
        ),
        pytest.param('date("2023-01-31") + duration("P1M")', "2023-02-28", id="in another year"),
        pytest.param('date("2024-02-29") + duration("P1Y")', "2025-02-28", id="a leap day"),
        pytest.param('date("2024-03-31") - duration("P1M")', "2024-02-29", id="months back"),
        pytest.param('date("2024-01-15") - duration("P13M")', "2022-12-15", id="over a year back"),
        pytest.param('date("2024-01-01") + duration("P1D")', "2024-01-02", id="a day"),
        pytest.param('date("2024-01-01") + duration("PT1H")', "2024-01-01", id="an hour is no day"),
        pytest.param('date("2024-01-01") - duration("PT1H")', "2023-12-31", id="but one before is"),
        pytest.param('date("2024-01-01") + duration("PT24H")', "2024-01-02", id="24 hours are"),
        pytest.param('duration("P1D") + date("2024-01-01")', "2024-01-02", id="the duration first"),
        pytest.param('duration("P1M") + date("2024-01-31")', "2024-02-29", id="the months first"),
        pytest.param('date("2024-03-01") - date("2024-02-01")', "P29D", id="two dates"),
        pytest.param('date("2024-02-01") - date("2024-03-01")', "-P29D", id="two dates, backwards"),
        pytest.param('date("2024-01-01") - date("2024-01-01")', "P0D", id="a date and itself"),
        pytest.param(
            'date and time("2024-01-31T10:00:00") + duration("P1M")', "2024-02-29T10:00:00", id="m"
        ),
        pytest.param(
            'date and time("2024-01-01T23:30:00") + duration("PT1H")', "2024-01-02T00:30:00", id="h"
        ),
        pytest.param(
            'date and time("2024-01-01T00:00:00Z") - duration("PT1S")',
            "2023-12-31T23:59:59Z",
            id="a second back",
        ),
        pytest.param(
            'date and time("2024-01-01T10:00:00+02:00") - date and time("2024-01-01T10:00:00Z")',
            "-PT2H",
            id="two moments of other offsets",
        ),
        pytest.param(
            'date and time("2024-10-27T12:00:00@Europe/Paris") - '
            'date and time("2024-10-26T12:00:00@Europe/Paris")',
            "P1DT1H",
            id="a night that has an hour more",
        ),
        pytest.param('time("10:00:00") + duration("PT1H")', "11:00:00", id="a time"),
        pytest.param('time("23:30:00") + duration("PT1H")', "00:30:00", id="a time over midnight"),
        pytest.param('time("00:30:00") - duration("PT1H")', "23:30:00", id="a time back over it"),
        pytest.param('time("10:00:00") + duration("P3D")', "10:00:00", id="days go round"),
        pytest.param('time("10:00:00Z") + duration("PT1H")', "11:00:00Z", id="the offset stays"),
        pytest.param('time("12:00:00") - time("10:30:00")', "PT1H30M", id="two times"),
        pytest.param('time("10:00:00") - time("12:00:00")', "-PT2H", id="two times, backwards"),
        pytest.param(
            'time("10:00:00+01:00") - time("10:00:00Z")', "-PT1H", id="times with offsets"
        ),
        pytest.param('duration("P1D") + duration("PT1H")', "P1DT1H", id="two durations"),
        pytest.param('duration("P1D") - duration("PT1H")', "PT23H", id="a difference of durations"),
        pytest.param('duration("P1D") * 2', "P2D", id="a multiple"),
        pytest.param('2 * duration("P1D")', "P2D", id="the number first"),
        pytest.param('duration("P1D") * -1', "-P1D", id="a negative multiple"),
        pytest.param('duration("P1D") / 2', "PT12H", id="a part"),
        pytest.param('duration("P1Y") + duration("P1M")', "P1Y1M", id="years and months"),
        pytest.param('duration("P1Y") - duration("P1M")', "P11M", id="a difference of months"),
        pytest.param('duration("P1M") * 14', "P1Y2M", id="a multiple of months"),
        pytest.param('14 * duration("P1M")', "P1Y2M", id="the number first, of months"),
        pytest.param('duration("P1Y") / 5', "P2M", id="a part of a year, cut"),
        pytest.param('duration("P1D") / duration("PT5H")', "4", id="whole times of a duration"),
        pytest.param('duration("-P1D") / duration("PT5H")', "-4", id="towards zero"),
        pytest.param('duration("P1Y") / duration("P5M")', "2", id="whole times of months"),
    ],
)
def test_dates_and_durations(text, expected):
    assert written(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('date("2024-01-01") + 1', id="a date and a number"),
        pytest.param('date("2024-01-01") + date("2024-01-01")', id="two dates added"),
        pytest.param('duration("P1D") - date("2024-01-01")', id="a date from a duration"),
        pytest.param('duration("P1D") + duration("P1M")', id="days and months"),
        pytest.param('duration("P1D") + 1', id="a duration and a number"),
        pytest.param('duration("P1D") * duration("P1D")', id="a duration times a duration"),
        pytest.param('1 / duration("P1D")', id="a number by a duration"),
        pytest.param('duration("P1D") / 0', id="a duration by zero"),
        pytest.param('duration("P1M") / 0', id="months by zero"),
        pytest.param('duration("P1D") / duration("PT0S")', id="a duration by none"),
        pytest.param('duration("P1M") / duration("P0M")', id="months by none"),
        pytest.param('duration("P1D") ** 2', id="a power of a duration"),
        pytest.param('time("10:00:00") + duration("P1M")', id="a time and months"),
        pytest.param('time("10:00:00") + time("10:00:00")', id="two times added"),
        pytest.param('time("10:00:00") - time("10:00:00Z")', id="a local time and one that is not"),
        pytest.param(
            'date and time("2024-01-01T00:00:00") - date and time("2024-01-01T00:00:00Z")',
            id="a local moment and one that is not",
        ),
        pytest.param(
            'date and time("2024-01-02T00:00:00") - date("2024-01-01")', id="moment and date"
        ),
        pytest.param('date("2024-01-02") - time("10:00:00")', id="a date and a time"),
        pytest.param('date("9999-12-31") + duration("P1D")', id="beyond the last date"),
        pytest.param('date("0001-01-01") - duration("P1M")', id="before the first date"),
    ],
)
def test_what_makes_no_sense_is_null(text):
    assert value_of(text) is None


@pytest.mark.parametrize("text", ["0 ** -1", "(-8) ** 0.5"])
def test_a_power_that_is_no_number_fails(text):
    with pytest.raises(FeelEvaluationError):
        value_of(text)


def test_a_quotient_has_34_digits_rounded_half_even():
    assert written("1 / 3") == "0." + "3" * 34
    assert written("2 / 3") == "0." + "6" * 33 + "7"


def test_places_are_kept_as_they_are_written():
    assert written("1.10 + 1.10") == "2.20"
    assert written("1.5 * 2.0") == "3.00"


@few
@given(numbers, numbers)
def test_numbers_are_added_and_multiplied_exactly(a, b):
    assert value_of("a + b", a=a, b=b) == a + b == value_of("b + a", a=a, b=b)
    assert value_of("a * b", a=a, b=b) == a * b == value_of("b * a", a=a, b=b)
    assert value_of("a - b = -(b - a)", a=a, b=b) is True


@few
@given(numbers, numbers, numbers)
def test_multiplication_is_spread_over_addition(a, b, c):
    assert value_of("a * (b + c) = a * b + a * c", a=a, b=b, c=c) is True


@few
@given(durations, st.integers(-9, 9))
def test_a_multiple_of_a_duration_is_a_repeated_sum(duration, factor):
    made = value_of("d * n", d=duration, n=factor)

    assert made == duration * factor
    assert value_of("n * d", d=duration, n=factor) == made
    if factor:
        assert value_of("d * n / n", d=duration, n=factor) == duration


@few
@given(months, months)
def test_months_are_added_like_numbers(a, b):
    assert value_of("a + b", a=a, b=b) == YearsMonths(a.months + b.months)
    assert value_of("a + b - b", a=a, b=b) == a


def test_the_result_of_a_sum_is_of_feels_own_numbers():
    assert value_of("1 + 1") == Decimal(2)
    assert type(value_of("x + 1", x=1)) is Decimal
