"""Of several things that are wrong with a request, the reference engine tells of one first.

What a path names by its key is looked up before the body is read, and what it names by its id
after that, but before what the body says is judged.
"""

import pytest

from .test_saved_filters import keep

KEY = "No matching process definition with key: nobody and no tenant-id"
SKIPS = (
    "Cannot instantiate process definition nobody: ENGINE-13024 Cannot skip custom listeners or "
    "input/output mappings when start a process instance at default start activity."
)
UNKNOWN_WORK = "External task with id x does not exist"
DECISION = "No matching decision definition with key: nobody and no tenant-id"
OF_ACME = "No matching process definition with key: one and tenant-id: acme"
FILTER = {"resourceType": "Task", "name": "f", "query": {"assignee": "kim"}}
UNKNOWN_FILTER = "Filter with id 'nobody' does not exist."
UNKNOWN_TASK = "No matching task with id nobody"
NO_PARAMETER = "Query parameter '{}' cannot be null"
CASES = [
    ("PUT", "/process-definition/key/nobody/suspended", {"suspended": "x"}, 404, KEY),
    ("PUT", "/process-definition/key/nobody/history-time-to-live", [], 404, KEY),
    ("POST", "/process-definition/key/nobody/start", {"variables": []}, 404, KEY),
    ("POST", "/process-definition/key/nobody/submit-form", {"variables": []}, 404, KEY),
    ("PUT", "/process-definition/key/one/tenant-id/acme/suspended", [], 404, OF_ACME),
    ("PUT", "/process-definition/key/one/suspended", {"suspended": "x"}, 400, ""),
    ("POST", "/process-definition/key/nobody/start", {"startInstructions": [None]}, 404, KEY),
    ("POST", "/process-definition/key/nobody/start", {"skipIoMappings": True}, 404, KEY),
    ("POST", "/process-definition/nobody/start", {"skipIoMappings": True}, 500, SKIPS),
    ("POST", "/process-instance/nobody/modification", {"instructions": []}, 204, None),
    ("POST", "/external-task?maxResults=x", {"sorting": [None]}, 404, "HTTP 404 Not Found"),
    ("POST", "/external-task?maxResults=x", {"sortBy": "id"}, 404, "HTTP 404 Not Found"),
    ("POST", "/external-task?maxResults=x", {"active": "x"}, 400, ""),
    ("GET", "/external-task?sortBy=x&maxResults=x", None, 404, "HTTP 404 Not Found"),
    ("GET", "/authorization/check?resourceType=2.5", None, 404, "HTTP 404 Not Found"),
    ("POST", "/external-task/x/bpmnError", {"workerId": "w", "errorCode": ""}, 404, UNKNOWN_WORK),
    ("POST", "/decision-definition/key/nobody/evaluate", [], 404, DECISION),
    ("PUT", "/decision-definition/key/nobody/history-time-to-live", [], 404, DECISION),
    ("PUT", "/task/nobody", {"delegationState": "x"}, 404, UNKNOWN_TASK),
    ("PUT", "/task/nobody", {"priority": "x"}, 400, ""),
    ("PUT", "/filter/nobody", {**FILTER, "resourceType": "Job"}, 404, UNKNOWN_FILTER),
    ("PUT", "/filter/nobody", {**FILTER, "query": {"delegationState": "x"}}, 404, UNKNOWN_FILTER),
    ("PUT", "/filter/nobody", {**FILTER, "query": {"priority": "x"}}, 404, UNKNOWN_FILTER),
    ("PUT", "/filter/nobody", {"resourceType": "Job"}, 400, ""),
    ("GET", "/filter/nobody/list?firstResult=x", None, 404, "HTTP 404 Not Found"),
    ("POST", "/filter/nobody/list?maxResults=x", {}, 404, "HTTP 404 Not Found"),
    ("PUT", "/authorization/nobody", {"type": "x"}, 400, ""),
    ("GET", "/authorization/check", None, 400, NO_PARAMETER.format("permissionName")),
    (
        "GET",
        "/authorization/check?permissionName=READ",
        None,
        400,
        NO_PARAMETER.format("resourceName"),
    ),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    CASES,
    ids=[f"{method} {path} {body}" for method, path, body, *_ in CASES],
)
def test_what_is_told_of_first(calls, client, method, path, body, status, message):
    answer = client.open(
        f"/engine-rest{path}",
        method=method,
        **({} if body is None else {"json": body}),
    )

    assert (answer.status_code, (answer.json or {}).get("message")) == (status, message)


@pytest.mark.parametrize("body", [{"data": "null"}, {"data": "{}", "content_type": "text/plain"}])
@pytest.mark.parametrize("kind", ["process", "decision"])
def test_an_unknown_key_is_told_of_before_what_is_no_body(calls, client, kind, body):
    path = {"process": "process-definition/key/nobody/start"}.get(
        kind, "decision-definition/key/nobody/evaluate"
    )

    answer = client.post(f"/engine-rest/{path}", **{"content_type": "application/json", **body})

    assert (answer.status_code, answer.json["type"]) == (404, "RestException")


WRONG = {"sorting": [{"sortBy": "nothing", "sortOrder": "asc"}]}
NOT_EXTENDED = "Filter cannot be extended by an invalid query"
NO_SINGLE = "Filter does not returns a valid single result"


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("count", WRONG, NOT_EXTENDED),
        ("singleResult", WRONG, NOT_EXTENDED),
        ("singleResult", {"assigneeExpression": "${x}"}, NO_SINGLE),
    ],
)
def test_an_extension_that_is_no_query_is_told_of_by_its_operation(calls, path, body, message):
    key = keep(calls, {})

    status, answer = calls.post(f"/filter/{key}/{path}", body)

    assert (status, answer["type"]) == (400, "InvalidRequestException")
    assert answer["message"] == message


@pytest.mark.parametrize(
    ("verb", "changes", "message"),
    [
        ("create", {"query": WRONG}, "Unable to create filter with invalid content"),
        ("update", {"query": WRONG}, "Unable to update filter with invalid content"),
        (
            "create",
            {"resourceType": "Job"},
            "Unable to create filter with invalid resource type 'Job'",
        ),
        (
            "update",
            {"resourceType": "Job"},
            "Unable to update filter from resource type 'Task' to 'Job'",
        ),
    ],
)
def test_a_filter_that_cannot_be_kept_is_named_by_what_is_wrong(calls, verb, changes, message):
    key = keep(calls, {})
    send, path = (calls.post, "create") if verb == "create" else (calls.put, key)

    status, answer = send(f"/filter/{path}", {**FILTER, **changes})

    assert (status, answer["type"], answer["message"]) == (400, "InvalidRequestException", message)


SOUGHT = [
    ("POST", "/deployment/nobody/redeploy", 404, "Deployment with id 'nobody' does not exist"),
    ("PUT", "/task/nobody", 404, UNKNOWN_TASK),
    ("PUT", "/task/nobody/comment", 404, "No task found for task id nobody"),
    ("POST", "/task/nobody/comment/create", 400, "No task found for task id nobody"),
    ("PUT", "/process-instance/nobody/comment", 404, "No process instance found for id nobody"),
    ("PUT", "/user/nobody/profile", 404, "User with id nobody does not exist"),
    ("PUT", "/user/nobody/credentials", 404, "User with id nobody does not exist"),
    ("PUT", "/group/nobody", 404, "Group with id nobody does not exist"),
    ("PUT", "/tenant/nobody", 404, "Tenant with id nobody does not exist"),
    ("PUT", "/authorization/nobody", 404, "Authorization with id nobody does not exist."),
    ("PUT", "/filter/nobody", 404, UNKNOWN_FILTER),
    ("POST", "/filter/nobody/list", 404, UNKNOWN_FILTER),
    ("POST", "/filter/nobody/count", 404, UNKNOWN_FILTER),
    ("POST", "/filter/nobody/singleResult", 404, UNKNOWN_FILTER),
]


@pytest.mark.parametrize(("method", "path", "status", "message"), SOUGHT)
def test_an_unknown_id_is_told_of_before_a_body_that_is_null(
    calls, client, method, path, status, message
):
    answer = client.open(
        f"/engine-rest{path}", method=method, data="null", content_type="application/json"
    )

    assert (answer.status_code, answer.json["type"]) == (status, "InvalidRequestException")
    assert (answer.json["message"], answer.json["code"]) == (message, None)


@pytest.mark.parametrize("path", ["list", "count", "singleResult"])
@pytest.mark.parametrize("body", ["[]", "5", '"x"', "{bad"])
def test_what_extends_a_filter_is_read_once_the_filter_is_found(calls, client, path, body):
    key = keep(calls, {})

    known, unknown = (
        client.post(f"/engine-rest/filter/{k}/{path}", data=body, content_type="application/json")
        for k in (key, "nobody")
    )

    assert (known.status_code, known.json["message"]) == (
        400,
        "Invalid query for resource type 'Task'",
    )
    assert (unknown.status_code, unknown.json["message"]) == (404, UNKNOWN_FILTER)


@pytest.mark.parametrize("path", ["list", "count", "singleResult"])
def test_a_null_that_extends_a_filter_is_an_error_of_java(calls, client, path):
    answer = client.post(
        f"/engine-rest/filter/{keep(calls, {})}/{path}",
        data="null",
        content_type="application/json",
    )

    assert (answer.status_code, answer.json["type"]) == (500, "NullPointerException")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/process-definition/key/nobody", 404),
        ("GET", "/process-definition/key/nobody/xml", 404),
        ("GET", "/process-definition/key/nobody/startForm", 404),
        ("GET", "/process-definition/key/nobody/form-variables", 404),
        ("GET", "/process-definition/key/nobody/rendered-form", 404),
        ("GET", "/process-definition/key/nobody/statistics", 404),
        ("GET", "/process-definition/key/nobody/static-called-process-definitions", 404),
        ("POST", "/process-definition/key/nobody/start", 404),
        ("GET", "/decision-definition/key/nobody", 404),
        ("GET", "/decision-definition/key/nobody/xml", 404),
        ("POST", "/decision-definition/key/nobody/evaluate", 404),
        ("GET", "/decision-requirements-definition/key/nobody", 404),
        ("GET", "/decision-requirements-definition/key/nobody/tenant-id/x/xml", 404),
        ("DELETE", "/process-definition/key/nobody/delete", 406),
        ("GET", "/process-definition/nobody", 406),
    ],
)
def test_an_unknown_key_is_told_of_before_what_cannot_be_accepted(client, method, path, status):
    options = {"json": {}} if method == "POST" else {}

    answer = client.open(
        f"/engine-rest{path}", method=method, headers={"Accept": "image/png"}, **options
    )

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/process-definition/suspended"),
        ("DELETE", "/process-definition/key/nobody/delete"),
        ("DELETE", "/process-definition/key/nobody/tenant-id/x/delete"),
        ("PUT", "/process-instance/suspended"),
        ("POST", "/modification/execute"),
        ("POST", "/execution/nobody/signal"),
        ("POST", "/signal"),
        ("PUT", "/job/suspended"),
        ("PUT", "/job-definition/suspended"),
        ("PUT", "/incident/nobody/annotation"),
        ("DELETE", "/incident/nobody/annotation"),
        ("POST", "/task/create"),
        ("DELETE", "/task/nobody/comment/x"),
        ("DELETE", "/process-instance/nobody/comment/x"),
        ("DELETE", "/task/nobody/attachment/x"),
        ("DELETE", "/history/process-instance/nobody/variable-instances"),
        ("DELETE", "/metrics/task-worker"),
        ("POST", "/telemetry/configuration"),
        ("PUT", "/history/user-operation/nobody/set-annotation"),
        ("PUT", "/history/user-operation/nobody/clear-annotation"),
        ("POST", "/user/create"),
        ("DELETE", "/user/nobody"),
        ("POST", "/group/create"),
        ("DELETE", "/group/nobody"),
        ("POST", "/tenant/create"),
        ("DELETE", "/tenant/nobody"),
        ("DELETE", "/authorization/nobody"),
    ],
)
def test_some_commands_want_json_to_be_accepted_though_they_answer_nothing(client, method, path):
    answer = client.open(
        f"/engine-rest{path}", method=method, json={}, headers={"Accept": "text/html"}
    )

    assert (answer.status_code, answer.json["type"]) == (406, "NotAcceptableException")
