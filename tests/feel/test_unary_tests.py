"""Cells of a decision table, tested against an input.

Source: DMN 1.3 §7.3.1, §10.3.1.2 (grammar rules 7 to 17); semantics 12.8.
"""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feel import FeelEvaluationError, FeelSyntaxError, compile_unary_tests

from .evaluating import few, matches, value_of

pytestmark = pytest.mark.no_database

RANGE = value_of("{r: [1..5]}.r")


@pytest.mark.parametrize(
    ("cell", "given", "expected"),
    [
        pytest.param("5", 5, True, id="a number"),
        pytest.param("5", 5.0, True, id="places do not matter"),
        pytest.param("5", 6, False, id="another number"),
        pytest.param("5", "5", False, id="a text is no number"),
        pytest.param("5", None, False, id="null is no number"),
        pytest.param("-5", -5, True, id="a number below zero"),
        pytest.param('"a"', "a", True, id="a text"),
        pytest.param('"a"', "A", False, id="a text in another case"),
        pytest.param('""', "", True, id="an empty text"),
        pytest.param("true", True, True, id="true"),
        pytest.param("true", False, False, id="false is not true"),
        pytest.param("false", False, True, id="false"),
        pytest.param("false", None, False, id="null is not false"),
        pytest.param("true", 1, False, id="one is not true"),
        pytest.param("null", None, True, id="null"),
        pytest.param("null", 0, False, id="zero is not null"),
        pytest.param("a", "a", False, id="a word without quotes is a variable"),
        pytest.param("x", 5, True, id="a variable"),
        pytest.param("x + 1", 6, True, id="a sum"),
        pytest.param('date("2024-01-01")', date(2024, 1, 1), True, id="a date"),
        pytest.param('@"2024-01-01"', date(2024, 1, 1), True, id="a date as a literal"),
        pytest.param('duration("P1D")', timedelta(days=1), True, id="a duration"),
        pytest.param(
            'date and time("2024-01-01T10:00:00")', datetime(2024, 1, 1, 10), True, id="a moment"
        ),
        pytest.param('date("2024-01-01")', datetime(2024, 1, 1), False, id="a moment is no date"),
    ],
)
def test_a_value_is_compared_with_the_input(cell, given, expected):
    assert matches(cell, given, x=5) is expected


@pytest.mark.parametrize(
    ("cell", "given", "expected"),
    [
        pytest.param("< 10", 9, True, id="less"),
        pytest.param("< 10", 10, False, id="not less"),
        pytest.param("<= 10", 10, True, id="at most"),
        pytest.param("> 10", 11, True, id="more"),
        pytest.param("> 10", 10, False, id="not more"),
        pytest.param(">= 10", 10, True, id="at least"),
        pytest.param("< 10", None, False, id="null is not less"),
        pytest.param(">= 10", "20", False, id="nor is a text more"),
        pytest.param('< "b"', "a", True, id="a text before another"),
        pytest.param("< x", 4, True, id="less than a variable"),
        pytest.param("< x * 2", 9, True, id="less than a product"),
        pytest.param("< unknown", 1, False, id="less than what is not there"),
        pytest.param('< date("2024-06-01")', date(2024, 1, 1), True, id="a date before another"),
        pytest.param('> duration("PT1H")', timedelta(hours=2), True, id="a longer duration"),
        pytest.param("< 10", True, False, id="a boolean has no order"),
        pytest.param("(< 10)", 5, True, id="in parentheses"),
    ],
)
def test_a_comparison_has_the_input_on_its_left(cell, given, expected):
    assert matches(cell, given, x=5) is expected


@pytest.mark.parametrize(
    ("cell", "inside", "outside"),
    [
        pytest.param("[1..5]", (1, 3, 5), (0, 6), id="closed"),
        pytest.param("(1..5)", (2, 4.9), (1, 5), id="open"),
        pytest.param("]1..5[", (2, 4.9), (1, 5), id="open by turned brackets"),
        pytest.param("[1..5)", (1, 4.9), (5,), id="open at the end"),
        pytest.param("[1..5[", (1, 4.9), (5,), id="open at the end by a turned bracket"),
        pytest.param("(1..5]", (1.1, 5), (1,), id="open at the beginning"),
        pytest.param("]1..5]", (1.1, 5), (1,), id="open at the beginning by a turned bracket"),
        pytest.param("[x..x + 2]", (5, 7), (4, 8), id="ends that are computed"),
        pytest.param("[-5..-1]", (-5, -1), (0, -6), id="below zero"),
        pytest.param("[5..1]", (), (1, 3, 5), id="ends the wrong way round"),
        pytest.param('["a".."c"]', ("a", "b"), ("d", "A", ""), id="texts"),
        pytest.param("[1..unknown]", (), (1, 2), id="an end that is not there"),
        pytest.param(
            '[date("2024-01-01")..date("2024-12-31")]',
            (date(2024, 6, 1),),
            (date(2023, 6, 1), datetime(2024, 6, 1)),
            id="dates",
        ),
        pytest.param("r", (1, 5), (0, 6), id="a range in a variable"),
    ],
)
def test_an_interval_has_its_ends_or_not(cell, inside, outside):
    assert all(matches(cell, each, x=5, r=RANGE) for each in inside)
    assert not any(matches(cell, each, x=5, r=RANGE) for each in (*outside, None, True))


@pytest.mark.parametrize(
    ("cell", "given", "expected"),
    [
        pytest.param('"a", "b"', "b", True, id="one of two"),
        pytest.param('"a", "b"', "c", False, id="none of two"),
        pytest.param("< 5, > 10", 11, True, id="one of two comparisons"),
        pytest.param("< 5, > 10", 7, False, id="neither"),
        pytest.param("1, [5..6], > 100", 5.5, True, id="of three kinds"),
        pytest.param("unknown, 5", 5, True, id="a test that is null does not matter"),
        pytest.param("null, 5", None, True, id="null among others"),
        pytest.param("not(5)", 6, True, id="not a value"),
        pytest.param("not(5)", 5, False, id="but that value"),
        pytest.param("not(5, 6)", 6, False, id="not one of two"),
        pytest.param("not(5, 6)", 7, True, id="none of the two"),
        pytest.param("not(< 5)", 5, True, id="not a comparison"),
        pytest.param("not([1..5])", 6, True, id="not an interval"),
        pytest.param("not(null)", 5, True, id="not null"),
        pytest.param("not(null)", None, False, id="null itself"),
        pytest.param('not("a")', None, True, id="null is not a text"),
        pytest.param("not(5)", "5", False, id="what cannot be compared stays open"),
        pytest.param("not(> 5)", None, False, id="so does null against an order"),
        pytest.param("not(true)", False, False, id="true in a negation holds for any input"),
        pytest.param("not()", 5, False, id="a negation of nothing is a call, and null"),
        pytest.param("l", 2, True, id="a list that has it"),
        pytest.param("l", 9, False, id="a list that has it not"),
        pytest.param("l", [1, 2], True, id="a list that it equals"),
        pytest.param("[1, 2]", 1, True, id="a list that is written"),
        pytest.param("not(l)", 9, True, id="not in a list"),
        pytest.param("-", 5, True, id="anything"),
        pytest.param("-", None, True, id="anything, null too"),
        pytest.param("", 5, True, id="nothing is anything"),
        pytest.param("  ", 5, True, id="blanks are nothing"),
        pytest.param(" - ", 5, True, id="with blanks around"),
    ],
)
def test_several_tests_and_their_opposite(cell, given, expected):
    assert matches(cell, given, l=[1, 2]) is expected


@pytest.mark.parametrize(
    ("cell", "given", "expected"),
    [
        pytest.param("? > 5", 6, True, id="the input by its sign"),
        pytest.param("? > 5", 5, False, id="which may not match"),
        pytest.param("? > 5 and ? < 10", 7, True, id="twice"),
        pytest.param("? = 5 or ? = 7", 7, True, id="or"),
        pytest.param("not(? > 5)", 4, True, id="negated"),
        pytest.param("odd(?)", 3, True, id="as an argument"),
        pytest.param('starts with(?, "ab")', "abc", True, id="as an argument of a text"),
        pytest.param("? + 1", 5, False, id="what is no boolean does not match"),
        pytest.param("?", True, True, id="the input itself, true"),
        pytest.param("?", 5, False, id="the input itself, a number"),
        pytest.param("count(?) = 2", [1, 2], True, id="a list"),
        pytest.param("?.a = 1", {"a": 1}, True, id="a path"),
        pytest.param("?[1] = 1", [1], True, id="a filter"),
        pytest.param("some i in ? satisfies i > 1", [1, 2], True, id="a quantifier"),
        pytest.param("? in [1..5]", 3, True, id="in"),
        pytest.param("? between 1 and 5", 3, True, id="between"),
        pytest.param("? instance of string", "a", True, id="its type"),
        pytest.param("? = null", None, True, id="null"),
        pytest.param("? != null", 5, True, id="not null"),
        pytest.param("cellInput > 5", 6, True, id="by its name"),
        pytest.param("x = 5", "whatever", True, id="without the input, true matches all"),
        pytest.param("x = 6", "whatever", False, id="and false none"),
        pytest.param("x = 6", False, True, id="but an input of false"),
        pytest.param("if ? > 5 then true else false", 6, True, id="a condition"),
    ],
)
def test_an_expression_may_decide_by_itself(cell, given, expected):
    assert matches(cell, given, x=5) is expected


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("= 10", id="equal"),
        pytest.param("!= 10", id="other"),
        pytest.param("==10", id="two signs"),
        pytest.param("> 3 and x", id="a comparison and more"),
        pytest.param("> 3 or < 1", id="two comparisons with or"),
        pytest.param("[1..3] and x", id="an interval and more"),
        pytest.param("1,", id="a comma at the end"),
        pytest.param(",1", id="a comma at the beginning"),
        pytest.param("1, ,2", id="a hole"),
        pytest.param("-, 5", id="anything, and more"),
        pytest.param("5, -", id="more, and anything"),
        pytest.param("not(5), 6", id="a negation and more"),
        pytest.param("not(5) or true", id="a negation as an operand"),
        pytest.param("[1..5", id="an interval without an end"),
        pytest.param("[1..]", id="an interval without an upper end"),
        pytest.param("[..5]", id="an interval without a lower end"),
        pytest.param("< ", id="a comparison with nothing"),
        pytest.param("a b", id="two words"),
        pytest.param("'a'", id="single quotes"),
        pytest.param('"a', id="a quote that is not closed"),
    ],
)
def test_what_is_no_test_is_refused(cell):
    with pytest.raises(FeelSyntaxError):
        compile_unary_tests(cell)


def test_a_failing_test_fails_though_a_test_behind_it_would_match():
    with pytest.raises(FeelEvaluationError, match="Division by zero"):
        matches("modulo(1, 0), 5", 5)


def test_a_test_that_matches_ends_the_cell():
    assert matches("5, modulo(1, 0)", 5)


def test_a_question_mark_outside_of_a_cell_fails():
    with pytest.raises(FeelEvaluationError, match="No input value available"):
        value_of("? > 5")


@pytest.mark.parametrize("name", ["x", "date", "item"])
def test_a_variable_may_hide_the_name_of_the_input(name):
    cell = compile_unary_tests(f"{name} = 7")

    assert cell.matches(7, {name: 1}, input_name=name)


values = st.one_of(st.integers(-9, 9), st.text("ab", max_size=2), st.booleans(), st.none())


@few
@given(values, st.integers(-9, 9), st.integers(-9, 9))
def test_an_interval_is_two_comparisons(given_, low, high):
    interval = matches(f"[{low}..{high}]", given_)

    assert interval is (matches(f">= {low}", given_) and matches(f"<= {high}", given_))
    assert interval is matches("[a..b]", given_, a=low, b=high)
    assert interval is matches(f"? in [{low}..{high}]", given_)


@few
@given(values, st.integers(-9, 9))
def test_a_test_and_its_negation_never_both_match(given_, border):
    for cell in (f"{border}", f"< {border}", f"[{border}..9]", "null", '"a"'):
        found = [matches(cell, given_), matches(f"not({cell})", given_)]
        assert found.count(True) <= 1


@few
@given(values, st.lists(st.integers(-9, 9), min_size=1, max_size=4))
def test_a_list_of_tests_matches_where_one_of_them_does(given_, items):
    together = matches(", ".join(map(str, items)), given_)

    assert together is any(matches(str(item), given_) for item in items)
    assert together is matches("l", given_, l=items) or isinstance(given_, bool)
