"""What operators and task lists call, through client libraries; the effects are read over HTTP."""

from tests.models import flows, process

from .running import PROGRAMS, run

GIVEN = {"first": ("b", 2), "second": ("c", 10), "kept": ("a", 1)}


def model(key):
    return process(
        '<startEvent id="start"/><userTask id="work" name="Work"/><endEvent id="end"/>'
        + flows("start", "work", "end"),
        key,
    )


def start(server, key):
    """Instances with variables to sort by; their ids by business key."""
    server.deploy(model(key))
    return {errand: _start(server, key, errand, *given) for errand, given in GIVEN.items()}


def _start(server, key, errand, text, number):
    variables = {
        "text": {"type": "String", "value": text},
        "number": {"type": "Integer", "value": number},
    }
    body = {"businessKey": errand, "variables": variables}
    status, answer = server.call("POST", f"/process-definition/key/{key}/start", body)
    assert status == 200, answer
    return answer["id"]


def ended(server, instance):
    found = server.call("GET", f"/history/process-instance/{instance}")[1]
    return found["state"], found["deleteReason"]


def links(server, instance):
    """The identity links of the instance's only task."""
    (task,) = server.call("GET", f"/task?processInstanceId={instance}")[1]
    found = server.call("GET", f"/task/{task['id']}/identity-links")[1]
    return sorted((link["type"], link["userId"], link["groupId"]) for link in found)


def test_generic_camunda_client_operates_on_instances_and_tasks(server, python_clients):
    key = "generic_operating"
    instances = start(server, key)
    program = PROGRAMS / "operating_with_generic_camunda_client.py"

    read = run(python_clients, program, server.base_url, key)

    assert read == {
        "suspension": ["instance-update-suspension-state", 2],
        "suspended": ["first", "second"],
        "activation": ["instance-update-suspension-state", 3],
        "all suspended": ["first", "kept", "second"],
        "active": ["first", "kept", "second"],
        "by number": ["second", "first", "kept"],
        "by text": ["kept", "first", "second"],
        "by text of the execution": ["second", "first", "kept"],
        "links": [["candidate", "", "clerks"], ["candidate", "ann", ""], ["reader", "bob", ""]],
        "readers": [["reader", "bob", ""]],
        "links left": [["candidate", "", "clerks"], ["reader", "bob", ""]],
        "deletion": ["instance-deletion", 1],
        "deletion by history": ["instance-deletion", 1],
        "left": ["kept"],
    }
    assert ended(server, instances["first"]) == ("EXTERNALLY_TERMINATED", "by id")
    assert ended(server, instances["second"]) == ("EXTERNALLY_TERMINATED", "by history")
    assert ended(server, instances["kept"]) == ("ACTIVE", None)
    assert links(server, instances["kept"]) == [
        ("candidate", None, "clerks"),
        ("reader", "bob", None),
    ]
