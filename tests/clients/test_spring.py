"""Requests as Camunda's community client for Spring Boot sends them, with bodies of our own.

Its objects are those of the OpenAPI document, written with every property: what is not set is
null, false or an empty list, and types of variables begin with a small letter.

Source: camunda-community-hub/camunda-platform-7-rest-client-spring-boot, ``RemoteTaskService``,
``RemoteRuntimeService``, ``RemoteUpdateProcessInstanceSuspensionStateSelectBuilder``,
``DelegatingTaskQuery``.
"""

import pytest

from .test_operating import ended, links, start

ALL = "firstResult=0&maxResults=2147483647"  # how it asks for a list
INSTANCES = {
    "processInstanceIds": None,
    "businessKey": None,
    "businessKeyLike": None,
    "caseInstanceId": None,
    "processDefinitionId": None,
    "processDefinitionKey": None,
    "processDefinitionKeyIn": None,
    "processDefinitionKeyNotIn": None,
    "deploymentId": None,
    "superProcessInstance": None,
    "subProcessInstance": None,
    "active": None,
    "suspended": None,
    "withIncident": False,
    "incidentId": None,
    "incidentType": None,
    "tenantIdIn": None,
    "withoutTenantId": False,
    "processDefinitionWithoutTenantId": False,
    "activityIdIn": None,
    "rootProcessInstances": False,
    "leafProcessInstances": False,
    "variables": [],
    "variableNamesIgnoreCase": None,
    "variableValuesIgnoreCase": None,
    "sorting": [],
}
HISTORY = {
    "processInstanceIds": None,
    "processDefinitionKey": None,
    "processInstanceBusinessKey": None,
    "finished": False,
    "unfinished": False,
    "withIncidents": False,
    "startedBefore": None,
    "executedActivityIdIn": None,
    "active": None,
    "tenantIdIn": None,
    "withoutTenantId": False,
    "variables": [],
    "sorting": [],
}
CHOSEN = {
    "processInstanceIds": None,
    "processInstanceQuery": None,
    "historicProcessInstanceQuery": None,
}
TASKS = {
    "processInstanceId": None,
    "processInstanceIdIn": None,
    "processInstanceBusinessKey": None,
    "processInstanceBusinessKeyExpression": None,
    "processDefinitionKey": None,
    "processDefinitionKeyIn": None,
    "tenantIdIn": None,
    "withoutTenantId": False,
    "assignee": None,
    "assigneeExpression": None,
    "assigneeIn": None,
    "candidateGroup": None,
    "candidateGroups": None,
    "candidateUser": None,
    "includeAssignedTasks": None,
    "involvedUser": None,
    "taskDefinitionKeyIn": None,
    "priority": None,
    "dueDate": None,
    "withoutDueDate": False,
    "followUpBeforeOrNotExistent": None,
    "createdOn": None,
    "delegationState": None,
    "active": None,
    "suspended": None,
    "taskVariables": [],
    "processVariables": [],
    "caseInstanceVariables": [],
    "variableNamesIgnoreCase": None,
    "parentTaskId": None,
}
NAMES = iter(range(100))


@pytest.fixture
def key():
    """A process of its own for each test: the server is shared."""
    return f"spring{next(NAMES)}"


def post(server, path, body, expected=200):
    status, answer = server.call("POST", path, body)
    assert status == expected, answer
    return answer


def work_off(server, batch):
    for kind in ("seed", "batch", "monitor"):
        for job in server.call("GET", f"/job?jobDefinitionId={batch[kind + 'JobDefinitionId']}")[1]:
            assert server.call("POST", f"/job/{job['id']}/execute") == (204, None)
    return batch["type"], batch["totalJobs"]


def keys(server, **filters):
    found = post(server, f"/process-instance?{ALL}", {**INSTANCES, **filters})
    return sorted(instance["businessKey"] for instance in found)


def test_instances_are_suspended_and_activated(server, key):
    instances = start(server, key)
    path = "/process-instance/suspended-async"
    ids = [instances["first"], instances["second"]]
    by_key = {**INSTANCES, "processDefinitionKey": key}

    body = {**CHOSEN, "suspended": True, "processInstanceIds": ids}
    assert work_off(server, post(server, path, body)) == ("instance-update-suspension-state", 2)
    assert keys(server, processDefinitionKey=key, suspended=True) == ["first", "second"]
    body = {**CHOSEN, "suspended": False, "processInstanceQuery": by_key}
    assert work_off(server, post(server, path, body)) == ("instance-update-suspension-state", 3)
    assert keys(server, processDefinitionKey=key, active=True) == ["first", "kept", "second"]

    history = {**HISTORY, "processDefinitionKey": key, "processInstanceBusinessKey": "kept"}
    body = {
        **CHOSEN,
        "processDefinitionId": None,
        "processDefinitionKey": None,
        "processDefinitionTenantId": None,
        "processDefinitionWithoutTenantId": None,
        "historicProcessInstanceQuery": history,
        "suspended": True,
    }
    assert server.call("PUT", "/process-instance/suspended", body) == (204, None)
    assert keys(server, processDefinitionKey=key, suspended=True) == ["kept"]


def test_instances_are_deleted_by_a_batch(server, key):
    instances = start(server, key)
    query = {**INSTANCES, "processDefinitionKey": key, "businessKey": "first"}
    body = {
        **CHOSEN,
        "deleteReason": "enough",
        "skipCustomListeners": False,
        "skipSubprocesses": False,
        "processInstanceQuery": query,
    }

    batch = post(server, "/process-instance/delete", body)

    assert work_off(server, batch) == ("instance-deletion", 1)
    assert keys(server, processDefinitionKey=key) == ["kept", "second"]
    assert ended(server, instances["first"]) == ("EXTERNALLY_TERMINATED", "enough")


def test_people_are_linked_to_a_task(server, key):
    instance = start(server, key)["kept"]
    (task,) = server.call("GET", f"/task?processInstanceId={instance}")[1]
    path = f"/task/{task['id']}/identity-links"
    ann = {"userId": "ann", "groupId": None, "type": "candidate"}
    clerks = {"userId": None, "groupId": "clerks", "type": "candidate"}

    post(server, path, ann, 204)
    post(server, path, clerks, 204)
    assert links(server, instance) == {
        ("candidate", None, "clerks"),
        ("candidate", "ann", None),
    }
    post(server, f"{path}/delete", clerks, 204)
    assert links(server, instance) == {("candidate", "ann", None)}


@pytest.mark.parametrize(
    ("variable", "kind", "expected"),
    [
        ("text", "string", ["kept", "first", "second"]),
        ("number", "integer", ["kept", "first", "second"]),
    ],
)
@pytest.mark.parametrize("by", ["processVariable", "executionVariable"])
def test_tasks_are_sorted_by_a_variable(server, key, by, variable, kind, expected):
    owners = {instance: errand for errand, instance in start(server, key).items()}
    of = {"sortBy": by, "parameters": {"variable": variable, "type": kind}}

    for order, owned in (("asc", expected), ("desc", expected[::-1])):
        body = {**TASKS, "processDefinitionKey": key, "sorting": [{**of, "sortOrder": order}]}
        found = post(server, f"/task?{ALL}", body)
        assert [owners[task["processInstanceId"]] for task in found] == owned
        assert post(server, "/task/count", body) == {"count": 3}
