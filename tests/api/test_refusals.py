"""How what does not exist, or lacks a part, is refused: asked of the reference engine.

Every operation was sent its example with unknown ids, an empty body, and without each of its fields
in turn, to both; here is where the words had been others.
"""

import pytest

from app.services import administrators
from tests.decisions import TIERS
from tests.local import Local

from .sending import Admin

NOTHING = {"modifications": {}}
REFUSALS = (
    (
        ("GET", "/task/none/variables", None),
        (500, "NullValueException", "task none doesn't exist: task is null"),
    ),
    (
        ("PUT", "/task/none/localVariables/a", {"value": 1}),
        (
            500,
            "RestException",
            "Cannot put task variable a: task none doesn't exist: task is null",
        ),
    ),
    (
        ("POST", "/task/none/variables", NOTHING),
        (
            500,
            "RestException",
            "Cannot modify variables for task none: task none doesn't exist: task is null",
        ),
    ),
    (
        ("GET", "/deployment/none/resources/none", None),
        (
            404,
            "InvalidRequestException",
            "Deployment resources for deployment id 'none' do not exist.",
        ),
    ),
    (
        ("PUT", "/job/none/priority", {"priority": 5}),
        (404, "InvalidRequestException", "No job found with id 'none': job is null"),
    ),
    (
        ("GET", "/process-definition/none/diagram", None),
        (
            400,
            "NotFoundException",
            "no deployed process definition found with id 'none': processDefinition is null",
        ),
    ),
    (
        ("POST", "/group/create", {"id": "crew"}),
        (400, "BadUserRequestException", "The group already exists"),
    ),
    (
        ("POST", "/tenant/create", {"id": "north"}),
        (400, "BadUserRequestException", "The tenant already exists"),
    ),
    (
        ("POST", "/user/create", {"profile": {"id": "kim"}, "credentials": {"password": "x"}}),
        (400, "BadUserRequestException", "The user already exists"),
    ),
    (
        ("PUT", "/authorization/{grant}", {}),
        (
            500,
            "NullValueException",
            "Authorization must either have a 'userId' or a 'groupId'.",
        ),
    ),
    (
        ("PUT", "/filter/{filter}", {}),
        (400, "InvalidRequestException", "Unable to update filter with invalid content"),
    ),
    (
        ("POST", "/filter/{filter}/list", {"sorting": "x"}),
        (400, "InvalidRequestException", "Invalid query for resource type 'Task'"),
    ),
)


@pytest.fixture
def ids(server):
    """The ids of an authorization and of a filter; there are a user, a group and a tenant."""
    user = {"profile": {"id": "kim"}, "credentials": {"password": "x"}}
    for path, body in (
        ("/user/create", user),
        ("/group/create", {"id": "crew"}),
        ("/tenant/create", {"id": "north"}),
    ):
        assert server.call("POST", path, body)[0] == 204
    grant = {"type": 1, "permissions": ["READ"], "userId": "kim", "resourceType": 8}
    kept = {"resourceType": "Task", "name": "all", "query": {}}
    return {
        "grant": server.call("POST", "/authorization/create", {**grant, "resourceId": "x"})[1][
            "id"
        ],
        "filter": server.call("POST", "/filter/create", kept)[1]["id"],
    }


@pytest.mark.parametrize(
    ("request_", "wanted"), REFUSALS, ids=[" ".join(r[:2]) for r, _ in REFUSALS]
)
def test_what_is_refused_is_refused_in_the_words_of_the_reference_engine(
    server, ids, request_, wanted
):
    method, path, body = request_

    status, answer = server.call(method, path.format(**ids), body)

    assert (status, answer["type"], answer["message"]) == wanted


def test_a_password_that_is_not_given_does_not_lock_whoever_asks(client):
    administrators.ensure(client.application.extensions["baton"].store, "admin", "admin")
    Local(client).call("POST", "/user/create", {"profile": {"id": "kim"}, "credentials": {}})
    admin = Admin(client)

    status, _ = admin.call("PUT", "/user/kim/credentials", {"password": "new"})

    assert status == 400
    body = {"password": "new", "authenticatedUserPassword": "admin"}
    assert admin.call("PUT", "/user/kim/credentials", body)[0] == 204


def test_the_report_of_batches_has_the_types_of_those_that_go_on(server):
    server.deploy(
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="x"><process id="p" '
        'isExecutable="true" camunda:historyTimeToLive="P1D"><startEvent id="s"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="u"/><userTask id="u"/></process>'
        "</definitions>"
    )
    instance = server.start("p")
    body = {"processInstanceIds": [instance]}
    assert server.call("POST", "/process-instance/delete", body)[0] == 200

    found = server.call("GET", "/history/batch/cleanable-batch-report")[1]

    assert found == [
        {
            "batchType": "instance-deletion",
            "historyTimeToLive": None,
            "finishedBatchesCount": 0,
            "cleanableBatchesCount": 0,
        }
    ]


def test_a_decision_that_is_evaluated_by_a_user_names_the_user(client):
    admin = Admin(client)
    admin.deploy(TIERS, "pricing.dmn")

    admin.call("POST", "/decision-definition/key/tier/evaluate", {"variables": {}})

    (found,) = admin.call("GET", "/history/decision-instance")[1]
    assert found["userId"] == "admin"
