"""Inputs, outputs and literal expressions of every type, and graphs of decisions.

Source: DMN 1.3 §6, §8; semantics 12.5 to 12.7.
"""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dmn.errors import DmnEngineError, FeelFailure, InvalidValueError
from app.dmn.evaluation import CompiledDecisions
from app.expressions.values import Integer
from app.feel import Budget

from .conftest import decision, definitions, literal, of_literal, of_table, read_dmn, table
from .evaluating import NOW, evaluate, result_of, rows

DATE = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


def typed_input(type_name, text="x"):
    return (
        f'<input id="i"><inputExpression typeRef="{type_name}"><text>{text}</text>'
        "</inputExpression></input>"
    )


def typed_output(type_name):
    return f'<output id="o" name="r" typeRef="{type_name}"/>'


@pytest.mark.parametrize(
    ("type_name", "given_", "cell", "is_met"),
    [
        pytest.param("integer", 5, "5", True, id="a number"),
        pytest.param("integer", "5", "5", True, id="its text"),
        pytest.param("integer", 5.0, "5", True, id="without a fraction"),
        pytest.param("integer", 5, "> 4", True, id="more"),
        pytest.param("long", 2**40, "> 2000000000", True, id="a long number"),
        pytest.param("double", "2.5", "[2..3]", True, id="a text with a fraction"),
        pytest.param("double", 2, "2", True, id="a whole number as a fraction"),
        pytest.param("string", 5, '"5"', True, id="a number as a text"),
        pytest.param("string", True, '"true"', True, id="a boolean as a text"),
        pytest.param("string", "a", '"a", "b"', True, id="one of two texts"),
        pytest.param("string", "c", 'not("a", "b")', True, id="none of two texts"),
        pytest.param("boolean", "true", "true", True, id="a text as a boolean"),
        pytest.param("boolean", False, "true", False, id="false is not true"),
        pytest.param("boolean", False, "false", True, id="false"),
        pytest.param(
            "date", DATE, 'date and time("2024-01-02T03:04:05")', True, id="a date by its clock"
        ),
        pytest.param(
            "date",
            "2024-01-02T03:04:05",
            '> date and time("2024-01-01T00:00:00")',
            True,
            id="a text as a date",
        ),
        pytest.param("date", DATE, 'date("2024-01-02")', False, id="a date of FEEL has no time"),
        pytest.param("any", "5", '"5"', True, id="an unknown type converts nothing"),
        pytest.param("integer", None, "null", True, id="null stays null"),
        pytest.param("integer", None, "-", True, id="null meets everything"),
    ],
)
def test_an_input_is_converted_before_it_is_tested(type_name, given_, cell, is_met):
    xml = of_table((cell, "1"), inputs=(typed_input(type_name),))

    assert rows(xml, x=given_) == ([{"r": 1}] if is_met else [])


@pytest.mark.parametrize(
    ("type_name", "given_", "shown"),
    [
        ("integer", "five", "five"),
        ("integer", 5.5, "5.5"),
        ("integer", True, "true"),
        ("long", "5.0", "5.0"),
        ("double", "a", "a"),
        ("boolean", 1, "1"),
        ("date", "2024-01-02", "2024-01-02"),
    ],
)
def test_an_input_that_does_not_convert_fails_though_no_rule_asks(type_name, given_, shown):
    xml = of_table(("-", "1"), inputs=(typed_input(type_name),))

    with pytest.raises(InvalidValueError) as raised:
        evaluate(xml, x=given_)
    assert str(raised.value) == (
        f"DMN-01005 Invalid value '{shown}' for clause with type '{type_name}'."
    )


@pytest.mark.parametrize(
    ("type_name", "cell", "expected"),
    [
        ("string", "5", ("String", "5")),
        ("string", "[1, 2]", ("String", "[1, 2]")),
        ("string", "{a: 1}", ("String", "{a=1}")),
        ("integer", '"5"', ("Integer", Integer(5))),
        ("long", "5", ("Long", 5)),
        ("double", '"1e3"', ("Double", 1000.0)),
        ("boolean", '"TRUE"', ("Boolean", True)),
        ("date", 'date and time("2024-01-02T03:04:05")', ("Date", DATE)),
        ("date", '"2024-01-02T03:04:05"', ("Date", DATE)),
        ("any", "5", (None, 5)),
        ("integer", "null", (None, None)),
    ],
)
@pytest.mark.parametrize("kind", ["table", "literal"])
def test_an_output_and_a_literal_expression_convert_the_same(kind, type_name, cell, expected):
    if kind == "table":
        found = result_of(of_table(("-", cell), outputs=(typed_output(type_name),)), x=1)
    else:
        found = result_of(of_literal(cell, type_name=type_name))

    assert found == expected
    assert type(found.value) is type(expected[1])


@pytest.mark.parametrize(
    ("type_name", "cell"),
    [("integer", '""'), ("integer", "5.5"), ("boolean", "1"), ("date", 'date("2024-01-02")')],
)
@pytest.mark.parametrize("kind", ["table", "literal"])
def test_a_result_that_does_not_convert_fails(kind, type_name, cell):
    xml = (
        of_table(("-", cell), outputs=(typed_output(type_name),))
        if kind == "table"
        else of_literal(cell, type_name=type_name)
    )

    with pytest.raises(DmnEngineError):
        evaluate(xml, x=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1 + 1", 2, id="a sum"),
        pytest.param("[1, 2]", [1, 2], id="a list"),
        pytest.param("{a: 1}", {"a": 1}, id="a context"),
        pytest.param("for i in l return i * 2", [2, 4], id="a loop"),
        pytest.param("l[item > 1]", [2], id="a filter"),
        pytest.param("some i in l satisfies i > 1", True, id="a quantifier"),
        pytest.param("if b then 1 else 2", 1, id="a condition"),
        pytest.param("o.a.b", 7, id="a path"),
        pytest.param("sum(l)", 3, id="a function of a list"),
        pytest.param("unknown", None, id="a variable that is not there"),
        pytest.param("", None, id="nothing"),
        pytest.param("null", None, id="null"),
    ],
)
def test_a_literal_expression_may_be_anything_of_feel(text, expected):
    given_ = {"l": [1, 2], "b": True, "o": {"a": {"b": 7}}}

    assert rows(of_literal(text), **given_) == [{"r": expected}]


def chain(length, text="n + 1"):
    """Decisions that each add one to the one before."""
    first = decision(literal("1", name="n"), key="d1")
    others = (
        decision(literal(text, name="n", required=(f"d{number - 1}",)), key=f"d{number}")
        for number in range(2, length + 1)
    )
    return definitions(first + "".join(others))


def test_a_chain_is_evaluated_from_its_beginning():
    found = evaluate(chain(5), key="d5")

    assert found.rows == ({"n": (None, 5)},)
    assert [record.decision.key for record in found.required] == ["d1", "d2", "d3", "d4"]
    assert found.root.decision.key == "d5"


def test_a_chain_is_evaluated_as_far_as_it_is_asked_for():
    found = evaluate(chain(5), key="d2")

    assert found.rows == ({"n": (None, 2)},)
    assert len(found.required) == 1


def test_a_decision_that_many_require_is_evaluated_once():
    xml = definitions(
        decision(literal("1", name="base"), key="base")
        + decision(literal("base + 1", name="a", required=("base",)), key="a")
        + decision(literal("base + 2", name="b", required=("base", "a")), key="b")
        + decision(literal("[base, a, b]", required=("b", "a", "base")))
    )

    found = evaluate(xml)

    assert found.rows == ({"r": (None, [1, 2, 3])},)
    assert [record.decision.key for record in found.required] == ["base", "a", "b"]


def test_all_decisions_share_one_budget():
    xml = definitions(
        decision(literal("count(for i in 1..40 return i)", name="a"), key="a")
        + decision(literal("count(for i in 1..40 return i) + a", required=("a",)))
    )
    compiled = CompiledDecisions(read_dmn(xml))

    assert compiled.evaluate("k", {}, now=NOW, budget=Budget(steps=500)).rows[0]["r"].value == 80
    with pytest.raises(FeelFailure, match="too many steps"):
        compiled.evaluate("k", {}, now=NOW, budget=Budget(steps=150))


def test_the_result_of_a_table_may_be_the_input_of_another():
    xml = definitions(
        decision(table(("< 10", '"low"'), (">= 10", '"high"'), outputs=("risk",)), key="a")
        + decision(
            table(
                ('"low"', "0"),
                ('"high"', "100"),
                inputs=("risk",),
                outputs=("fee",),
                prefix="b",
            ).replace("<decisionTable", REQUIRES_A + "<decisionTable")
        )
    )

    assert rows(xml, x=5) == [{"fee": 0}]
    assert rows(xml, x=10) == [{"fee": 100}]


REQUIRES_A = '<informationRequirement><requiredDecision href="#a"/></informationRequirement>'


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('hitPolicy="COLLECT"', [1, 2]),
        ('hitPolicy="RULE ORDER"', [1, 2]),
        ('hitPolicy="COLLECT" aggregation="SUM"', 3),
        ('hitPolicy="COLLECT" aggregation="COUNT"', 2),
        ('hitPolicy="COLLECT" aggregation="MAX"', 2),
        ('hitPolicy="FIRST"', 1),
    ],
)
def test_what_requires_a_table_sees_what_its_policy_makes(attributes, expected):
    xml = definitions(
        decision(table(("-", "1"), ("-", "2"), outputs=("n",), attributes=attributes), key="a")
        + decision(literal("n", required=("a",)))
    )

    assert rows(xml, x=1) == [{"r": expected}]


def test_the_variables_of_the_caller_are_not_changed():
    given_ = {"n": 7}

    assert rows(chain(3), key="d3", **given_) == [{"n": 3}]
    assert given_ == {"n": 7}


def test_a_decision_evaluated_twice_gives_the_same_twice():
    compiled = CompiledDecisions(read_dmn(chain(4)))

    found = [compiled.evaluate("d4", {}, now=NOW).rows for _ in range(2)]

    assert found[0] == found[1]


def test_a_broken_decision_that_nobody_requires_breaks_nothing():
    xml = definitions(decision(literal("> and"), key="broken") + decision(literal("1")))

    assert rows(xml) == [{"r": 1}]
    with pytest.raises(FeelFailure):
        rows(xml, key="broken")


def test_a_decision_reads_the_words_of_those_that_it_requires():
    xml = definitions(
        decision(table(("< limit", "rate"), inputs=("amount",), outputs=("a",)), key="a")
        + decision(literal("a + extra", required=("a",)))
        + decision(literal("other"), key="b")
    )
    compiled = CompiledDecisions(read_dmn(xml))

    assert {"limit", "rate", "amount", "extra"} <= compiled.names("k")
    assert "other" not in compiled.names("k")


@settings(max_examples=25)
@given(st.integers(-50, 50), st.lists(st.integers(-50, 50), min_size=1, max_size=6))
def test_a_table_of_limits_is_met_by_those_that_the_input_reaches(number, limits):
    cells = [(f">= {limit}", str(limit)) for limit in limits]
    expected = [{"r": limit} for limit in limits if number >= limit]

    assert rows(of_table(*cells, attributes='hitPolicy="COLLECT"'), x=number) == expected
    assert rows(of_table(*cells, attributes='hitPolicy="FIRST"'), x=number) == expected[:1]
