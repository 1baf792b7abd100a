"""How tokens move: each test one scenario, read from the history."""

import pytest

from app.engine import state
from app.engine.state.values import TypedValue
from app.errors import EndlessRunError, EngineError
from tests.models import LOOP, flow, flows, parallel, process, task


def test_a_loop_of_ten_thousand_hops_needs_no_recursion(engine):
    graph = engine.deploy(
        process(
            '<startEvent id="s"/><exclusiveGateway id="again"/><endEvent id="e"/>'
            '<serviceTask id="count" camunda:expression="${n + 1}" camunda:resultVariable="n"/>'
            '<exclusiveGateway id="more" default="more_e"/>'
            + flows("s", "again", "count", "more", "e")
            + flow("more", "again", "${n < 10000}")
        )
    )

    engine.start(graph, n=0)

    assert engine.is_empty()
    assert list(engine.instances().values()) == ["COMPLETED"]


def test_a_loop_that_never_waits_is_stopped_and_changes_nothing(engine):
    graph = engine.deploy(
        process(
            '<startEvent id="s"/><exclusiveGateway id="again"/><manualTask id="hop"/>'
            + flows("s", "again", "hop", "again")
        )
    )

    with pytest.raises(EndlessRunError, match="within 100000 steps"):
        engine.start(graph)

    assert not engine.rows[state.Execution]


def test_a_loop_gives_each_visit_its_own_execution(engine):
    graph = engine.deploy(LOOP)
    engine.start(graph)
    seen = set()

    for more in (True, True, False):
        (found,) = engine.tasks()
        seen.add(found.execution_id)
        engine.complete(found, more=more)

    assert len(seen) == 3
    assert engine.is_empty()


def test_branches_start_in_the_order_of_their_flows(engine):
    graph = engine.deploy(parallel(3))

    engine.start(graph)

    assert [t.activity_id for t in engine.tasks()] == ["t0", "t1", "t2"]


def test_a_failed_resume_leaves_every_row_as_it_was(engine):
    graph = engine.deploy(
        process(
            '<startEvent id="s"/>'
            + task("t")
            + '<exclusiveGateway id="g"/><endEvent id="a"/><endEvent id="b"/>'
            + flows("s", "t", "g")
            + flow("g", "a", "${x == 1}")
            + flow("g", "b", "${x == 2}")
        )
    )
    engine.start(graph)
    (found,) = engine.tasks()

    with pytest.raises(EngineError, match="ENGINE-02004"):
        engine.complete(found, x=3)

    assert engine.tasks() == [found]
    assert engine.variables() == {}


def test_local_variables_go_with_their_task(engine):
    graph = engine.deploy(
        process('<startEvent id="s"/>' + task("a") + task("b") + flows("s", "a", "b"))
    )
    engine.start(graph)

    engine.complete(engine.tasks("a")[0], local={"mine": 1}, ours=2)

    assert engine.variables() == {"ours": 2}


def test_an_interrupting_message_cancels_the_task(engine):
    xml = process(
        '<startEvent id="s"/>'
        + task("t")
        + '<boundaryEvent id="stop" attachedToRef="t"><messageEventDefinition messageRef="m"/>'
        "</boundaryEvent>"
        + task("after")
        + '<endEvent id="e"/>'
        + flows("s", "t", "e")
        + flows("stop", "after")
    ).replace("<process", '<message id="m" name="halt"/><process')
    graph = engine.deploy(xml)
    engine.start(graph)

    engine.send("halt")

    assert [t.activity_id for t in engine.tasks()] == ["after"]
    assert engine.visits() == ["s", "t (canceled)", "stop", "after …"]


def test_a_class_becomes_an_external_task_where_a_topic_stands_in_for_it(engine):
    graph = engine.deploy(
        process(
            '<startEvent id="s"/><serviceTask id="t" camunda:class="com.example.Charge"/>'
            '<endEvent id="e"/>' + flows("s", "t", "e")
        )
    )
    with pytest.raises(EngineError, match=r"Cannot load class 'com\.example\.Charge'"):
        engine.start(graph)

    engine.delegates["com.example.Charge"] = "charge"
    engine.start(graph)

    (found,) = engine.tasks()
    assert found.topic_name == "charge"
    engine.complete(found)
    assert not engine.rows[state.Execution]


def test_an_inclusive_join_waits_for_a_token_that_is_still_on_its_flow(engine):
    """The first branch arrives before the second one has been started."""
    graph = engine.deploy(
        process(
            '<startEvent id="s"/><inclusiveGateway id="fork"/><inclusiveGateway id="join"/>'
            + task("slow")
            + task("never")
            + '<endEvent id="e"/>'
            + flows("s", "fork", "join", "e")
            + flow("fork", "slow", "${true}")
            + flow("fork", "never", "${false}")
            + flow("slow", "join")
            + flow("never", "join")
        )
    )
    engine.start(graph)
    assert engine.visits() == ["s", "fork", "join …", "slow …"]

    engine.complete(*engine.tasks())

    assert engine.visits().count("e") == 1
    assert engine.is_empty()


CONDITIONAL = (
    '<boundaryEvent id="when" attachedToRef="{}" cancelActivity="{}"><conditionalEventDefinition>'
    '<condition xsi:type="tFormalExpression">${{x == 1}}</condition>'
    "</conditionalEventDefinition></boundaryEvent>"
)


def guarded(cancels):
    return process(
        '<startEvent id="s"/>'
        + task("t")
        + CONDITIONAL.format("t", cancels)
        + task("then")
        + '<endEvent id="e"/>'
        + flows("s", "t", "e")
        + flows("when", "then")
    )


def test_a_condition_that_holds_when_the_activity_is_entered_interrupts_it_before_it_begins(engine):
    graph = engine.deploy(guarded("true"))

    engine.start(graph, x=1)

    assert [t.activity_id for t in engine.tasks()] == ["then"]
    assert engine.visits() == ["s", "t (canceled)", "when", "then …"]


def test_a_condition_that_holds_when_the_activity_is_entered_may_add_a_token(engine):
    graph = engine.deploy(guarded("false"))

    engine.start(graph, x=1)

    assert sorted(t.activity_id for t in engine.tasks()) == ["t", "then"]


def test_a_condition_that_does_not_hold_yet_waits_for_a_change(engine):
    graph = engine.deploy(guarded("true"))

    engine.start(graph, x=0)

    assert [t.activity_id for t in engine.tasks()] == ["t"]


def test_a_typed_variable_is_handed_on_with_its_type(engine):
    mapping = (
        "<extensionElements><camunda:inputOutput>"
        '<camunda:outputParameter name="copy">${execution.getVariableTyped("made")}'
        '</camunda:outputParameter><camunda:outputParameter name="none">'
        '${execution.getVariableTyped("missing")}</camunda:outputParameter>'
        "</camunda:inputOutput></extensionElements>"
    )
    graph = engine.deploy(
        process(
            '<startEvent id="s"/>' + task("t", inner=mapping) + task("u") + flows("s", "t", "u")
        )
    )
    engine.start(graph)

    engine.complete(*engine.tasks(), local={"made": TypedValue("Json", '{"a":1}')})

    stored = {v.name: (v.type, v.text_value) for v in engine.rows[state.Variable].values()}
    assert stored == {"copy": ("Json", '{"a":1}'), "none": ("Null", None)}


@pytest.mark.parametrize("element", ["exclusiveGateway", "inclusiveGateway", "task"])
def test_a_default_flow_of_another_activity_is_never_taken(engine, element):
    graph = engine.deploy(
        process(
            f'<startEvent id="s"/><{element} id="x" default="y_e"/>'
            '<task id="y"/><task id="z"/><endEvent id="e"/>'
            + flows("s", "x")
            + flow("x", "y", "${1 == 2}")
            + flow("x", "z", "${1 == 2}")
            + flows("y", "e")
        )
    )

    with pytest.raises(EngineError, match="ENGINE-02005 Default sequence flow 'y_e' for element"):
        engine.start(graph)


@pytest.mark.parametrize("gateway", ["parallelGateway", "inclusiveGateway"])
def test_the_end_of_a_join_is_told_for_each_token_before_one_goes_on(engine, gateway):
    told = "<extensionElements>" + "".join(
        f'<camunda:executionListener event="{event}" expression="'
        f"${{execution.setVariable('log', log.concat(' {event}'))}}\"/>"
        for event in ("start", "end")
    )
    graph = engine.deploy(
        process(
            '<startEvent id="s"/><parallelGateway id="fork"/><manualTask id="a"/>'
            f'<manualTask id="b"/><{gateway} id="join">{told}</extensionElements></{gateway}>'
            + task("t")
            + flows("s", "fork", "a", "join", "t")
            + flows("fork", "b", "join")
        )
    )

    engine.start(graph, log="")

    assert engine.variables()["log"] == " start start end end"


def test_an_inclusive_gateway_that_nothing_leaves_cannot_be_passed(engine):
    graph = engine.deploy(
        process('<startEvent id="s"/><inclusiveGateway id="g"/>' + flows("s", "g"))
    )

    with pytest.raises(EngineError, match="No outgoing sequence flow"):
        engine.start(graph)
