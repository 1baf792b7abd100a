"""Which matches count, and what aggregators make of them: rules by rules.

Source: DMN 1.3 §8.2.10, table 38; semantics 12.5.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dmn.errors import HitPolicyError
from app.dmn.hit_policies import Match, aggregate, select
from app.dmn.model import Aggregator, DecisionTable, HitPolicy, Output
from app.dmn.values import Value
from app.expressions.values import Integer

R, S = Output("out1", None, "r"), Output("out2", "Label", "s")
NAMELESS = Output("out3", None, None)


def table(policy, aggregator=None):
    return DecisionTable((), (R, S), (), HitPolicy(policy), aggregator)


def matches(*values, output=R):
    """One match for each value; a tuple is of both outputs, None a rule without an entry."""
    made = []
    for number, value in enumerate(values, start=1):
        if value is None:
            outputs = ()
        elif isinstance(value, tuple) and not isinstance(value, Value):
            outputs = tuple(zip((R, S), map(plain, value), strict=True))
        else:
            outputs = ((output, plain(value)),)
        made.append(Match(f"r{number}", outputs))
    return made


def plain(value):
    return value if isinstance(value, Value) else Value(None, value)


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "RULE ORDER", "COLLECT"])
def test_no_match_is_no_result_of_any_policy(policy):
    assert list(select(table(policy), [])) == []


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "RULE ORDER", "COLLECT"])
def test_one_match_is_the_result_of_every_policy(policy):
    found = matches(("a", 1))

    assert list(select(table(policy), found)) == found


@pytest.mark.parametrize(
    ("policy", "kept"),
    [("FIRST", ["r1"]), ("RULE ORDER", ["r1", "r2", "r3"]), ("COLLECT", ["r1", "r2", "r3"])],
)
def test_of_several_matches_a_policy_keeps_the_first_or_all(policy, kept):
    assert [found.rule_id for found in select(table(policy), matches(1, 2, 1))] == kept


@pytest.mark.parametrize("values", [(1, 1), (1, 2), (None, None)])
def test_unique_refuses_two_matches_though_they_are_equal(values):
    with pytest.raises(HitPolicyError, match=r"^DMN-03001 Hit policy 'UNIQUE'"):
        select(table("UNIQUE"), matches(*values))


@pytest.mark.parametrize(
    ("values", "is_same"),
    [
        pytest.param((1, 1, 1), True, id="numbers"),
        pytest.param((1, 1, 2), False, id="the third is another"),
        pytest.param(("a", "a"), True, id="texts"),
        pytest.param(("1", 1), False, id="a text and a number"),
        pytest.param((1, 1.0), False, id="a whole number and a fraction"),
        pytest.param((1, True), False, id="a number and a boolean"),
        pytest.param((1, Integer(1)), False, id="a Long and an Integer"),
        pytest.param(([1, 2], [1, 2]), True, id="lists"),
        pytest.param(([1, 2], [2, 1]), False, id="lists in another order"),
        pytest.param(([1], [1.0]), False, id="lists of other numbers"),
        pytest.param(({"a": 1}, {"a": 1}), True, id="maps"),
        pytest.param(({"a": 1}, {"b": 1}), False, id="maps with other keys"),
        pytest.param(({"a": [True]}, {"a": [1]}), False, id="deep in a map"),
        pytest.param((None, None), True, id="rules without an entry"),
        pytest.param((1, None), False, id="a rule with and one without"),
        pytest.param((("a", 1), ("a", 1)), True, id="two outputs"),
        pytest.param((("a", 1), ("a", 2)), False, id="the second output is another"),
        pytest.param((Value("Long", 1), 1), False, id="a typed value and one that is not"),
        pytest.param((Value("Long", 1), Value("Integer", 1)), False, id="two types"),
    ],
)
def test_any_wants_the_same_of_all_matches(values, is_same):
    found = matches(*values)

    if is_same:
        assert list(select(table("ANY"), found)) == found[:1]
    else:
        with pytest.raises(HitPolicyError, match=r"^DMN-03002 Hit policy 'ANY'"):
            select(table("ANY"), found)


def test_the_same_value_of_another_output_is_not_the_same():
    found = [*matches(1), *matches(1, output=S)]

    with pytest.raises(HitPolicyError, match=r"^DMN-03002"):
        select(table("ANY"), found)


@pytest.mark.parametrize(
    ("aggregator", "values", "expected"),
    [
        pytest.param("SUM", (1, 2, 3), ("Long", 6), id="sum"),
        pytest.param("SUM", (1, 2.5), ("Double", 3.5), id="a fraction makes the sum one"),
        pytest.param("SUM", (5,), ("Long", 5), id="sum of one"),
        pytest.param("SUM", (5, None), ("Long", 5), id="a rule without an entry adds nothing"),
        pytest.param("SUM", (-5, 5), ("Long", 0), id="sum of nothing left"),
        pytest.param("MIN", (3, 1, 2), ("Long", 1), id="least"),
        pytest.param("MIN", (-1, 1.5), ("Double", -1.0), id="least with a fraction"),
        pytest.param("MAX", (3, 1, 2), ("Long", 3), id="greatest"),
        pytest.param("MAX", ("10", "9"), ("Long", 10), id="greatest of texts, as numbers"),
        pytest.param("COUNT", (3, 3, 3), ("Integer", 3), id="count"),
        pytest.param("COUNT", ("a", [1]), ("Integer", 2), id="count of anything"),
        pytest.param("COUNT", (1, None), ("Integer", 1), id="count without an entry"),
        pytest.param("COUNT", (), ("Integer", 0), id="count of nothing"),
        pytest.param(
            "SUM",
            (Value("Integer", Integer(1)), Value("Integer", Integer(2))),
            ("Integer", 3),
            id="I",
        ),
        pytest.param("SUM", (Value("Double", 1.0), Value("Double", 2.0)), ("Double", 3.0), id="D"),
        pytest.param("MAX", (Value("Long", 1), Value("Long", 2)), ("Long", 2), id="L"),
    ],
)
def test_an_aggregator_makes_one_value(aggregator, values, expected):
    made = aggregate(Aggregator(aggregator), matches(*values))

    assert made.value == expected
    assert type(made.value.value) is type(expected[1]) or isinstance(made.value.value, Integer)
    assert made.name == ("r" if any(value is not None for value in values) else None)


@pytest.mark.parametrize("aggregator", ["SUM", "MIN", "MAX"])
@pytest.mark.parametrize(
    "values",
    [
        pytest.param(("a",), id="a word"),
        pytest.param(("",), id="an empty text"),
        pytest.param((True,), id="a boolean"),
        pytest.param(([1],), id="a list"),
        pytest.param(({"a": 1},), id="a map"),
        pytest.param((1, "a"), id="a number and a word"),
        pytest.param((Value("String", "1"),), id="a typed text"),
        pytest.param((Value("Boolean", True),), id="a typed boolean"),
        pytest.param((Value("Long", 1), Value("Double", 1.0)), id="two types of numbers"),
    ],
)
def test_what_is_no_number_is_not_calculated(aggregator, values):
    with pytest.raises(HitPolicyError, match=r"^DMN-03004 Unable to convert value"):
        aggregate(Aggregator(aggregator), matches(*values))


@pytest.mark.parametrize("aggregator", list(Aggregator))
def test_two_outputs_are_not_aggregated(aggregator):
    with pytest.raises(HitPolicyError, match=r"^DMN-03003 Unable to execute aggregation"):
        aggregate(aggregator, matches((1, 2)))


@pytest.mark.parametrize("aggregator", ["SUM", "MIN", "MAX"])
def test_without_a_value_there_is_nothing_to_calculate(aggregator):
    for found in ([], matches(None, None)):
        made = aggregate(Aggregator(aggregator), found)
        assert (made.name, made.value) == (None, None)


def test_the_only_output_may_have_no_name():
    made = aggregate(Aggregator.SUM, matches(1, 2, output=NAMELESS))

    assert (made.name, made.value) == (None, Value("Long", 3))


def test_a_message_shows_rules_outputs_and_labels():
    with pytest.raises(HitPolicyError) as raised:
        select(table("UNIQUE"), matches((1, "a"), None))

    assert str(raised.value) == (
        "DMN-03001 Hit policy 'UNIQUE' only allows a single rule to match. Actually match rules: "
        "'[DmnEvaluatedDecisionRuleImpl{id='r1', outputEntries={r=DmnEvaluatedOutputImpl{"
        "id='out1', name='null', outputName='r', value=Untyped value '1', isTransient = false}, "
        "s=DmnEvaluatedOutputImpl{id='out2', name='Label', outputName='s', "
        "value=Untyped value 'a', isTransient = false}}}, "
        "DmnEvaluatedDecisionRuleImpl{id='r2', outputEntries={}}]'."
    )


@settings(max_examples=25)
@given(st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=8))
def test_whole_numbers_are_aggregated_as_they_are(values):
    found = matches(*values)

    assert aggregate(Aggregator.SUM, found).value == ("Long", sum(values))
    assert aggregate(Aggregator.MIN, found).value == ("Long", min(values))
    assert aggregate(Aggregator.MAX, found).value == ("Long", max(values))
    assert aggregate(Aggregator.COUNT, found).value == ("Integer", len(values))


@settings(max_examples=25)
@given(st.lists(st.integers(-9, 9), max_size=6))
def test_first_is_the_first_of_rule_order(values):
    found = matches(*values)

    assert list(select(table("FIRST"), found)) == list(select(table("RULE ORDER"), found))[:1]
