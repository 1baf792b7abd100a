"""Listeners that a worker does: errors, deletions and events while a token waits for them."""

import pytest

from app.engine import state
from app.engine.execution import cancellation
from tests.engine.elements import extensions
from tests.models import flow, process, task

from .listening import PLACES, WORK, between, do, listener, listening_flow, sub, waiting

BOUNDARY = (
    '<boundaryEvent id="caught" attachedToRef="a"><errorEventDefinition errorRef="broken"/>'
    "</boundaryEvent>"
)


@pytest.mark.parametrize("event", ["start", "end"])
@pytest.mark.parametrize("content", [task("a", inner="{}"), sub("a", "{}")], ids=["task", "sub"])
def test_a_worker_throws_an_error_in_place_of_a_listener(engine, content, event):
    engine.delegates = WORK
    found = extensions(listener(event, "org.X"))
    content = content.replace("{}", found).replace("<extensionElements></extensionElements>", "")
    model = between(content + BOUNDARY + task("y") + flow("caught", "y"))
    engine.start(engine.deploy(model))
    for work in [t for t in engine.tasks() if t.topic_name == "a"]:
        engine.complete(work)
    (work,) = engine.tasks()
    assert work.topic_name == "x"

    engine.bpmn_error(work, "broken")

    assert waiting(engine) == [("y", "y")]


@pytest.mark.parametrize("place", ["start", "end", "flow", "begin", "finish"])
def test_an_error_that_nobody_catches_ends_the_token(engine, place):
    engine.delegates = WORK
    own = extensions(listener(place)) if place in ("start", "end") else ""
    of_process = {"begin": listener("start"), "finish": listener("end")}.get(place, "")
    last = listening_flow("a", "b", listener("x")) if place == "flow" else ""
    model = process(
        extensions(of_process)
        + f'<startEvent id="s"/><task id="a">{own}</task><task id="b"/>{last}'
        + flow("s", "a")
    )
    instance = engine.start(engine.deploy(model))
    (work,) = engine.tasks()

    engine.bpmn_error(work, "broken")

    assert engine.is_empty()
    assert engine.instances() == {instance: "COMPLETED"}


@pytest.mark.parametrize(("content", "topics"), PLACES.values(), ids=PLACES)
def test_nothing_is_left_of_an_instance_that_is_deleted_while_it_waits(engine, content, topics):
    engine.delegates = {**WORK, "org.Y": {"ignore": True}}
    model = between(content, "g" if "eventBasedGateway" in content else "a")
    model = model.replace("<process", '<message id="m" name="m"/><process')
    instance = engine.start(engine.deploy(model))
    if not engine.tasks():
        engine.send("m")

    engine.command(
        lambda run, host: cancellation.delete_process_instance(run, host.execution(instance), None)
    )

    assert engine.is_empty()
    assert engine.instances() == {instance: "EXTERNALLY_TERMINATED"}


def test_events_happen_while_a_start_is_waited_for_and_not_while_an_end_is(engine):
    engine.delegates = WORK
    event = (
        '<startEvent id="asked" isInterrupting="{}"><messageEventDefinition messageRef="m"/>'
        "</startEvent>"
    )
    for interrupts, left in (("false", {("x", "a"), ("q", "q")}), ("true", {("q", "q")})):
        inner = sub(
            "e", event.format(interrupts) + task("q") + flow("asked", "q"), triggeredByEvent="true"
        )
        model = between(sub("a", inner, listener("start"), listener("end", "org.Y")))
        engine.start(engine.deploy(model.replace("<process", '<message id="m" name="m"/><process')))

        engine.send("m")

        assert set(waiting(engine)) == left
        do(engine, "q")
        if interrupts == "false":
            do(engine, "x")
        assert waiting(engine) == [("y", "a")]
        assert engine.rows[state.EventSubscription] == {}
        do(engine, "y")
        do(engine, "z")
        assert engine.is_empty()
