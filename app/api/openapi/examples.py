"""Examples of requests and answers that hang together.

They tell of one small world: a process ``order`` that waits at each of its activities, and another
whose older version is migrated to its newer one. Bodies stand next to their schemas, what an
operation needs beyond that stands at its route (`Example`); here is what an id, a path and a field
look like. Ids that a server makes are words such as ``aTaskId``. A test builds the world, puts its
ids in place of these words, and sends each example.

Source: OpenAPI 3.1.0, 4.8.12.3 and 4.8.14.
"""

from collections.abc import Mapping
from typing import Any

from app.api.descriptions import Description
from app.schemas.answers import (
    ANYTHING,
    BOOLEAN,
    DATE,
    INTEGER,
    NOTHING,
    NUMBER,
    OBJECT,
    TEXT,
    Answer,
    Either,
    Field,
    Kind,
    Many,
    Named,
)
from app.schemas.queries import QuerySchema

PAGE = {"maxResults": "50"}
PATHS = {  # values of parameters, by the end of the path before them, and what the path ends with
    "attachment": "anAttachmentId",
    "authorization": "anAuthorizationId",
    "batch": "aBatchId",
    "comment": "aCommentId",
    "decision-definition": "aDecisionDefinitionId",
    "decision-definition/key": "tier",
    "decision-instance": "aDecisionInstanceId",
    "decision-requirements-definition": "aDecisionRequirementsDefinitionId",
    "decision-requirements-definition/key": "pricing",
    "deployment": "aDeploymentId",
    "detail": "aHistoricDetailId",
    "detail/data": "aBinaryHistoricDetailId",
    "docs": "swagger-ui.css",
    "engine": "default",
    "execution": "anExecutionId",
    "external-task": "anExternalTaskId",
    "external-task-log": "anExternalTaskLogId",
    "filter": "aFilterId",
    "group": "crew",
    "group-members": "crew",
    "history/activity-instance": "aHistoricActivityInstanceId",
    "history/process-instance": "aFinishedProcessInstanceId",
    "history/variable-instance": "aHistoricVariableInstanceId",
    "history/variable-instance/data": "aBinaryHistoricVariableInstanceId",
    "incident": "anIncidentId",
    "job": "aJobId",
    "job-definition": "aJobDefinitionId",
    "job-log": "aJobLogId",
    "localVariables": "remark",
    "localVariables/data": "scan",
    "members": "kim",
    "messageSubscriptions": "paid",
    "metrics": "activity-instance-start",
    "process-definition": "aProcessDefinitionId",
    "process-definition/deployed-start-form": "aNewProcessDefinitionId",
    "process-definition/key": "order",
    "process-definition/key/deployed-start-form": "parcel",
    "process-instance": "aProcessInstanceId",
    "resources": "aResourceId",
    "task": "aTaskId",
    "task/deployed-form": "anotherTaskId",
    "tenant": "north",
    "tenant-id": "north",
    "user": "kim",
    "user-members": "kim",
    "user-operation": "anOperationId",
    "variable-instance": "aVariableInstanceId",
    "variable-instance/data": "aBinaryVariableInstanceId",
    "variables": "amount",
    "variables/data": "scan",
}
NAMES = {  # values of the field ``id``, by the answer; else its name says it
    "ActivityStatistics": "approve",
    "Group": "crew",
    "GroupName": "crew",
    "GroupUser": "kim",
    "HalGroup": "crew",
    "HalUser": "kim",
    "HistoricActivityStatistics": "approve",
    "Tenant": "north",
    "UserProfile": "kim",
}
TIMESTAMP = "2031-01-21T10:00:00.000+0000"
INFO: dict[str, object] = {}
FIELDS: dict[str, Any] = {  # values of fields, by their names
    "activityId": "approve",
    "activityName": "Approve the order",
    "activityType": "userTask",
    "annotation": "The driver knows",
    "assignee": "kim",
    "assignerId": "admin",
    "authenticatedUser": "kim",
    "authorized": True,
    "authenticated": True,
    "batchType": "set-job-retries",
    "bpmn20Xml": "<definitions>…</definitions>",
    "businessKey": "order-1",
    "category": "http://example.org/orders",
    "clauseName": "Amount",
    "configuration": "truck-7",
    "createUserId": "admin",
    "databaseMillis": 2,
    "decisionDefinitionKey": "tier",
    "decisionDefinitionName": "Tier",
    "decisionRequirementsDefinitionKey": "pricing",
    "definitionKey": "order",
    "delegationState": "PENDING",
    "deleteReason": "ordered twice",
    "description": "Orders above 100 are looked at",
    "diagram": "order.png",
    "displayName": "Kim Lee",
    "dmnXml": "<definitions>…</definitions>",
    "edition": "community",
    "email": "kim@example.org",
    "entityType": "Task",
    "errorDetails": "to the bank",
    "errorMessage": "No connection",
    "eventName": "paid",
    "eventType": "message",
    "exceptionMessage": "No connection",
    "failedActivityId": "work",
    "fieldId": "customer",
    "fieldValue": "Lee",
    "firstName": "Kim",
    "formKey": "embedded:deployment:order.html",
    "groupId": "crew",
    "groupName": "crew",
    "historyConfiguration": "truck-7",
    "historyTimeToLive": 30,
    "hostname": "engine-1",
    "href": "https://engine.example.org/engine-rest/task/aTaskId",
    "incidentMessage": "The truck is late",
    "incidentType": "delivery",
    "installation": "anInstallationId",
    "jobConfiguration": "async-before",
    "jobDefinitionConfiguration": "async-before",
    "jobDefinitionType": "async-continuation",
    "jobExceptionMessage": "No connection",
    "jobPriority": 0,
    "jobRetries": 3,
    "jobType": "async-continuation",
    "key": "order",
    "lastName": "Lee",
    "message": "The customer called",
    "method": "GET",
    "name": "amount",
    "newValue": "kim",
    "operationType": "Assign",
    "orgValue": None,
    "owner": "kim",
    "periodUnit": "MONTH",
    "permissionName": "READ",
    "permissions": ["READ"],
    "placeholder": "PASSWORD_POLICY_LENGTH",
    "priority": 50,
    "processDefinitionKey": "order",
    "processDefinitionName": "Order",
    "processDefinitionVersionTag": "2031-1",
    "property": "assignee",
    "rel": "self",
    "reporter": "engine-1",
    "resource": "order.bpmn",
    "resourceId": "*",
    "resourceName": "Task",
    "resourceType": "Task",
    "resultType": "Execution",
    "retries": 3,
    "ruleId": "aRuleId",
    "source": "shop",
    "startActivityId": "start",
    "startUserId": "admin",
    "state": "ACTIVE",
    "status": "UP",
    "targetActivityId": "work",
    "taskDefinitionKey": "approve",
    "taskName": "Approve the order",
    "taskState": "Created",
    "tenantId": "north",
    "topicName": "charge",
    "type": "Integer",
    "url": "https://example.org/photo",
    "userId": "kim",
    "value": 120,
    "valueInfo": INFO,
    "variableName": "amount",
    "variableType": "Integer",
    "vendor": "PostgreSQL",
    "version": "7.24.0",
    "versionTag": "2031-1",
    "workerId": "aWorker",
}
_SCALARS: dict[Kind, Any] = {
    ANYTHING: 120,
    BOOLEAN: False,
    DATE: TIMESTAMP,
    INTEGER: 1,
    NOTHING: None,
    NUMBER: 1,
    OBJECT: {},
}


def path_value(before: str, after: str) -> str:
    """An example of the parameter between two parts of a path."""
    parts, last = before.strip("/").split("/"), after.rpartition("/")[2]
    # The longer place first: `history/process-instance` has other ids than `process-instance`.
    for words in (parts[-2:], parts[-1:]):
        found = PATHS.get("/".join((*words, last))) or PATHS.get("/".join(words))
        if found is not None:
            return found
    return id_named(parts[-1] + "Id")


def url_values(description: Description, method: str) -> dict[str, str]:
    """Examples of parameters of the URL."""
    paging = PAGE if description.is_paged and method == "GET" else {}
    return {**paging, **description.example.query}


def body_of(description: Description, method: str) -> Any:
    """An example of the body, or of the parts of a form; None where there is none."""
    given = description.example.body
    if given is not None:
        return dict(given)
    if description.body is not None:
        return dict(getattr(description.body, "example", {}))
    if description.query is not None and method != "GET":
        return _query(description.query[1], description.example.filters)
    return None


def _query(schema: QuerySchema, filters: Mapping[str, Any]) -> dict[str, Any]:
    """A query of a list: its filters, sorted by what it names first."""
    levels = [{"sortBy": name, "sortOrder": "asc"} for name in schema.sorts.names[:1]]
    return {**filters, **({"sorting": levels} if levels else {})}


def answer_of(kind: Kind) -> Any:
    """An example of an answer."""
    return _value(kind, "", ())


def _value(kind: Kind, key: str, within: tuple[Kind, ...]) -> Any:
    if isinstance(kind, Answer):
        around = (*within, kind)
        return {f.key: _field(kind, f, around) for f in kind.fields if not f.is_optional}
    if isinstance(kind, Many):
        # A tree that held itself would be written without end.
        is_tree = kind.item in within
        return [] if is_tree else [_value(kind.item, key.removesuffix("s"), within)]
    if isinstance(kind, Named):
        is_text = kind.item is TEXT
        return {"zone": "5"} if is_text else {"amount": _value(kind.item, "value", within)}
    if isinstance(kind, Either):
        return _value(kind.kinds[0], key, within)
    if kind in _SCALARS and not _fits(kind, FIELDS.get(key)):
        return _SCALARS[kind]
    return FIELDS[key] if key in FIELDS else id_named(key)


def _field(answer: Answer, field: Field, within: tuple[Kind, ...]) -> Any:
    if field.is_constant:
        return field.constant
    # Only the answer says what it is an id of: the name of the field is the same for all.
    if field.key == "id":
        return NAMES.get(answer.name, id_named(answer.name + "Id"))
    return _value(field.kind, field.key, within)


def _fits(kind: Kind, value: Any) -> bool:
    """Whether a field of this name has the value where it is of this kind as well."""
    types: dict[Kind, type] = {BOOLEAN: bool, INTEGER: int, NUMBER: int, OBJECT: dict}
    return kind is ANYTHING if kind not in types else type(value) is types[kind]


def id_named(key: str) -> str:
    """The word that stands for an id, by the name of the field."""
    article = "an" if key[:1].lower() in "aeiou" else "a"
    return article + key[:1].upper() + key[1:]
