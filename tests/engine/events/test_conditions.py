"""When a conditional event looks at its condition, and what it may be."""

import pytest

from app.engine.state import Job
from app.errors import EngineError
from tests.models import flows, process, task


def watched(condition, attributes=""):
    return process(
        '<startEvent id="s"/>'
        + task("a")
        + task("b")
        + '<parallelGateway id="fork"/><boundaryEvent id="event" attachedToRef="a">'
        f"<conditionalEventDefinition {attributes}>"
        f'<condition xsi:type="tFormalExpression">{condition}</condition>'
        "</conditionalEventDefinition></boundaryEvent>"
        + task("caught")
        + flows("s", "fork", "a")
        + flows("fork", "b")
        + flows("event", "caught")
    )


def test_a_condition_is_looked_at_after_the_events_that_it_names(engine):
    changes = 'camunda:variableName="x" camunda:variableEvents="create, delete"'
    graph = engine.deploy(watched("${x == 2}", changes))
    engine.start(graph, x=1)

    engine.complete(engine.tasks("b")[0], x=2)

    assert not engine.tasks("caught")


def test_a_condition_is_looked_at_after_every_event_when_it_names_none(engine):
    graph = engine.deploy(watched("${x == 2}", 'camunda:variableName="x"'))
    engine.start(graph, x=1)

    engine.complete(engine.tasks("b")[0], x=2)

    assert engine.tasks("caught")


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("${x}", "condition expression returns non-Boolean: result has class java.lang.Integer"),
        ("${null}", "condition expression returns null: result is null"),
        ("${x.get(1)}", "Unknown method used in expression"),
    ],
)
def test_a_condition_that_is_no_boolean_fails_the_command_that_changes_a_variable(
    engine, condition, message
):
    graph = engine.deploy(watched("${go ? " + condition[2:-1] + " : false}"))
    engine.start(graph, go=False)

    with pytest.raises(EngineError, match=message):
        engine.complete(engine.tasks("b")[0], go=True, x=9)

    assert len(engine.tasks()) == 2


def test_a_condition_on_a_name_that_is_unknown_yet_does_not_hold(engine):
    graph = engine.deploy(watched("${x == 2}"))

    engine.start(graph)
    assert len(engine.tasks()) == 2

    engine.complete(engine.tasks("b")[0], x=2)
    assert engine.tasks("caught")


@pytest.mark.parametrize("target", [task("next"), task("next", camunda_asyncBefore="true")])
def test_what_outputs_set_off_may_take_the_token_away_before_the_next_activity(engine, target):
    output = (
        '<extensionElements><camunda:inputOutput><camunda:outputParameter name="x">${2}'
        "</camunda:outputParameter></camunda:inputOutput></extensionElements>"
    )
    model = process(
        '<startEvent id="s"/>'
        f'<manualTask id="sets">{output}</manualTask>'
        + target
        + '<subProcess id="event" triggeredByEvent="true"><startEvent id="when">'
        '<conditionalEventDefinition><condition xsi:type="tFormalExpression">${x == 2}</condition>'
        "</conditionalEventDefinition></startEvent>"
        + task("caught")
        + flows("when", "caught")
        + "</subProcess>"
        + flows("s", "sets", "next")
    )

    engine.start(engine.deploy(model), x=1)

    assert [t.activity_id for t in engine.tasks()] == ["caught"]
    assert "next" not in engine.visits()
    assert not engine.rows[Job]
