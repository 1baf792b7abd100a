"""Restart: new instances in place of ended ones."""

import pytest

from tests.models import flows, process, task

MODEL = process(
    '<startEvent id="s"/>'
    + task("a")
    + task("b")
    + '<endEvent id="e"/>'
    + flows("s", "a", "b", "e"),
    "again",
)


@pytest.fixture
def ended(server):
    """An instance that was deleted; a variable of it had changed since its start."""
    server.deploy(MODEL)
    body = {"businessKey": "key", "variables": {"colour": {"value": "red"}}}
    instance = server.call("POST", "/process-definition/key/again/start", body)[1]["id"]
    for name, value in (("colour", "blue"), ("late", 1)):
        path = f"/process-instance/{instance}/variables/{name}"
        assert server.call("PUT", path, {"value": value})[0] == 204
    assert server.call("DELETE", f"/process-instance/{instance}")[0] == 204
    return instance


def restart(server, *instances, **more):
    (definition,) = server.call("GET", "/process-definition?key=again")[1]
    body = {
        "processInstanceIds": list(instances),
        "instructions": [{"type": "startBeforeActivity", "activityId": "b"}],
        **more,
    }
    return server.call("POST", f"/process-definition/{definition['id']}/restart", body)


def only(server):
    (instance,) = server.call("GET", "/process-instance")[1]
    return instance


def values(server, instance):
    found = server.call("GET", f"/process-instance/{instance['id']}/variables")[1]
    return {name: v["value"] for name, v in found.items()}


def test_a_restarted_instance_has_what_the_ended_one_had_in_the_end(server, ended):
    assert restart(server, ended) == (204, None)

    new = only(server)
    past = server.call("GET", f"/history/process-instance/{new['id']}")[1]
    assert new["businessKey"] == "key"
    assert values(server, new) == {"colour": "blue", "late": 1}
    assert past["restartedProcessInstanceId"] == ended
    assert past["startActivityId"] == "b"


def test_a_restarted_instance_has_what_the_ended_one_was_started_with_if_asked(server, ended):
    restart(server, ended, initialVariables=True, withoutBusinessKey=True)

    new = only(server)
    assert new["businessKey"] is None
    assert values(server, new) == {"colour": "red"}


def test_ended_instances_are_found_by_a_query(server, ended):
    query = {"processInstanceBusinessKey": "key", "finished": True}

    assert restart(server, historicProcessInstanceQuery=query)[0] == 204

    assert only(server)["id"] != ended


def test_no_instance_is_restarted_if_one_of_them_still_runs(server, ended):
    running = server.start("again")

    status, answer = restart(server, ended, running)

    assert (status, answer["type"]) == (500, "ProcessEngineException")
    assert answer["message"].startswith("ENGINE-13040")
    assert only(server)["id"] == running


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"processInstanceIds": []}, "processInstanceIds is empty"),
        ({"processInstanceIds": [None]}, "Process instance ids cannot be null"),
        ({"processInstanceIds": ["x"]}, "Historic process instance cannot be found"),
        ({"instructions": []}, "Restart instructions cannot be empty"),
        (
            {"instructions": [{"type": "startTransition", "transitionId": "x"}]},
            "Element 'x' does not exist in process",
        ),
    ],
)
def test_a_restart_without_its_parts_is_refused(server, ended, more, message):
    status, answer = restart(server, ended, **more)

    assert (status, answer["type"], answer["code"]) == (400, "InvalidRequestException", None)
    assert message in answer["message"]
    assert server.call("GET", "/process-instance")[1] == []


def test_instances_that_are_named_and_those_that_a_query_finds_are_restarted_once(server, ended):
    others = [server.start("again") for _ in range(2)]
    for instance in others:
        assert server.call("DELETE", f"/process-instance/{instance}")[0] == 204

    # given: as the reference engine has it, an empty query beside ids finds all there are
    assert restart(server, ended, historicProcessInstanceQuery={})[0] == 204

    found = server.call("GET", "/history/process-instance?unfinished=true")[1]
    assert {i["restartedProcessInstanceId"] for i in found} == {ended, *others}
    assert len(found) == 3
    status, answer = restart(server, ended, historicProcessInstanceQuery={})
    assert (status, answer["message"][:12]) == (500, "ENGINE-13040")  # some of them run by now
