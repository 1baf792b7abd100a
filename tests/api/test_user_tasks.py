"""Actions on user tasks, and the answers to wrong requests."""

import pytest

from tests.models import flow, flows, process

REVIEW = process(
    '<startEvent id="start"/><userTask id="review" name="Review" camunda:formKey="form.html" '
    'camunda:candidateUsers="ann" camunda:candidateGroups="sales,legal"/>'
    '<boundaryEvent id="refused" attachedToRef="review"><errorEventDefinition errorRef="no" '
    'camunda:errorMessageVariable="why"/></boundaryEvent><userTask id="again"/>'
    '<endEvent id="end"/>' + flows("start", "review", "end") + flow("refused", "again"),
    "orders",
).replace('<process id="orders"', '<error id="no" errorCode="no"/><process id="orders"')


@pytest.fixture
def task(api):
    api.deploy(REVIEW)
    api.start("orders")
    return api.get("/task")[0]["id"]


def problem(type_, message, code):
    return {"type": type_, "message": message, "code": code}


@pytest.mark.parametrize(
    ("path", "prefix"),
    [
        ("complete", "Cannot complete task {id}: "),
        ("submit-form", "Cannot submit task form {id}: "),
        ("resolve", "Cannot resolve task {id}: "),
    ],
)
def test_a_value_that_does_not_convert_is_refused_in_the_words_of_its_endpoint(
    api, task, path, prefix
):
    for value, message in (
        ({"value": 1, "type": "Odd"}, "Unsupported value type 'Odd'"),
        (
            {"value": "x", "type": "Integer"},
            "Cannot convert value 'x' of type 'Integer' to java type java.lang.Integer",
        ),
    ):
        answer = api.call("POST", f"/task/{task}/{path}", {"variables": {"a": value}})

        text = prefix.format(id=task) + message
        assert answer == (400, problem("InvalidRequestException", text, None))


def test_the_form_of_an_unknown_task_is_refused(api):
    answer = problem("RestException", "Cannot get form for task none", 0)
    assert api.call("GET", "/task/none/form") == (400, answer)
    message = "Cannot find task with id 'none'.: task is null"
    answer = problem("BadUserRequestException", message, 0)
    assert api.call("GET", "/task/none/form-variables") == (400, answer)
    message = "Cannot submit task form none: Cannot find task with id none: task is null"
    answer = problem("RestException", message, 0)
    assert api.call("POST", "/task/none/submit-form", {}) == (500, answer)


def test_a_suspended_task_is_left_alone(api, task):
    body = {"suspended": True, "processDefinitionKey": "orders"}
    assert api.call("PUT", "/process-instance/suspended", body)[0] == 204
    message = f"ENGINE-03043 task with id '{task}' is suspended."

    answer = problem("SuspendedEntityInteractionException", message, 0)
    assert api.call("POST", f"/task/{task}/claim", {"userId": "ann"}) == (400, answer)
    for path, link in (("", "candidate"), ("/delete", "assignee"), ("/delete", "candidate")):
        body = {"userId": "ann", "type": link}
        assert api.call("POST", f"/task/{task}/identity-links{path}", body) == (400, answer)
    answer = problem("RestException", f"Cannot complete task {task}: {message}", 0)
    assert api.call("POST", f"/task/{task}/complete", {}) == (500, answer)


def test_an_error_leaves_a_task_by_the_event_that_catches_it(api, task):
    body = {"errorCode": "no", "errorMessage": "late", "variables": {"a": {"value": 1}}}

    assert api.call("POST", f"/task/{task}/bpmnError", body) == (204, b"")

    (after,) = api.get("/task")
    assert after["taskDefinitionKey"] == "again"
    variables = api.get(f"/process-instance/{after['processInstanceId']}/variables")
    assert {n: v["value"] for n, v in variables.items()} == {"why": "late", "a": 1}
    (gone,) = api.get(f"/history/task?taskId={task}")
    assert (gone["deleteReason"], gone["taskState"]) == ("deleted", "Deleted")


def test_an_error_that_nobody_catches_ends_the_token(api, task):
    assert api.call("POST", f"/task/{task}/bpmnError", {"errorCode": "other"}) == (204, b"")

    assert (api.count("/task"), api.count("/process-instance")) == (0, 0)


def test_an_error_needs_a_code_and_a_task(api, task):
    path = f"/task/{task}/bpmnError"
    for body, message in (({}, "errorCode is null"), ({"errorCode": " "}, "errorCode is empty")):
        assert api.call("POST", path, body) == (400, problem("RestException", message, 0))
    message = "Cannot find task with id none: task is null"
    answer = api.call("POST", "/task/none/bpmnError", {"errorCode": "no"})
    assert answer == (404, problem("RestException", message, 0))


def test_what_a_task_says_of_itself_can_be_set(api, task):
    body = {
        "name": "Look",
        "priority": 7,
        "assignee": "bob",
        "delegationState": "pending",
        "due": "2999-01-01T00:00:00.000+0000",
    }

    assert api.call("PUT", f"/task/{task}", body) == (204, b"")

    now = api.get(f"/task/{task}")
    assert {name: now[name] for name in body} == {**body, "delegationState": "PENDING"}
    assert (now["taskDefinitionKey"], now["taskState"]) == ("review", "Updated")
    (past,) = api.get("/history/task")
    assert (past["name"], past["priority"], past["assignee"]) == ("Look", 7, "bob")
    answer = problem("InvalidRequestException", "No matching task with id none", None)
    assert api.call("PUT", "/task/none", body) == (404, answer)


def test_the_people_of_a_task_are_listed_by_their_roles(api, task):
    api.post(f"/task/{task}/assignee", {"userId": "bob"})
    candidates = [
        {"userId": "ann", "groupId": None, "type": "candidate"},
        {"userId": None, "groupId": "sales", "type": "candidate"},
        {"userId": None, "groupId": "legal", "type": "candidate"},
    ]
    bob = {"userId": "bob", "groupId": None, "type": "assignee"}

    path = f"/task/{task}/identity-links"
    assert api.get(path) == [*candidates, bob]
    assert api.get(f"{path}?type=assignee") == [bob]
    answer = problem("NullValueException", "Cannot find task with id none: task is null", 0)
    assert api.call("GET", "/task/none/identity-links") == (500, answer)


def test_history_that_is_not_there_can_be_deleted_quietly(api):
    path = "/history/process-instance/none"

    assert api.call("DELETE", path)[0] == 404
    assert api.call("DELETE", f"{path}?failIfNotExists=false") == (204, b"")


ESCALATED = process(
    '<startEvent id="start"/><userTask id="work"/>'
    '<boundaryEvent id="soft" attachedToRef="work" cancelActivity="false">'
    '<escalationEventDefinition escalationRef="slow" camunda:escalationCodeVariable="code"/>'
    '</boundaryEvent><boundaryEvent id="hard" attachedToRef="work">'
    '<escalationEventDefinition escalationRef="late"/></boundaryEvent>'
    '<userTask id="note"/><userTask id="hurry"/>'
    + flow("start", "work")
    + flow("soft", "note")
    + flow("hard", "hurry"),
    "escalated",
).replace(
    '<process id="escalated"',
    '<escalation id="slow" escalationCode="slow"/><escalation id="late" escalationCode="late"/>'
    '<process id="escalated"',
)


@pytest.fixture
def escalated(api):
    api.deploy(ESCALATED)
    instance = api.start("escalated")
    (task,) = api.get(f"/task?processInstanceId={instance}")
    return task["id"], instance


def open_tasks(api):
    return sorted(task["taskDefinitionKey"] for task in api.get("/task"))


def test_an_escalation_leaves_the_task_unless_it_interrupts(api, escalated):
    task, instance = escalated
    path = f"/task/{task}/bpmnEscalation"

    body = {"escalationCode": "slow", "variables": {"why": {"value": "rain"}}}
    assert api.call("POST", path, body) == (204, b"")
    assert open_tasks(api) == ["note", "work"]
    assert api.call("POST", path, {"escalationCode": "late"}) == (204, b"")

    assert open_tasks(api) == ["hurry", "note"]
    found = api.get(f"/process-instance/{instance}/variables")
    assert {name: value["value"] for name, value in found.items()} == {
        "why": "rain",
        "code": "slow",
    }


def test_an_escalation_that_nobody_catches_changes_nothing(api, escalated):
    task, instance = escalated
    body = {"escalationCode": "other", "variables": {"why": {"value": "rain"}}}

    answer = api.call("POST", f"/task/{task}/bpmnEscalation", body)

    message = (
        "ENGINE-02043 Execution with id 'work' throws an escalation event with escalationCode "
        "'other', but no escalation handler was defined. "
    )
    assert answer == (500, problem("ProcessEngineException", message, 0))
    assert api.get(f"/process-instance/{instance}/variables") == {}
    assert open_tasks(api) == ["work"]


def test_an_escalation_needs_a_code_and_a_task(api, escalated):
    path = f"/task/{escalated[0]}/bpmnEscalation"
    for body, message in (
        ({}, "escalationCode is null"),
        ({"escalationCode": " "}, "escalationCode is empty"),
    ):
        assert api.call("POST", path, body) == (400, problem("RestException", message, 0))
    message = "Cannot find task with id none: task is null"
    answer = api.call("POST", "/task/none/bpmnEscalation", {"escalationCode": "x"})
    assert answer == (404, problem("RestException", message, 0))


def test_links_may_be_there_twice_and_of_any_type(api, task):
    path = f"/task/{task}/identity-links"
    for link in (
        {"userId": "ann", "type": "candidate"},
        {"userId": "a, b", "type": "watcher"},
        {"groupId": "crew", "type": "owner"},
    ):
        api.post(path, link)

    found = [(link["userId"], link["groupId"], link["type"]) for link in api.get(path)]
    assert found.count(("ann", None, "candidate")) == 2
    assert ("a, b", None, "watcher") in found
    assert api.count("/task?involvedUser=a,%20b") == 1
    assert api.count("/task?candidateUser=a,%20b") == 0
    assert api.get(f"/task/{task}")["owner"] is None
    api.post(f"{path}/delete", {"userId": "ann", "type": "candidate"})
    assert not any(link["userId"] == "ann" for link in api.get(path))


def test_the_assignee_goes_whoever_is_named(api, task):
    api.post(f"/task/{task}/assignee", {"userId": "ann"})

    api.post(f"/task/{task}/identity-links/delete", {"userId": "bob", "type": "assignee"})

    assert api.get(f"/task/{task}")["assignee"] is None


def test_who_has_a_task_is_said_before_that_it_is_suspended(api, task):
    api.post(f"/task/{task}/assignee", {"userId": "ann"})
    body = {"suspended": True, "processDefinitionKey": "orders"}
    assert api.call("PUT", "/process-instance/suspended", body)[0] == 204

    status, found = api.call("POST", f"/task/{task}/claim", {"userId": "bob"})

    assert (status, found["type"]) == (500, "TaskAlreadyClaimedException")


@pytest.mark.parametrize("kind", ["assignee", "owner"])
def test_a_group_is_neither_assignee_nor_owner_where_links_are_deleted(api, task, kind):
    link = {"groupId": "sales", "type": kind}

    status, answer = api.call("POST", f"/task/{task}/identity-links/delete", link)

    text = f"Incompatible usage: cannot use type '{kind}' together with a groupId"
    assert (status, answer) == (500, problem("ProcessEngineException", text, 0))


def test_an_owner_with_an_empty_name_stays_the_owner(api, task):
    api.post(f"/task/{task}/assignee", {"userId": ""})

    for user in ("ann", "bob"):
        api.post(f"/task/{task}/delegate", {"userId": user})

    found = api.get(f"/task/{task}")
    assert (found["owner"], found["assignee"]) == ("", "bob")


@pytest.mark.parametrize("place", ["variables", "localVariables"])
def test_no_variable_of_an_unknown_task_can_be_deleted(client, place):
    answer = client.delete(f"/engine-rest/task/nobody/{place}/x")

    text = "Cannot delete task variable x: Cannot find task with id nobody: task is null"
    assert (answer.status_code, answer.json) == (500, problem("RestException", text, 0))
