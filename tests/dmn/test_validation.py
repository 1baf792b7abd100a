"""Rules beyond the format: ids, names, hit policies, shapes of tables, requirements, versions.

Source: Camunda 7 `DmnTransformLogger`, `DefaultDmnTransform`; DMN 1.3 §6.3, §8.
"""

import pytest

from app.dmn.model import Aggregator, DecisionTable, HitPolicy, LiteralExpression

from .conftest import (
    decision,
    definitions,
    literal,
    of_literal,
    of_table,
    problems_of,
    read_dmn,
    requirements,
    table,
)
from .evaluating import rows


def read_decision(xml, key="k"):
    return read_dmn(xml).decisions[key]


@pytest.mark.parametrize(
    ("attributes", "policy", "aggregator"),
    [
        ("", HitPolicy.UNIQUE, None),
        ('hitPolicy="UNIQUE"', HitPolicy.UNIQUE, None),
        ('hitPolicy="FIRST"', HitPolicy.FIRST, None),
        ('hitPolicy="ANY"', HitPolicy.ANY, None),
        ('hitPolicy="RULE ORDER"', HitPolicy.RULE_ORDER, None),
        ('hitPolicy="COLLECT"', HitPolicy.COLLECT, None),
        ('hitPolicy="COLLECT" aggregation="SUM"', HitPolicy.COLLECT, Aggregator.SUM),
        ('hitPolicy="COLLECT" aggregation="MIN"', HitPolicy.COLLECT, Aggregator.MIN),
        ('hitPolicy="COLLECT" aggregation="MAX"', HitPolicy.COLLECT, Aggregator.MAX),
        ('hitPolicy="COLLECT" aggregation="COUNT"', HitPolicy.COLLECT, Aggregator.COUNT),
    ],
)
def test_a_table_has_a_policy_and_perhaps_an_aggregator(attributes, policy, aggregator):
    logic = read_decision(of_table(("-", "1"), attributes=attributes)).logic

    assert (logic.hit_policy, logic.aggregator) == (policy, aggregator)


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        ('hitPolicy="PRIORITY"', "Hit policy 'PRIORITY' is not evaluated."),
        ('hitPolicy="OUTPUT ORDER"', "Hit policy 'OUTPUT ORDER' is not evaluated."),
        (
            'hitPolicy="FIRST" aggregation="SUM"',
            "Hit policy 'FIRST' with aggregator 'SUM' is not evaluated.",
        ),
        ('aggregation="SUM"', "Hit policy 'UNIQUE' with aggregator 'SUM' is not evaluated."),
    ],
)
def test_a_policy_that_is_not_evaluated_is_refused(attributes, problem):
    assert problems_of(of_table(("-", "1"), attributes=attributes)) == [problem]


@pytest.mark.parametrize("value", ["first", "NONE", ""])
def test_a_word_that_is_no_policy_is_refused(value):
    (problem, *_) = problems_of(of_table(("-", "1"), attributes=f'hitPolicy="{value}"'))

    assert problem == f"'{value}' is no value of attribute 'hitPolicy'."


@pytest.mark.parametrize(
    ("outputs", "problems"),
    [
        (('<output id="o1"/>',), []),
        (('<output id="o1" name=""/>',), []),
        (
            ('<output id="o1"/>', "s"),
            ["Each of several outputs must have a name."],
        ),
        (
            ('<output id="o1" name=""/>', "s"),
            ["Each of several outputs must have a name."],
        ),
        (("r", "r"), ["Several outputs have the name 'r'."]),
        (("r", "R"), []),
        (("r", "s", "r"), ["Several outputs have the name 'r'."]),
    ],
)
def test_several_outputs_are_told_apart_by_their_names(outputs, problems):
    xml = of_table(outputs=outputs)

    if problems:
        assert problems_of(xml) == problems
    else:
        assert len(read_decision(xml).logic.outputs) == len(outputs)


@pytest.mark.parametrize(
    ("cells", "inputs", "outputs", "problem"),
    [
        (("-",), ("x",), ("r",), "The content of element 'rule' is not complete or unknown."),
        (("-", "1", "2"), ("x",), ("r",), "The rule has 2 output entries for 1 outputs."),
        (("1",), (), ("r", "s"), "The rule has 1 output entries for 2 outputs."),
    ],
)
def test_a_rule_has_an_entry_for_each_column(cells, inputs, outputs, problem):
    assert problems_of(of_table(cells, inputs=inputs, outputs=outputs)) == [problem]


@pytest.mark.parametrize(
    ("old", "problem"),
    [
        ('<rule id="r1">', "Every rule of a decision table must have an id."),
        ('<input id="in1">', "Every input of a decision table must have an id."),
        ('<output id="out1" ', "Every output of a decision table must have an id."),
    ],
)
def test_columns_and_rules_have_ids(old, problem):
    new = old.partition(" id=")[0] + (">" if old.endswith(">") else " ")
    xml = of_table(("-", "1")).replace(old, new)

    assert problems_of(xml) == [problem]


@pytest.mark.parametrize(
    ("required", "problem"),
    [
        ({"k": ["no"]}, "The required decision 'no' is not in the file or has no logic."),
        ({"k": ["empty"]}, "The required decision 'empty' is not in the file or has no logic."),
        ({"k": ["k"]}, "The decision requires itself, directly or not."),
    ],
)
def test_a_required_decision_can_be_evaluated(required, problem):
    xml = definitions(decision(literal("1", required=required["k"])) + decision("", key="empty"))

    assert problems_of(xml) == [problem]


def test_a_loop_of_requirements_refuses_each_decision_of_it_and_what_needs_it():
    xml = definitions(
        decision(literal("1", required=["b"]), key="a")
        + decision(literal("1", required=["a"]), key="b")
        + decision(literal("1", required=["a"]), key="c")
        + decision(literal("1"), key="d")
    )

    assert problems_of(xml) == ["The decision requires itself, directly or not."] * 3


def test_a_decision_may_be_required_twice_and_counts_once():
    xml = definitions(
        decision(literal("1", name="n"), key="a") + decision(literal("n", required=["a", "a"]))
    )

    assert read_decision(xml).required == ("a",)
    assert rows(xml) == [{"r": 1}]


@pytest.mark.parametrize("href", ["#a", "other.dmn#a", " #a "])
def test_a_reference_means_what_stands_behind_its_sign(href):
    required = f'<informationRequirement><requiredDecision href="{href}"/></informationRequirement>'
    xml = definitions(
        decision(literal("1", name="n"), key="a")
        + decision(literal("n").replace("<literalExpression", f"{required}<literalExpression"))
    )

    assert read_decision(xml).required == ("a",)


def test_input_data_is_no_decision():
    required = '<informationRequirement><requiredInput href="#x"/></informationRequirement>'
    xml = definitions(
        '<inputData id="x" name="x"/>'
        + decision(literal("x").replace("<literalExpression", f"{required}<literalExpression"))
    )

    assert read_decision(xml).required == ()
    assert rows(xml, x=5) == [{"r": 5}]


@pytest.mark.parametrize(
    ("value", "days"), [("30", 30), ("P30D", 30), ("0", 0), ("P0D", 0), ("+5", 5)]
)
def test_a_time_to_live_is_in_days(value, days):
    xml = of_literal("1").replace('historyTimeToLive="30"', f'historyTimeToLive="{value}"')

    assert read_decision(xml).history_time_to_live == days


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("-1", "Cannot parse historyTimeToLive: negative value is not allowed"),
        ("P1W", 'Cannot parse historyTimeToLive: For input string: "P1W"'),
        ("five", 'Cannot parse historyTimeToLive: For input string: "five"'),
        ("2147483648", 'Cannot parse historyTimeToLive: For input string: "2147483648"'),
        ("", "History Time To Live (TTL) cannot be null."),
    ],
)
def test_a_time_to_live_that_is_none_is_refused(value, problem):
    xml = of_literal("1").replace('historyTimeToLive="30"', f'historyTimeToLive="{value}"')

    assert problems_of(xml) == [problem]


def test_a_time_to_live_may_be_left_out_where_none_is_required():
    xml = of_literal("1").replace('camunda:historyTimeToLive="30"', "")

    assert read_dmn(xml, require_ttl=False).decisions["k"].history_time_to_live is None


def test_a_decision_knows_what_its_definition_shows():
    xml = definitions(decision(literal("1"), attributes='camunda:versionTag="v1"'))

    found = read_decision(xml)

    assert (found.key, found.name, found.version_tag) == ("k", "k", "v1")


@pytest.mark.parametrize(("keys", "has_requirements"), [(["a"], False), (["a", "b"], True)])
def test_several_decisions_make_a_requirements_definition(keys, has_requirements):
    found = read_dmn(definitions("".join(decision(literal("1"), key=key) for key in keys)))

    assert list(found.decisions) == keys
    assert found.has_requirements is has_requirements


@pytest.mark.parametrize(
    ("xml", "elements"),
    [
        pytest.param(of_literal("1"), 1, id="a literal expression"),
        pytest.param(of_table(("-", "1")), 2, id="one rule"),
        pytest.param(of_table(("-", "1"), ("-", "2"), ("-", "3")), 6, id="three rules"),
        pytest.param(
            of_table(("-", "-", "1"), ("-", "-", "2"), inputs=("x", "y")), 6, id="three columns"
        ),
        pytest.param(of_table(), 0, id="no rule"),
    ],
)
def test_a_decision_counts_by_its_cells(xml, elements):
    assert read_decision(xml).elements == elements


def test_a_literal_expression_needs_a_variable():
    expression = "<literalExpression><text>1</text></literalExpression>"

    assert problems_of(definitions(decision(expression))) == [
        "A literal expression needs a variable for its result."
    ]


@pytest.mark.parametrize(
    "logic",
    [
        "",
        "<context/>",
        "<invocation><literalExpression><text>f</text></literalExpression></invocation>",
        "<relation/>",
        "<list/>",
    ],
)
def test_a_decision_of_another_kind_is_read_over(logic):
    xml = definitions(decision(logic, key="other") + decision(literal("1")))

    assert list(read_dmn(xml).decisions) == ["k"]


def test_a_table_comes_before_another_expression_only_alone():
    both = table(("-", "1")) + literal("2")

    assert "The content of element 'decision' is not complete or unknown." in problems_of(
        definitions(decision(both))
    )


def test_the_kinds_of_logic_are_two():
    xml = definitions(
        decision(table(("-", "1"), prefix="a"), key="a") + decision(literal("1"), key="b")
    )

    found = read_dmn(xml).decisions
    assert isinstance(found["a"].logic, DecisionTable)
    assert isinstance(found["b"].logic, LiteralExpression)


def test_requirements_keep_their_order():
    xml = definitions(
        "".join(decision(literal("1", name=key), key=key) for key in "abc")
        + decision(literal("c + a", required=["c", "a", "b"]))
    )

    assert read_decision(xml).required == ("c", "a", "b")
    assert requirements("c", "a").count("requiredDecision") == 2
