"""`string`, `number`, and how values are written.

Source: DMN 1.3 §10.3.4.1; semantics 12.8.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feel import Budget, FeelLimitError, compile_expression

from ..evaluating import exact, few, value_of, written

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1.1", "1.1", id="number"),
        pytest.param("1.50", "1.50", id="number with its places"),
        pytest.param("-0", "0", id="zero has no sign"),
        pytest.param("true", "true", id="boolean"),
        pytest.param('"a"', "a", id="a text stays"),
        pytest.param("null", None, id="null stays null"),
        pytest.param("[1, 2]", "[1, 2]", id="list"),
        pytest.param(
            '[1, "a", null, true]', '[1, "a", null, true]', id="texts in lists are quoted"
        ),
        pytest.param("[]", "[]", id="empty list"),
        pytest.param('{a: 1, b: "x"}', '{a:1, b:"x"}', id="context"),
        pytest.param("{a: {b: [1]}}", "{a:{b:[1]}}", id="nested"),
        pytest.param("{}", "{}", id="empty context"),
        pytest.param('date("2024-02-29")', "2024-02-29", id="date"),
        pytest.param('time("10:30:00")', "10:30:00", id="time"),
        pytest.param('time("10:30:00.5")', "10:30:00.5", id="time with a fraction"),
        pytest.param('time("10:30:00+00:00")', "10:30:00Z", id="no offset is UTC"),
        pytest.param('time("10:30:00-01:30")', "10:30:00-01:30", id="offset below zero"),
        pytest.param('time("10:30:00+01:00:30")', "10:30:00+01:00:30", id="offset with seconds"),
        pytest.param('duration("PT25H")', "P1DT1H", id="duration, normalized"),
        pytest.param('duration("PT60S")', "PT1M", id="seconds that are a minute"),
        pytest.param('duration("PT0S")', "P0D", id="no duration"),
        pytest.param('duration("PT1.5S")', "PT1S", id="fractions are left out"),
        pytest.param('duration("-P1D")', "-P1D", id="duration backwards"),
        pytest.param('duration("P13M")', "P1Y1M", id="months, normalized"),
        pytest.param('duration("P0M")', "P0Y", id="no months"),
        pytest.param('duration("-P1M")', "-P1M", id="months backwards"),
        pytest.param("function(a, b) a", "function(a, b)", id="function"),
        pytest.param("[[1..2]]", "[[1..2]]", id="closed range"),
        pytest.param("[(1..2)]", "[(1..2)]", id="open range"),
        pytest.param("[[1..2)]", "[[1..2)]", id="half open range"),
    ],
)
def test_string(text, expected):
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('number("1500.50")', 1500.5, id="with a point"),
        pytest.param('number("-5")', -5, id="below zero"),
        pytest.param('number("+5")', 5, id="with a plus"),
        pytest.param('number(".5")', 0.5, id="without a leading zero"),
        pytest.param('number("5.")', 5, id="without digits behind the point"),
        pytest.param('number("1e3")', 1000, id="with an exponent"),
        pytest.param('number("")', None, id="an empty text"),
        pytest.param('number("abc")', None, id="a word"),
        pytest.param('number(" 5")', None, id="a blank"),
        pytest.param('number("5 ")', None, id="a blank behind"),
        pytest.param('number("1,500")', None, id="a comma without its being said"),
        pytest.param('number("NaN")', None, id="what Python would take"),
        pytest.param('number("1_000")', None, id="what Python would take, too"),
        pytest.param('number("1e99999")', None, id="beyond all numbers"),
        pytest.param("number(5)", None, id="a number"),
        pytest.param("number(null)", None, id="null"),
        pytest.param('number("1 000,0", " ", ",")', 1000, id="blank and comma"),
        pytest.param('number("1,000.0", ",", ".")', 1000, id="comma and point"),
        pytest.param('number("1.000,5", ".", ",")', 1000.5, id="point and comma"),
        pytest.param('number("1.500,5", null, ",")', None, id="a group that was not said"),
        pytest.param('number("1500,5", null, ",")', 1500.5, id="no grouping"),
        pytest.param('number("1,000", ",", ",")', None, id="the same for both"),
        pytest.param('number("1,000", "x", ".")', None, id="a letter for grouping"),
        pytest.param('number("1,000", ",", "x")', None, id="a letter for the point"),
        pytest.param('number("1,000", ",", null)', None, id="null for the point"),
        pytest.param('number("1,000", ",")', 1000, id="grouping alone"),
        pytest.param('number("1x000", "x")', None, id="a letter for grouping alone"),
        pytest.param(
            'number(from: "1.000,5", grouping separator: ".", decimal separator: ",")',
            1000.5,
            id="by names",
        ),
    ],
)
def test_number(text, expected):
    assert exact(text) == repr(expected)


@few
@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
    )
)
def test_a_number_is_read_as_it_is_written(number):
    assert value_of("number(string(n))", n=number) == number


@few
@given(st.integers(-(10**20), 10**20), st.sampled_from([" ", ",", "."]))
def test_groups_of_three_are_read(number, mark):
    grouped = f"{number:,}".replace(",", mark)

    assert value_of("number(t, m)", t=grouped, m=mark) == Decimal(number)


def test_a_text_that_would_become_too_long_is_refused():
    with pytest.raises(FeelLimitError, match="too large"):
        compile_expression("string(l)").evaluate({"l": ["x" * 100] * 10}, budget=Budget(size=500))
