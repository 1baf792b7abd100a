"""Business rule tasks: the decisions that they evaluate, and their results."""

import pytest

from app.dmn.errors import DmnEngineError, HitPolicyError
from app.dmn.mapping import ResultMappingError
from app.engine import state
from app.engine.history.decisions import HistoricDecisionInstance, values_of
from app.errors import NullValueError, StartRefusedError
from tests.decisions import TIERS, deciding
from tests.dmn.conftest import decision, definitions, literal, of_literal, of_table, table
from tests.models import flow, flows, process

RESULT = 'camunda:resultVariable="result" camunda:mapDecisionResult="{}"'
COLLECT = of_table(
    ("> 1", '"a"', "1"), ("-", '"b"', "2"), outputs=("r", "s"), attributes='hitPolicy="COLLECT"'
)


def decide(engine, xml, mapper, key="k", **variables):
    """The variable that a task leaves."""
    engine.deploy_decisions(xml)
    model = deciding(decision_key=key, attributes=RESULT.format(mapper))
    engine.start(engine.deploy(model), **variables)
    return engine.variables()["result"]


def decided(engine):
    return [r for r in engine.history.values() if isinstance(r, HistoricDecisionInstance)]


@pytest.mark.parametrize(
    ("mapper", "xml", "expected"),
    [
        ("singleEntry", of_table(("-", '"a"')), "a"),
        ("singleEntry", of_table(("9", '"a"')), None),
        ("singleResult", of_table(("-", "1", "2"), outputs=("r", "s")), {"r": 1, "s": 2}),
        ("singleResult", of_table(("9", "1")), None),
        ("resultList", COLLECT, [{"r": "a", "s": 1}, {"r": "b", "s": 2}]),
        ("collectEntries", of_table(("9", "1"), attributes='hitPolicy="COLLECT"'), []),
        (
            "collectEntries",
            of_table(("-", "1"), ("-", "2"), attributes='hitPolicy="COLLECT"'),
            [1, 2],
        ),
    ],
)
def test_a_mapper_makes_the_variable(engine, mapper, xml, expected):
    assert decide(engine, xml, mapper, x=2) == expected


@pytest.mark.parametrize("mapper", ["singleEntry", "singleResult", "collectEntries"])
def test_a_result_of_another_shape_is_refused(engine, mapper):
    with pytest.raises(ResultMappingError, match="ENGINE-2200"):
        decide(engine, COLLECT, mapper, x=2)

    assert engine.is_empty()


def test_the_result_is_a_variable_of_the_instance_also_from_within(engine):
    engine.deploy_decisions(of_table(("-", "1")))
    inner = (
        '<subProcess id="sub"><startEvent id="in"/>'
        f'<businessRuleTask id="rule" camunda:decisionRef="k" {RESULT.format("singleEntry")}/>'
        '<endEvent id="out"/>' + flows("in", "rule", "out") + "</subProcess>"
        '<startEvent id="start"/><userTask id="after"/>' + flows("start", "sub", "after")
    )

    instance = engine.start(engine.deploy(process(inner)))

    (variable,) = engine.rows[state.Variable].values()
    assert (variable.name, variable.execution_id) == ("result", instance)


def test_decision_result_is_seen_by_flows_and_outputs_and_then_gone(engine):
    engine.deploy_decisions(COLLECT)
    model = process(
        '<startEvent id="start"/><businessRuleTask id="rule" camunda:decisionRef="k">'
        "<extensionElements><camunda:inputOutput>"
        '<camunda:outputParameter name="all">${decisionResult.collectEntries("r")}'
        "</camunda:outputParameter>"
        '<camunda:outputParameter name="first">${decisionResult.getFirstResult().s}'
        "</camunda:outputParameter></camunda:inputOutput></extensionElements></businessRuleTask>"
        '<userTask id="two"/><userTask id="other"/>'
        + flow("start", "rule")
        + flow("rule", "two", "${decisionResult.size() == 2}")
        + flow("rule", "other", "${decisionResult.size() != 2}")
    )

    engine.start(engine.deploy(model), x=2)

    assert engine.variables() == {"x": 2, "all": ["a", "b"], "first": 1}
    assert engine.visits() == ["start", "rule", "two …"]


def test_decision_result_is_not_known_behind_the_task(engine):
    engine.deploy_decisions(COLLECT)
    behind = (
        '<scriptTask id="after" scriptFormat="juel"><script>${decisionResult}</script></scriptTask>'
    )

    with pytest.raises(Exception, match="Cannot find property decisionResult"):
        engine.start(engine.deploy(deciding(decision_key="k", after=behind)), x=1)


def test_the_history_has_one_record_for_each_decision(engine):
    engine.deploy_decisions(TIERS)

    instance = engine.start(engine.deploy(deciding(decision_key="price")), amount=200)

    root, required = decided(engine)
    assert [root.decision_definition_key, required.decision_definition_key] == ["price", "tier"]
    assert (root.root_decision_instance_id, required.root_decision_instance_id) == (None, root.id)
    for record in (root, required):
        assert record.process_instance_id == record.root_process_instance_id == instance
        assert record.activity_id == "rule"
        assert record.activity_instance_id.startswith("rule:")
        assert (record.removal_time, record.has_own_removal_time) == (None, False)
    (tested,) = values_of({"id": required.id, "inputs": required.inputs}, "inputs")
    assert (tested["clause_id"], tested["value"]) == ("tier_in1", ("Long", 200, None, False))
    outputs = values_of({"id": required.id, "outputs": required.outputs}, "outputs")
    assert [
        (o["variable_name"], o["rule_id"], o["rule_order"], o["value"].value) for o in outputs
    ] == [
        ("tier", "tier_r1", 1, "gold"),
        ("discount", "tier_r1", 1, 0.2),
    ]


def test_a_lower_level_keeps_no_record(engine):
    engine.history_level = "audit"
    engine.deploy_decisions(TIERS)

    engine.start(engine.deploy(deciding()), amount=200)

    assert decided(engine) == []


def test_inputs_and_outputs_have_ids_that_stay_and_differ(engine):
    engine.deploy_decisions(TIERS)
    engine.start(engine.deploy(deciding()), amount=200)
    (record,) = decided(engine)
    view = {"id": record.id, "inputs": record.inputs, "outputs": record.outputs}

    ids = [v["id"] for which in ("inputs", "outputs") for v in values_of(view, which)]

    assert len(set(ids)) == 3
    assert ids == [v["id"] for which in ("inputs", "outputs") for v in values_of(view, which)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('substring("😀", 1, 1)', ("String", "\ufffd")),  # half of a pair is no character
        ("null", ("Null", None)),
        ("1.5", ("Double", 1.5)),
        ("2 > 1", ("Boolean", True)),
        ('[1, {a: "b"}]', ("Object", '[1,{"a":"b"}]')),
    ],
)
def test_values_of_any_kind_are_kept(engine, text, expected):
    engine.deploy_decisions(of_literal(text))

    engine.start(engine.deploy(deciding(decision_key="k")))

    (record,) = decided(engine)
    (output,) = values_of({"id": record.id, "outputs": record.outputs}, "outputs")
    assert output["value"][:2] == expected


@pytest.mark.parametrize(
    ("xml", "error", "message"),
    [
        (of_table(("-", "1"), ("-", "2")), HitPolicyError, "DMN-03001"),
        (of_literal("1 +"), DmnEngineError, "failed to parse expression '1 \\+'"),
        (of_literal("for i in 1..1000000000 return i"), DmnEngineError, "too (many steps|large)"),
    ],
)
def test_a_failure_is_that_of_the_decision_and_leaves_nothing(engine, xml, error, message):
    engine.deploy_decisions(xml)

    with pytest.raises(error, match=message) as caught:
        engine.start(engine.deploy(deciding(decision_key="k")), x=1)

    assert not isinstance(caught.value, StartRefusedError)
    assert engine.is_empty()
    assert decided(engine) == []


def test_what_the_task_asks_for_is_evaluated(engine):
    engine.deploy_decisions(of_table(("-", "1")))
    attributes = (
        'camunda:decisionRefBinding="version" camunda:decisionRefVersion="2" '
        'camunda:decisionRefTenantId="${tenant}"'
    )
    model = deciding(decision_key="${which}", attributes=attributes)

    engine.start(engine.deploy(model), which="k", tenant=None)

    assert engine.asked == [("k", "version", "2", None)]


def test_a_decision_that_is_not_there_is_missed_when_it_is_reached(engine):
    graph = engine.deploy(deciding(decision_key="none"))

    with pytest.raises(NullValueError, match="no decision definition deployed with key 'none'"):
        engine.start(graph)


def test_every_instance_of_a_multi_instance_task_decides_by_itself(engine):
    engine.deploy_decisions(definitions(decision(literal("loopCounter * 10", name="r"))))
    model = process(
        '<startEvent id="start"/><businessRuleTask id="rule" camunda:decisionRef="k">'
        '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>3</loopCardinality>'
        "</multiInstanceLoopCharacteristics></businessRuleTask>"
        '<userTask id="after"/>' + flows("start", "rule", "after")
    )

    engine.start(engine.deploy(model))

    outputs = [values_of({"id": r.id, "outputs": r.outputs}, "outputs") for r in decided(engine)]
    assert [found["value"].value for (found,) in outputs] == [0, 10, 20]
    assert len({r.activity_instance_id for r in decided(engine)}) == 3


def test_variables_are_read_in_one_piece_and_seen_from_the_task(engine):
    engine.deploy_decisions(
        definitions(
            decision(table(("> 1", "y"), inputs=("x",)), key="inner")
            + decision(literal("r + z", name="sum", required=("inner",)), key="k")
        )
    )

    assert engine.decisions["k"].file.names("k") == {"x", "y", "r", "z"}
    assert engine.decisions["inner"].file.names("inner") == {"x", "y"}
