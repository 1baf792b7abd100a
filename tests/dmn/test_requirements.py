"""Results of required decisions as inputs; a Camunda 7.24 engine answers the same."""

import pytest

from app.dmn.errors import FeelFailure
from app.dmn.source import MOST_DECISIONS

from .conftest import decision, definitions, literal, table
from .evaluating import evaluate, rows


def required(contents, key="a"):
    return decision(contents, key=key)


def root(text, *keys):
    return decision(literal(text, required=keys))


def of_rules(*rules, outputs=("a", "b"), attributes="", prefix="q"):
    return table(*rules, outputs=outputs, attributes=attributes, prefix=prefix)


def test_outputs_are_variables_by_their_names():
    xml = definitions(required(of_rules(("-", "1", '"p"'))) + root("[a, b]", "a"))

    assert rows(xml, x=1) == [{"r": [1, "p"]}]


def test_a_literal_expression_is_a_variable_by_its_variable():
    xml = definitions(required(literal("1 + 1", name="two"), key="a") + root("two + 1", "a"))

    assert rows(xml) == [{"r": 3}]


def test_the_name_of_the_decision_is_no_variable():
    xml = definitions(required(literal("1", name="one")) + root("a", "a"))

    assert rows(xml) == [{"r": None}]


def test_results_come_before_the_variables_that_are_given():
    xml = definitions(required(of_rules(("-", "1", ""))) + root("[a, b]", "a"))

    assert rows(xml, x=1, a="given", b="given") == [{"r": [1, "given"]}]


def test_without_result_the_given_variables_are_seen():
    xml = definitions(required(of_rules(("9", "1", "2"))) + root("[a, b]", "a"))

    assert rows(xml, x=1, a="given") == [{"r": ["given", None]}]


@pytest.mark.parametrize("policy", ["RULE ORDER", "COLLECT"])
def test_policies_with_several_results_give_lists(policy):
    contents = of_rules(("> 0", "1", '"p"'), ("> 1", "2", ""), attributes=f'hitPolicy="{policy}"')
    xml = definitions(required(contents) + root("[a, b]", "a"))

    assert rows(xml, x=2) == [{"r": [[1, 2], ["p"]]}]
    assert rows(xml, x=1) == [{"r": [[1], ["p"]]}]
    assert rows(xml, x=0, a="given") == [{"r": ["given", None]}]


def test_an_aggregator_gives_one_value():
    contents = of_rules(
        ("-", "1"), ("-", "2"), outputs=("a",), attributes='hitPolicy="COLLECT" aggregation="SUM"'
    )

    assert rows(definitions(required(contents) + root("a", "a")), x=1) == [{"r": 3}]


def test_a_result_without_name_is_not_seen():
    contents = of_rules(("-", "1"), outputs=('<output id="o"/>',))

    assert rows(definitions(required(contents) + root("[1, a]", "a")), x=1) == [{"r": [1, None]}]


@pytest.mark.parametrize(("order", "expected"), [(("p", "q"), 2), (("q", "p"), 1)])
def test_the_last_requirement_wins_where_names_are_the_same(order, expected):
    xml = definitions(
        required(literal("1", name="n"), key="p")
        + required(literal("2", name="n"), key="q")
        + root("n", *order)
    )

    assert rows(xml) == [{"r": expected}]


def test_each_decision_is_evaluated_once_and_recorded():
    xml = definitions(
        root("c + d", "left", "right")
        + required(literal("a", name="c", required=("base",)), key="left")
        + required(literal("a + 1", name="d", required=("base",)), key="right")
        + required(of_rules(("-", "x", "1")), key="base")
    )

    found = evaluate(xml, x=1)

    assert found.rows == ({"r": (None, 3)},)
    assert found.root.decision.key == "k"
    assert [record.decision.key for record in found.required] == ["base", "left", "right"]
    assert [output.variable_name for output in found.required[0].outputs] == ["a", "b"]


def test_a_decision_is_evaluated_without_those_that_require_it():
    xml = definitions(required(literal("1", name="one")) + root("> and", "a"))

    found = evaluate(xml, key="a")

    assert (found.rows, found.required) == (({"one": (None, 1)},), ())


def test_a_failing_required_decision_fails_all():
    with pytest.raises(FeelFailure):
        evaluate(definitions(required(literal("> and", name="n")) + root("1", "a")))


def test_typed_results_are_seen_as_their_type():
    xml = definitions(required(literal("5", name="n", type_name="string")) + root("n + 1", "a"))

    assert rows(xml) == [{"r": None}]


def test_juel_sees_results_too():
    contents = literal("${n + 1}", required=("a",), language="juel")
    xml = definitions(required(literal("1", name="n")) + decision(contents))

    assert rows(xml) == [{"r": 2}]


def test_a_long_chain_is_evaluated():
    first = decision(literal("0", name="n"), key="d0")
    chain = [
        decision(literal("n + 1", name="n", required=(f"d{number - 1}",)), key=f"d{number}")
        for number in range(1, MOST_DECISIONS)
    ]

    found = evaluate(definitions("".join([*reversed(chain), first])), key=f"d{MOST_DECISIONS - 1}")

    assert found.rows == ({"n": (None, MOST_DECISIONS - 1)},)
    assert len(found.required) == MOST_DECISIONS - 1


def test_a_decision_that_is_not_in_the_file_is_not_found():
    with pytest.raises(KeyError):
        evaluate(definitions(decision(literal("1"))), key="other")
