"""Functions of numbers.

Source: DMN 1.3 §10.3.4.5; semantics 12.8.
"""

from decimal import Decimal

import pytest

from app.feel import FeelEvaluationError

from ..evaluating import exact, value_of, written

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("decimal(1/3, 2)", 0.33, id="to two places"),
        pytest.param("decimal(1.5, 0)", 2, id="a half goes to the even one above"),
        pytest.param("decimal(2.5, 0)", 2, id="a half goes to the even one below"),
        pytest.param("decimal(-1.5, 0)", -2, id="a half below zero goes to the even one"),
        pytest.param("decimal(1.25, 1)", 1.2, id="half even at a place"),
        pytest.param("decimal(1.35, 1)", 1.4, id="half even at another"),
        pytest.param("decimal(114, -1)", 110, id="a negative scale rounds tens"),
        pytest.param("decimal(115, -1)", 120, id="half even of tens"),
        pytest.param("decimal(null, 0)", None, id="of null"),
        pytest.param("decimal(1, null)", None, id="to null"),
        pytest.param('decimal("1", 0)', None, id="of a text"),
        pytest.param("decimal(1.5)", None, id="the scale is not optional"),
        pytest.param("floor(1.5)", 1, id="floor"),
        pytest.param("floor(-1.5)", -2, id="floor below zero"),
        pytest.param("floor(-1.56, 1)", -1.6, id="floor with a scale"),
        pytest.param("floor(1.0)", 1, id="floor of a whole number"),
        pytest.param("ceiling(1.5)", 2, id="ceiling"),
        pytest.param("ceiling(-1.5)", -1, id="ceiling below zero"),
        pytest.param("ceiling(1.51, 1)", 1.6, id="ceiling with a scale"),
        pytest.param("ceiling(null)", None, id="ceiling of null"),
        pytest.param("round up(5.5, 0)", 6, id="up"),
        pytest.param("round up(-5.5, 0)", -6, id="up is away from zero"),
        pytest.param("round up(1.121, 2)", 1.13, id="up at a place"),
        pytest.param("round up(-1.126, 2)", -1.13, id="up at a place below zero"),
        pytest.param("round down(5.5, 0)", 5, id="down"),
        pytest.param("round down(-5.5, 0)", -5, id="down is towards zero"),
        pytest.param("round down(1.126, 2)", 1.12, id="down at a place"),
        pytest.param("round half up(5.5, 0)", 6, id="half up"),
        pytest.param("round half up(-5.5, 0)", -6, id="half up is away from zero"),
        pytest.param("round half up(1.121, 2)", 1.12, id="less than half"),
        pytest.param("round half up(-1.126, 2)", -1.13, id="more than half below zero"),
        pytest.param("round half down(5.5, 0)", 5, id="half down"),
        pytest.param("round half down(-5.5, 0)", -5, id="half down is towards zero"),
        pytest.param("round half down(5.51, 0)", 6, id="more than half goes up"),
        pytest.param("round half down(1.126, 2)", 1.13, id="more than half at a place"),
        pytest.param("round up(5.5)", None, id="rounding needs a scale"),
        pytest.param("floor(n: 1.5)", 1, id="by name"),
        pytest.param("round up(scale: 1, n: 1.11)", 1.2, id="names in any order"),
    ],
)
def test_rounding(text, expected):
    assert exact(text) == repr(expected)


def test_a_scale_shows_in_the_text_of_the_number():
    assert written("decimal(1, 2)") == "1.00"
    assert written("decimal(1.005, 2)") == "1.00"
    assert written("floor(15, -1)") == "1E+1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("abs(10)", 10, id="above zero"),
        pytest.param("abs(-10)", 10, id="below zero"),
        pytest.param("abs(0)", 0, id="zero"),
        pytest.param('string(abs(duration("-P1Y2M")))', "P1Y2M", id="years and months"),
        pytest.param('string(abs(duration("-P1DT2H")))', "P1DT2H", id="days and time"),
        pytest.param('abs("-1")', None, id="a text"),
        pytest.param("abs(null)", None, id="null"),
        pytest.param("abs(true)", None, id="a boolean is no number"),
        pytest.param("abs(n: -1)", 1, id="by the standard's name"),
        pytest.param("abs(number: -1)", 1, id="by the reference's name"),
    ],
)
def test_abs(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("modulo(12, 5)", 2, id="both above zero"),
        pytest.param("modulo(-12, 5)", 3, id="the dividend below"),
        pytest.param("modulo(12, -5)", -3, id="the divisor below"),
        pytest.param("modulo(-12, -5)", -2, id="both below"),
        pytest.param("modulo(10.1, 4.5)", 1.1, id="with places"),
        pytest.param("modulo(-10.1, 4.5)", 3.4, id="with places, the dividend below"),
        pytest.param("modulo(10.1, -4.5)", -3.4, id="with places, the divisor below"),
        pytest.param("modulo(-10.1, -4.5)", -1.1, id="with places, both below"),
        pytest.param("modulo(10, 5)", 0, id="nothing left"),
        pytest.param("modulo(-10, 5)", 0, id="nothing left below zero"),
        pytest.param("modulo(null, 5)", None, id="of null"),
        pytest.param("modulo(5, null)", None, id="by null"),
    ],
)
def test_modulo_has_the_sign_of_the_divisor(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("sqrt(16)", 4, id="a square"),
        pytest.param("sqrt(2)", 1.4142135623730951, id="no square"),
        pytest.param("sqrt(0)", 0, id="of zero"),
        pytest.param("sqrt(-3)", None, id="below zero"),
        pytest.param("log(1)", 0, id="log of one"),
        pytest.param("log(10)", 2.302585092994046, id="the natural logarithm"),
        pytest.param("exp(0)", 1, id="e to the zero"),
        pytest.param("exp(5)", 148.4131591025766, id="e to the fifth"),
        pytest.param("exp(-1)", 0.36787944117144233, id="e to less"),
        pytest.param("sqrt(null)", None, id="sqrt of null"),
        pytest.param('log("1")', None, id="log of a text"),
        pytest.param("exp(null)", None, id="exp of null"),
        pytest.param("odd(5)", True, id="five is odd"),
        pytest.param("odd(2)", False, id="two is not"),
        pytest.param("odd(-1)", True, id="minus one is"),
        pytest.param("odd(0)", False, id="zero is not"),
        pytest.param("odd(1.5)", False, id="a fraction is not"),
        pytest.param("even(5)", False, id="five is not even"),
        pytest.param("even(2)", True, id="two is even"),
        pytest.param("even(-2)", True, id="minus two is"),
        pytest.param("even(0)", True, id="zero is"),
        pytest.param("even(1.5)", False, id="a fraction is not even"),
        pytest.param("even(2.0)", True, id="places do not matter"),
        pytest.param("odd(null)", None, id="null is neither odd"),
        pytest.param("even(null)", None, id="nor even"),
    ],
)
def test_functions_of_one_number(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("modulo(1, 0)", "Division by zero", id="modulo by zero"),
        pytest.param("log(0)", "not a number", id="the logarithm of zero"),
        pytest.param("log(-1)", "not a number", id="the logarithm of less"),
        pytest.param("exp(1000)", "not a number", id="a power beyond the doubles"),
        pytest.param("stddev(1)", "Division by zero", id="the deviation of one"),
    ],
)
def test_what_has_no_answer_fails(text, reason):
    with pytest.raises(FeelEvaluationError, match=reason):
        value_of(text)


def test_a_random_number_is_between_zero_and_one():
    found = value_of("for i in 1..50 return random number()")

    assert all(Decimal(0) <= number < Decimal(1) for number in found)
    assert len(set(found)) > 1
