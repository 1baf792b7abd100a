"""How tables are evaluated; a Camunda 7.24 engine answers the same."""

import time

import pytest

from app.dmn.errors import (
    FeelFailure,
    HitPolicyError,
    NotStorableError,
    NullInListError,
)
from app.dmn.evaluation import CompiledDecisions
from app.errors import EngineError
from app.expressions.spin import JsonNode
from app.expressions.values import Integer, Short

from .conftest import of_literal, of_table, read_dmn
from .evaluating import NOW, evaluate, result_of, rows

AGGREGATE = 'hitPolicy="COLLECT" aggregation="{}"'
COLLECT = 'hitPolicy="COLLECT"'
TYPED = '<output id="o" name="r" typeRef="{}"/>'
SHOWN = (
    "DmnEvaluatedDecisionRuleImpl{{id='r{0}', outputEntries={{r=DmnEvaluatedOutputImpl{{"
    "id='out1', name='null', outputName='r', value=Untyped value '{1}', isTransient = false}}}}}}"
)


def juel(*cells, **options):
    """A file with a table whose rules always match and conclude what the variables are."""
    return of_table(
        *[("${true}", cell) for cell in cells],
        inputs=("${1}",),
        definitions_attributes='expressionLanguage="juel"',
        **options,
    )


def test_unique_takes_the_only_rule_that_matches():
    xml = of_table(("1", '"one"'), ("2", '"two"'))

    assert rows(xml, x=2) == [{"r": "two"}]
    assert rows(xml, x=3) == []


def test_unique_refuses_several_rules():
    with pytest.raises(HitPolicyError) as caught:
        evaluate(of_table(("-", "1"), ("-", '"b"')), x=1)

    assert caught.value.java_type == "DmnHitPolicyException"
    assert str(caught.value) == (
        "DMN-03001 Hit policy 'UNIQUE' only allows a single rule to match. Actually match rules: "
        f"'[{SHOWN.format(1, 1)}, {SHOWN.format(2, 'b')}]'."
    )


def test_messages_show_typed_values_with_their_type():
    with pytest.raises(HitPolicyError) as caught:
        evaluate(of_table(("-", "1"), ("-", "2"), outputs=(TYPED.format("integer"),)), x=1)

    assert "value=Value '1' of type 'PrimitiveValueType[integer]', isTransient=false}" in str(
        caught.value
    )


def test_first_takes_the_first_rule_that_matches():
    xml = of_table(("9", "1"), ("-", "2"), ("-", "3"), attributes='hitPolicy="FIRST"')

    found = evaluate(xml, x=1)

    assert rows(xml, x=1) == [{"r": 2}]
    assert [output.rule_id for output in found.root.outputs] == ["r2"]
    assert [output.rule_order for output in found.root.outputs] == [1]


@pytest.mark.parametrize("policy", ["RULE ORDER", "COLLECT"])
def test_all_rules_count_in_their_order(policy):
    xml = of_table(("-", "3"), ("9", "2"), ("-", "1"), attributes=f'hitPolicy="{policy}"')

    assert rows(xml, x=1) == [{"r": 3}, {"r": 1}]


@pytest.mark.parametrize("same", ["1", '"a"', "null", "[1,2]", "{a: 1}"])
def test_any_takes_rules_that_conclude_the_same_as_one(same):
    xml = of_table(("-", same), ("-", same), attributes='hitPolicy="ANY"')

    found = evaluate(xml, x=1)

    assert len(found.rows) == 1
    assert [output.rule_order for output in found.root.outputs] == [1]


@pytest.mark.parametrize("other", ["2", '"1"', "null", "", "[1]"])
def test_any_refuses_rules_that_differ(other):
    with pytest.raises(HitPolicyError, match=r"^DMN-03002 Hit policy 'ANY' only allows multiple"):
        evaluate(of_table(("-", "1"), ("-", other), attributes='hitPolicy="ANY"'), x=1)


def test_any_tells_whole_numbers_of_different_types_apart():
    xml = juel("${a}", "${b}", attributes='hitPolicy="ANY"')

    assert rows(xml, a=7, b=7) == [{"r": 7}]
    with pytest.raises(HitPolicyError):
        evaluate(xml, a=Integer(7), b=7)


@pytest.mark.parametrize(
    ("values", "type_", "total", "least", "greatest"),
    [
        ((Integer(7), Integer(2)), "Integer", 9, 2, 7),
        ((Integer(7), 8), "Long", 15, 7, 8),
        ((Short(3), Short(4)), "Long", 7, 3, 4),
        ((Short(3), Integer(7)), "Long", 10, 3, 7),
        ((Integer(7), 1.5), "Double", 8.5, 1.5, 7.0),
        ((0.1, 0.2), "Double", 0.30000000000000004, 0.1, 0.2),
        ((Integer(2**31 - 1), Integer(7)), "Integer", -(2**31) + 6, 7, 2**31 - 1),
        ((2**63 - 1, 8), "Long", -(2**63) + 7, 8, 2**63 - 1),
        (("7", Integer(2)), "Long", 9, 2, 7),
        ((" 7", "1e3"), "Double", 1007.0, 7.0, 1000.0),
        (("2.5", 8), "Double", 10.5, 2.5, 8.0),
        ((2.0, 3.0), "Double", 5.0, 2.0, 3.0),
        ((JsonNode.parse("7"), 8), "Long", 15, 7, 8),
        ((0.0, -0.0), "Double", 0.0, -0.0, 0.0),
    ],
)
def test_aggregators_calculate_as_java_does(values, type_, total, least, greatest):
    """Values that are not typed count by their texts."""
    variables = dict(zip("ab", values, strict=True))

    for aggregator, expected in (("SUM", total), ("MIN", least), ("MAX", greatest)):
        xml = juel("${a}", "${b}", attributes=AGGREGATE.format(aggregator))
        assert result_of(xml, **variables) == (type_, expected)
        assert repr(result_of(xml, **variables).value) == repr(expected)
        assert evaluate(xml, **variables).root.collect_result == float(expected)


@pytest.mark.parametrize(
    ("type_name", "type_", "total"),
    [("integer", "Integer", 5), ("long", "Long", 5), ("double", "Double", 5.0)],
)
def test_aggregators_keep_the_type_of_the_output(type_name, type_, total):
    xml = of_table(
        ("-", "2"), ("-", "3"),
        outputs=(TYPED.format(type_name),), attributes=AGGREGATE.format("SUM"),
    )  # fmt: skip

    assert result_of(xml, x=1) == (type_, total)


@pytest.mark.parametrize("aggregator", ["SUM", "MIN", "MAX"])
@pytest.mark.parametrize("cell", ['"a"', '""', '"0x10"', "null", "true", "[1]"])
def test_aggregators_need_numbers(aggregator, cell):
    xml = of_table(("-", "1"), ("-", cell), attributes=AGGREGATE.format(aggregator))

    with pytest.raises(HitPolicyError, match=r"^DMN-03004 Unable to convert value"):
        evaluate(xml, x=1)


def test_nan_is_greater_than_any_number():
    for aggregator, expected in (("MIN", "3.0"), ("MAX", "nan")):
        xml = juel("${a}", "${b}", attributes=AGGREGATE.format(aggregator))
        assert repr(result_of(xml, a=float("nan"), b=3).value) == expected


@pytest.mark.parametrize("type_name", ["string", "boolean"])
def test_aggregators_need_types_of_numbers(type_name):
    xml = of_table(
        ("-", '"true"'), outputs=(TYPED.format(type_name),), attributes=AGGREGATE.format("SUM")
    )

    with pytest.raises(HitPolicyError, match=r"^DMN-03004"):
        evaluate(xml, x=1)


def test_count_counts_every_entry():
    xml = of_table(
        ("-", '"a"'), ("-", "null"), ("-", ""), ("9", "1"), attributes=AGGREGATE.format("COUNT")
    )

    assert result_of(xml, x=1) == ("Integer", 2)


def test_count_of_no_match_is_a_zero_without_name():
    xml = of_table(("9", "1"), attributes=AGGREGATE.format("COUNT"))

    found = evaluate(xml, x=1)

    assert found.rows == ({None: ("Integer", 0)},)
    assert found.root.collect_result == 0.0


@pytest.mark.parametrize("aggregator", ["SUM", "MIN", "MAX"])
def test_other_aggregators_give_nothing_without_a_match(aggregator):
    found = evaluate(of_table(("9", "1"), attributes=AGGREGATE.format(aggregator)), x=1)

    assert (found.rows, found.root.collect_result) == ((), None)


def test_rules_without_entries_are_not_aggregated():
    xml = of_table(("-", ""), ("-", ""), attributes=AGGREGATE.format("SUM"))

    assert rows(xml, x=1) == [{}, {}]


@pytest.mark.parametrize("aggregator", ["SUM", "MIN", "MAX", "COUNT"])
def test_aggregators_refuse_rules_with_several_outputs(aggregator):
    xml = of_table(("-", "1", "2"), outputs=("r", "s"), attributes=AGGREGATE.format(aggregator))

    message = f"^DMN-03003 Unable to execute aggregation '{aggregator}' on compound decision output"
    with pytest.raises(HitPolicyError, match=message):
        evaluate(xml, x=1)


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


def test_a_record_keeps_inputs_and_the_outputs_of_every_rule():
    first = (
        '<input id="i" label="First"><inputExpression typeRef="integer"><text>x</text>'
        "</inputExpression></input>"
    )
    out = '<output id="o" label="Label" name="name" typeRef="string"/>'
    xml = of_table(
        ("-", "-", '"one"', "1"), ("-", "-", '"two"', ""),
        inputs=(first, "y"), outputs=(out, "points"), attributes=COLLECT,
    )  # fmt: skip

    record = evaluate(xml, x="7").root

    assert [(i.clause_id, i.clause_name, i.value) for i in record.inputs] == [
        ("i", "First", ("Integer", 7)),
        ("in2", None, (None, None)),
    ]
    assert [
        (o.clause_id, o.clause_name, o.rule_id, o.rule_order, o.variable_name, o.value)
        for o in record.outputs
    ] == [
        ("o", "Label", "r1", 1, "name", ("String", "one")),
        ("out2", None, "r1", 1, "points", (None, 1)),
        ("o", "Label", "r2", 2, "name", ("String", "two")),
    ]
    assert record.collect_result is None


def test_a_record_keeps_what_an_aggregator_has_calculated_with():
    xml = of_table(("-", "1"), ("-", "2"), attributes=AGGREGATE.format("SUM"))

    record = evaluate(xml, x=1).root

    assert [output.value for output in record.outputs] == [(None, 1), (None, 2)]
    assert record.collect_result == 3.0


def test_the_result_of_an_output_without_name_has_none():
    xml = of_table(("-", "1"), outputs=('<output id="o"/>',))

    assert evaluate(xml, x=1).rows == ({None: (None, 1)},)


@pytest.mark.parametrize(
    ("cells", "count"), [(("1", "", ""), 1), (("", "1", "2"), 2), (("", "", ""), 3)]
)
def test_an_answer_ends_where_an_output_has_no_name(cells, count):
    xml = of_table(
        *[("-", cell) for cell in cells], outputs=('<output id="o"/>',), attributes=COLLECT
    )

    assert evaluate(xml, x=1).answered == [{}] * count


TIMESTAMP = 'date and time("2024-01-02T03:04:05")'


def test_a_timestamp_that_is_not_typed_cannot_be_kept():
    with pytest.raises(NotStorableError) as caught:
        evaluate(of_table(("-", TIMESTAMP)), x=1)

    assert str(caught.value) == (
        "Cannot serialize object in variable 'r': SPIN/JACKSON-JSON-01009 Unable to map object "
        "'2024-01-02T03:04:05' to json node"
    )


def test_an_input_that_is_not_typed_and_cannot_be_kept_is_named_by_its_id():
    with pytest.raises(NotStorableError, match="in variable 'in1'"):
        evaluate(of_table(("-", "1"), inputs=(TIMESTAMP,)))


@pytest.mark.parametrize("cell", [f"[{TIMESTAMP}]", f"[1, [{TIMESTAMP}]]"])
def test_a_timestamp_in_a_list_cannot_be_kept(cell):
    with pytest.raises(NotStorableError):
        evaluate(of_table(("-", cell)), x=1)


def test_what_does_not_count_need_not_be_kept():
    xml = of_table(("-", "1"), ("-", TIMESTAMP), attributes='hitPolicy="FIRST"')

    assert rows(xml, x=1) == [{"r": 1}]


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


@pytest.mark.parametrize("cell", ["[null]", "[null, 1]", "[[null]]"])
def test_a_list_that_begins_with_null_cannot_be_kept(cell):
    with pytest.raises(NullInListError) as caught:
        evaluate(of_table(("-", cell)), x=1)

    assert caught.value.java_type == "NullPointerException"


@pytest.mark.parametrize("cell", ["[]", "[1, null]", "{a: null}", "[{a: null}]", "{a: [null]}"])
def test_null_elsewhere_can_be_kept(cell):
    assert len(rows(of_table(("-", cell)), x=1)) == 1
