"""`and`, `or` and `if`, in a logic of three values.

Source: DMN 1.3 §10.3.2.10, tables 48 and 49; semantics 12.8.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.feel import FeelEvaluationError

from .evaluating import exact, few, value_of

pytestmark = pytest.mark.no_database

# Rows and columns: true, false, null, a value that is no boolean.
OPERANDS = ("true", "false", "null", '"x"')
AND = {
    "true": (True, False, None, None),
    "false": (False, False, False, False),
    "null": (None, False, None, None),
    '"x"': (None, False, None, None),
}
OR = {
    "true": (True, True, True, True),
    "false": (True, False, None, None),
    "null": (True, None, None, None),
    '"x"': (True, None, None, None),
}


@pytest.mark.parametrize(("operator", "table"), [("and", AND), ("or", OR)])
@pytest.mark.parametrize("left", OPERANDS)
def test_a_junction_is_what_its_table_says(operator, table, left):
    found = tuple(value_of(f"{left} {operator} {right}") for right in OPERANDS)

    assert found == table[left]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("true or true and false", True, id="and before or"),
        pytest.param("(true or true) and false", False, id="parentheses before both"),
        pytest.param("false and true or true", True, id="and before or, the other way"),
        pytest.param("true and true and true", True, id="three"),
        pytest.param("true and null and false", False, id="a later false decides"),
        pytest.param("false or null or true", True, id="a later true decides"),
        pytest.param("1 = 1 and 2 > 1", True, id="comparisons bind closer"),
        pytest.param("not(false) and true", True, id="a call binds closest"),
        pytest.param("if true then 1 else 2", 1, id="then"),
        pytest.param("if false then 1 else 2", 2, id="else"),
        pytest.param("if null then 1 else 2", 2, id="null takes else"),
        pytest.param("if 1 then 1 else 2", 2, id="a number takes else"),
        pytest.param('if "true" then 1 else 2', 2, id="so does a text"),
        pytest.param("if false then 1 else if true then 2 else 3", 2, id="else if"),
        pytest.param("if true then if false then 1 else 2 else 3", 2, id="an if in then"),
        pytest.param("(if true then 1 else 2) + 1", 2, id="in parentheses it is an operand"),
        pytest.param("if true then 1 + 1 else 2 + 2", 2, id="branches are whole expressions"),
        pytest.param("[if true then 1 else 2, 3]", [1, 3], id="in a list"),
    ],
)
def test_junctions_and_conditions(text, expected):
    assert exact(text) == repr(expected)


def test_the_branch_that_is_not_taken_is_not_evaluated():
    assert exact("if true then 1 else modulo(1, 0)") == "1"
    assert exact("if false then modulo(1, 0) else 2") == "2"


def test_a_junction_stops_at_the_operand_that_decides():
    assert value_of("false and modulo(1, 0) = 1") is False
    assert value_of("true or modulo(1, 0) = 1") is True
    with pytest.raises(FeelEvaluationError):
        value_of("true and modulo(1, 0) = 1")


logical = st.sampled_from([True, False, None])


@few
@given(logical, logical, logical)
def test_junctions_keep_the_laws_of_three_valued_logic(a, b, c):
    values = {"a": a, "b": b, "c": c}

    assert value_of("a and b", **values) is value_of("b and a", **values)
    assert value_of("(a and b) and c", **values) is value_of("a and (b and c)", **values)
    assert value_of("a and (b or c)", **values) is value_of("a and b or a and c", **values)
    assert value_of("not(a and b)", **values) is value_of("not(a) or not(b)", **values)


@few
@given(st.lists(logical, max_size=5))
def test_functions_and_quantifiers_agree_with_the_operators(values):
    every = value_of("every x in l satisfies x", l=values)
    some = value_of("some x in l satisfies x", l=values)

    assert every is value_of("all(l)", l=values)
    assert some is value_of("any(l)", l=values)
    if values:
        names = {f"v{number}": value for number, value in enumerate(values)}
        assert every is value_of(" and ".join(["true", *names]), **names)
        assert some is value_of(" or ".join(["false", *names]), **names)
