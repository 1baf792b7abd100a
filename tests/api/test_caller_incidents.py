"""An incident in a called process shows at each call activity above it."""

from tests.models import flows, process, task

CALLED = process(
    '<startEvent id="s"/>' + task("work") + '<endEvent id="e"/>' + flows("s", "work", "e"), "called"
)
CALLER = process(
    '<startEvent id="s"/><callActivity id="call" calledElement="called"/><endEvent id="e"/>'
    + flows("s", "call", "e"),
    "caller",
)


def fail(server):
    """Starts the caller and lets the called task fail for good; the instance, and its incidents."""
    server.deploy(CALLED)
    server.deploy(CALLER)
    instance = server.start("caller")
    (found,) = server.fetch("work")
    body = {"workerId": "w", "errorMessage": "broken", "retries": 0}
    server.call("POST", f"/external-task/{found['id']}/failure", body)
    below, above = (
        server.call("GET", f"/incident?activityId={name}")[1][0] for name in ("work", "call")
    )
    return instance, below, above


def test_a_caller_s_incident_names_its_call_activity_and_has_no_message_of_its_own(server):
    instance, below, above = fail(server)

    assert (below["incidentMessage"], below["failedActivityId"]) == ("broken", None)
    assert above == {
        **above,
        "processInstanceId": instance,
        "incidentType": "failedExternalTask",
        "incidentMessage": None,
        "activityId": "call",
        "failedActivityId": "call",
        "configuration": None,
        "causeIncidentId": below["id"],
        "rootCauseIncidentId": below["id"],
    }
    (kept,) = server.call("GET", f"/history/incident?processInstanceId={instance}")[1]
    assert (kept["incidentMessage"], kept["failedActivityId"]) == (None, "call")
    assert kept["historyConfiguration"] is None
