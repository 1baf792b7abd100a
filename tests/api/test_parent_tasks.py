"""The parent of a task that stands alone."""

import pytest


@pytest.mark.parametrize("parent", ["", "nobody"])
def test_an_id_that_names_no_task(calls, parent):
    status, answer = calls.post("/task/create", {"name": "Call", "parentTaskId": parent})

    assert (status, answer["type"]) == (400, "InvalidRequestException")
    assert answer["message"] == (
        f"Could not save task: Parent task with id '{parent}' does not exist: parentTask is null"
    )
    assert calls.get("/task") == []


def test_a_parent_that_is_null_is_none(calls):
    assert calls.post("/task/create", {"name": "Call", "parentTaskId": None})[0] == 204
