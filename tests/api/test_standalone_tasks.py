"""User tasks that belong to no process instance, and tasks below others."""

import pytest

from tests.models import flows, process

ASK = process('<startEvent id="start"/><userTask id="look"/>' + flows("start", "look"), "ask")


@pytest.fixture
def asked(api):
    """The task of an instance."""
    api.deploy(ASK)
    instance = api.start("ask")
    return api.get(f"/task?processInstanceId={instance}")[0]["id"]


def past(api, task_id):
    (found,) = api.get(f"/history/task?taskId={task_id}")
    return found["deleteReason"], found["taskState"]


def test_a_task_is_what_it_was_made_as(api):
    body = {
        "name": "Water",
        "assignee": "ann",
        "owner": "bob",
        "delegationState": "pending",
        "due": "2031-05-06T07:08:09.000+0000",
        "caseInstanceId": "c",
        "tenantId": "t",
    }

    assert api.call("POST", "/task/create", {"id": "own", **body, "taskState": "Odd"})[0] == 204

    found = api.get("/task/own")
    assert {name: found[name] for name in body} == {**body, "delegationState": "PENDING"}
    assert (found["priority"], found["taskState"], found["lastUpdated"]) == (0, "Created", None)
    assert (found["processInstanceId"], found["executionId"]) == (None, None)
    assert [task["id"] for task in api.get("/task?caseInstanceId=c")] == ["own"]
    assert api.get("/task?caseInstanceId=other") == []


def test_a_task_without_an_id_gets_one(api):
    for body in ({}, {"id": None}, {"id": ""}):
        api.post("/task/create", body)

    ids = {task["id"] for task in api.get("/task")}
    assert len(ids) == 3
    assert "" not in ids


def test_an_id_is_used_once(api):
    api.post("/task/create", {"id": "own"})
    for _ in range(2):  # there, then over
        status, problem = api.call("POST", "/task/create", {"id": "own"})
        assert (status, problem["type"]) == (500, "ProcessEnginePersistenceException")
        api.call("DELETE", "/task/own")


def test_its_variables_are_its_own(api):
    api.post("/task/create", {"id": "own"})
    api.call("PUT", "/task/own/variables/a", {"value": 1})
    api.call("PUT", "/task/own/localVariables/b", {"value": 2})

    assert set(api.get("/task/own/variables")) == {"a", "b"}
    assert api.get("/task/own/variables") == api.get("/task/own/localVariables")
    for variable in api.get("/variable-instance?taskIdIn=own"):
        assert (variable["executionId"], variable["processInstanceId"]) == (None, None)
    assert api.get("/task/own/form-variables?variableNames=a")["a"]["value"] == 1
    (listed,) = api.get("/task?withTaskVariablesInReturn=true")
    assert set(listed["variables"]) == {"a", "b"}


def test_its_completion_leaves_nothing_but_history(api):
    api.post("/task/create", {"id": "own", "owner": "bob"})
    api.call("PUT", "/task/own/variables/a", {"value": 1})
    api.post("/task/own/identity-links", {"userId": "ann", "type": "candidate"})
    api.post("/task/own/delegate", {"userId": "kim"})
    api.post("/task/own/resolve", {"variables": {"dropped": {"value": 1}}})

    body = {"variables": {"c": {"value": 3}}, "withVariablesInReturn": True}
    answer = api.post("/task/own/submit-form", body)

    assert {name: value["value"] for name, value in answer.items()} == {"a": 1, "c": 3}
    assert api.call("GET", "/task/own")[0] == 404
    assert api.count("/variable-instance") == 0
    assert past(api, "own") == ("completed", "Completed")
    kept = api.get("/history/variable-instance?taskIdIn=own")
    assert {v["name"]: (v["value"], v["processInstanceId"]) for v in kept} == {
        "a": (1, None),
        "c": (3, None),
    }
    api.post("/task/create", {"id": "other"})
    assert api.get("/task/other/identity-links") == []


def test_what_is_said_at_its_completion_alone_goes_nowhere(api):
    api.post("/task/create", {"id": "own"})

    api.post("/task/own/complete", {"variables": {"a": {"value": 1}}})

    assert api.get("/history/variable-instance?taskIdIn=own") == []


@pytest.mark.parametrize(
    ("path", "body", "type_", "code"),
    [
        ("bpmnError", {"errorCode": "x"}, "ProcessEngineException", 0),
        ("bpmnEscalation", {"escalationCode": "x"}, "NullPointerException", None),
    ],
)
def test_it_has_nothing_that_could_catch_what_it_throws(api, path, body, type_, code):
    api.post("/task/create", {"id": "own"})

    status, problem = api.call("POST", f"/task/own/{path}", body)

    assert (status, problem["type"], problem["code"]) == (500, type_, code)
    assert api.count("/task") == 1


def test_it_has_no_form_but_its_variables(api):
    api.post("/task/create", {"id": "own"})

    assert api.get("/task/own/form") == {"key": None, "camundaFormRef": None, "contextPath": None}
    for path, type_ in (
        ("rendered-form", "NullValueException"),
        ("deployed-form", "NullPointerException"),
    ):
        status, problem = api.call("GET", f"/task/own/{path}")
        assert (status, problem["type"]) == (500, type_)


def test_only_a_task_that_stands_alone_can_be_deleted(api, asked):
    api.post("/task/create", {"id": "own"})

    status, problem = api.call("DELETE", f"/task/{asked}")

    message = "The task cannot be deleted because is part of a running process"
    assert (status, problem["message"]) == (500, message)
    assert [api.call("DELETE", f"/task/{name}")[0] for name in ("own", "own", "none")] == [204] * 3
    assert past(api, "own") == ("deleted", "Deleted")
    assert api.count("/task") == 1


def test_a_task_below_another_needs_it(api):
    status, problem = api.call("POST", "/task/create", {"id": "own", "parentTaskId": "none"})

    message = "Could not save task: Parent task with id 'none' does not exist: parentTask is null"
    assert (status, problem) == (
        400,
        {"type": "InvalidRequestException", "message": message, "code": 0},
    )
    assert api.count("/task") == 0


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (("POST", "/task/{id}/complete", {}), ("completed", "Created")),
        (("DELETE", "/process-instance/{instance}", None), ("deleted", "Deleted")),
    ],
)
def test_tasks_below_end_with_it(api, asked, end, state):
    api.post("/task/create", {"id": "below", "parentTaskId": asked})
    api.post("/task/create", {"id": "deeper", "parentTaskId": "below"})
    api.call("PUT", "/task/deeper/variables/a", {"value": 1})
    api.post("/task/deeper/identity-links", {"groupId": "crew", "type": "candidate"})
    instance = api.get(f"/task/{asked}")["processInstanceId"]
    assert [task["id"] for task in api.get(f"/task?parentTaskId={asked}")] == ["below"]

    method, path, body = end
    assert api.call(method, path.format(id=asked, instance=instance), body)[0] == 204

    assert (api.count("/task"), api.count("/variable-instance")) == (0, 0)
    assert past(api, "below") == state
    assert past(api, "deeper")[0] == state[0]


def test_tasks_below_each_other_end_too(api):
    for name, parent in (("a", None), ("b", "a")):
        api.post("/task/create", {"id": name, "parentTaskId": parent})
    for name, parent in (("a", "b"), ("b", "a")):
        assert api.call("PUT", f"/task/{name}", {"parentTaskId": parent})[0] == 204

    api.post("/task/a/complete")

    assert api.count("/task") == 0
    assert past(api, "b")[0] == "completed"


def test_the_history_tells_of_the_last_parent(api, asked):
    api.post("/task/create", {"id": "own"})

    assert api.call("PUT", "/task/own", {"parentTaskId": asked})[0] == 204

    assert [found["id"] for found in api.get(f"/history/task?taskParentTaskId={asked}")] == ["own"]


def test_the_task_of_a_process_does_not_end_with_one_that_it_was_put_below(api, asked):
    api.post("/task/create", {"id": "own"})
    api.call("PUT", f"/task/{asked}", {"parentTaskId": "own"})

    api.post("/task/own/complete")

    assert [task["id"] for task in api.get("/task")] == [asked]


def test_a_task_below_another_has_its_tenant(api):
    api.post("/task/create", {"id": "above", "tenantId": "acme"})

    api.post("/task/create", {"id": "below", "parentTaskId": "above", "tenantId": "acme"})
    status, answer = api.call(
        "POST", "/task/create", {"parentTaskId": "above", "tenantId": "other"}
    )

    assert api.get("/task/below")["parentTaskId"] == "above"
    assert (status, answer["message"]) == (
        500,
        "ENGINE-03073 Cannot set different tenantId on subtask than on parent Task. Parent taskId: "
        "'above', tenantId: 'acme', tenant id to set 'other'",
    )


def test_a_date_of_a_body_may_count_milliseconds(api):
    api.post("/task/create", {"id": "dated", "due": 1_900_000_000_000})

    status, answer = api.call("POST", "/task/create", {"due": True})

    assert api.get("/task/dated")["due"] == "2030-03-17T17:46:40.000+0000"
    assert (status, answer["message"]) == (400, "")
