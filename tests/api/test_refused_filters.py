"""Messages of each list for filter values that it refuses."""

import pytest

NULLS = {
    ("/history/process-instance", "incidentIdIn"): (500, "incidentIds"),
    ("/history/process-instance", "processInstanceIdNotIn"): (500, "processInstanceIdNotIn"),
    ("/history/process-instance", "processDefinitionKeyIn"): (500, "processDefinitionKeys"),
    ("/history/process-instance", "processDefinitionKeyNotIn"): (500, "processDefinitionKeys"),
    ("/history/process-instance", "activityIdIn"): (400, "activity ids"),
    ("/history/process-instance", "activeActivityIdIn"): (400, "activity ids"),
    ("/history/process-instance", "executedActivityIdIn"): (400, "activity ids"),
    ("/history/task", "activityInstanceIdIn"): (500, "activityInstanceIds"),
    ("/history/task", "processInstanceBusinessKeyIn"): (500, "processInstanceBusinessKeys"),
    ("/history/task", "taskDefinitionKeyIn"): (400, "taskDefinitionKeys"),
    ("/history/variable-instance", "activityInstanceIdIn"): (500, "Activity Instance Ids"),
    ("/history/variable-instance", "executionIdIn"): (500, "Execution Ids"),
    ("/history/variable-instance", "processInstanceIdIn"): (500, "Process Instance Ids"),
    ("/history/variable-instance", "taskIdIn"): (500, "Task Ids"),
    ("/history/variable-instance", "variableNameIn"): (500, "Variable names"),
    ("/history/detail", "processInstanceIdIn"): (500, "Process Instance Ids"),
    ("/history/job-log", "activityIdIn"): (500, "activityIds"),
    ("/history/job-log", "failedActivityIdIn"): (500, "activityIds"),
    ("/history/job-log", "executionIdIn"): (500, "executionIds"),
    ("/history/external-task-log", "activityIdIn"): (400, "activityIds"),
    ("/job-definition", "activityIdIn"): (500, "Activity ids"),
    ("/process-instance", "activityIdIn"): (500, "activity ids"),
    ("/process-instance", "processDefinitionKeyNotIn"): (500, "processDefinitionKeyNotIn"),
    ("/group", "idIn"): (500, "Provided ids"),
}


@pytest.mark.parametrize("place", NULLS, ids=" ".join)
def test_an_item_that_is_null_is_refused_in_the_words_of_its_list(calls, place):
    path, name = place
    status, words = NULLS[place]

    # Details are the one list whose count takes no query in a body.
    answer = calls.post(path + ("" if path == "/history/detail" else "/count"), {name: [None]})

    assert (answer[0], answer[1]["message"]) == (status, f"{words} contains null value")


@pytest.mark.parametrize("path", ["/execution", "/process-instance", "/history/process-instance"])
@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"operator": "eq", "value": 1}, "name is null"),
        (
            {"name": "x", "operator": "gt", "value": True},
            "Booleans and null cannot be used in 'greater than' condition",
        ),
        (
            {"name": "x", "operator": "lteq", "value": None},
            "Booleans and null cannot be used in 'less than or equal' condition",
        ),
    ],
)
def test_a_condition_that_cannot_be_is_an_invalid_query(calls, path, condition, message):
    status, answer = calls.post(path, {"variables": [condition]})

    assert (status, answer["type"], answer["message"]) == (400, "NotValidException", message)


def test_a_task_list_says_the_same_as_a_failure(calls):
    condition = {"name": "x", "operator": "gt", "value": True}

    status, answer = calls.post("/task", {"processVariables": [condition]})

    assert (status, answer["type"]) == (500, "ProcessEngineException")


@pytest.mark.parametrize("path", ["/task", "/execution", "/history/task", "/job", "/group"])
def test_what_a_sorting_has_beside_its_names_is_an_object(calls, path):
    sorting = [{"sortBy": "id", "sortOrder": "asc", "parameters": 5}]

    status, answer = calls.post(path, {"sorting": sorting})

    assert (status, answer["type"], answer["message"]) == (400, "InvalidRequestException", "")


@pytest.mark.parametrize("name", ["startedBefore", "startedAfter", "withFailures"])
def test_what_only_the_statistics_of_batches_filter_by_is_not_read_elsewhere(calls, name):
    assert calls.get(f"/batch?{name}=x") == []
    assert calls.get(f"/batch/count?{name}=x") == {"count": 0}
    assert calls.get(f"/batch/statistics?{name}=x")["type"] == "InvalidRequestException"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/metrics?firstResult=x", "Cannot convert value x to java type java.lang.Integer"),
        ("/metrics?maxResults=", "Cannot convert value  to java type java.lang.Integer"),
        ("/metrics?interval=", "Cannot convert value  to java type java.lang.Long"),
        (
            "/history/process-instance/report?reportType=x",
            "Cannot set query parameter 'reportType' to value 'x'",
        ),
        ("/history/process-instance/report?reportType=count", "Unknown report type count"),
        ("/authorization/check?resourceType=x", "HTTP 404 Not Found"),
        ("/task?caseInstanceVariables=x_is_1", "Invalid case variable comparator specified: is"),
    ],
)
def test_a_parameter_is_refused_in_the_words_of_its_operation(calls, path, expected):
    assert calls.get(path)["message"] == expected


@pytest.mark.parametrize("name", ["tenantIdIn", "processDefinitionKeyIn", "processDefinitionIdIn"])
def test_no_tenant_and_no_definition_has_an_empty_name(calls, name):
    report = "/history/process-definition/cleanable-process-instance-report"

    assert calls.get(report) != []
    assert calls.get(f"{report}?{name}=") == []


ALIKE = [
    ("/process-instance", "variables", 400),
    ("/execution", "variables", 400),
    ("/variable-instance", "variableValues", 400),
    ("/history/process-instance", "variables", 400),
    ("/task", "processVariables", 500),
    ("/task", "taskVariables", 500),
    ("/task", "caseInstanceVariables", 500),
    ("/external-task", "processVariables", 500),
    ("/history/task", "processVariables", 500),
]


@pytest.mark.parametrize(("path", "name", "status"), ALIKE)
@pytest.mark.parametrize("operator", ["gt", "gteq", "lt", "lteq"])
@pytest.mark.parametrize("value", [None, "", " ", "null"])
def test_null_has_no_order_in_any_list(calls, path, name, status, operator, value):
    condition = {"name": "x", "operator": operator, "value": value}

    found, answer = calls.post(f"{path}/count", {name: [condition]})

    assert found == status
    assert answer["message"].startswith("Booleans and null cannot be used in '")


@pytest.mark.parametrize("path", ["/process-instance", "/history/process-instance", "/execution"])
def test_the_word_null_of_a_url_is_null(calls, path):
    answer = calls.get(f"{path}?variables=x_gt_null")

    assert answer["message"] == "Booleans and null cannot be used in 'greater than' condition"


@pytest.mark.parametrize("path", ["/process-instance", "/history/process-instance"])
@pytest.mark.parametrize("value", ["", "null"])
def test_a_text_of_an_alternative_stays_a_text(calls, path, value):
    condition = {"name": "x", "operator": "gt", "value": value}

    answer = calls.post(f"{path}/count", {"orQueries": [{"variables": [condition]}]})

    assert answer == (200, {"count": 0})


@pytest.mark.parametrize("value", [[1], {"a": 1}, None, True])
def test_a_pattern_may_be_of_any_type(calls, value):
    condition = {"name": "x", "operator": "like", "value": value}

    assert calls.post("/task/count", {"processVariables": [condition]}) == (200, {"count": 0})
