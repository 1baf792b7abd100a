"""Suspending and deleting versions of definitions, by their ids and by their keys."""

import pytest

from tests.models import TWO_TASKS, flows, process, task


@pytest.fixture
def versions(api):
    """Two versions without tenant and one of a tenant."""
    return [
        api.deploy(TWO_TASKS),
        api.deploy(TWO_TASKS + "<!-- 2 -->"),
        api.deploy(TWO_TASKS, **{"tenant-id": "blue"}),
    ]


def suspended(api):
    return {d["id"] for d in api.get("/process-definition?suspended=true")}


def test_a_path_with_a_key_suspends_the_newest_version_only(api, versions):
    path = "/process-definition/key/two/suspended"
    assert api.call("PUT", path, {"suspended": True}) == (204, b"")
    assert suspended(api) == {versions[1]}

    path = "/process-definition/key/two/tenant-id/blue/suspended"
    assert api.call("PUT", path, {"suspended": True}) == (204, b"")
    assert suspended(api) == {versions[1], versions[2]}


def test_a_body_with_a_key_suspends_every_version(api, versions):
    body = {"processDefinitionKey": "two", "suspended": True}

    assert api.call("PUT", "/process-definition/suspended", body) == (204, b"")

    assert suspended(api) == set(versions)


@pytest.mark.parametrize(
    ("path", "body", "status", "type_", "message"),
    [
        (
            "/key/none/suspended",
            {},
            404,
            "RestException",
            "No matching process definition with key: none and no tenant-id",
        ),
        (
            "/suspended",
            {"processDefinitionId": "a"},
            400,
            "InvalidRequestException",
            "Only processDefinitionKey can be set to update the suspension state.",
        ),
        (
            "/a/suspended",
            {"processDefinitionKey": "b"},
            400,
            "InvalidRequestException",
            "Only one of processDefinitionId or processDefinitionKey should be set to update the "
            "suspension state.",
        ),
        (
            "/a/suspended",
            {"executionDate": "soon"},
            400,
            "InvalidRequestException",
            "The suspension state of Process Definition with id a could not be updated due to: "
            'Invalid format: "soon"',
        ),
        (
            "/suspended",
            {"processDefinitionKey": "a", "executionDate": "soon"},
            400,
            "InvalidRequestException",
            "Could not update the suspension state of Process Definitions due to: "
            'Invalid format: "soon"',
        ),
    ],
)
def test_a_suspension_that_names_too_much_or_nothing_is_refused(
    api, path, body, status, type_, message
):
    answer = {"type": type_, "message": message, "code": None}

    assert api.call("PUT", f"/process-definition{path}", body) == (status, answer)


def test_a_suspension_can_wait_for_its_date(api, versions):
    instance = api.start("two")
    body = {
        "processDefinitionKey": "two",
        "suspended": True,
        "includeProcessInstances": True,
        "executionDate": "2999-01-01T00:00:00",
    }
    assert api.call("PUT", "/process-definition/suspended", body) == (204, b"")
    assert suspended(api) == set()
    (job,) = api.get("/job")
    assert job["dueDate"] == "2999-01-01T00:00:00.000+0000"
    assert (job["processDefinitionId"], job["processInstanceId"]) == (None, None)

    assert api.call("POST", f"/job/{job['id']}/execute")[0] == 204

    assert suspended(api) == set(versions)
    assert api.get(f"/process-instance/{instance}")["suspended"]
    assert api.count("/job") == 0


def test_definitions_are_activated_at_the_date_of_their_deployment(api):
    later = {"deployment-activation-time": "2999-01-01T00:00:00"}
    definition = api.deploy(TWO_TASKS, **later)
    (job,) = api.get("/job")

    assert api.call("POST", f"/job/{job['id']}/execute")[0] == 204

    assert not api.get(f"/process-definition/{definition}")["suspended"]


@pytest.mark.parametrize(
    ("body", "type_", "message", "code"),
    [
        (
            {"processInstanceIds": ["a"], "processDefinitionKey": "b"},
            "InvalidRequestException",
            "Choose either a single processInstance with processDefinitionId or "
            "processDefinitionKey or a group of processInstances with processInstanceIds, "
            "procesInstanceQuery or historicProcessInstanceQuery.",
            None,
        ),
        (
            {"processInstanceIds": ["a", None]},
            "BadUserRequestException",
            "Cannot be null.: Process Instance ids contains null value",
            0,
        ),
    ],
)
def test_instances_are_not_suspended_when_it_is_unclear_which(api, body, type_, message, code):
    answer = {"type": type_, "message": message, "code": code}

    assert api.call("PUT", "/process-instance/suspended", body) == (400, answer)


def test_a_path_with_a_key_deletes_the_newest_version_only(api, versions):
    assert api.call("DELETE", "/process-definition/key/two") == (200, b"")
    assert api.get("/process-definition/key/two")["id"] == versions[0]

    assert api.call("DELETE", "/process-definition/key/two/tenant-id/blue") == (200, b"")
    assert {d["id"] for d in api.get("/process-definition")} == {versions[0]}


def test_every_version_of_a_key_can_be_deleted(api, versions):
    path = "/process-definition/key/two/tenant-id/blue/delete"
    assert api.call("DELETE", path) == (204, b"")
    assert api.count("/process-definition") == 2
    api.start("two")
    path = "/process-definition/key/two/delete"
    status, answer = api.call("DELETE", path)
    assert (status, answer["type"]) == (500, "ProcessEngineException")
    assert api.count("/process-definition") == 2

    assert api.call("DELETE", f"{path}?cascade=TRUE") == (204, b"")

    assert api.count("/process-definition") == 0
    message = "No process definition found with key 'two': processDefinitions is empty"
    answer = {"type": "InvalidRequestException", "message": message, "code": None}
    assert api.call("DELETE", path) == (404, answer)


def test_a_start_form_takes_variables_and_a_business_key_only(api, versions):
    body = {
        "businessKey": "b",
        "caseInstanceId": "c",
        "variables": {"a": {"value": 1}},
        "withVariablesInReturn": True,
        "startInstructions": [{"type": "startBeforeActivity", "activityId": "ship"}],
    }

    answer = api.post("/process-definition/key/two/submit-form", body)

    assert "variables" not in answer
    assert (answer["businessKey"], answer["caseInstanceId"]) == ("b", None)
    assert api.get("/external-task")[0]["activityId"] == "check"


@pytest.mark.parametrize(
    ("instruction", "status", "message"),
    [
        (
            {"type": "startBeforeActivity"},
            400,
            "For instruction type 'startBeforeActivity': 'activityId' must be set",
        ),
        (
            {"type": "startTransition", "activityId": "check"},
            400,
            "For instruction type 'startTransition': 'transitionId' must be set",
        ),
        (
            {"type": "startTransition", "transitionId": "none"},
            500,
            "Element 'none' does not exist in process {id}: targetElement is null",
        ),
        (
            {"type": "startAfterActivity", "activityId": "none"},
            500,
            "Cannot perform instruction: Start after activity 'none'; Activity 'none' does not "
            "exist: activity is null",
        ),
        (
            {"type": "startAfterActivity", "activityId": "end"},
            500,
            "Cannot start after activity end; activity has no outgoing sequence flow to take",
        ),
        (
            {"type": "startAfterActivity", "activityId": "gate"},
            500,
            "Cannot start after activity gate; activity has more than one outgoing sequence flow",
        ),
    ],
)
def test_an_instruction_that_leads_nowhere_is_refused(api, instruction, status, message):
    definition = api.deploy(TWO_TASKS)
    body = {"startInstructions": [instruction]}

    answer = api.call("POST", "/process-definition/key/two/start", body)

    text = f"Cannot instantiate process definition {definition}: {message.format(id=definition)}"
    type_ = "InvalidRequestException" if status == 400 else "RestException"
    code = None if status == 400 else 0
    assert answer == (status, {"type": type_, "message": text, "code": code})


def test_a_start_instruction_sets_local_variables_in_the_scope_that_it_opens(api):
    inner = '<startEvent id="inside"/>' + task("work") + flows("inside", "work")
    api.deploy(
        process(
            f'<startEvent id="start"/><subProcess id="sub">{inner}</subProcess>'
            + flows("start", "sub"),
            key="local",
        )
    )
    variables = {"here": {"value": 1, "local": True}, "outside": {"value": 2}}
    instruction = {"type": "startBeforeActivity", "activityId": "work", "variables": variables}
    body = {"startInstructions": [instruction], "withVariablesInReturn": True}

    started = api.post("/process-definition/key/local/start", body)

    assert [*started["variables"]] == ["outside"]
    found = {v["name"]: v["executionId"] for v in api.get("/variable-instance")}
    assert found["outside"] == started["id"] != found["here"]
    (work,) = api.get("/external-task")
    assert api.get(f"/execution/{work['executionId']}/localVariables") == {}
    assert api.get(f"/execution/{found['here']}/localVariables")["here"]["value"] == 1


def test_an_instruction_to_cancel_is_passed_over_by_a_start(api):
    api.deploy(TWO_TASKS)
    body = {"startInstructions": [{"type": "cancel", "activityId": "check"}]}

    api.post("/process-definition/key/two/start", body)

    assert [t["activityId"] for t in api.get("/external-task")] == ["check"]


@pytest.mark.parametrize("kind", [None, 5, [], {}, "stop"])
def test_an_instruction_of_an_unknown_type_has_another_shape(api, kind):
    api.deploy(TWO_TASKS)
    body = {"startInstructions": [{"type": kind, "activityId": "check"}]}

    answer = {"type": "InvalidRequestException", "message": "", "code": None}
    assert api.call("POST", "/process-definition/key/two/start", body) == (400, answer)


def test_called_definitions_are_read_by_the_key_of_their_caller(calls):
    by_id = calls.get("/process-definition?key=one")[0]["id"]
    called = "static-called-process-definitions"

    found = [calls.get(f"/process-definition/{where}/{called}") for where in (by_id, "key/one")]

    assert found == [[], []]
    assert calls.get(f"/process-definition/key/nobody/{called}")["type"] == "RestException"
