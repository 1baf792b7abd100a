"""How tables are evaluated; a Camunda 7.24 engine answers the same."""

import time

import pytest

from app.dmn.errors import (
    FeelFailure,
)
from app.dmn.evaluation import CompiledDecisions
from app.errors import EngineError

from .conftest import of_literal, of_table, read_dmn
from .evaluating import NOW, evaluate, rows
from .tables import COLLECT


@pytest.mark.parametrize("cell", ["", " ", "-", " - ", "\n"])
def test_empty_cells_and_dashes_meet_every_input(cell):
    xml = of_table((cell, "1"))

    assert rows(xml, x=1) == rows(xml, x="a") == rows(xml) == [{"r": 1}]


def test_an_output_without_entry_is_left_out():
    xml = of_table(("-", "1", ""), ("-", "", "2"), outputs=("r", "s"), attributes=COLLECT)

    assert rows(xml, x=1) == [{"r": 1}, {"s": 2}]


def test_a_table_without_inputs_matches_and_one_without_rules_does_not():
    assert rows(of_table(("1",), inputs=())) == [{"r": 1}]
    assert rows(of_table()) == []


def test_every_input_is_tested_and_must_be_met():
    xml = of_table(("1", "2", '"a"'), ("1", "3", '"b"'), inputs=("x", "y"))

    assert rows(xml, x=1, y=3) == [{"r": "b"}]
    assert rows(xml, x=2, y=3) == []


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "RULE ORDER", "COLLECT"])
def test_a_broken_cell_fails_even_behind_the_rule_that_counts(policy):
    xml = of_table(("1", "1"), ("> and", "1"), attributes=f'hitPolicy="{policy}"')

    with pytest.raises(FeelFailure, match="failed to parse expression '> and'"):
        evaluate(xml, x=1)


def test_a_broken_cell_fails_only_where_its_rule_is_still_in_question():
    xml = of_table(("1", "1", "1"), ("2", "> and", "2"), inputs=("x", "y"))

    assert rows(xml, x=1, y=1) == [{"r": 1}]
    with pytest.raises(FeelFailure):
        evaluate(xml, x=2, y=1)


def test_a_broken_output_fails_only_when_its_rule_matches():
    xml = of_table(("1", "1"), ("2", "> and"), attributes='hitPolicy="FIRST"')

    assert rows(xml, x=1) == [{"r": 1}]
    with pytest.raises(FeelFailure):
        evaluate(xml, x=2)


def test_a_broken_input_fails_even_when_no_rule_is_left():
    with pytest.raises(FeelFailure):
        evaluate(of_table(("1", "-", "1"), inputs=("x", "> and")), x=2)


def test_equal_cells_are_tested_for_each_of_their_rules():
    xml = of_table(("1", "1"), ("2", "2"), ("1", "3"), attributes=COLLECT)

    assert rows(xml, x=1) == [{"r": 1}, {"r": 3}]


def test_cells_know_the_input_by_the_name_that_the_model_gives_it():
    named = (
        '<input id="i" camunda:inputVariable="n"><inputExpression><text>x + 1</text>'
        "</inputExpression></input>"
    )
    xml = of_table(
        ("${n == 3}", "1"), ('${inputVariableName == "n"}', "2"), ("${x == 2}", "3"),
        inputs=(named,), attributes=COLLECT,
    ).replace("<inputEntry>", '<inputEntry expressionLanguage="juel">')  # fmt: skip

    assert rows(xml, x=2) == [{"r": 1}, {"r": 2}, {"r": 3}]


def test_outputs_do_not_know_the_input():
    assert rows(of_table(("-", "cellInput")), x=1) == [{"r": None}]


def test_an_input_without_expression_is_the_variable_that_cells_call_it():
    empty = '<input id="i"><inputExpression><text> </text></inputExpression></input>'
    xml = of_table(("5", "1"), ("null", "2"), ("-", "3"), inputs=(empty,), attributes=COLLECT)

    found = evaluate(xml, cellInput=5)

    assert [row["r"].value for row in found.rows] == [1, 3]
    assert found.root.inputs[0].value == (None, None)
    assert rows(xml) == [{"r": 2}, {"r": 3}]


@pytest.mark.parametrize(
    ("cell", "met", "unmet"),
    [
        ("5", [5, 5.0], [4, "5", None, True, [5]]),
        ("> 5", [6, 5.5], [5, "6", None, False]),
        ("(1..3]", [2, 3, 1.5], [1, 4, "2", None]),
        ("1, 2", [1, 2], [3, "1"]),
        ("not(1, 2)", [3], [1, 2]),
        ('"a"', ["a"], ["b", 1, None]),
        ('not("a")', ["b"], ["a"]),
        ("false", [False], [0, None, "false"]),
        ("not(true)", [], [True, False, None]),
    ],
)
def test_plain_conditions_are_met_by_values_of_their_kind(cell, met, unmet):
    xml = of_table((cell, "1"))

    assert [rows(xml, x=value) for value in met] == [[{"r": 1}]] * len(met)
    assert [rows(xml, x=value) for value in unmet] == [[]] * len(unmet)


@pytest.mark.parametrize(
    ("policy", "first", "count"), [("FIRST", "[{0}0..{0}9]", 1), ("COLLECT", "[0..9{0}0]", 990)]
)
def test_a_large_table_is_evaluated_fast_after_the_first_time(policy, first, count):
    rules = [(first.format(n), '"a", "b"', f">= {n % 50}", "true", str(n)) for n in range(1_000)]
    xml = of_table(*rules, inputs=tuple("abcd"), attributes=f'hitPolicy="{policy}"')
    decisions = CompiledDecisions(read_dmn(xml))
    given = {"a": 5005, "b": "b", "c": 60, "d": True}
    decisions.evaluate("k", given, now=NOW)

    spent = []
    for _ in range(5):  # of which one may also have to look for garbage
        start = time.thread_time()
        found = decisions.evaluate("k", given, now=NOW)
        spent.append(time.thread_time() - start)

    assert min(spent) < 0.05  # ten times the goal
    assert len(found.rows) == count


def test_a_variable_that_is_nested_too_deep_fails():
    nested = []
    for _ in range(5_000):
        nested = [nested]

    for language in ("feel", "juel"):
        with pytest.raises(EngineError, match=r"nested too deep"):
            evaluate(of_literal("x", language=language, type_name="string"), x=nested)
