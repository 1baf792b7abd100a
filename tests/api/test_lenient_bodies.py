"""Bodies that the reference engine takes, or refuses, by the way in which Jackson reads them."""

import pytest

from .test_saved_filters import keep

LOST = (
    "An exception occurred in the persistence layer. Please check the server logs for a detailed "
    "message and the entire exception stack trace."
)
GROUP = {"id": "crew", "name": "Crew", "type": "WORKFLOW"}
USER = {"profile": {"id": "kim"}, "credentials": {"password": "Correct-horse-7"}}


def sent(client, method, path, body):
    return client.open(
        f"/engine-rest{path}", method=method, data=body, content_type="application/json"
    )


@pytest.mark.parametrize(("body", "expected"), [("5", 5), ('"6"', 6), ('" 7 "', 7)])
def test_a_time_to_live_may_be_the_whole_body(calls, client, body, expected):
    calls.start()
    (found,) = calls.get("/process-definition?latestVersion=true")

    answer = sent(client, "PUT", f"/process-definition/{found['id']}/history-time-to-live", body)

    assert answer.status_code == 204
    read = calls.get(f"/process-definition/{found['id']}")
    assert read["historyTimeToLive"] == expected


@pytest.mark.parametrize("body", ["1.5", "true", '""', '"x"', "[]", '" "'])
def test_what_is_no_whole_number_is_no_time_to_live(client, body):
    answer = sent(client, "PUT", "/process-definition/x/history-time-to-live", body)

    assert (answer.status_code, answer.json["message"]) == (400, "")


@pytest.mark.parametrize("body", ["null", "{}", ""])
def test_a_deployment_is_made_anew_whole_where_nothing_is_named(calls, client, body):
    calls.start()
    (old,) = calls.get("/deployment")

    answer = sent(client, "POST", f"/deployment/{old['id']}/redeploy", body)

    assert answer.status_code == 200
    assert len(calls.get("/deployment")) == 2


@pytest.mark.parametrize("instructions", [[None], [{"type": "startBeforeActivity"}]])
def test_the_instructions_of_a_form_are_read_and_passed_over(calls, instructions):
    calls.start()
    (found,) = calls.get("/process-definition?latestVersion=true")
    path, body = f"/process-definition/{found['id']}", {"startInstructions": instructions}

    by_form, _ = calls.post(f"{path}/submit-form", body)
    by_start, _ = calls.post(f"{path}/start", body)
    misshaped, _ = calls.post(f"{path}/submit-form", {"startInstructions": [{"type": "x"}]})

    assert (by_form, misshaped) == (200, 400)
    assert by_start in (400, 500)


@pytest.mark.parametrize("path", ["delete", "delete-historic-query-based"])
@pytest.mark.parametrize("value", ["", " ", "null"])
def test_a_flag_that_java_cannot_unbox_may_not_be_blank(calls, path, value):
    body = {"processInstanceIds": [calls.start()], "skipSubprocesses": value}

    status, answer = calls.post(f"/process-instance/{path}", body)

    assert (status, answer["type"], answer["message"]) == (400, "InvalidRequestException", "")


@pytest.mark.parametrize("path", ["/job/retries", "/process-instance/job-retries"])
def test_retries_of_a_body_that_is_null_are_missed_by_name(client, path):
    answer = sent(client, "POST", path, "null")

    assert (answer.status_code, answer.json["type"]) == (400, "InvalidRequestException")
    assert answer.json["message"] == "setJobRetriesDto is null"


def test_retries_found_by_the_history_are_of_no_null(client):
    answer = sent(client, "POST", "/process-instance/job-retries-historic-query-based", "null")

    assert (answer.status_code, answer.json["type"]) == (500, "NullPointerException")


@pytest.mark.parametrize("path", ["variables-async", "message-async"])
def test_a_batch_cannot_keep_a_transient_variable(calls, path):
    value = {"value": 1, "type": "Integer", "valueInfo": {"transient": True}}
    body = {"processInstanceIds": [calls.start()], "variables": {"v": value}, "messageName": "m"}

    status, answer = calls.post(f"/process-instance/{path}", body)

    assert (status, answer["type"], answer["code"]) == (400, "BadUserRequestException", 0)
    assert answer["message"] == (
        "ENGINE-13044 Setting transient variable 'v' asynchronously is currently not supported."
    )


@pytest.mark.parametrize("path", ["list", "count"])
def test_of_the_history_some_lists_take_no_query_in_a_body(client, path):
    refused = {"list": ["/history/incident"], "count": ["/history/incident/count"]}[path]
    refused += ["/history/detail/count"] if path == "count" else []

    assert [sent(client, "POST", p, "{}").status_code for p in refused] == [405] * len(refused)
    assert sent(client, "POST", "/history/detail", "{}").status_code == 200


def test_what_is_there_already_is_not_told_apart(calls):
    grant = {"type": 1, "permissions": [], "userId": "kim", "resourceType": 8, "resourceId": "*"}
    calls.post("/user/create", USER)
    calls.post("/group/create", GROUP)

    twice = [
        (calls.put, "/group/crew/members/kim", {}),
        (calls.post, "/authorization/create", grant),
        (calls.post, "/task/create", {"id": "t"}),
    ]

    for send, path, body in twice:
        send(path, body)
        status, answer = send(path, body)
        assert (status, answer["type"]) == (500, "ProcessEnginePersistenceException")
        assert answer["message"] == LOST


def test_no_id_of_the_identity_service_changes(calls):
    calls.post("/user/create", USER)
    calls.post("/group/create", GROUP)
    calls.post("/tenant/create", {"id": "north", "name": "North"})

    for kind, path in (
        ("User", "user/kim/profile"),
        ("Group", "group/crew"),
        ("Tenant", "tenant/north"),
    ):
        status, answer = calls.put(f"/{path}", {"id": "other"})
        assert (status, answer["type"]) == (500, "OptimisticLockingException")
        assert answer["message"] == (
            f"ENGINE-03005 Execution of 'UPDATE {kind}Entity[other]' failed. "
            "Entity was updated by another transaction concurrently."
        )


def test_a_filter_has_a_name_and_a_type(calls):
    filter_ = {"resourceType": "Task", "name": " ", "query": {}}
    key = keep(calls, {})

    blank = [calls.post("/filter/create", filter_), calls.put(f"/filter/{key}", filter_)]
    _, nameless = calls.post("/filter/create", {**filter_, "resourceType": ""})

    assert [(status, answer["message"]) for status, answer in blank] == [
        (400, f"Unable to {verb} filter with invalid content") for verb in ("create", "update")
    ]
    assert nameless["message"] == "Unable to create filter with invalid resource type ''"


@pytest.mark.parametrize("path", ["count", "singleResult"])
def test_a_null_within_a_filter_is_taken_for_that_of_the_filter(calls, path):
    key = keep(calls, {})

    status, answer = calls.post(f"/filter/{key}/{path}", {"assigneeIn": [None]})

    assert (status, answer["code"]) == (404, 0)
    assert answer["message"] == f"Filter with id '{key}' does not exist."


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"delegationState": "x"}, (400, "InvalidRequestException")),
        ({"orQueries": [None]}, (500, "NullPointerException")),
    ],
)
def test_a_single_result_is_refused_for_its_query_as_a_list_is(calls, body, expected):
    status, answer = calls.post(f"/filter/{keep(calls, {})}/singleResult", body)

    assert (status, answer["type"]) == expected
    assert answer["message"] != "Filter does not returns a valid single result"


@pytest.mark.parametrize("accept", ["application/json", "text/html", "text/html, */*;q=0.1"])
def test_an_attachment_is_answered_as_bytes_alone(client, accept):
    answer = client.get("/engine-rest/task/x/attachment/y/data", headers={"Accept": accept})

    assert answer.status_code == (404 if "*" in accept else 406)


REPORT = "/history/process-instance/report?reportType=duration&periodUnit=month"


@pytest.mark.parametrize("sorting", ["sortBy=x", "sortOrder=x", "sortOrder=asc", "sortBy=duration"])
def test_a_report_sorts_nothing(calls, sorting):
    assert calls.send("GET", f"{REPORT}&{sorting}") == (200, [])


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/task?candidateGroups=%20", "Candidate group list is empty"),
        ("/history/job-log?hostname=%20", "hostName is empty"),
    ],
)
def test_blanks_alone_are_refused_by_some_filters(calls, path, message):
    status, answer = calls.send("GET", path)

    assert (status, answer["type"]) == (500, "ProcessEngineException")
    assert answer["message"] == message


@pytest.mark.parametrize(
    ("path", "field", "expected"),
    [
        ("/process-instance/x/suspended", "processInstanceIds", 204),
        ("/process-instance/x/suspended", "processDefinitionKey", 204),
        ("/job-definition/x/suspended", "processDefinitionKey", 400),
        ("/job/x/suspended", "processDefinitionKey", 400),
    ],
)
def test_what_the_body_of_one_suspension_has_beside_its_flag(calls, path, field, expected):
    status, _ = calls.put(path, {"suspended": True, field: {}})

    assert status == expected


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32", "utf-32-be"]
)
def test_a_body_is_in_any_encoding_of_unicode(calls, client, encoding):
    body = '{"id": "t", "name": "T\u00e4sk \U0001f600"}'.encode(encoding)

    assert sent(client, "POST", "/task/create", body).status_code == 204
    assert calls.get("/task/t")["name"] == "T\u00e4sk \U0001f600"


@pytest.mark.parametrize("body", [b"\x00", b"{\x00", b"\xff\xfe", b"\xff\xfe{", b"{\x00}\x00\x00"])
def test_half_a_text_of_unicode_is_no_body(client, body):
    answer = sent(client, "POST", "/task/create", body)

    assert answer.status_code in (400, 500)
    assert answer.json["type"] in ("InvalidRequestException", "NullPointerException")
