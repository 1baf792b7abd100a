"""Hit policies of several rules, and aggregators, as a Camunda 7.24 engine has them."""

import pytest

from app.dmn.errors import (
    HitPolicyError,
)
from app.expressions.spin import JsonNode
from app.expressions.values import Integer, Short

from .conftest import of_table
from .evaluating import evaluate, result_of, rows
from .tables import AGGREGATE, SHOWN, TYPED, juel


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
