"""Modification over HTTP: bodies, errors, variables and what the history says."""

import pytest

from tests.models import flows, process, task

MODEL = process(
    '<startEvent id="s"/>'
    + task("a")
    + '<subProcess id="sub"><startEvent id="ss"/>'
    + task("b")
    + '<endEvent id="se"/>'
    + flows("ss", "b", "se")
    + '</subProcess><userTask id="c"/><endEvent id="e"/>'
    + flows("s", "a", "sub", "c", "e"),
    "repaired",
)


@pytest.fixture
def instance(server):
    server.deploy(MODEL)
    return server.start("repaired")


def modify(server, instance, *instructions, **more):
    body = {"instructions": list(instructions), **more}
    return server.call("POST", f"/process-instance/{instance}/modification", body)


def before(activity, **more):
    return {"type": "startBeforeActivity", "activityId": activity, **more}


def cancel(activity):
    return {"type": "cancel", "activityId": activity}


def tasks(server):
    return sorted(t["activityId"] for t in server.call("GET", "/external-task")[1])


def test_local_variables_belong_to_what_is_started_and_others_to_the_instance(server, instance):
    values = {
        "mine": {"value": 1, "local": True},
        "shared": {"value": 2},
    }

    assert modify(server, instance, before("c", variables=values)) == (204, None)

    query = f"/variable-instance?processInstanceIdIn={instance}"
    found = {v["name"]: v for v in server.call("GET", query)[1]}
    assert found["mine"]["activityInstanceId"].startswith("c:")
    assert found["mine"]["executionId"] != instance
    assert found["shared"]["executionId"] == instance


def test_the_history_says_inside_what_a_scope_was_opened_when_it_has_ended(server, instance):
    query = f"/history/activity-instance?processInstanceId={instance}&activityId=sub"
    modify(server, instance, before("b"))
    (running,) = server.call("GET", query)[1]

    modify(server, instance, cancel("b"))

    (ended,) = server.call("GET", query)[1]
    assert (running["parentActivityInstanceId"], running["canceled"]) == (None, False)
    assert (ended["parentActivityInstanceId"], ended["canceled"]) == (instance, True)


def test_a_user_task_that_is_canceled_with_its_instance_tells_why(server, instance):
    modify(server, instance, cancel("a"), before("c"))

    modify(server, instance, cancel("c"))

    (ended,) = server.call("GET", f"/history/task?processInstanceId={instance}")[1]
    assert ended["deleteReason"] == "Cancellation due to process instance modifcation"
    past = server.call("GET", f"/history/process-instance/{instance}")[1]
    assert (past["state"], past["deleteReason"]) == ("EXTERNALLY_TERMINATED", None)


def test_one_failing_instruction_undoes_the_others(server, instance):
    status, answer = modify(server, instance, cancel("a"), before("c"), before("nowhere"))

    assert (status, answer["type"]) == (400, "NotValidException")
    assert tasks(server) == ["a"]


@pytest.mark.parametrize(
    ("instruction", "message"),
    [
        ({"type": "jump"}, ""),
        ({"activityId": "a"}, ""),
        ({"type": "startBeforeActivity"}, "'activityId' must be set"),
        ({"type": "startTransition"}, "'transitionId' must be set"),
        ({"type": "cancel"}, "is required"),
        ({"type": "cancel", "activityId": "a", "activityInstanceId": "x"}, "is required"),
        (before("a", variables={"n": {"value": "x", "type": "Integer"}}), "Cannot convert value"),
        (before("a", variables=[]), ""),
        ("cancel", ""),
    ],
)
def test_an_instruction_that_says_too_little_is_refused(server, instance, instruction, message):
    status, answer = modify(server, instance, instruction)

    assert (status, answer["type"]) == (400, "InvalidRequestException")
    assert message in answer["message"]
    assert tasks(server) == ["a"]


def test_several_instances_are_modified_together_or_not_at_all(server, instance):
    other = server.start("repaired")
    definition = server.call("GET", f"/process-instance/{instance}")[1]["definitionId"]
    body = {
        "processDefinitionId": definition,
        "processInstanceIds": [instance, other, "unknown"],
        "instructions": [cancel("a"), before("b", variables={"left": {"value": "out"}})],
    }

    refused = server.call("POST", "/modification/execute", body)
    untouched = tasks(server)
    body["processInstanceIds"].pop()
    done = server.call("POST", "/modification/execute", body)

    assert refused[0] == 500
    assert refused[1]["message"].startswith("ENGINE-13036")
    assert (untouched, tasks(server)) == (["a", "a"], ["b", "b"])
    assert done == (204, None)
    assert server.call("GET", "/variable-instance")[1] == []


def test_instances_of_a_group_end_as_internally_terminated(server, instance):
    definition = server.call("GET", f"/process-instance/{instance}")[1]["definitionId"]
    body = {
        "processDefinitionId": definition,
        "processInstanceQuery": {"processDefinitionId": definition},
        "instructions": [cancel("a")],
    }

    assert server.call("POST", "/modification/execute", body)[0] == 204

    past = server.call("GET", f"/history/process-instance/{instance}")[1]
    assert past["state"] == "INTERNALLY_TERMINATED"
