"""Deleting from the history: instances by a batch, variables by hand."""

import pytest

from tests.models import flows, process, task

MODEL = process(
    '<startEvent id="s"/>' + task("t") + '<endEvent id="e"/>' + flows("s", "t", "e"), "old"
)
PATH = "/history/process-instance/delete"


@pytest.fixture
def instances(server):
    """The ids of one that has ended and one that runs; each with two variables."""
    server.deploy(MODEL)
    found = [server.start("old", colour="red", size=1) for _ in range(2)]
    server.call("DELETE", f"/process-instance/{found[0]}")
    return found


def work_off(server, batch):
    answers = {}
    for kind in ("seed", "batch"):
        found = server.call("GET", f"/job?jobDefinitionId={batch[kind + 'JobDefinitionId']}")[1]
        answers[kind] = [server.call("POST", f"/job/{j['id']}/execute") for j in found]
    return answers["batch"]


def test_ended_instances_go_from_the_history_and_running_ones_fail_in_their_job(server, instances):
    ended, running = instances
    body = {"historicProcessInstanceIds": [ended, running, "x"], "deleteReason": "old"}

    status, batch = server.call("POST", PATH, body)
    done = work_off(server, batch)

    assert (status, batch["type"]) == (200, "historic-instance-deletion")
    assert sorted(status for status, _ in done) == [204, 204, 404]
    (failure,) = [answer for status, answer in done if status == 404]
    assert failure["message"].startswith(
        "Process instance is still running, cannot delete historic process instance: "
    )
    assert [i["id"] for i in server.call("GET", "/history/process-instance")[1]] == [running]
    for rows in ("activity-instance", "variable-instance", "detail"):
        found = server.call("GET", f"/history/{rows}?processInstanceId={ended}")[1]
        assert found == [], rows


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"historicProcessInstanceIds": []},
        {"historicProcessInstanceQuery": {"processDefinitionKey": "none"}},
    ],
)
def test_a_deletion_of_nothing_is_refused(server, body):
    assert server.call("POST", PATH, body) == (
        400,
        {
            "type": "InvalidRequestException",
            "message": "historicProcessInstanceIds is empty",
            "code": None,
        },
    )


@pytest.mark.parametrize("which", [0, 1])
def test_all_variables_of_an_instance_are_deleted_with_their_changes(server, instances, which):
    instance, other = instances[which], instances[1 - which]

    assert server.call("DELETE", f"/history/process-instance/{instance}/variable-instances") == (
        204,
        None,
    )

    for rows in ("variable-instance", "detail"):
        count = f"/history/{rows}/count?processInstanceId="
        assert server.call("GET", count + instance)[1] == {"count": 0}
        assert server.call("GET", count + other)[1] == {"count": 2}


def test_a_variable_of_the_history_is_deleted_and_the_running_one_stays(server, instances):
    instance = instances[1]
    path = f"/process-instance/{instance}/variables/colour"
    server.call("PUT", path, {"value": "blue"})
    query = f"/history/variable-instance?processInstanceId={instance}&variableName=colour"
    (found,) = server.call("GET", query)[1]

    assert server.call("DELETE", f"/history/variable-instance/{found['id']}")[0] == 204

    assert server.call("GET", query)[1] == []
    details = server.call("GET", f"/history/detail?processInstanceId={instance}")[1]
    assert {d["variableName"] for d in details} == {"size"}
    assert server.call("GET", path)[1]["value"] == "blue"
    assert server.call("PUT", path, {"value": "green"})[0] == 204
    assert [v["value"] for v in server.call("GET", query)[1]] == ["green"]


def test_unknown_variables_and_instances_are_not_found(server):
    answers = [
        server.call("DELETE", "/history/process-instance/x/variable-instances"),
        server.call("DELETE", "/history/variable-instance/x"),
    ]

    assert answers == [
        (404, {"type": "InvalidRequestException", "message": message, "code": code})
        for message, code in (
            ("No historic process instance found with id: x: instance is null", None),
            ("No historic variable instance found with id: x: variable is null", 0),
        )
    ]
