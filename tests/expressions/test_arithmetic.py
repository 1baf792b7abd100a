"""Arithmetic: types of results, ends of types, precedence.

Source: the Expression Language Specification 2.1 §1.7; semantics 7.2.
"""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ExpressionError, ExpressionSyntaxError
from app.expressions import parse
from app.expressions.values import BigInteger, Integer, Short

from .conftest import Place, same

MOST = 2**63 - 1
longs = st.integers(-(2**63), MOST)


def wrapped(number):
    """A number of any length as a Long that runs over."""
    return (number + 2**63) % 2**64 - 2**63


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1 + 2", 3, id="plus"),
        pytest.param("1 - 2", -1, id="minus"),
        pytest.param("3 * 2", 6, id="times"),
        pytest.param("6 / 3", 2.0, id="over is a fraction always"),
        pytest.param("6 div 3", 2.0, id="over by its word"),
        pytest.param("7 % 3", 1, id="rest"),
        pytest.param("7 mod 3", 1, id="rest by its word"),
        pytest.param("-7 % 3", -1, id="a rest has the sign of the dividend"),
        pytest.param("7 % -3", 1, id="and not of the divisor"),
        pytest.param("1.5 + 1", 2.5, id="a fraction makes a fraction"),
        pytest.param("0.1 + 0.2", 0.1 + 0.2, id="in binary"),
        pytest.param("5.5 % 2", 1.5, id="a rest of a fraction"),
        pytest.param("-5.5 % 2", -1.5, id="a rest of a fraction below zero"),
        pytest.param("1 / 0", math.inf, id="over zero"),
        pytest.param("-1 / 0", -math.inf, id="below zero over zero"),
        pytest.param("0 / 0", math.nan, id="zero over zero"),
        pytest.param("1.5 % 0", math.nan, id="a rest by zero of a fraction"),
        pytest.param("null + 1", 1, id="null is nothing"),
        pytest.param("1 - null", 1, id="null on the right"),
        pytest.param("null * 5", 0, id="null times"),
        pytest.param("null + null", 0, id="null and null"),
        pytest.param("'2' * '3'", 6, id="texts of numbers"),
        pytest.param("'1.5' + '1'", 2.5, id="a text with a point"),
        pytest.param("- 5", -5, id="a sign"),
        pytest.param("- '5'", -5, id="a sign in front of a text"),
        pytest.param("- '1.5'", -1.5, id="a sign in front of a fraction's text"),
        pytest.param("- null", 0, id="a sign in front of null"),
        pytest.param("-(-5)", 5, id="two signs"),
    ],
)
def test_operators(evaluate, text, expected):
    assert same(evaluate(f"${{{text}}}"), expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1 + 2 * 3", 7, id="times before plus"),
        pytest.param("(1 + 2) * 3", 9, id="parentheses"),
        pytest.param("10 - 3 - 2", 5, id="minus from the left"),
        pytest.param("100 / 10 / 2", 5.0, id="over from the left"),
        pytest.param("2 * 3 % 4", 2, id="times and rest from the left"),
        pytest.param("-2 * 3", -6, id="a sign before times"),
        pytest.param("1 + 1 == 2", True, id="plus before equality"),
        pytest.param("1 < 2 == true", True, id="order before equality"),
        pytest.param("true || false && false", True, id="and before or"),
        pytest.param("(true || false) && false", False, id="parentheses before and"),
        pytest.param("!true || true", True, id="not before or"),
        pytest.param("!(true || true)", False, id="not of parentheses"),
        pytest.param("not true == false", True, id="not before equality"),
        pytest.param("empty '' && true", True, id="empty before and"),
        pytest.param("true ? 1 : 2 + 3", 1, id="a choice is the last"),
        pytest.param("(true ? 1 : 2) + 3", 4, id="a choice in parentheses"),
        pytest.param("false ? 1 : true ? 2 : 3", 2, id="choices from the right"),
        pytest.param("1 == 1 && 2 == 2", True, id="equality before and"),
        pytest.param("1 eq 1 and 2 lt 3 or false", True, id="words are operators"),
        pytest.param("5 gt 3 ? 'a' : 'b'", "a", id="a choice of texts"),
    ],
)
def test_precedence(evaluate, text, expected):
    assert same(evaluate(f"${{{text}}}"), expected)


@pytest.mark.parametrize("name", ["Integer", "Short", "Long"])
@pytest.mark.parametrize("operator", ["+", "-", "*", "%"])
def test_whole_numbers_of_any_type_make_a_long(evaluate, name, operator):
    made = {"Integer": Integer, "Short": Short, "Long": int}[name]

    found = evaluate(f"${{a {operator} b}}", a=made(7), b=made(2))

    assert type(found) is int


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Integer(5), Integer(-5)),
        (Short(5), Short(-5)),
        (5, -5),
        (1.5, -1.5),
        (BigInteger(5), BigInteger(-5)),
        (Integer(-(2**31)), Integer(-(2**31))),
        (Short(-(2**15)), Short(-(2**15))),
        (-(2**63), -(2**63)),
    ],
)
def test_a_sign_keeps_the_type_and_runs_over_at_its_end(evaluate, value, expected):
    assert same(evaluate("${-x}", x=value), expected)


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "%"])
@pytest.mark.parametrize("other", ["true", "'abc'", "list", "map"])
def test_what_is_no_number_has_no_arithmetic(evaluate, operator, other):
    for text in (f"${{1 {operator} {other}}}", f"${{{other} {operator} 1}}"):
        with pytest.raises(ExpressionError):
            evaluate(text, list=[1], map={"a": 1})


@pytest.mark.parametrize("text", ["1 % 0", "1 % null", "0 % 0"])
def test_a_rest_by_zero_fails(evaluate, text):
    with pytest.raises(ExpressionError, match="/ by zero"):
        evaluate(f"${{{text}}}")


@pytest.mark.parametrize(
    "text",
    [
        "${1 +}",
        "${* 1}",
        "${1 2}",
        "${1 + * 2}",
        "${(1}",
        "${1)}",
        "${+1}",
        "${1 ++ 2}",
        "${a = 1}",
        "${a += 1}",
        "${1 <> 2}",
        "${1 === 1}",
        "${a ? b}",
        "${a : b}",
        "${empty}",
        "${not}",
        "${a.}",
        "${a[]}",
        "${a[1}",
        "${a.b.}",
        "${.a}",
        "${a(}",
        "${'a}",
        "${}",
        "${ }",
        "${a;b}",
        "${a, b}",
        "${a -> b}",
        "${[1, 2]}",
        "${{1}}",
    ],
)
def test_what_is_no_expression_is_refused(text):
    with pytest.raises(ExpressionSyntaxError, match=r"Error parsing|Could not resolve"):
        parse(text)


@settings(max_examples=25)
@given(longs, longs)
def test_whole_numbers_run_over_silently_at_64_bits(a, b):
    place = Place({"a": a, "b": b})

    assert parse("${a + b}").evaluate(place) == wrapped(a + b)
    assert parse("${a - b}").evaluate(place) == wrapped(a - b)
    assert parse("${a * b}").evaluate(place) == wrapped(a * b)


@settings(max_examples=25)
@given(longs, longs.filter(bool))
def test_a_quotient_and_a_rest_belong_together(a, b):
    rest = parse("${a % b}").evaluate(Place({"a": a, "b": b}))

    assert abs(rest) < abs(b)
    assert (a - rest) % b == 0
    assert rest == 0 or (rest < 0) == (a < 0)


@settings(max_examples=25)
@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_fractions_are_those_of_the_machine(a, b):
    place = Place({"a": a, "b": b})

    assert same(parse("${a + b}").evaluate(place), a + b)
    assert same(parse("${a * b}").evaluate(place), a * b)
    if b:
        assert same(parse("${a / b}").evaluate(place), a / b)
