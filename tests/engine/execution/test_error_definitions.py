"""The error definitions of an external task: when they hold, and what they see."""

from datetime import timedelta

import pytest

from app.errors import EngineError
from tests.engine.commands import (
    at,
    complete,
    fail_task,
    only_task,
    task_log,
)
from tests.engine.elements import (
    boundary,
    error,
    model,
    sequence,
    start,
    task,
)
from tests.models import flow, flows, process


def throwing(expression):
    """A task that throws when the expression holds, and what comes after each way."""
    definition = (
        '<extensionElements><camunda:errorEventDefinition id="d" errorRef="code" '
        f'expression="{expression}"/></extensionElements>'
    )
    return process(
        '<startEvent id="s"/>'
        + task("t", inner=definition)
        + '<boundaryEvent id="caught" attachedToRef="t"><errorEventDefinition/></boundaryEvent>'
        + task("done")
        + task("handled")
        + flows("s", "t", "done")
        + flows("caught", "handled")
    )


@pytest.mark.parametrize(
    "expression",
    [
        "${externalTask.lockExpirationTime.time &gt; externalTask.createTime.time}",
        "${!externalTask.suspended}",
        "${!externalTask.isSuspended()}",
        "${externalTask.getCreateTime() != null}",
        "${externalTask.workerId == 'w' &amp;&amp; externalTask.getTopicName() == 't'}",
    ],
)
def test_an_error_definition_may_ask_its_task_for_whatever_it_has(engine, expression):
    engine.start(engine.deploy(throwing(expression)))
    (found,) = engine.tasks()
    found.worker_id, found.lock_expiration_time = "w", engine.now + timedelta(minutes=1)

    engine.complete(found)

    assert [t.activity_id for t in engine.tasks()] == ["handled"]


def defined(*definitions):
    """Error event definitions of a task: code and expression."""
    return (
        "<extensionElements>"
        + "".join(
            f'<camunda:errorEventDefinition id="d{n}" errorRef="r.{code}" expression="{text}"/>'
            for n, (code, text) in enumerate(definitions)
        )
        + "</extensionElements>"
    )


def guarded(engine, *definitions):
    events = "".join(
        boundary(f"b{code}", "a", error(code)) + task(f"on_{code}") + flow(f"b{code}", f"on_{code}")
        for code in ("E", "F")
    )
    inner = defined(*definitions)
    return engine.deploy(model(sequence(start(), task("a", inner=inner), task("after")), events))


@pytest.mark.parametrize(
    ("definitions", "reached"),
    [
        pytest.param([("E", "${n == 1}")], "on_E", id="one that holds"),
        pytest.param([("E", "${n == 2}")], "after", id="one that does not"),
        pytest.param([("E", "${n == 2}"), ("F", "${n == 1}")], "on_F", id="the second"),
        pytest.param([("E", "${n == 1}"), ("F", "${n == 1}")], "on_E", id="the first of two"),
        pytest.param([("E", "${null}")], "after", id="null does not hold"),
        pytest.param([("E", "${'true'}")], "after", id="nor does a text"),
        pytest.param([("E", "${n}")], "after", id="nor a number"),
    ],
)
def test_a_definition_that_holds_makes_an_error_of_a_completion(engine, definitions, reached):
    engine.start(guarded(engine, *definitions), n=1)

    complete(engine, "a")

    assert at(engine) == [reached]
    assert task_log(engine, "a")[-1] == ("successful" if reached == "after" else "deleted")


def test_a_definition_that_fails_undoes_a_completion_and_is_passed_over_by_a_failure(engine):
    engine.start(guarded(engine, ("E", "${unknown}")))

    with pytest.raises(EngineError, match="Cannot resolve identifier 'unknown'"):
        complete(engine, "a")
    fail_task(engine, only_task(engine), 2)

    assert only_task(engine).retries == 2
    assert task_log(engine, "a") == ["created", "failed"]


def test_a_definition_sees_the_failure_that_is_reported(engine):
    text = "${externalTask.getErrorMessage() == 'paper'}"
    engine.start(guarded(engine, ("E", text)))
    fail_task(engine, only_task(engine), 3, "ink")
    assert at(engine) == ["a"]

    fail_task(engine, only_task(engine), 3, "paper")

    assert at(engine) == ["on_E"]
    assert task_log(engine, "a") == ["created", "failed", "deleted"]
