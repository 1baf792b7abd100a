"""The errands that every client runs: what it is given, and what the server says afterwards.

Each errand is an instance with a task; its business key tells the client what to do with it:
complete it, report a failure, report a BPMN error, or leave it.
"""

from tests.models import flows, process, task

ERRANDS = ("done", "failed", "refused", "kept")
DAY = "2026-11-24T10:00:00.123+0000"
GIVEN = {
    "text": {"type": "String", "value": "grüße"},
    "number": {"type": "Integer", "value": 42},
    "yes": {"type": "Boolean", "value": True},
    "day": {"type": "Date", "value": DAY},
    "data": {"type": "Json", "value": '{"a": [1, "b"]}'},
}
READ = {"text": "grüße", "number": 42, "yes": True, "day": DAY, "data": {"a": [1, "b"]}}
CAUGHT = (
    '<boundaryEvent id="caught" attachedToRef="work"><errorEventDefinition '
    'camunda:errorCodeVariable="code" camunda:errorMessageVariable="message"/></boundaryEvent>'
)


def model(key):
    """A task that may fail, or be refused; process and topic have the same name."""
    return process(
        '<startEvent id="start"/>'
        + task("work", key)
        + CAUGHT
        + '<endEvent id="end"/><endEvent id="rejected"/>'
        + flows("start", "work", "end")
        + flows("caught", "rejected"),
        key,
    )


def hand_out(server, key, errands=ERRANDS):
    """Start an instance for each errand; their ids."""
    server.deploy(model(key))
    return {errand: start(server, key, errand) for errand in errands}


def start(server, key, errand):
    """Start an instance with variables of several types."""
    body = {"businessKey": errand, "variables": GIVEN}
    status, answer = server.call("POST", f"/process-definition/key/{key}/start", body)
    assert status == 200, answer
    return answer["id"]


def told(server, instance):
    """The history of an instance: its state, its activities and its own variables."""
    of_it = f"processInstanceId={instance}"
    its_own = f"{of_it}&activityInstanceIdIn={instance}"
    state = server.call("GET", f"/history/process-instance/{instance}")[1]["state"]
    activities = server.call("GET", f"/history/activity-instance?{of_it}")[1]
    variables = server.call("GET", f"/history/variable-instance?{its_own}")[1]
    return {
        "state": state,
        "visited": sorted(activity["activityId"] for activity in activities),
        "variables": {v["name"]: v["value"] for v in variables if v["name"] not in GIVEN},
    }


def waiting(server, instance):
    """The task of an instance, and why it has failed."""
    (found,) = server.call("GET", f"/external-task?processInstanceId={instance}")[1]
    details = server.raw("GET", f"/external-task/{found['id']}/errorDetails")[2].decode()
    incidents = server.call("GET", f"/incident?processInstanceId={instance}")[1]
    return {
        "worker": found["workerId"],
        "retries": found["retries"],
        "message": found["errorMessage"],
        "details": details,
        "incidents": [incident["incidentMessage"] for incident in incidents],
    }


def outcome(server, instances):
    """The state of each errand on the server."""
    return {
        "done": told(server, instances["done"]),
        "refused": told(server, instances["refused"]),
        "failed": waiting(server, instances["failed"]),
        "kept": waiting(server, instances["kept"]),
    }


def expected(*, failed_by, kept_by):
    """The outcome when every errand has been run.

    Args:
        failed_by: the worker that the failed task names; None when it was unlocked.
        kept_by: the worker that the kept task names; None when it was unlocked.
    """
    return {
        "done": {
            "state": "COMPLETED",
            "visited": ["end", "start", "work"],
            "variables": {"answer": 42},
        },
        "refused": {
            "state": "COMPLETED",
            "visited": ["caught", "rejected", "start", "work"],
            "variables": {"reason": "fog", "code": "FOG", "message": "not today"},
        },
        "failed": {
            "worker": failed_by,
            "retries": 0,
            "message": "out of paper",
            "details": "tray 2",
            "incidents": ["out of paper"],
        },
        "kept": {
            "worker": kept_by,
            "retries": None,
            "message": None,
            "details": "",
            "incidents": [],
        },
    }
