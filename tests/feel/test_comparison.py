"""Equality, order, `between`, `in` and `instance of`.

Source: DMN 1.3 §10.3.2.4 to §10.3.2.9, tables 53 and 54; semantics 12.8.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feel import FeelEvaluationError

from .evaluating import few, value_of

pytestmark = pytest.mark.no_database

VALUES = {
    "number": "1",
    "string": '"1"',
    "boolean": "true",
    "date": 'date("2024-01-01")',
    "time": 'time("10:00:00")',
    "date and time": 'date and time("2024-01-01T00:00:00")',
    "days and time duration": 'duration("P1D")',
    "years and months duration": 'duration("P1M")',
    "list": "[1]",
    "context": "{a: 1}",
}
PAIRS = [(a, b) for a in VALUES for b in VALUES if a < b]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1 = 1", True, id="numbers"),
        pytest.param("1 = 1.0", True, id="places do not matter"),
        pytest.param("1 = 2", False, id="other numbers"),
        pytest.param('"a" = "a"', True, id="texts"),
        pytest.param('"a" = "A"', False, id="case matters"),
        pytest.param("true = true", True, id="booleans"),
        pytest.param("true = false", False, id="other booleans"),
        pytest.param("null = null", True, id="null and null"),
        pytest.param("null = 1", False, id="null and a value"),
        pytest.param("unknown = null", True, id="what is not there is null"),
        pytest.param("null != null", False, id="null is not other than null"),
        pytest.param("1 != null", True, id="a value is other than null"),
        pytest.param("1 != 2", True, id="other"),
        pytest.param("1 != 1", False, id="not other"),
        pytest.param('1 != "1"', None, id="of two kinds it is open"),
        pytest.param("[1, 2] = [1, 2]", True, id="lists"),
        pytest.param("[1, 2] = [2, 1]", False, id="lists in another order"),
        pytest.param("[1] = [1, 2]", False, id="lists of another length"),
        pytest.param("[] = []", True, id="empty lists"),
        pytest.param('[1] = ["1"]', False, id="lists of other kinds"),
        pytest.param("[null] = [null]", True, id="lists with null"),
        pytest.param("[[1]] = [[1]]", True, id="lists in lists"),
        pytest.param("{a: 1, b: 2} = {b: 2, a: 1}", True, id="contexts in any order"),
        pytest.param("{a: 1} = {a: 2}", False, id="contexts with other values"),
        pytest.param("{a: 1} = {b: 1}", False, id="contexts with other keys"),
        pytest.param("{a: 1} = {}", False, id="a context with more"),
        pytest.param("{a: null} = {}", False, id="null is an entry"),
        pytest.param('date("2024-01-01") = date("2024-01-01")', True, id="dates"),
        pytest.param('duration("PT24H") = duration("P1D")', True, id="durations by their length"),
        pytest.param('duration("P12M") = duration("P1Y")', True, id="months by their number"),
        pytest.param('time("10:00:00Z") = time("10:00:00+00:00")', True, id="no offset is UTC"),
        pytest.param('time("10:00:00Z") = time("11:00:00+01:00")', False, id="other clocks"),
        pytest.param('time("10:00:00Z") = time("10:00:00")', None, id="local and not"),
        pytest.param(
            'date and time("2024-01-01T10:00:00Z") = date and time("2024-01-01T11:00:00+01:00")',
            False,
            id="one instant with two offsets is not equal",
        ),
        pytest.param(
            'date and time("2024-01-01T10:00:00Z") = date and time("2024-01-01T10:00:00")',
            None,
            id="a local moment and one with an offset",
        ),
        pytest.param("1 = 1 and 2 = 2", True, id="two equalities"),
    ],
)
def test_equality(text, expected):
    assert value_of(text) is expected


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_values_of_two_kinds_are_neither_equal_nor_other_nor_ordered(left, right):
    for operator in ("=", "!=", "<", "<=", ">", ">="):
        assert value_of(f"{VALUES[left]} {operator} {VALUES[right]}") is None


@pytest.mark.parametrize(
    ("less", "greater"),
    [
        pytest.param("1", "2", id="numbers"),
        pytest.param("-2", "-1", id="numbers below zero"),
        pytest.param("0.9", "1", id="with places"),
        pytest.param('"a"', '"b"', id="texts"),
        pytest.param('"B"', '"a"', id="capitals come first"),
        pytest.param('"a"', '"aa"', id="the longer comes behind"),
        pytest.param('date("2023-12-31")', 'date("2024-01-01")', id="dates"),
        pytest.param('time("09:59:59")', 'time("10:00:00")', id="times"),
        pytest.param('time("10:00:00+01:00")', 'time("10:00:00Z")', id="times with offsets"),
        pytest.param(
            'date and time("2024-01-01T00:00:00")',
            'date and time("2024-01-01T00:00:01")',
            id="moments",
        ),
        pytest.param(
            'date and time("2024-01-01T10:00:00+01:00")',
            'date and time("2024-01-01T10:00:00Z")',
            id="moments with offsets",
        ),
        pytest.param('duration("PT23H")', 'duration("P1D")', id="durations"),
        pytest.param('duration("P11M")', 'duration("P1Y")', id="months"),
    ],
)
def test_order(less, greater):
    found = [value_of(f"{less} {operator} {greater}") for operator in ("<", "<=", ">", ">=")]
    turned = [value_of(f"{greater} {operator} {less}") for operator in ("<", "<=", ">", ">=")]
    same = [value_of(f"{less} {operator} {less}") for operator in ("<", "<=", ">", ">=")]

    assert found == [True, True, False, False]
    assert turned == [False, False, True, True]
    assert same == [False, True, False, True]


@pytest.mark.parametrize("value", ["true", "{a: 1}", "null", "(function(a) a)", "[]"])
@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
def test_some_kinds_have_no_order(value, operator):
    assert value_of(f"{value} {operator} {value}") is None


def test_lists_of_what_has_an_order_cannot_be_compared():
    with pytest.raises(FeelEvaluationError, match="can not be compared"):
        value_of("[1] < [2]")


def test_one_instant_with_two_offsets_is_neither_before_nor_behind():
    text = (
        '{a: date and time("2024-01-01T10:00:00Z"), b: date and time("2024-01-01T11:00:00+01:00"), '
        "r: [a < b, a > b, a <= b, a >= b]}.r"
    )

    assert value_of(text) == [False, False, True, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("5 between 1 and 10", True, id="inside"),
        pytest.param("1 between 1 and 10", True, id="at the lower end"),
        pytest.param("10 between 1 and 10", True, id="at the upper end"),
        pytest.param("11 between 1 and 10", False, id="above"),
        pytest.param("0 between 1 and 10", False, id="below"),
        pytest.param("5 between 10 and 1", False, id="ends the wrong way round"),
        pytest.param('"b" between "a" and "c"', True, id="texts"),
        pytest.param("null between 1 and 10", None, id="null is nowhere"),
        pytest.param("5 between null and 10", None, id="a lower end that is null"),
        pytest.param("11 between null and 10", False, id="but the upper end decides"),
        pytest.param("5 between 1 and null", None, id="an upper end that is null"),
        pytest.param("0 between 1 and null", False, id="but the lower end decides"),
        pytest.param('5 between "a" and "b"', None, id="ends of another kind"),
        pytest.param("5 between 1 and 10 and true", True, id="the second and is another"),
        pytest.param("1 + 1 between 1 + 1 and 2 * 2", True, id="sums on all sides"),
        pytest.param(
            'date("2024-06-01") between date("2024-01-01") and date("2024-12-31")', True, id="dates"
        ),
    ],
)
def test_between(text, expected):
    assert value_of(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1 in [1..3]", True, id="a closed range"),
        pytest.param("1 in (1..3]", False, id="an open one"),
        pytest.param("3 in [1..3)", False, id="open at the end"),
        pytest.param("1 in ]1..3]", False, id="open by a turned bracket"),
        pytest.param("3 in [1..3[", False, id="open at the end by a turned bracket"),
        pytest.param("1 in < 2", True, id="a comparison"),
        pytest.param("1 in > 2", False, id="another comparison"),
        pytest.param("1 in 1", True, id="a value"),
        pytest.param("1 in 2", False, id="another value"),
        pytest.param("1 in (2, 1)", True, id="one of several"),
        pytest.param("1 in (2, 3)", False, id="none of several"),
        pytest.param("1 in (> 5, < 2)", True, id="one of several comparisons"),
        pytest.param("1 in ([0..1], 5)", True, id="a range among others"),
        pytest.param("1 in [1, 2]", True, id="a list that has it"),
        pytest.param("1 in [2, 3]", False, id="a list that has it not"),
        pytest.param("[1] in [[1], [2]]", True, id="a list in a list"),
        pytest.param("x in r", True, id="a range in a variable"),
        pytest.param('"b" in ["a".."c"]', True, id="texts in a range"),
        pytest.param("null in [1..3]", None, id="null is in no range"),
        pytest.param("null in null", True, id="but it is null"),
        pytest.param('1 in ["a".."c"]', None, id="a range of another kind"),
        pytest.param("1 in [1..3] and true", True, id="a range ends before and"),
        pytest.param("not(1 in [2..3])", True, id="negated"),
    ],
)
def test_in(text, expected):
    assert value_of(text, x=2, r=value_of("{r: [1..3]}.r")) is expected


@pytest.mark.parametrize("kind", VALUES)
def test_a_value_is_an_instance_of_its_own_type_and_of_any(kind):
    found = {other for other in VALUES if value_of(f"{VALUES[kind]} instance of {other}") is True}

    assert found == {kind}
    assert value_of(f"{VALUES[kind]} instance of Any") is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("(function(a) a) instance of function", True, id="a function"),
        pytest.param("null instance of Any", False, id="null is of no type"),
        pytest.param("null instance of number", False, id="nor a number"),
        pytest.param("1 instance of Number", False, id="types have a case"),
        pytest.param("1 instance of any", False, id="Any has one too"),
        pytest.param("1 instance of money", False, id="a type that is none"),
        pytest.param("1 instance  of  number", True, id="blanks between the words"),
        pytest.param("1 + 1 instance of number", True, id="of a sum"),
        pytest.param("1 instance of number and true", True, id="before and"),
    ],
)
def test_instance_of(text, expected):
    assert value_of(text) is expected


orderly = st.one_of(st.integers(-5, 5), st.text("abc", max_size=2), st.booleans(), st.none())


@few
@given(orderly, orderly)
def test_equality_and_order_agree(a, b):
    equal, less, greater = (value_of(f"a {sign} b", a=a, b=b) for sign in ("=", "<", ">"))

    assert equal is value_of("b = a", a=a, b=b)
    assert less is value_of("b > a", a=a, b=b)
    if less is not None:
        assert [equal, less, greater].count(True) == 1


@few
@given(orderly, orderly)
def test_other_than_is_the_opposite_of_equal(a, b):
    equal, other = value_of("[a = b, a != b]", a=a, b=b)

    assert (equal is None) == (other is None)
    assert equal is None or equal is not other
