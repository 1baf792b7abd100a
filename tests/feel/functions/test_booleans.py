"""Functions of booleans and of null."""

import pytest

from app.feel import FeelEvaluationError

from ..evaluating import exact, value_of

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("not(true)", False, id="not true"),
        pytest.param("not(false)", True, id="not false"),
        pytest.param("not(null)", None, id="not null"),
        pytest.param("not(0)", None, id="a number is no boolean"),
        pytest.param('not("true")', None, id="nor is its text"),
        pytest.param("not(negand: true)", False, id="by name"),
        pytest.param("is defined(1)", True, id="a value is defined"),
        pytest.param("is defined(null)", False, id="null is not"),
        pytest.param("is defined(unknown)", False, id="an unknown variable is not"),
        pytest.param("is defined({a: 1}.b)", False, id="a missing entry is not"),
        pytest.param("is defined(value: false)", True, id="false is a value"),
        pytest.param("get or else(1, 2)", 1, id="the value"),
        pytest.param("get or else(null, 2)", 2, id="the default"),
        pytest.param("get or else(false, true)", False, id="false is a value of its own"),
        pytest.param("get or else(null, null)", None, id="both null"),
        pytest.param("get or else(value: unknown, default: 2)", 2, id="defaults by name"),
        pytest.param("assert(5, true)", 5, id="a condition that holds"),
        pytest.param("assert(null, true)", None, id="of null"),
    ],
)
def test_functions_of_booleans(text, expected):
    assert exact(text) == repr(expected)


@pytest.mark.parametrize("condition", ["false", "null", "1", "unknown"])
def test_an_assertion_fails_unless_its_condition_is_true(condition):
    with pytest.raises(FeelEvaluationError, match="The condition is not fulfilled"):
        value_of(f"assert(5, {condition})")


def test_an_assertion_fails_with_a_cause_of_its_own():
    with pytest.raises(FeelEvaluationError, match="too small"):
        value_of('assert(x, x > 5, "too small")', x=3)
