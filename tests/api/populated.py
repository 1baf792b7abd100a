"""A server with something of everything, so that what is read and changed exists."""

from tests.decisions import TIERS, deciding
from tests.models import flow, flows, process, task
from tests.serving import form

FIELDS = (
    '<extensionElements><camunda:formData><camunda:formField id="who" type="string"/>'
    "</camunda:formData></extensionElements>"
)
WAITING = process(
    f'<startEvent id="start" camunda:formKey="deployment:ask.html">{FIELDS}</startEvent>'
    '<parallelGateway id="fork"/>'
    + task(
        "charge",
        inner='<extensionElements><camunda:properties><camunda:property name="a" '
        'value="b"/></camunda:properties></extensionElements>',
    )
    + '<boundaryEvent id="refused" attachedToRef="charge"><errorEventDefinition errorRef="no"/>'
    "</boundaryEvent>"
    f'<userTask id="approve" camunda:formKey="deployment:ask.html">{FIELDS}</userTask>'
    '<receiveTask id="wait" messageRef="paid"/>'
    '<intermediateCatchEvent id="later"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
    "</timerEventDefinition></intermediateCatchEvent>"
    '<intermediateCatchEvent id="alert"><signalEventDefinition signalRef="alarm"/>'
    "</intermediateCatchEvent>"
    '<serviceTask id="work" camunda:asyncBefore="true" camunda:expression="${amount + 1}"/>'
    '<subProcess id="inner"><startEvent id="in"/>'
    + task("pack")
    + '<endEvent id="out"/>'
    + flows("in", "pack", "out")
    + "</subProcess>"
    '<endEvent id="end"/><endEvent id="sorry"/>'
    + flows("start", "fork")
    + "".join(
        flows("fork", name, "end")
        for name in ("charge", "approve", "wait", "later", "alert", "work", "inner")
    )
    + flow("refused", "sorry"),
    "all",
).replace(
    '<process id="all"',
    '<message id="paid" name="paid"/><signal id="alarm" name="alarm"/>'
    '<error id="no" errorCode="no"/><process id="all"',
)
VARIABLES = {
    "text": {"value": "tea"},
    "amount": {"value": 5},
    "list": {"value": [1, {"a": None}]},
    "date": {"value": "2026-01-02T03:04:05.678+0100", "type": "Date"},
    "raw": {"value": "aGVsbG8=", "type": "Bytes"},
    "file": {"value": "aGVsbG8=", "type": "File", "valueInfo": {"filename": "a.txt"}},
    "json": {"value": '{"a": 1}', "type": "Json"},
    "java": {
        "value": "{}",
        "type": "Object",
        "valueInfo": {"objectTypeName": "a.B", "serializationDataFormat": "application/json"},
    },
}
LISTS = (
    "deployment",
    "process-definition",
    "process-instance",
    "external-task",
    "execution",
    "variable-instance",
    "event-subscription",
    "incident",
    "job",
    "task",
    "user",
    "group",
    "tenant",
    "authorization",
    "filter",
    "decision-definition",
    "decision-requirements-definition",
    "history/process-instance",
    "history/activity-instance",
    "history/variable-instance",
    "history/detail",
    "history/external-task-log",
    "history/incident",
    "history/task",
    "history/decision-instance",
)


def populate(server, deployments=8):
    """Deploy, start, fetch, fail, complete and decide."""
    server.deploy(TIERS, "pricing.dmn")
    server.deploy(deciding(decision_key="price"))
    server.start("orders", amount=150)
    evaluation = {"variables": {"amount": {"value": 50}}}
    assert server.call("POST", "/decision-definition/key/price/evaluate", evaluation)[0] == 200
    for number in range(deployments):
        model = WAITING.replace('"all"', f'"all{number}"')
        _send(server, "/deployment/create", {"model.bpmn": model, "ask.html": "<form/>"})
        for _ in range(2):
            body = {"variables": VARIABLES, "businessKey": f"b{number}"}
            status, answer = server.call("POST", f"/process-definition/key/all{number}/start", body)
            assert status == 200, answer
    tasks = server.fetch("charge", most=deployments)
    _add_people(server)
    _change(server, tasks)
    server.fetch("pack", most=deployments)


PEOPLE = (
    ("/user/create", {"profile": {"id": "kim", "firstName": "Kim"}, "credentials": {}}),
    ("/user/create", {"profile": {"id": "bob"}, "credentials": {"password": "pw"}}),
    ("/group/create", {"id": "crew", "name": "Crew", "type": "W"}),
    ("/tenant/create", {"id": "north", "name": "North"}),
)
GRANT = {"type": 1, "permissions": ["READ"], "userId": "kim", "resourceType": 6, "resourceId": "*"}
FILTER = {"resourceType": "Task", "name": "mine", "query": {"assignee": "kim"}, "owner": "kim"}


def _add_people(server):
    for path, body in PEOPLE:
        assert server.call("POST", path, body)[0] == 204
    for path in (
        "/group/crew/members/kim",
        "/tenant/north/user-members/kim",
        "/tenant/north/group-members/crew",
    ):
        assert server.call("PUT", path, {})[0] == 204
    for path, body in (("/authorization/create", GRANT), ("/filter/create", FILTER)):
        assert server.call("POST", path, body)[0] == 200


def _change(server, tasks):
    failed, ended, thrown = (t["id"] for t in tasks[:3])
    body = {"workerId": "w", "errorMessage": "no", "errorDetails": "at line 1", "retries": 0}
    assert server.call("POST", f"/external-task/{failed}/failure", body)[0] == 204
    assert server.complete(ended)[0] == 204
    body = {"workerId": "w", "errorCode": "no"}
    assert server.call("POST", f"/external-task/{thrown}/bpmnError", body)[0] == 204
    done = server.call("GET", "/task?sortBy=id&sortOrder=asc")[1][0]["id"]
    assert server.call("POST", f"/task/{done}/complete", {})[0] == 204
    assert server.call("POST", "/task/create", {"id": "alone"})[0] == 204
    link = {"groupId": "crew", "type": "candidate"}
    for found in server.call("GET", "/task?sortBy=id&sortOrder=asc")[1]:
        assert server.call("POST", f"/task/{found['id']}/identity-links", link)[0] == 204
        body = {"message": "hm", "processInstanceId": found["processInstanceId"]}
        assert server.call("POST", f"/task/{found['id']}/comment/create", body)[0] == 200
        _send(server, f"/task/{found['id']}/attachment/create", {"content": "hm"})


def _said(server, task_id, kind):
    status, answer = server.call("GET", f"/task/{task_id}/{kind}")
    return answer if status == 200 else []


def _send(server, path, files):
    data, content_type = form({"deployment-name": "d"}, files)
    status, _, answer = server.raw("POST", path, data, content_type)
    assert status == 200, answer


def known(server, most=12):
    """The ids that a populated server has, by the resource that they are of."""
    found = {
        path.rpartition("/")[2]: [item["id"] for item in server.call("GET", f"/{path}")[1][:most]]
        for path in LISTS
        if "/" not in path
    }
    for path in LISTS:
        if "/" in path:
            items = server.call("GET", f"/{path}?maxResults=3")[1]
            name = path.rpartition("/")[2]
            found[name] = found.get(name, []) + [item["id"] for item in items]
    deployment = found["deployment"][0]
    resources = server.call("GET", f"/deployment/{deployment}/resources")[1]
    keys = [i["key"] for i in server.call("GET", "/process-definition")[1]]
    return {
        **found,
        "key": keys,
        "processDefinitionKey": keys,
        "processInstanceId": found["process-instance"],
        "externalTaskId": found["external-task"],
        "processDefinitionId": found["process-definition"],
        "resources": [r["id"] for r in resources],
        "variables": list(VARIABLES),
        "localVariables": list(VARIABLES),
        "messageSubscriptions": ["paid"],
        "messageName": ["paid"],
        "topicName": ["charge", "pack"],
        "workerId": ["w"],
        "businessKey": ["b1"],
        "errorCode": ["no"],
        "activityId": ["charge", "approve", "inner", "fork_wait"],
        "userId": ["demo", *found["user"]],
        "members": found["user"],
        "user-members": found["user"],
        "group-members": found["group"],
        **{
            kind: [one["id"] for task in found["task"] for one in _said(server, task, kind)]
            for kind in ("comment", "attachment")
        },
        "docs": ["swagger-ui.css", "index.css"],
    }
