"""Events that change the tree of executions around the token that sets them off."""

import pytest

from app.engine import state
from tests.models import flows, process, task

DECLARED = (
    '<signal id="alarm" name="alarm"/><escalation id="late" escalationCode="L"/>'
    '<message id="go" name="go"/>'
)
SIGNAL = '<signalEventDefinition signalRef="alarm"/>'
ESCALATION = '<escalationEventDefinition escalationRef="late"/>'
CONDITION = (
    '<conditionalEventDefinition><condition xsi:type="tFormalExpression">${v == 1}</condition>'
    "</conditionalEventDefinition>"
)
THROWERS = [
    (f'<intermediateThrowEvent id="x">{SIGNAL}</intermediateThrowEvent>', SIGNAL),
    (f'<intermediateThrowEvent id="x">{ESCALATION}</intermediateThrowEvent>', ESCALATION),
    ('<serviceTask id="x" camunda:expression="${1}" camunda:resultVariable="v"/>', CONDITION),
]


def event_subprocess(definition, interrupts):
    how = str(interrupts).lower()
    return (
        '<subProcess id="aside" triggeredByEvent="true">'
        f'<startEvent id="event" isInterrupting="{how}">{definition}</startEvent>'
        + task("inside")
        + flows("event", "inside")
        + "</subProcess>"
    )


def in_process(contents, first):
    return f'<startEvent id="s"/>{contents}' + flows("s", first)


def in_subprocess(contents, first):
    inner = f'<startEvent id="i"/>{contents}' + flows("i", first)
    return f'<startEvent id="s"/><subProcess id="sub">{inner}</subProcess>' + flows("s", "sub")


def deploy(engine, content):
    return engine.deploy(process(content).replace("<process ", f"{DECLARED}<process ", 1))


def finish(engine):
    for found in engine.tasks():
        engine.complete(found)
    assert engine.is_empty()


@pytest.mark.parametrize("where", [in_process, in_subprocess])
@pytest.mark.parametrize(("thrower", "definition"), THROWERS)
def test_an_event_may_start_something_beside_the_token_that_sets_it_off(
    engine, where, thrower, definition
):
    contents = thrower + task("next") + flows("x", "next") + event_subprocess(definition, False)
    graph = deploy(engine, where(contents, "x"))

    engine.start(graph)

    assert sorted(t.activity_id for t in engine.tasks()) == ["inside", "next"]
    assert "x" in engine.visits()
    finish(engine)


@pytest.mark.parametrize("where", [in_process, in_subprocess])
@pytest.mark.parametrize(("thrower", "definition"), THROWERS)
def test_an_event_may_interrupt_the_token_that_sets_it_off(engine, where, thrower, definition):
    contents = thrower + task("next") + flows("x", "next") + event_subprocess(definition, True)
    graph = deploy(engine, where(contents, "x"))

    engine.start(graph)

    assert [t.activity_id for t in engine.tasks()] == ["inside"]
    assert "x (canceled)" in engine.visits()
    finish(engine)


@pytest.mark.parametrize("next_", ['<userTask id="x"/>', task("x"), '<task id="x"/>'])
@pytest.mark.parametrize("where", [in_process, in_subprocess])
def test_a_condition_that_holds_when_its_scope_opens_may_start_something_beside_its_token(
    engine, where, next_
):
    graph = deploy(engine, where(next_ + event_subprocess(CONDITION, False), "x"))
    engine.start(graph, v=1)

    assert "x" in {visit.split()[0] for visit in engine.visits()}
    for found in list(engine.rows[state.Task].values()):
        engine.complete_user_task(found)
    finish(engine)


@pytest.mark.parametrize("where", [in_process, in_subprocess])
def test_a_condition_that_holds_when_its_scope_opens_may_take_the_place_of_its_start(engine, where):
    graph = deploy(engine, where(task("x") + event_subprocess(CONDITION, True), "x"))

    engine.start(graph, v=1)

    assert [t.activity_id for t in engine.tasks()] == ["inside"]
    finish(engine)


def test_an_event_behind_a_gateway_has_no_scope_of_its_own(engine):
    event = (
        '<eventBasedGateway id="g"/><intermediateCatchEvent id="c">'
        '<messageEventDefinition messageRef="go"/></intermediateCatchEvent><userTask id="u"/>'
    )
    model = process(f'<startEvent id="s"/>{event}' + flows("s", "g", "c", "u"))
    instance = engine.start(
        engine.deploy(model.replace("<process ", '<message id="go" name="go"/><process ', 1))
    )

    engine.send("go")

    (visit,) = [r for r in engine.history.values() if getattr(r, "activity_id", None) == "c"]
    assert visit.execution_id == instance


@pytest.mark.parametrize("interrupts", [True, False])
@pytest.mark.parametrize("gateway", ["", '<eventBasedGateway id="g"/>'])
def test_an_event_inside_an_event_subprocess_does_not_start_it_again(engine, gateway, interrupts):
    message = '<messageEventDefinition messageRef="go"/>'
    path = ["event", *(["g"] if gateway else []), "c", "inside"]
    aside = event_subprocess(SIGNAL, interrupts).replace(
        flows("event", "inside"),
        f'{gateway}<intermediateCatchEvent id="c">{message}</intermediateCatchEvent>'
        + flows(*path),
    )
    thrower = f'<intermediateThrowEvent id="x">{SIGNAL}</intermediateThrowEvent>'
    engine.start(
        deploy(engine, in_process(thrower + task("next") + flows("x", "next") + aside, "x"))
    )

    engine.send("go")

    assert [t.activity_id for t in engine.tasks("inside")] == ["inside"]
    assert [v.split()[0] for v in engine.visits()].count("aside") == 1
    finish(engine)
