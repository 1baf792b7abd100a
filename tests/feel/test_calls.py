"""How functions are called, by position and by name: those of the model and the built-in ones."""

import pytest

from app.feel import FeelEvaluationError, FeelLimitError, FeelSyntaxError, Function

from .evaluating import exact, value_of

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("{f: function(a, b) a - b, r: f(5, 3)}.r", 2, id="by position"),
        pytest.param("{f: function(a, b) a - b, r: f(a: 5, b: 3)}.r", 2, id="by name"),
        pytest.param("{f: function(a, b) a - b, r: f(b: 5, a: 3)}.r", -2, id="in any order"),
        pytest.param("{f: function(a, b) a - b, r: f(5)}.r", None, id="an argument is missing"),
        pytest.param("{f: function(a, b) a, r: f(1, 2, 3)}.r", None, id="an argument is too many"),
        pytest.param("{f: function(a, b) a, r: f(a: 1)}.r", None, id="a name is missing"),
        pytest.param("{f: function(a) a, r: f(x: 1)}.r", None, id="a name is wrong"),
        pytest.param("{f: function() 7, r: f()}.r", 7, id="without parameters"),
        pytest.param("{x: 1, f: function(a) a + x, r: f(2)}.r", 3, id="the body sees around it"),
        pytest.param("{x: 1, f: function(x) x, r: f(2)}.r", 2, id="a parameter hides"),
        pytest.param(
            "{f: function(a) if a = 0 then 0 else a + f(a - 1), r: f(4)}.r", 10, id="itself"
        ),
        pytest.param("{a: {f: function(x) x * 2}, r: a.f(4)}.r", 8, id="of a context"),
        pytest.param("{a: {f: 1}, r: a.f(4)}.r", None, id="an entry that is no function"),
        pytest.param("{a: {}, r: a.f(4)}.r", None, id="an entry that is not there"),
        pytest.param("{f: function(a) a, r: f(null)}.r", None, id="null is an argument"),
        pytest.param(
            "{twice: function(f, x) f(f(x)), r: twice(function(x) x + 1, 0)}.r", 2, id="up"
        ),
        pytest.param("{f: function(a) function(b) a + b, g: f(1), r: g(2)}.r", 3, id="closure"),
        pytest.param("{sum: function(l) 0, r: sum([1, 2])}.r", 0, id="its own before a built-in"),
        pytest.param("{sum: 5, r: sum([1, 2])}.r", 3, id="what is no function hides none"),
        pytest.param("unknown(1)", None, id="an unknown function is null"),
        pytest.param("Sum([1])", None, id="names have a case"),
        pytest.param("sum(items: [1])", None, id="a built-in with a wrong name"),
        pytest.param("abs(n: 1, n: 2)", None, id="a name twice"),
    ],
)
def test_a_call(text, expected):
    assert exact(text) == repr(expected)


def test_arguments_have_all_names_or_none():
    with pytest.raises(FeelSyntaxError):
        value_of('substring(string: "abc", 2)')


def test_a_function_is_a_value():
    made = value_of("function(a, b) a + b")

    assert isinstance(made, Function)
    assert made.parameters == ("a", "b")


def test_a_function_of_what_is_no_context_fails():
    with pytest.raises(FeelEvaluationError, match="Expected context but found '5'"):
        value_of("{a: 5, r: a.f(1)}.r")
    with pytest.raises(FeelEvaluationError, match="Expected context but found 'null'"):
        value_of("unknown.f(1)")


@pytest.mark.parametrize(
    "call",
    [
        "unknown(modulo(1, 0))",
        "unknown(a: modulo(1, 0))",
        "abs(1, modulo(1, 0))",
        "abs(number: modulo(1, 0), more: 1)",
        "abs(other: modulo(1, 0))",
        "{f: function(a) a, r: f(1, modulo(1, 0))}.r",
        "{f: function(a) a, r: f(b: modulo(1, 0))}.r",
        "{n: 5, r: n(modulo(1, 0))}.r",
    ],
)
def test_arguments_that_no_function_takes_are_not_evaluated(call):
    assert value_of(call) is None


@pytest.mark.parametrize(
    "call",
    [
        "abs(modulo(1, 0))",
        "{f: function(a) 5, r: f(modulo(1, 0))}.r",
        "{a: {}, r: a.f(modulo(1, 0))}.r",
        "{a: {f: 5}, r: a.f(modulo(1, 0))}.r",
        "{a: {f: function(x) x}, r: a.f(1, modulo(1, 0))}.r",
    ],
)
def test_arguments_of_functions_and_of_paths_are_evaluated(call):
    with pytest.raises(FeelEvaluationError, match="Division by zero"):
        value_of(call)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("number of([1])", None),
        ("if number of(1) = null then 1 else 2", 1),
        ("foo between(1)", None),
        ("n between abs(1) and 9", None),
        ("(n) between abs(1) and 9", True),
        ("n instance of foo(1)", None),
        ("if (true) then 1 else 2", 1),
        ("if abs(1) = 1 then 1 else 2", 1),
        ("true and (false)", False),
        ("and([true, false])", False),
    ],
)
def test_words_before_parentheses_are_a_call_before_they_are_an_operator(text, expected):
    assert value_of(text, n=5) == expected


@pytest.mark.parametrize(("depth", "is_taken"), [(40, True), (60, False)])
def test_functions_call_each_other_50_deep(depth, is_taken):
    text = f"{{f: function(n) if n = 0 then 0 else f(n - 1), r: f({depth})}}.r"

    if is_taken:
        assert value_of(text) == 0
    else:
        with pytest.raises(FeelLimitError, match="too deep"):
            value_of(text)


def test_calls_side_by_side_are_not_deep():
    assert exact("{f: function(n) n, r: sum(for i in 1..200 return f(i))}.r") == "20100"


def test_a_failing_function_leaves_no_depth_behind():
    text = "{f: function(n) null + n, r: count(for i in 1..100 return f(i))}.r"

    assert exact(text) == "100"
