"""The world that the examples of the OpenAPI document tell of, made by its own API.

`build` returns the ids that stand behind the words of the examples, such as ``aTaskId``.
"""

import json
from dataclasses import dataclass

from tests.decisions import TIERS
from tests.models import flow, flows, process, task
from tests.serving import form

FORM = (
    '<extensionElements><camunda:formData><camunda:formField id="amount" label="Amount" '
    'type="long"/></camunda:formData></extensionElements>'
)
DEFINITIONS = (
    '<message id="paid" name="paid"/><signal id="alarm" name="alarm"/>'
    '<error id="no-funds" errorCode="no-funds"/><escalation id="late" escalationCode="late"/>'
)
ORDER = process(
    f'<startEvent id="start">{FORM}</startEvent><parallelGateway id="fork"/>'
    + task("charge")
    + '<boundaryEvent id="refused" attachedToRef="charge">'
    '<errorEventDefinition errorRef="no-funds"/></boundaryEvent>'
    f'<userTask id="approve" name="Approve the order">{FORM}</userTask>'
    '<boundaryEvent id="delayed" attachedToRef="approve" cancelActivity="false">'
    '<escalationEventDefinition escalationRef="late"/></boundaryEvent>'
    '<userTask id="check" name="Check the order" camunda:formKey="embedded:deployment:order.html"/>'
    '<receiveTask id="payment" messageRef="paid"/>'
    '<intermediateCatchEvent id="later"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
    "</timerEventDefinition></intermediateCatchEvent>"
    '<intermediateCatchEvent id="alert"><signalEventDefinition signalRef="alarm"/>'
    '</intermediateCatchEvent><endEvent id="end"/>'
    + flows("start", "fork")
    + "".join(
        flows("fork", name, "end")
        for name in ("charge", "approve", "check", "payment", "later", "alert")
    )
    + flow("refused", "end")
    + flow("delayed", "end"),
    "order",
).replace('<process id="order"', DEFINITIONS + '<process id="order" name="Order"')
PARCEL = process(
    '<startEvent id="start" camunda:formKey="embedded:deployment:order.html"/>'
    + task("pack")
    + '<endEvent id="end"/>'
    + flows("start", "pack", "end"),
    "parcel",
)
RESTOCK = process(
    '<startEvent id="empty"><conditionalEventDefinition><condition '
    'xsi:type="tFormalExpression">${stock == 0}</condition></conditionalEventDefinition>'
    '</startEvent><userTask id="buy"/>' + flows("empty", "buy"),
    "restock",
)
FILES = {
    "order.bpmn": ORDER,
    "parcel.bpmn": PARCEL,
    "restock.bpmn": RESTOCK,
    "pricing.dmn": TIERS,
    "order.html": "<form/>",
}
VARIABLES = {
    "amount": {"value": 120, "type": "Integer"},
    "remark": {"value": "tea", "type": "String"},
    "scan": {"value": "aGVsbG8=", "type": "Bytes"},
}
PEOPLE = (
    (
        "/user/create",
        {"profile": {"id": "kim"}, "credentials": {"password": "Correct-horse-7"}},
    ),
    ("/user/create", {"profile": {"id": "bob"}, "credentials": {"password": "Honest-tea-99"}}),
    ("/group/create", {"id": "crew", "name": "Crew", "type": "WORKFLOW"}),
    ("/group/create", {"id": "staff", "name": "Staff", "type": "WORKFLOW"}),
    ("/tenant/create", {"id": "north", "name": "North"}),
)
MEMBERSHIPS = (
    "/group/crew/members/kim",
    "/tenant/north/user-members/kim",
    "/tenant/north/group-members/crew",
)
GRANT = {"type": 1, "permissions": ["READ"], "userId": "kim", "resourceType": 8, "resourceId": "*"}
FILTER = {
    "resourceType": "Task",
    "name": "Mine",
    "query": {"assignee": "kim", "processDefinitionKey": "order"},
}


class World:
    """The world, as it is built.

    Args:
        server: that is empty, with a user who may do all.
    """

    def __init__(self, server):
        self.server = server
        self.ids = {}

    def ask(self, method, path, body=None):
        """The answer to a request, whose status must be 200 or 204."""
        status, answer = self.server.call(method, path, body)
        assert status in (200, 204), (method, path, status, answer)
        return answer

    def upload(self, path, files, **fields):
        data, content_type = form(fields, files)
        status, _, answer = self.server.raw("POST", path, data, content_type)
        assert status == 200, answer
        return json.loads(answer)

    def first(self, path):
        """The id of the first item of a list."""
        return self.ask("GET", path)[0]["id"]

    def build(self):
        """Make everything, and note the ids."""
        self._deploy()
        self._people()
        self._instances()
        self._tasks()
        self._others()
        self._history()
        return self.ids

    def _deploy(self):
        old = self.upload("/deployment/create", FILES, **{"deployment-name": "orders"})
        parcels = {"parcel.bpmn": PARCEL, "order.html": "<form/>"}
        self.upload("/deployment/create", parcels, **{"deployment-name": "parcels"})
        for_north = {"deployment-name": "north", "tenant-id": "north"}
        self.upload("/deployment/create", FILES, **for_north)
        of = {d["key"]: d["id"] for d in old["deployedProcessDefinitions"].values()}
        deployment = old["id"]
        resources = self.ask("GET", f"/deployment/{deployment}/resources")
        (tier,) = (d for d in old["deployedDecisionDefinitions"].values() if d["key"] == "tier")
        self.ids |= {
            "aDeploymentId": deployment,
            "aResourceId": next(r["id"] for r in resources if r["name"] == "order.bpmn"),
            "aProcessDefinitionId": of["order"],
            "anOldProcessDefinitionId": of["parcel"],
            "aNewProcessDefinitionId": self.first(
                "/process-definition?key=parcel&withoutTenantId=true&latestVersion=true"
            ),
            "aDecisionDefinitionId": tier["id"],
            "aDecisionRequirementsDefinitionId": tier["decisionRequirementsDefinitionId"],
        }

    def _people(self):
        for path, body in PEOPLE:
            self.ask("POST", path, body)
        for path in MEMBERSHIPS:
            self.ask("PUT", path, {})
        self.ids["anAuthorizationId"] = self.ask("POST", "/authorization/create", GRANT)["id"]
        self.ids["aFilterId"] = self.ask("POST", "/filter/create", FILTER)["id"]

    def _start(self, name, business_key):
        body = {"variables": VARIABLES, "businessKey": business_key}
        return self.ask("POST", f"/process-definition/{self.ids[name]}/start", body)["id"]

    def _instances(self):
        finished = self._start("aProcessDefinitionId", "order-0")
        self.ask("DELETE", f"/process-instance/{finished}")
        self.ids["aFinishedProcessInstanceId"] = finished
        instance = self._start("aProcessDefinitionId", "order-1")
        self.ids["aProcessInstanceId"] = instance
        self.ids["anOldProcessInstanceId"] = self._start("anOldProcessDefinitionId", "order-1")

        of = f"processInstanceId={instance}"
        execution = self.first(f"/execution?{of}&activityId=payment")
        for name in ("remark", "scan"):
            self.ask("PUT", f"/execution/{execution}/localVariables/{name}", VARIABLES[name])
        jobs = self.ask("GET", f"/job?{of}")
        lock = {"workerId": "aWorker", "lockDuration": 3_600_000}
        external = self.first(f"/external-task?{of}")
        self.ask("POST", f"/external-task/{external}/lock", lock)
        self.ids |= {
            "anExecutionId": execution,
            "anotherExecutionId": self.first(f"/execution?{of}&activityId=alert"),
            "aJobId": jobs[0]["id"],
            "aJobDefinitionId": jobs[0]["jobDefinitionId"],
            "anExternalTaskId": external,
        }

    def _tasks(self):
        of = f"processInstanceId={self.ids['aProcessInstanceId']}"
        found = self.first(f"/task?{of}&taskDefinitionKey=approve")
        self.ask("POST", f"/task/{found}/assignee", {"userId": "kim"})
        self.ask("POST", f"/task/{found}/identity-links", {"groupId": "crew", "type": "candidate"})
        for name in ("remark", "scan"):
            self.ask("PUT", f"/task/{found}/localVariables/{name}", VARIABLES[name])
        comment = {"message": "hm", "processInstanceId": self.ids["aProcessInstanceId"]}
        attached = self.upload(f"/task/{found}/attachment/create", {"content": "Tea"})
        self.ask("POST", "/task/create", {"name": "Call"})
        self.ids |= {
            "aTaskId": found,
            "anotherTaskId": self.first(f"/task?{of}&taskDefinitionKey=check"),
            "aStandaloneTaskId": self.first("/task?name=Call"),
            "aCommentId": self.ask("POST", f"/task/{found}/comment/create", comment)["id"],
            "anAttachmentId": attached["id"],
        }

    def _others(self):
        job, execution = self.ids["aJobId"], self.ids["anExecutionId"]
        incident = {"incidentType": "delivery", "configuration": "truck-7"}
        evaluation = {"variables": {"amount": VARIABLES["amount"]}}
        self.ask("POST", "/decision-definition/key/tier/evaluate", evaluation)
        self.ask("POST", "/history/cleanup?immediatelyDue=false")
        self.ask("PUT", f"/job/{job}/priority", {"priority": 3})
        batch = self.ask("POST", "/job/retries", {"jobIds": [job], "retries": 2})
        self.ids |= {
            "aBatchId": batch["id"],
            "anIncidentId": self.ask("POST", f"/execution/{execution}/create-incident", incident)[
                "id"
            ],
            "aDecisionInstanceId": self.first("/history/decision-instance"),
        }

    def _history(self):
        of = f"processInstanceId={self.ids['aProcessInstanceId']}"
        instance = self.ids["aProcessInstanceId"]
        for word, kind in (("", "amount"), ("Binary", "scan")):
            running = f"processInstanceIdIn={instance}&variableName={kind}"
            running += f"&activityInstanceIdIn={instance}"
            past = self.ask("GET", f"/history/variable-instance?{of}&variableName={kind}")
            own = next(v["id"] for v in past if v["activityInstanceId"] == instance)
            detail = self.first(f"/history/detail?variableInstanceId={own}")
            self.ids |= {
                f"a{word}VariableInstanceId": self.first(f"/variable-instance?{running}"),
                f"a{word}HistoricVariableInstanceId": own,
                f"a{word}HistoricDetailId": detail,
            }
        operations = self.ask("GET", f"/history/user-operation?{of}")
        self.ids |= {
            "aHistoricActivityInstanceId": self.first(f"/history/activity-instance?{of}"),
            "anExternalTaskLogId": self.first(f"/history/external-task-log?{of}"),
            "aJobLogId": self.first(f"/history/job-log?{of}"),
            "anOperationId": operations[0]["operationId"],
        }


def with_ids(example, ids):
    """An example with ids in place of their words."""
    if isinstance(example, dict):
        return {key: with_ids(value, ids) for key, value in example.items()}
    if isinstance(example, list):
        return [with_ids(value, ids) for value in example]
    return ids.get(example, example) if isinstance(example, str) else example


@dataclass
class Request:
    """The request of an example.

    Attributes:
        path: with the names of its parameters.
        places: the parameters by where they are.
    """

    method: str
    path: str
    places: dict
    media: str | None
    body: object
    operation: dict


def requests(document):
    """The request of the example of every operation."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            places = {"path": {}, "query": {}, "header": {}}
            for parameter in operation["parameters"]:
                if "example" in parameter:
                    places[parameter["in"]][parameter["name"]] = parameter["example"]
            content = operation.get("requestBody", {}).get("content", {None: {}})
            ((media, shape),) = content.items()
            yield Request(method.upper(), path, places, media, shape.get("example"), operation)
