"""A name or an order to sort by that is there and null is no query, wherever it stands."""

import pytest

LISTS = (
    "external-task task process-instance execution variable-instance job job-definition group "
    "schema/log history/process-instance history/activity-instance history/variable-instance "
    "history/task history/job-log history/external-task-log"
).split()
UNREADABLE = (400, "InvalidRequestException", "")


def refused(answer):
    status, body = answer
    return status, body["type"], body["message"]


@pytest.mark.parametrize("field", ["sortBy", "sortOrder"])
@pytest.mark.parametrize("path", LISTS)
def test_a_null_at_the_top_is_refused(calls, path, field):
    assert refused(calls.post(f"/{path}", {field: None})) == UNREADABLE


@pytest.mark.parametrize("wrong", [{"sortBy": None}, {"sortOrder": None}, {"sortBy": "nothing"}])
@pytest.mark.parametrize("path", ["task", "process-instance", "history/task"])
def test_an_alternative_is_read_as_a_query_of_its_own(calls, path, wrong):
    assert refused(calls.post(f"/{path}/count", {"orQueries": [wrong]})) == UNREADABLE


def test_an_alternative_may_sort_for_nothing(calls):
    alternative = {"sortBy": "instanceId", "sortOrder": "asc"}

    assert calls.post("/process-instance/count", {"orQueries": [alternative]}) == (
        200,
        {"count": 0},
    )


def test_the_query_of_a_command_and_of_a_filter_is_read_alike(calls):
    body = {"suspended": True, "processInstanceQuery": {"sortBy": None}}
    kept = {"resourceType": "Task", "name": "f", "query": {"sortBy": None}}

    assert refused(calls.put("/process-instance/suspended", body)) == UNREADABLE
    assert refused(calls.post("/filter/create", kept)) == UNREADABLE


def test_a_null_in_the_list_of_levels_names_nothing(calls):
    levels = [{"sortBy": None, "sortOrder": None}]

    assert calls.post("/process-instance/count", {"sorting": levels}) == (200, {"count": 0})
