"""Batches that modify, restart and migrate instances, one in each job."""

import pytest

from tests.models import flows, process, task

MODEL = process(
    '<startEvent id="s"/>'
    + task("a")
    + task("b")
    + '<endEvent id="e"/>'
    + flows("s", "a", "b", "e"),
    "many",
)
RENAMED = MODEL.replace('id="many"', 'id="renamed"').replace('"a"', '"c"')


@pytest.fixture
def pair(server):
    """Two instances."""
    server.deploy(MODEL)
    return [server.start("many"), server.start("many")]


def definition(server, key="many"):
    return server.call("GET", f"/process-definition?key={key}")[1][0]["id"]


def work_off(server, batch):
    """Run all jobs of a batch; returns status and body of the answers of its own kind's."""
    answers = {}
    for kind in ("seed", "batch", "monitor"):
        found = server.call("GET", f"/job?jobDefinitionId={batch[kind + 'JobDefinitionId']}")[1]
        answers[kind] = [server.call("POST", f"/job/{j['id']}/execute") for j in found]
    return answers["batch"]


def at(server):
    return sorted(t["activityId"] for t in server.call("GET", "/external-task")[1])


def before(activity, **more):
    return {"type": "startBeforeActivity", "activityId": activity, **more}


def cancel(activity):
    return {"type": "cancel", "activityId": activity}


def test_one_instance_is_modified_by_a_batch_of_one_job(server, pair):
    body = {"instructions": [cancel("a"), before("b")]}

    status, batch = server.call("POST", f"/process-instance/{pair[0]}/modification-async", body)

    assert (status, batch["type"], batch["totalJobs"]) == (200, "instance-modification", 1)
    assert at(server) == ["a", "a"]
    assert [s for s, _ in work_off(server, batch)] == [204]
    assert at(server) == ["a", "b"]


def test_what_an_instruction_gets_wrong_is_found_by_the_job(server, pair):
    body = {"instructions": [cancel("a"), before("nowhere")]}
    batch = server.call("POST", f"/process-instance/{pair[0]}/modification-async", body)[1]

    ((status, answer),) = work_off(server, batch)

    assert status == 404
    assert "Element 'nowhere' does not exist" in answer["message"]
    assert at(server) == ["a", "a"]
    (job,) = server.call("GET", f"/job?jobDefinitionId={batch['batchJobDefinitionId']}")[1]
    assert job["retries"] == 2


def test_a_batch_keeps_the_ancestor_of_an_instruction(server):
    inside = '<startEvent id="is"/>' + task("a") + flows("is", "a")
    server.deploy(
        process(
            f'<startEvent id="s"/><subProcess id="box">{inside}</subProcess>' + flows("s", "box"),
            "boxes",
        )
    )
    instance = server.start("boxes")
    path = f"/process-instance/{instance}"
    assert server.call("POST", path + "/modification", {"instructions": [before("box")]})[0] == 204
    tree = server.call("GET", path + "/activity-instances")[1]
    box = tree["childActivityInstances"][0]["id"]
    body = {"instructions": [before("a", ancestorActivityInstanceId=box)]}

    batch = server.call("POST", path + "/modification-async", body)[1]

    assert [s for s, _ in work_off(server, batch)] == [204]
    counts = [
        len(node["childActivityInstances"])
        for node in server.call("GET", path + "/activity-instances")[1]["childActivityInstances"]
        if node["id"] == box
    ]
    assert counts == [2]


def test_several_instances_are_modified_each_by_its_own_job(server, pair):
    body = {
        "processDefinitionId": definition(server),
        "processInstanceIds": [pair[0], "gone"],
        "processInstanceQuery": {"processDefinitionKey": "many"},
        "instructions": [cancel("a"), before("b")],
    }

    batch = server.call("POST", "/modification/executeAsync", body)[1]

    assert batch["totalJobs"] == 3
    assert sorted(s for s, _ in work_off(server, batch)) == [204, 204, 404]
    assert at(server) == ["b", "b"]


def test_ended_instances_are_restarted_each_by_its_own_job(server, pair):
    for instance in pair:
        server.call("DELETE", f"/process-instance/{instance}")
    body = {"processInstanceIds": [*pair, "gone"], "instructions": [before("b")]}

    path = f"/process-definition/{definition(server)}/restart-async"
    batch = server.call("POST", path, body)[1]

    assert batch["type"] == "instance-restart"
    assert sorted(s for s, _ in work_off(server, batch)) == [204, 204, 404]
    assert at(server) == ["b", "b"]


def test_instances_are_migrated_each_by_its_own_job_with_variables(server, pair):
    server.deploy(RENAMED)
    plan = {
        "sourceProcessDefinitionId": definition(server),
        "targetProcessDefinitionId": definition(server, "renamed"),
        "instructions": [{"sourceActivityIds": ["a"], "targetActivityIds": ["c"]}],
        "variables": {"note": {"value": "moved"}},
    }
    steps = {"instructions": [cancel("a"), before("b")]}
    assert server.call("POST", f"/process-instance/{pair[1]}/modification", steps)[0] == 204
    body = {"migrationPlan": plan, "processInstanceIds": pair}

    batch = server.call("POST", "/migration/executeAsync", body)[1]

    assert batch["type"] == "instance-migration"
    answers = work_off(server, batch)
    assert sorted(s for s, _ in answers) == [204, 404]
    assert any("There is no migration instruction" in str(a) for s, a in answers if s == 404)
    assert at(server) == ["b", "c"]
    values = server.call("GET", f"/process-instance/{pair[0]}/variables")[1]
    assert values["note"]["value"] == "moved"


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/process-instance/{}/modification-async", {}, "The provided instuctions are invalid."),
        ("/process-instance/x/modification-async", {"instructions": [before("a")]}, "ENGINE-13036"),
        ("/modification/executeAsync", {"instructions": []}, "processDefinitionId is null"),
        ("/migration/executeAsync", {}, "Migration plan cannot be null"),
    ],
)
def test_a_batch_without_its_parts_is_not_made(server, pair, path, body, message):
    status, answer = server.call("POST", path.format(pair[0]), body)

    assert status in (400, 500)
    assert answer["message"].startswith(message)
    assert server.call("GET", "/batch/count")[1] == {"count": 0}
