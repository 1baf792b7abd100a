"""Instances whose start waits for a job: listeners, calls, tokens beside it (semantics 2.4)."""

import pytest

from app.errors import ExpressionError
from tests.engine.commands import (
    at,
    only_job,
)
from tests.engine.elements import (
    model,
    sequence,
    start,
    task,
)
from tests.models import flows, process

from .models import WAIT, receiving


@pytest.mark.parametrize("name", ["who", ""])
def test_the_variable_of_the_user_who_starts_has_the_name_that_the_model_says(engine, name):
    start = f'<startEvent id="s" camunda:initiator="{name}"/>'

    engine.start(engine.deploy(receiving(start + '<userTask id="u"/>' + flows("s", "u"))))

    assert engine.variables() == {name: None}


def told(event, what):
    text = f"${{execution.setVariable('log', log.concat(' {what}'))}}"
    return f'<camunda:executionListener event="{event}" expression="{text}"/>'


def extended(*listeners):
    return f"<extensionElements>{''.join(listeners)}</extensionElements>"


def starting_with(listener):
    """A process whose start waits for a job, and that is notified of its start."""
    return process(
        extended(listener)
        + f'<startEvent id="s" {WAIT}>'
        + extended(told("start", "event"))
        + "</startEvent>"
        + task("t")
        + flows("s", "t")
    )


def test_a_process_is_told_of_its_start_by_the_job_of_its_start_event(engine):
    engine.start(engine.deploy(starting_with(told("start", "process"))), log="")

    assert only_job(engine).activity_id == "s"
    assert engine.variables() == {"log": ""}
    assert engine.visits() == []

    engine.execute(only_job(engine))

    assert engine.variables()["log"] == " process event"
    assert engine.visits() == ["s", "t …"]


def test_a_start_listener_that_fails_leaves_the_job_of_the_start(engine):
    listener = '<camunda:executionListener event="start" expression="${unknown}"/>'
    engine.start(engine.deploy(starting_with(listener)), log="")

    with pytest.raises(ExpressionError, match="unknown"):
        engine.execute(only_job(engine))

    assert only_job(engine).activity_id == "s"
    assert engine.visits() == []


def test_a_called_process_is_told_of_its_start_by_the_job_of_its_start_event(engine):
    engine.deploy(starting_with(told("start", "process")))
    caller = process(
        '<startEvent id="s"/><callActivity id="call" calledElement="p">'
        '<extensionElements><camunda:in variables="all"/></extensionElements></callActivity>'
        + flows("s", "call"),
        key="caller",
    )
    engine.start(engine.deploy(caller), log="")

    assert engine.tasks() == []
    engine.execute(only_job(engine))

    assert [t.activity_id for t in engine.tasks()] == ["t"]


def test_a_token_that_starts_beside_a_parked_start_leaves_its_job_alone(engine):
    graph = engine.deploy(
        receiving(
            extended(told("start", "process"))
            + f'<startEvent id="s" {WAIT}/>'
            + task("t")
            + flows("s", "t")
            + '<subProcess id="sub" triggeredByEvent="true">'
            '<startEvent id="i" isInterrupting="false">'
            '<messageEventDefinition messageRef="go"/></startEvent>'
            + task("handle")
            + flows("i", "handle")
            + "</subProcess>"
        )
    )
    engine.start(graph, log="")

    engine.send("go")
    engine.execute(only_job(engine))

    assert sorted(t.activity_id for t in engine.tasks()) == ["handle", "t"]
    assert engine.variables()["log"] == " process"


def test_a_start_event_may_wait_for_a_job(engine):
    instance = engine.start(
        engine.deploy(model(sequence(start(camunda_asyncBefore="true"), task("a"))))
    )
    assert engine.visits() == []

    engine.execute(only_job(engine))

    assert at(engine) == ["a"]
    assert engine.instances() == {instance: "ACTIVE"}
