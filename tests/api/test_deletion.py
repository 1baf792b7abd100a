"""Deleting a deployment with its instances: in batches, and again after a failure."""

from tests.models import flows, process, task

FAILING = process(
    '<startEvent id="s"/>'
    + task(
        "t",
        "delete",
        "<extensionElements><camunda:inputOutput>"
        '<camunda:outputParameter name="y">${x}</camunda:outputParameter>'
        "</camunda:inputOutput></extensionElements>",
    )
    + '<endEvent id="e"/>'
    + flows("s", "t", "e"),
    "failing",
)


def count(server, path):
    return server.call("GET", path)[1]["count"]


def test_a_deployment_goes_with_its_instances_and_their_history(server):
    deployment = server.deploy(FAILING)["id"]
    for _ in range(30):
        server.start("failing", x=1)

    assert server.call("DELETE", f"/deployment/{deployment}?cascade=true")[0] == 204

    for path in ("/process-instance", "/external-task", "/variable-instance", "/deployment"):
        assert count(server, f"{path}/count") == 0
    for kind in ("process-instance", "activity-instance", "variable-instance", "detail"):
        assert count(server, f"/history/{kind}/count") == 0
    assert count(server, "/history/external-task-log/count") == 0


def test_an_instance_that_cannot_be_deleted_keeps_its_deployment_and_a_repeat_continues(server):
    deployment = server.deploy(FAILING)["id"]
    for _ in range(10):
        server.start("failing", x=1)
    stuck = server.start("failing")
    for _ in range(10):
        server.start("failing", x=1)

    status, answer = server.call("DELETE", f"/deployment/{deployment}?cascade=true")

    assert status == 500
    assert "Cannot resolve identifier 'x'" in answer["message"]
    assert count(server, "/process-instance/count") == 11
    assert count(server, "/deployment/count") == 1

    path = f"/process-instance/{stuck}/variables/x"
    assert server.call("PUT", path, {"value": 1})[0] == 204
    assert server.call("DELETE", f"/deployment/{deployment}?cascade=true")[0] == 204
    assert count(server, "/process-instance/count") == 0
