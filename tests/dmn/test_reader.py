import pytest

from app.dmn.model import Aggregator, DecisionTable, HitPolicy, LiteralExpression, Text

from .conftest import (
    decision,
    definitions,
    literal,
    of_table,
    problems_of,
    read_dmn,
    requirements,
    table,
)

CONTEXT = "<context><contextEntry><literalExpression/></contextEntry></context>"


def test_a_table_is_read_with_its_columns_and_rules():
    column = (
        '<input id="i" label="Amount" camunda:inputVariable="sum"><inputExpression'
        ' typeRef="integer" expressionLanguage="juel"><text>${x}</text></inputExpression></input>'
    )
    xml = of_table(
        ("> 5", '"a"', ""),
        inputs=(column,),
        outputs=('<output id="o" label="Answer" name="r" typeRef="string"/>', "s"),
        attributes='hitPolicy="RULE ORDER"',
    )

    (found,) = read_dmn(xml).decisions.values()

    assert isinstance(found.logic, DecisionTable)
    assert found.logic.hit_policy is HitPolicy.RULE_ORDER
    (amount,) = found.logic.inputs
    assert (amount.id, amount.label, amount.variable) == ("i", "Amount", "sum")
    assert (amount.expression, amount.type_name) == (Text("${x}", "juel"), "integer")
    answer, other = found.logic.outputs
    assert (answer.id, answer.label, answer.name, answer.type_name) == (
        "o", "Answer", "r", "string",
    )  # fmt: skip
    assert (other.name, other.type_name) == ("s", None)
    (rule,) = found.logic.rules
    assert (rule.id, rule.conditions) == ("r1", (Text("> 5"),))
    assert rule.conclusions == (Text('"a"'), Text(""))


def test_a_literal_expression_is_named_and_typed_by_its_variable():
    xml = definitions(decision(literal("1 + 1", name="sum", type_name="integer")))

    logic = read_dmn(xml).decisions["k"].logic

    assert logic == LiteralExpression(Text("1 + 1", "feel"), "sum", "integer")


@pytest.mark.parametrize("aggregator", Aggregator)
def test_collect_has_an_aggregator(aggregator):
    xml = of_table(attributes=f'hitPolicy="COLLECT" aggregation="{aggregator.value}"')

    logic = read_dmn(xml).decisions["k"].logic

    assert (logic.hit_policy, logic.aggregator) == (HitPolicy.COLLECT, aggregator)


def test_the_language_of_the_file_is_that_of_expressions_without_one():
    own = table(("1", "2")).replace("<inputEntry>", '<inputEntry expressionLanguage="feel">')
    attributes = 'id="m" name="m" namespace="n" expressionLanguage=" juel "'

    logic = read_dmn(definitions(decision(own), attributes=attributes)).decisions["k"].logic

    assert logic.inputs[0].expression.language == "juel"
    assert logic.rules[0].conditions[0].language == "feel"
    assert logic.rules[0].conclusions[0].language == "juel"


def test_requirements_are_read_in_their_order_each_once():
    others = "".join(
        decision(table(("-", "1"), prefix=key, outputs=(key,)), key=key) for key in "abc"
    )
    contents = literal("1").replace("<literal", requirements("c", "a", "c") + "<literal")

    found = read_dmn(definitions(others + decision(contents)))

    assert found.decisions["k"].required == ("c", "a")
    assert found.has_requirements


@pytest.mark.parametrize("href", ["#a", "a", " #a ", "http://example.org/file.dmn#a"])
def test_a_required_decision_is_what_stands_behind_the_hash(href):
    contents = literal("1", required=("a",)).replace('"#a"', f'"{href}"')

    found = read_dmn(definitions(decision(literal("1"), key="a") + decision(contents)))

    assert found.decisions["k"].required == ("a",)


@pytest.mark.parametrize(
    "logic",
    ["", CONTEXT, "<invocation/>", "<relation/>", "<list/>", "<functionDefinition/>"],
)
def test_a_decision_without_table_or_literal_expression_is_passed_over(logic):
    found = read_dmn(definitions(decision(logic, key="other") + decision(literal("1"))))

    assert list(found.decisions) == ["k"]
    assert not found.has_requirements


@pytest.mark.parametrize("logic", ["", CONTEXT])
def test_a_required_decision_must_have_logic_that_is_evaluated(logic):
    xml = definitions(decision(logic, key="a") + decision(literal("1", required=("a",))))

    assert problems_of(xml) == [
        "The required decision 'a' is not in the file or has no logic.",
    ]


def test_a_required_decision_must_be_in_the_file():
    xml = definitions(decision(literal("1", required=("a",))) + '<inputData id="a" name="a"/>')

    assert problems_of(xml) == ["The required decision 'a' is not in the file or has no logic."]


@pytest.mark.parametrize(
    "edges",
    [
        {"k": ["k"]},
        {"k": ["a"], "a": ["k"]},
        {"k": ["a"], "a": ["b"], "b": ["c"], "c": ["a"]},
        {"a": ["b"], "b": ["a"], "k": []},
    ],
)
def test_decisions_that_require_themselves_are_refused(edges):
    contents = "".join(decision(literal("1", required=edges[key]), key=key) for key in edges)

    assert "The decision requires itself, directly or not." in problems_of(definitions(contents))


@pytest.mark.parametrize(
    ("value", "days"),
    [("30", 30), ("P30D", 30), ("0", 0), ("-0", 0), ("+5", 5), ("2147483647", 2147483647),
     ("\u0663", 3)],
)  # fmt: skip
def test_the_time_to_live_is_a_number_of_days(value, days):
    xml = definitions(decision(literal("1")).replace('"30"', f'"{value}"'))

    assert read_dmn(xml).decisions["k"].history_time_to_live == days


@pytest.mark.parametrize(
    "value",
    ["", "-1", "P-5D", "P1M", "PT5H", "P5DT1H", "p5d", " 5", "5.0", "soon", "2147483648",
     "P\u0663D"],
)  # fmt: skip
def test_another_time_to_live_is_refused(value):
    (problem,) = problems_of(definitions(decision(literal("1")).replace('"30"', f'"{value}"')))

    assert "History Time To Live" in problem or "historyTimeToLive" in problem


def test_the_time_to_live_may_be_missing_where_it_is_not_required():
    xml = definitions(decision(literal("1")).replace('camunda:historyTimeToLive="30"', ""))

    assert read_dmn(xml, require_ttl=False).decisions["k"].history_time_to_live is None
    assert problems_of(xml) == ["History Time To Live (TTL) cannot be null."]


@pytest.mark.parametrize(("tag", "expected"), [("1.0", "1.0"), ("", None)])
def test_a_decision_has_a_version_tag(tag, expected):
    xml = definitions(decision(literal("1"), attributes=f'camunda:versionTag="{tag}"'))

    assert read_dmn(xml).decisions["k"].version_tag == expected


@pytest.mark.parametrize("policy", ["PRIORITY", "OUTPUT ORDER"])
def test_hit_policies_that_are_not_evaluated_are_refused(policy):
    xml = of_table(("-", "1"), attributes=f'hitPolicy="{policy}"')

    assert problems_of(xml) == [f"Hit policy '{policy}' is not evaluated."]


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "RULE ORDER"])
def test_only_collect_has_an_aggregator(policy):
    xml = of_table(("-", "1"), attributes=f'hitPolicy="{policy}" aggregation="SUM"')

    (problem,) = problems_of(xml)

    assert problem == f"Hit policy '{policy}' with aggregator 'SUM' is not evaluated."


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (("1",), "The content of element 'rule' is not complete or unknown."),
        (("1", "1"), "The rule has 1 output entries for 2 outputs."),
        (("1", "1", "1", "1"), "The rule has 3 output entries for 2 outputs."),
    ],
)
def test_a_rule_has_a_cell_for_every_column(cells, message):
    assert problems_of(of_table(cells, outputs=("a", "b"))) == [message]


@pytest.mark.parametrize("id_", ["in1", "out1", "r1"])
def test_inputs_outputs_and_rules_have_ids(id_):
    (problem,) = problems_of(of_table(("-", "1")).replace(f' id="{id_}"', ""))

    assert problem.startswith("Every ")


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (("a", "a"), "Several outputs have the name 'a'."),
        (("a", ""), "Each of several outputs must have a name."),
        (("a", '<output id="o"/>'), "Each of several outputs must have a name."),
    ],
)
def test_several_outputs_have_names_that_tell_them_apart(outputs, message):
    assert problems_of(of_table(("-", "1", "2"), outputs=outputs)) == [message]


def test_the_only_output_needs_no_name():
    logic = read_dmn(of_table(("-", "1"), outputs=('<output id="o"/>',))).decisions["k"].logic

    assert logic.outputs[0].name is None


def test_a_literal_expression_needs_a_variable():
    xml = definitions(decision("<literalExpression/>"))

    assert problems_of(xml) == ["A literal expression needs a variable for its result."]


def test_problems_tell_their_place_and_element():
    xml = definitions("\n" + decision(table(("-", "1"), attributes='hitPolicy="PRIORITY"')))

    with pytest.raises(Exception) as caught:
        read_dmn(xml)

    (problem,) = caught.value.problems
    assert (problem.line, problem.element_ids) == (2, ("t",))
