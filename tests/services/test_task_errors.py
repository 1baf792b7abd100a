"""Errors and escalations that people report of a user task."""

import pytest

from app.errors import BadUserRequestError, EngineError, NotFoundError, NullValueError
from app.services import tasks, variables
from tests.models import flow, flows, process

from .conftest import values

CAUGHT = process(
    '<startEvent id="start"/><userTask id="do"/>'
    '<boundaryEvent id="refused" attachedToRef="do"><errorEventDefinition errorRef="no"/>'
    '</boundaryEvent><boundaryEvent id="late" attachedToRef="do" cancelActivity="false">'
    '<escalationEventDefinition escalationRef="tardy"/></boundaryEvent>'
    '<userTask id="repair"/><userTask id="hurry"/><endEvent id="end"/>'
    + flows("start", "do", "end")
    + flow("refused", "repair")
    + flow("late", "hurry"),
    "caught",
).replace(
    '<process id="caught"',
    '<error id="no" errorCode="no"/><escalation id="tardy" escalationCode="late"/>'
    '<process id="caught"',
)


@pytest.fixture(scope="module")
def catching(engine):
    """The engine with a process whose task is left by errors and escalations."""
    engine.deploy(CAUGHT)
    return engine


def throw(engine, task_id, code="no"):
    tasks.handle_bpmn_error(
        engine.store, task_id, error_code=code, error_message="m", variables=values(v=1)
    )


def escalate(engine, task_id, code="late"):
    tasks.handle_bpmn_escalation(engine.store, task_id, escalation_code=code, variables=values(v=1))


def names_of(engine, instance):
    found = engine.find("task", process_instance_id=instance)
    return sorted(one["task_definition_key"] for one in found)


def test_an_error_leaves_the_task_for_whoever_catches_it(catching):
    instance = catching.start("caught")

    throw(catching, catching.task_of(instance))

    assert names_of(catching, instance) == ["repair"]
    assert variables.get(catching.store, instance, "v").value == 1


def test_an_escalation_leaves_the_task_where_it_is(catching):
    instance = catching.start("caught")

    escalate(catching, catching.task_of(instance))

    assert names_of(catching, instance) == ["do", "hurry"]


def test_an_error_that_nobody_catches_ends_the_task(engine, instance, task_id):
    throw(engine, task_id, "other")

    assert engine.find("process_instance", process_instance_ids=[instance]) == []


def test_an_escalation_that_nobody_catches_changes_nothing(engine, instance, task_id):
    with pytest.raises(EngineError) as caught:
        escalate(engine, task_id, "other")

    assert str(caught.value) == (
        "ENGINE-02043 Execution with id 'do' throws an escalation event with escalationCode "
        "'other', but no escalation handler was defined. "
    )
    assert variables.get(engine.store, instance, "v") is None


@pytest.mark.parametrize(("command", "name"), [(throw, "errorCode"), (escalate, "escalationCode")])
@pytest.mark.parametrize(
    ("code", "problem"), [(None, "is null"), ("", "is empty"), (" \n", "is empty")]
)
def test_a_code_is_missed_before_the_task(engine, command, name, code, problem):
    with pytest.raises(BadUserRequestError) as caught:
        command(engine, "unknown", code)

    assert str(caught.value) == f"{name} {problem}"


@pytest.mark.parametrize("command", [throw, escalate])
def test_with_a_code_an_unknown_task_is_missing(engine, command):
    with pytest.raises(NotFoundError) as caught:
        command(engine, "unknown")

    assert not isinstance(caught.value, NullValueError)
    assert str(caught.value) == "Cannot find task with id unknown: task is null"
