"""Local variables of an instruction belong to the scope that it has opened, also in the history."""

import pytest

from tests.models import flows, process

NESTED = process(
    '<startEvent id="s"/><userTask id="a"/><subProcess id="sp"><startEvent id="s2"/>'
    '<userTask id="c"/><subProcess id="in"><startEvent id="s3"/><userTask id="d"/>'
    + flows("s3", "d")
    + "</subProcess>"
    + flows("s2", "c", "in")
    + "</subProcess>"
    + flows("s", "a", "sp"),
    "nested",
)
PLACES = [("c", "sp"), ("in", "sp"), ("d", "in")]


@pytest.fixture
def nested(calls):
    calls.deploy(NESTED)
    return calls


def before(activity):
    variables = {"v": {"value": 2, "local": True}}
    return {"type": "startBeforeActivity", "activityId": activity, "variables": variables}


def scope_of(calls, instance, path):
    """The activity whose instance a variable belongs to."""
    (found,) = calls.get(path)
    nodes, known = [calls.get(f"/process-instance/{instance}/activity-instances")], {}
    for node in nodes:
        known[node["id"]] = node["activityId"]
        nodes += node["childActivityInstances"]
    return known[found["activityInstanceId"]]


def check(calls, instance, scope):
    running = f"/variable-instance?processInstanceIdIn={instance}&variableName=v"
    past = f"/history/variable-instance?processInstanceId={instance}&variableName=v"
    assert scope_of(calls, instance, running) == scope
    assert scope_of(calls, instance, past) == scope


@pytest.mark.parametrize(("activity", "scope"), PLACES)
def test_of_a_start(nested, activity, scope):
    instance = nested.start("nested", startInstructions=[before(activity)])

    check(nested, instance, scope)


@pytest.mark.parametrize(("activity", "scope"), PLACES)
@pytest.mark.parametrize("cancels", [False, True])
def test_of_a_modification(nested, activity, scope, cancels):
    instance = nested.start("nested")
    steps = [before(activity), *([{"type": "cancel", "activityId": "a"}] if cancels else [])]

    path = f"/process-instance/{instance}/modification"
    assert nested.post(path, {"instructions": steps})[0] == 204

    check(nested, instance, scope)


BOTH = {"g": {"value": 1}, "l": {"value": 2, "local": True}}


@pytest.mark.parametrize(
    ("activities", "is_initial", "is_placed"),
    [
        (["d"], True, True),
        (["c"], True, True),
        (["in"], True, True),
        (["a"], True, False),
        (["s"], True, False),
        (["a", "d"], False, False),
        (["d", "c"], False, False),
    ],
    ids=str,
)
def test_the_details_of_what_an_instance_is_started_with(nested, activities, is_initial, is_placed):
    steps = [{**before(activity), "variables": BOTH} for activity in activities]

    instance = nested.start("nested", startInstructions=steps, variables={"given": {"value": 0}})

    found = nested.get(f"/history/detail?processInstanceId={instance}&sortBy=time&sortOrder=asc")
    details = [
        (d["initial"], d["activityInstanceId"]) for d in found if d["variableName"] != "given"
    ]
    assert set(details) == {(is_initial, instance if is_placed else None)}
    given = [d for d in found if d["variableName"] == "given"]
    assert [(d["initial"], d["activityInstanceId"]) for d in given] == [(True, instance)]


def test_a_running_instance_has_no_other_details_of_the_start(nested):
    instance = nested.start("nested")

    body = {"instructions": [before("d")]}
    assert nested.post(f"/process-instance/{instance}/modification", body)[0] == 204

    (detail,) = nested.get(f"/history/detail?processInstanceId={instance}")
    assert (detail["initial"], detail["activityInstanceId"]) == (False, None)
