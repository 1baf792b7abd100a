"""Local variables of concurrent tokens, when one of them is the last and when they join."""

import pytest

from tests.models import flow, flows, process

MODEL = process(
    '<startEvent id="s"/><parallelGateway id="f"/><userTask id="a"/><userTask id="b"/>'
    '<endEvent id="ae"/><endEvent id="be"/>'
    + flows("s", "f", "a", "ae")
    + flow("f", "b")
    + flow("b", "be"),
    "forked",
)


def test_a_variable_of_a_branch_stays_when_the_other_branch_has_ended(server):
    server.deploy(MODEL)
    instance = server.start("forked")
    tasks = {t["taskDefinitionKey"]: t for t in server.call("GET", "/task")[1]}
    path = f"/execution/{tasks['a']['executionId']}/localVariables/mine"
    assert server.call("PUT", path, {"value": 1})[0] == 204

    assert server.call("POST", f"/task/{tasks['b']['id']}/complete", {})[0] == 204

    (found,) = server.call("GET", "/variable-instance")[1]
    assert (found["name"], found["value"], found["executionId"]) == ("mine", 1, instance)
    assert found["activityInstanceId"].startswith("a:")


def joined(kind, key):
    """Three branches, of which a join of a kind has the first two."""
    branches = "".join(f'<userTask id="{name}"/>' for name in ("a", "b", "c", "after"))
    return process(
        f'<startEvent id="s"/><parallelGateway id="f"/><{kind} id="j"/>{branches}'
        + flows("s", "f", "a", "j", "after")
        + flows("f", "b", "j")
        + flow("f", "c"),
        key,
    )


@pytest.mark.parametrize("kind", ["parallelGateway", "inclusiveGateway"])
@pytest.mark.parametrize("order", ["cab", "abc"], ids=["token folded", "token stays"])
def test_no_variable_of_a_branch_goes_on_behind_a_join(server, kind, order):
    server.deploy(joined(kind, "joined"))
    server.start("joined")
    tasks = {t["taskDefinitionKey"]: t for t in server.call("GET", "/task")[1]}
    for name in "ab":
        path = f"/execution/{tasks[name]['executionId']}/localVariables/of_{name}"
        assert server.call("PUT", path, {"value": name})[0] == 204

    for name in order:
        assert server.call("POST", f"/task/{tasks[name]['id']}/complete", {})[0] == 204

    assert [t["taskDefinitionKey"] for t in server.call("GET", "/task")[1]] == ["after"]
    assert server.call("GET", "/variable-instance")[1] == []
    told = server.call("GET", "/history/variable-instance?sortBy=variableName&sortOrder=asc")[1]
    assert [(v["name"], v["state"]) for v in told] == [("of_a", "CREATED"), ("of_b", "CREATED")]


@pytest.mark.parametrize(
    ("action", "body", "has_moved"),
    [("complete", {}, True), ("claim", {"userId": "a"}, True), ("resolve", {}, False)],
)
def test_the_history_of_a_task_follows_its_token(server, action, body, has_moved):
    model = process('<startEvent id="s"/><userTask id="a"/>' + flows("s", "a"), "moved")
    server.deploy(model)
    instance = server.start("moved")
    (task,) = server.call("GET", "/task")[1]
    again = {"instructions": [{"type": "startBeforeActivity", "activityId": "a"}]}
    assert server.call("POST", f"/process-instance/{instance}/modification", again)[0] == 204
    (moved,) = (t for t in server.call("GET", "/task")[1] if t["id"] == task["id"])
    assert moved["executionId"] != instance

    assert server.call("POST", f"/task/{task['id']}/{action}", body)[0] == 204

    (told,) = server.call("GET", f"/history/task?taskId={task['id']}")[1]
    (visit,) = (
        a for a in server.call("GET", "/history/activity-instance")[1] if a["taskId"] == task["id"]
    )
    assert told["executionId"] == moved["executionId"]
    assert (visit["executionId"] == moved["executionId"]) == has_moved


def test_a_variable_that_a_folded_token_overwrites_is_told_so(server):
    model = process('<startEvent id="s"/><userTask id="a"/>' + flows("s", "a"), "overwritten")
    server.deploy(model)
    instance = server.start("overwritten", n=1)
    local = {"n": {"value": 2, "local": True}}
    start = {"type": "startBeforeActivity", "activityId": "a", "variables": local}
    again = {"instructions": [start]}
    assert server.call("POST", f"/process-instance/{instance}/modification", again)[0] == 204
    tasks = server.call("GET", "/task?sortBy=created&sortOrder=asc")[1]
    values = {v["value"]: v["id"] for v in server.call("GET", "/variable-instance")[1]}
    first = next(t for t in tasks if t["executionId"] != execution_of(server, values[2]))

    assert server.call("POST", f"/task/{first['id']}/complete", {})[0] == 204

    (left,) = server.call("GET", "/variable-instance")[1]
    assert (left["id"], left["value"], left["executionId"]) == (values[1], 2, instance)
    told = server.call("GET", "/history/variable-instance")[1]
    assert sorted((v["id"], v["value"], v["state"]) for v in told) == sorted(
        (found, 2, "CREATED") for found in values.values()
    )
    changes = server.call("GET", f"/history/detail?variableInstanceId={values[1]}")[1]
    assert sorted((d["revision"], d["value"]) for d in changes) == [(0, 1), (1, 2)]


def execution_of(server, variable_id):
    return server.call("GET", f"/variable-instance/{variable_id}")[1]["executionId"]
