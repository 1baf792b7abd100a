"""A suspended instance: no event, job or called instance moves its tokens (semantics 4.6)."""

import pytest

from tests.models import flows, process

from .calling import Caller

MESSAGE = '<message id="paid" name="paid"/>'
WAITING = process(
    '<startEvent id="start"/><receiveTask id="wait" messageRef="paid"/><endEvent id="end"/>'
    + flows("start", "wait", "end"),
    "waiting",
).replace("<process ", f"{MESSAGE}<process ", 1)
HOURS = "<timeDuration>PT1H</timeDuration>"
ALARM = '<signal id="alarm" name="alarm"/>'
CALLED = process(
    '<startEvent id="begin"/><userTask id="inside"/>' + flows("begin", "inside"), "called"
)
CALLING = process(
    '<startEvent id="start"/><callActivity id="call" calledElement="called"/><userTask id="after"/>'
    + flows("start", "call", "after"),
    "calling",
)
PATHS = {
    "signal": "Cannot signal execution {id}: ",
    "messageSubscriptions/paid/trigger": "Cannot trigger message paid for execution {id}: ",
}


@pytest.mark.parametrize("path", PATHS)
def test_a_suspended_execution_stays_where_it_is(client, path):
    api = Caller(client)
    api.deploy(WAITING)
    instance = api.start("waiting")
    execution = api.get("/execution?activityId=wait")[0]["id"]
    api.call("PUT", f"/process-instance/{instance}/suspended", {"suspended": True})

    status, answer = api.call("POST", f"/execution/{execution}/{path}", {})

    text = f"ENGINE-03043 Execution with id '{execution}' is suspended."
    assert (status, answer["type"]) == (500, "RestException")
    assert answer["message"] == PATHS[path].format(id=execution) + text
    assert api.count("/process-instance") == 1

    api.call("PUT", f"/process-instance/{instance}/suspended", {"suspended": False})
    api.post(f"/execution/{execution}/{path}", {})
    assert api.count("/process-instance") == 0


def catching(definition, *, outer=""):
    """A process that waits for an event."""
    contents = f'<startEvent id="start"/><intermediateCatchEvent id="wait">{definition}'
    contents += '</intermediateCatchEvent><userTask id="after"/>' + flows("start", "wait", "after")
    return process(contents, "catching").replace("<process ", f"{outer}<process ", 1)


def suspended(client, model, key, **variables):
    """An instance that was suspended, and what calls the engine."""
    api = Caller(client)
    api.deploy(model)
    instance = api.start(key, **variables)
    api.call("PUT", f"/process-instance/{instance}/suspended", {"suspended": True})
    return api, instance


def places(api, instance):
    """The activities, and those in front of or behind which a token waits for a job."""
    tree = api.get(f"/process-instance/{instance}/activity-instances")
    found = tree["childActivityInstances"] + tree["childTransitionInstances"]
    return [child["activityId"] for child in found]


def test_a_signal_to_its_execution_is_refused(client):
    model = catching('<signalEventDefinition signalRef="alarm"/>', outer=ALARM)
    api, instance = suspended(client, model, "catching")
    execution = api.get("/execution?signalEventSubscriptionName=alarm")[0]["id"]

    answer = api.call("POST", "/signal", {"name": "alarm", "executionId": execution})

    text = f"ENGINE-03043 Execution with id '{execution}' is suspended."
    refusal = {"type": "SuspendedEntityInteractionException", "message": text, "code": 0}
    assert answer == (400, refusal)
    assert places(api, instance) == ["wait"]


def test_a_signal_to_all_passes_it_over(client):
    model = catching('<signalEventDefinition signalRef="alarm"/>', outer=ALARM)
    api, instance = suspended(client, model, "catching")
    other = api.start("catching")

    api.post("/signal", {"name": "alarm"})

    assert (places(api, instance), places(api, other)) == (["wait"], ["after"])


def test_a_variable_that_would_trigger_a_conditional_event_is_refused(client):
    condition = "<conditionalEventDefinition><condition>${n == 1}</condition>"
    model = catching(f"{condition}</conditionalEventDefinition>")
    api, instance = suspended(client, model, "catching", n=0)
    execution = api.get("/execution")[0]["id"]
    path = f"/process-instance/{instance}/variables/n"

    status, answer = api.call("PUT", path, {"value": 1})

    assert (status, answer["type"]) == (500, "RestException")
    assert answer["message"].endswith("is suspended.")
    assert api.get(path)["value"] == 0
    assert execution


def test_an_instance_that_it_has_called_does_not_end(client):
    api = Caller(client)
    api.deploy(CALLED)
    api, instance = suspended(client, CALLING, "calling")
    (task,) = api.get("/task")
    caller = api.get("/execution?activityId=call")[0]["id"]

    status, answer = api.call("POST", f"/task/{task['id']}/complete", {})

    text = f"ENGINE-03043 Execution with id '{caller}' is suspended."
    assert (status, answer["message"]) == (500, f"Cannot complete task {task['id']}: {text}")
    assert places(api, instance) == ["call"]


@pytest.mark.parametrize(
    ("first", "second", "failed"),
    [
        ('<task id="a" camunda:asyncBefore="true"/>', '<userTask id="b"/>', "a"),
        ('<task id="a" camunda:asyncAfter="true"/>', '<userTask id="b"/>', "b"),
        (
            f'<intermediateCatchEvent id="a"><timerEventDefinition>{HOURS}'
            "</timerEventDefinition></intermediateCatchEvent>",
            '<userTask id="b"/>',
            None,
        ),
    ],
)
def test_a_job_fails_at_what_its_token_would_do(client, first, second, failed):
    contents = f'<startEvent id="start"/>{first}{second}' + flows("start", "a", "b")
    api, instance = suspended(client, process(contents, "jobs"), "jobs")
    (job,) = api.get("/job")

    status, answer = api.call("POST", f"/job/{job['id']}/execute", {})

    assert (status, answer["message"].endswith("is suspended.")) == (404, True)
    (job,) = api.get("/job")
    assert (job["retries"], job["failedActivityId"]) == (2, failed)
    assert places(api, instance) == ["a"]


def test_a_job_takes_its_token_to_the_next_job(client):
    contents = '<startEvent id="start"/><task id="a" camunda:asyncAfter="true"/>'
    contents += '<task id="b" camunda:asyncBefore="true"/>' + flows("start", "a", "b")
    api, instance = suspended(client, process(contents, "jobs"), "jobs")
    (job,) = api.get("/job")

    api.post(f"/job/{job['id']}/execute", {})

    assert places(api, instance) == ["b"]
    assert [j["suspended"] for j in api.get("/job")] == [True]
