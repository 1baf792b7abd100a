"""A command changes everything it should, or nothing."""

import pytest

from tests.local import Local
from tests.models import TWO_TASKS, flows, process, task


@pytest.fixture
def server(client):
    """An application on each database."""
    return Local(client)


def test_a_completion_that_cannot_go_on_changes_nothing(server):
    server.deploy(TWO_TASKS)
    instance = server.start("two")
    (locked,) = server.fetch("check")

    status, error = server.complete(locked["id"], note="lost")

    assert status == 500
    assert error["type"] == "ProcessEngineException"
    assert "Cannot resolve identifier 'approved'" in error["message"]
    kept = server.call("GET", f"/external-task/{locked['id']}")[1]
    assert kept["workerId"] == "w"
    assert kept["lockExpirationTime"] == locked["lockExpirationTime"]
    assert server.call("GET", f"/process-instance/{instance}/variables")[1] == {}
    log = server.call("GET", f"/history/external-task-log?processInstanceId={instance}")[1]
    assert [entry["creationLog"] for entry in log] == [True]
    assert server.complete(locked["id"], approved=True)[0] == 204


def test_bad_variables_are_refused_before_anything_is_looked_up(server):
    body = {"variables": {"x": {"type": "Integer", "value": "text"}}}

    status, error = server.call("POST", "/external-task/nobody/complete", body)

    assert (status, error["type"]) == (400, "InvalidRequestException")
    assert error["message"] == (
        "Cannot convert value 'text' of type 'Integer' to java type java.lang.Integer"
    )


@pytest.mark.parametrize("path", ["complete", "failure", "bpmnError", "lock", "extendLock"])
def test_malformed_bodies_are_answered_and_never_break(server, path):
    for body in (b"{", b"[]", b"null", b" ", b'"x"', b"\xff\xfe", b'{"variables": 5}', b"[" * 9999):
        status, headers, answer = server.raw("POST", f"/external-task/x/{path}", body)
        assert status in (400, 500)
        assert headers["Content-Type"] == "application/json"
        assert b"InternalServerError" not in answer


def test_a_model_with_an_unsupported_element_is_refused_by_name(server):
    xml = process(
        '<startEvent id="s"/><complexGateway id="odd"/>'
        + task("t")
        + '<endEvent id="e"/>'
        + flows("s", "odd", "t", "e")
    )
    from tests.serving import form

    data, content_type = form({}, {"model.bpmn": xml})
    status, _, answer = server.raw("POST", "/deployment/create", data, content_type)

    assert status == 400
    assert b"ParseException" in answer
    assert b"odd" in answer
