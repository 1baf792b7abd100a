"""A token whose job was deleted is where it was."""

import pytest

from tests.models import flows, process

PARKED = process(
    '<startEvent id="s"/><parallelGateway id="fork"/><userTask id="a" camunda:asyncBefore="true"/>'
    '<userTask id="b" camunda:asyncAfter="true"/><subProcess id="sp" camunda:asyncBefore="true">'
    '<startEvent id="s2"/><userTask id="c"/>'
    + flows("s2", "c")
    + "</subProcess>"
    + flows("s", "fork", "a")
    + flows("fork", "b")
    + flows("fork", "sp"),
    "parked",
)


@pytest.fixture
def parked(calls):
    """An instance with a token in front of two activities and behind a third."""
    calls.deploy(PARKED)
    instance = calls.start("parked")
    (task,) = calls.get(f"/task?processInstanceId={instance}")
    assert calls.post(f"/task/{task['id']}/complete", {})[0] == 204
    return instance


def waiting(calls, instance):
    tree = calls.get(f"/process-instance/{instance}/activity-instances")
    assert tree["childActivityInstances"] == []
    return sorted(tree["childTransitionInstances"], key=lambda one: one["activityId"])


def test_the_tree_shows_it_as_before(calls, parked):
    before = waiting(calls, parked)
    for job in calls.get(f"/job?processInstanceId={parked}"):
        assert calls.send("DELETE", f"/job/{job['id']}")[0] == 204

    assert [one["activityId"] for one in before] == ["a", "b", "sp"]
    assert waiting(calls, parked) == before
    assert calls.get("/job/count") == {"count": 0}


def test_it_can_be_cancelled(calls, parked):
    for job in calls.get(f"/job?processInstanceId={parked}"):
        assert calls.send("DELETE", f"/job/{job['id']}")[0] == 204
    transition = waiting(calls, parked)[0]
    cancel = {"type": "cancel", "transitionInstanceId": transition["id"]}

    path = f"/process-instance/{parked}/modification"
    status, answer = calls.post(path, {"instructions": [cancel]})

    assert (status, answer) == (204, b"")
    assert [one["activityId"] for one in waiting(calls, parked)] == ["b", "sp"]
