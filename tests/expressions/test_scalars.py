"""The methods of Java's numbers, booleans and dates.

Source: the documentation of Java's `Number`, `Comparable`, `Boolean`, `Date`; semantics 7.3.
"""

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ExpressionError
from app.expressions import parse
from app.expressions.values import Integer, Short

from .conftest import Place, same

DAY = datetime(2026, 7, 5, 14, 20, 30, 400_000, tzinfo=UTC)  # a Sunday


def call(value, method, *arguments):
    names = {f"a{number}": argument for number, argument in enumerate(arguments)}
    return parse(f"${{v.{method}({', '.join(names)})}}").evaluate(Place({"v": value, **names}))


@pytest.mark.parametrize(
    ("value", "method", "arguments", "expected"),
    [
        (5, "intValue", [], Integer(5)),
        (2**31, "intValue", [], Integer(-(2**31))),
        (-(2**31) - 1, "intValue", [], Integer(2**31 - 1)),
        (Integer(5), "longValue", [], 5),
        (2**15, "shortValue", [], Short(-(2**15))),
        (5, "doubleValue", [], 5.0),
        (5, "floatValue", [], 5.0),
        (5, "toString", [], "5"),
        (Integer(-5), "toString", [], "-5"),
        (5, "equals", [5], True),
        (5, "equals", [Integer(5)], False),
        (5, "equals", ["5"], False),
        (5, "compareTo", [6], Integer(-1)),
        (5, "compareTo", [4], Integer(1)),
        (Integer(5), "hashCode", [], Integer(5)),
        (Integer(-5), "hashCode", [], Integer(-5)),
        (5, "hashCode", [], Integer(5)),
        (2**32, "hashCode", [], Integer(1)),
        (-1, "hashCode", [], Integer(0)),
        (1.9, "intValue", [], Integer(1)),
        (-1.9, "intValue", [], Integer(-1)),
        (1e300, "intValue", [], Integer(2**31 - 1)),
        (-1e300, "longValue", [], -(2**63)),
        (math.nan, "intValue", [], Integer(0)),
        (math.inf, "longValue", [], 2**63 - 1),
        (70000.5, "shortValue", [], Short(4464)),
        (1.5, "doubleValue", [], 1.5),
        (1.5, "toString", [], "1.5"),
        (1.0, "toString", [], "1.0"),
        (1e7, "toString", [], "1.0E7"),
        (1.5, "equals", [1.5], True),
        (1.0, "equals", [1], False),
        (math.nan, "equals", [math.nan], True),
        (0.0, "equals", [-0.0], False),
        (math.nan, "isNaN", [], True),
        (1.5, "isNaN", [], False),
        (-math.inf, "isInfinite", [], True),
        (1.5, "compareTo", [2.0], Integer(-1)),
        (1.5, "compareTo", [None], Integer(1)),
        (5, "compareTo", [None], Integer(1)),
        (True, "compareTo", [None], Integer(1)),
        (math.nan, "compareTo", [math.inf], Integer(1)),
        (math.inf, "compareTo", [math.nan], Integer(-1)),
        (math.nan, "compareTo", [math.nan], Integer(0)),
        (-0.0, "compareTo", [0.0], Integer(-1)),
        (0.0, "compareTo", [-0.0], Integer(1)),
        (0.0, "compareTo", [0.0], Integer(0)),
        (True, "booleanValue", [], True),
        (True, "toString", [], "true"),
        (True, "equals", [True], True),
        (True, "equals", ["true"], False),
        (True, "compareTo", [False], Integer(1)),
        (False, "compareTo", [True], Integer(-1)),
    ],
)
def test_a_method_answers_as_in_java(value, method, arguments, expected):
    assert same(call(value, method, *arguments), expected)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("getYear", 126),
        ("getMonth", 6),
        ("getDate", 5),
        ("getDay", 0),
        ("getHours", 14),
        ("getMinutes", 20),
        ("getSeconds", 30),
        ("getTimezoneOffset", 0),
    ],
)
def test_a_date_counts_as_in_java(method, expected):
    assert same(call(DAY, method), Integer(expected))
    name = method[3:4].lower() + method[4:]
    assert same(parse(f"${{v.{name}}}").evaluate(Place({"v": DAY})), Integer(expected))


@pytest.mark.parametrize(
    ("other", "order"),
    [
        (DAY, 0),
        (DAY + timedelta(microseconds=999), 0),
        (DAY + timedelta(milliseconds=1), -1),
        (DAY - timedelta(milliseconds=1), 1),
        (DAY.astimezone(timezone(timedelta(hours=5))), 0),
    ],
)
def test_dates_are_ordered_by_their_milliseconds(other, order):
    assert call(DAY, "compareTo", other) == order
    assert call(DAY, "before", other) is (order < 0)
    assert call(DAY, "after", other) is (order > 0)


def test_the_time_of_a_date_is_in_milliseconds_since_1970():
    assert same(call(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), "getTime"), 1000)
    assert same(call(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), "getTime"), -1000)
    assert call(DAY, "getTime") % 1000 == 400


@pytest.mark.parametrize("value", [5, Integer(5), 1.5, True, DAY])
@pytest.mark.parametrize(
    "method", ["getClass", "wait", "notify", "__class__", "bit_length", "year"]
)
def test_there_are_no_other_methods(value, method):
    with pytest.raises(ExpressionError, match=f"Method not found: class java.*{method}"):
        call(value, method)


@pytest.mark.parametrize("argument", [5, "2026-01-01", None])
def test_a_date_is_compared_with_dates_alone(argument):
    with pytest.raises(ExpressionError):
        call(DAY, "before", argument)


@settings(max_examples=25)
@given(st.floats(), st.floats())
def test_doubles_have_one_order(left, right):
    order = call(left, "compareTo", right)

    assert order == -call(right, "compareTo", left)
    assert (order == 0) is call(left, "equals", right)
    if left < right:
        assert order == -1


@settings(max_examples=25)
@given(st.integers(-(2**63), 2**63 - 1))
def test_the_low_bits_of_a_number_make_the_shorter_ones(number):
    small = call(number, "intValue")

    assert (number - small) % 2**32 == 0
    assert (number - call(number, "shortValue")) % 2**16 == 0
    assert call(small, "longValue") == small
