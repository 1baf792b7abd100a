"""Where names are looked up: variables of the caller, entries, items, parameters."""

from decimal import Decimal

import pytest

from app.feel import Budget, FeelLimitError, compile_expression, input_scope
from app.feel.expression import check_size
from app.feel.scope import Scope

from .evaluating import exact, value_of

pytestmark = pytest.mark.no_database


class CountedReads(dict):
    """Variables that know how often each was asked for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.reads = []

    def get(self, name, default=None):
        self.reads.append(name)
        return super().get(name, default)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x", 1, id="a variable"),
        pytest.param("{x: 2, r: x}.r", 2, id="an entry before a variable"),
        pytest.param("{x: 2, r: {r: x}.r}.r", 2, id="an entry of a context around"),
        pytest.param("for x in [3] return x", [3], id="an iterator before a variable"),
        pytest.param("[{x: 4}][x = 4]", [{"x": 4}], id="an entry of an item before a variable"),
        pytest.param("{f: function(x) x, r: f(5)}.r", 5, id="a parameter before a variable"),
        pytest.param("{x: null, r: x}.r", None, id="null hides as well"),
        pytest.param("{r: {x: 2}.x + x}.r", 3, id="an inner context ends with its bracket"),
        pytest.param("[for x in [3] return x, x]", [[3], 1], id="an iterator ends with its body"),
        pytest.param("unknown", None, id="what is nowhere is null"),
        pytest.param("X", None, id="names have a case"),
    ],
)
def test_the_nearest_name_counts(text, expected):
    assert exact(text, x=1) == repr(expected)


def test_a_variable_that_is_not_named_is_not_read():
    variables = CountedReads(x=1, y=2)

    compile_expression("x + x").evaluate(variables)

    assert set(variables.reads) == {"x"}


def test_a_variable_is_converted_once_in_an_evaluation():
    scope = Scope({"l": [1, 2]}, Budget())

    assert scope.find("l") is scope.inner({}).find("l")


def test_an_input_is_seen_by_its_sign_and_by_its_name():
    scope = input_scope(5, {"x": 1}, input_name="amount")

    assert scope.input_value == Decimal(5)
    assert scope.find("amount") == Decimal(5)
    assert scope.find("x") == Decimal(1)


def test_the_variables_of_the_caller_are_not_changed():
    given = {"c": {"a": [1]}, "l": [1, 2]}

    value_of('{x: context put(c, "b", 2), y: append(l, 3), z: reverse(l)}', **given)

    assert given == {"c": {"a": [1]}, "l": [1, 2]}


def test_a_result_that_is_nested_too_deep_is_refused():
    deep = []
    for _ in range(200):
        deep = [deep]

    with pytest.raises(FeelLimitError, match="nested deeper"):
        check_size(deep, Budget())


@pytest.mark.parametrize(
    ("budget", "text", "reason"),
    [
        (Budget(steps=10), "count(for i in 1..20 return i)", "steps"),
        (Budget(size=10), '"aaaaaa" + "aaaaaa"', "too large"),
        (Budget(size=10), "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]", "too large"),
        (
            Budget(size=10),
            "{a: 1, b: 2, c: {d: 1, e: 2, f: 3, g: 4, h: 5, i: 6, j: 7, k: 8}}",
            "large",
        ),
        (Budget(size=10), 'string("aaaaaaaaaaaa")', "too large"),
    ],
)
def test_an_evaluation_has_no_more_than_its_budget(budget, text, reason):
    with pytest.raises(FeelLimitError, match=reason):
        compile_expression(text).evaluate({}, budget=budget)
