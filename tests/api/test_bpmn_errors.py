"""State and history after a worker has thrown a BPMN error."""

import pytest

from tests.models import flows, process, task

DEFINED = (
    '<extensionElements><camunda:errorEventDefinition id="d" errorRef="code" '
    'expression="${broken}"/></extensionElements>'
)
MODEL = process(
    '<startEvent id="s"/>'
    + task("t", "work", DEFINED)
    + '<boundaryEvent id="b" attachedToRef="t"><errorEventDefinition/></boundaryEvent>'
    + task("handle")
    + flows("s", "t")
    + flows("b", "handle"),
    "p",
)


@pytest.fixture
def failed(server):
    """An instance and its task, which has failed for good."""
    server.deploy(MODEL)
    instance = server.start("p", broken=False)
    (found,) = server.fetch("work")
    path = f"/external-task/{found['id']}"
    server.call("POST", f"{path}/failure", {"workerId": "w", "errorMessage": "m", "retries": 0})
    return instance, path


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("bpmnError", {"errorCode": "code"}),
        ("complete", {"variables": {"broken": {"value": True}}}),
        ("failure", {"variables": {"broken": {"value": True}}, "retries": 3}),
    ],
)
def test_the_incident_of_a_task_that_throws_is_deleted_like_the_task(
    server, failed, operation, body
):
    instance, path = failed

    assert server.call("POST", f"{path}/{operation}", {"workerId": "w", **body})[0] == 204

    (incident,) = server.call("GET", f"/history/incident?processInstanceId={instance}")[1]
    assert (incident["deleted"], incident["resolved"], incident["open"]) == (True, False, False)
    query = f"processInstanceId={instance}&deletionLog=true"
    assert server.call("GET", f"/history/external-task-log/count?{query}")[1] == {"count": 1}


def test_a_completion_resolves_the_incident(server, failed):
    instance, path = failed

    assert server.call("POST", f"{path}/complete", {"workerId": "w"})[0] == 204

    (incident,) = server.call("GET", f"/history/incident?processInstanceId={instance}")[1]
    assert incident["resolved"]


def test_a_variable_that_cannot_be_stored_fails_the_propagation(server, failed):
    _, path = failed
    body = {
        "workerId": "w",
        "errorCode": "code",
        "variables": {"n": {"value": 1, "type": "Number"}},
    }

    status, problem = server.call("POST", f"{path}/bpmnError", body)

    assert (status, problem["type"], problem["code"]) == (500, "ProcessEngineException", 0)
    assert problem["message"] == "ENGINE-13033 Propagation of bpmn error code failed. "
    assert server.call("POST", f"{path}/bpmnError", {"workerId": "w", "errorCode": "x"})[0] == 204
