"""A signal to an execution resumes what waits for one, and nothing else (semantics 10)."""

import pytest

from tests.models import flows, process

from .calling import Caller

REFUSED = "ENGINE-02010 The activity with id '{}' doesn't accept signals."
MISSING = (
    "Cannot construct activity-execution mapping: there are more scope executions missing than "
    "explained by the flow scope hierarchy."
)
JOB = 'camunda:asyncBefore="true"'
TWICE = (
    "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
    "</multiInstanceLoopCharacteristics>"
)


def signaled(client, contents, *ids):
    """The answer to a signal to the one execution that stands at an activity; its text."""
    api = Caller(client)
    api.deploy(process(f'<startEvent id="start"/>{contents}' + flows("start", *ids), "signaled"))
    api.start("signaled")
    return send(api, api.get("/execution")[0]["id"])


def send(api, execution_id):
    status, answer = api.call("POST", f"/execution/{execution_id}/signal", {})
    before = f"Cannot signal execution {execution_id}: "
    return status, answer["message"].removeprefix(before) if answer else ""


@pytest.mark.parametrize(
    ("contents", "place"),
    [
        (f'<exclusiveGateway id="a" {JOB}/>', "a"),
        (f'<parallelGateway id="a" {JOB}/>', "a"),
        (f'<task id="a" {JOB}/>', "a"),
        (f'<intermediateThrowEvent id="a" {JOB}/>', "a"),
        (f'<serviceTask id="a" {JOB} camunda:expression="${{1}}"/>', "a"),
        (f'<callActivity id="a" {JOB} calledElement="x"/>', "a"),
        (f'<subProcess id="a" {JOB}><startEvent id="in"/></subProcess>', "a"),
        ('<serviceTask id="a" camunda:asyncAfter="true" camunda:expression="${1}"/>', "a"),
        (f'<manualTask id="a" {JOB}>{TWICE}</manualTask>', "a#multiInstanceBody"),
    ],
)
def test_what_waits_for_its_job_alone_refuses_it(client, contents, place):
    contents += '<userTask id="b"/>'
    assert signaled(client, contents, "a", "b") == (500, REFUSED.format(place))


def test_a_scope_that_waits_for_its_job_misses_it(client):
    contents = f'<serviceTask id="a" {JOB} camunda:type="external" camunda:topic="t"/>'
    assert signaled(client, contents, "a") == (500, MISSING)


@pytest.mark.parametrize("is_suspended", [False, True])
def test_a_gateway_that_waits_for_events_refuses_it(client, is_suspended):
    api = Caller(client)
    event = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    contents = '<startEvent id="start"/><eventBasedGateway id="a"/><intermediateCatchEvent id="b">'
    contents += f"{event}</intermediateCatchEvent>" + flows("start", "a", "b")
    api.deploy(process(contents, "signaled"))
    instance = api.start("signaled")
    api.call("PUT", f"/process-instance/{instance}/suspended", {"suspended": is_suspended})

    assert send(api, api.get("/execution?activityId=a")[0]["id"]) == (500, REFUSED.format("a"))


def test_a_token_that_waits_for_others_at_a_gateway_refuses_it(client):
    api = Caller(client)
    contents = '<startEvent id="start"/><parallelGateway id="fork"/><userTask id="a"/>'
    contents += '<parallelGateway id="join"/>' + flows("start", "fork", "a", "join")
    contents += '<sequenceFlow id="direct" sourceRef="fork" targetRef="join"/>'
    api.deploy(process(contents, "signaled"))
    api.start("signaled")

    answers = [send(api, execution["id"]) for execution in api.get("/execution?activityId=join")]

    assert answers == [(500, REFUSED.format("join"))]


@pytest.mark.parametrize(
    "contents",
    [
        '<receiveTask id="a"/>',
        '<serviceTask id="a" camunda:type="external" camunda:topic="t"/>',
        '<intermediateCatchEvent id="a"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>",
    ],
)
def test_what_waits_from_outside_is_left(client, contents):
    api = Caller(client)
    contents = f'<startEvent id="start"/>{contents}<userTask id="b"/>' + flows("start", "a", "b")
    api.deploy(process(contents, "signaled"))
    api.start("signaled")

    assert send(api, api.get("/execution?activityId=a")[0]["id"]) == (204, "")
    assert [task["taskDefinitionKey"] for task in api.get("/task")] == ["b"]
