"""Calls of operators and task lists, by client libraries; the effects are read over HTTP."""

from tests.models import flows, process, task

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
    (found,) = server.call("GET", f"/task?processInstanceId={instance}")[1]
    linked = server.call("GET", f"/task/{found['id']}/identity-links")[1]
    return {(link["type"], link["userId"], link["groupId"]) for link in linked}


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
    assert links(server, instances["kept"]) == {
        ("candidate", None, "clerks"),
        ("reader", "bob", None),
    }


DECISION = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" '
    'xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="d" name="d" namespace="n">'
    '<decision id="pycamunda_operating" name="Size" camunda:historyTimeToLive="30">'
    '<decisionTable id="t"><input id="i"><inputExpression id="e"><text>amount</text>'
    '</inputExpression></input><output id="o" name="size" typeRef="string"/>'
    '<rule id="r"><inputEntry id="in"><text>&gt; 5</text></inputEntry>'
    '<outputEntry id="out"><text>"large"</text></outputEntry></rule>'
    "</decisionTable></decision></definitions>"
)


CLERKS = {"id": "pyclerks", "name": "All clerks", "type": "WORKFLOW"}
ACME = {"id": "pyacme", "name": "Acme Inc."}
OPERATED = {
    "deployment": {
        "definitions": ["pycamunda_operating"],
        "decisions": ["pycamunda_operating"],
        "same again": True,
        "second": "NotFound",
        "source": "client",
        "listed": [True],
        "resources": [2, True],
    },
    "decision": {
        "rules": [{"size": "large"}],
        "listed": [1],
        "count": 1,
        "XML": True,
        "unknown": "NotFound",
    },
    "people": {
        "profile": ["Anna", "anna@example.org"],
        "gone": ["NotFound", "NotFound", "NotFound"],
        "of the tenant": ["pyann"],
        "count": 1,
        "groups": ["All clerks"],
        "groups of ann": ["pyclerks"],
        "tenants": ["Acme Inc."],
        "tenants of the group": 1,
        "verified": [True, False],
        "rights": ["delete", "self", "update"],
    },
    "task": {
        "links": [["candidate", "", "pyclerks"], ["reader", "pyann", ""]],
        "readers": ["pyann"],
        "comment": "call back",
        "by group": [1],
        "assigned": [True],
    },
    "trouble": {
        "incident": ["failedExternalTask", "print", "no paper"],
        "resolved": "BadRequest",
    },
    "suspended": ["one"],
    "batch": {
        "batch": ["set-external-task-retries", 1, True],
        "remaining": 1,
        "deleted": "NotFound",
    },
    "modified": [["work", "work"], "NotFound"],
}  # what pycamunda reads


def forked(key):
    """A task for people beside one for workers."""
    return process(
        '<startEvent id="start"/><parallelGateway id="fork"/>'
        '<userTask id="work" name="Work"/><endEvent id="end"/><endEvent id="printed"/>'
        + task("print", key)
        + flows("start", "fork", "work", "end")
        + flows("fork", "print", "printed"),
        key,
    )


def test_pycamunda_operates_on_all_that_it_knows(server, python_clients, tmp_path):
    key = "pycamunda_operating"
    (tmp_path / f"{key}.bpmn").write_text(forked(key))
    (tmp_path / f"{key}.dmn").write_text(DECISION)
    program = PROGRAMS / "operating_with_pycamunda.py"

    read = run(python_clients, program, server.base_url, key, cwd=tmp_path)

    instance = read.pop("instance")
    assert read == OPERATED
    assert ended(server, instance) == ("EXTERNALLY_TERMINATED", None)
    assert server.call("GET", "/user/pyann/profile")[1]["firstName"] == "Anna"
    assert server.call("GET", "/group?member=pyann")[1] == [CLERKS]
    assert server.call("GET", "/tenant?groupMember=pyclerks")[1] == [ACME]
    assert server.call("GET", f"/deployment/count?name={key}")[1] == {"count": 1}
