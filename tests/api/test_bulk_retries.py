"""Which of several mistakes in a bulk command is told."""

import pytest

PATHS = (("PUT", "/external-task/retries"), ("POST", "/external-task/retries-async"))


@pytest.mark.parametrize(
    ("body", "status", "type_", "message"),
    [
        ({}, 400, "InvalidRequestException", "The number of retries cannot be null."),
        ({"externalTaskQuery": {"locked": "yes"}}, 400, "InvalidRequestException", ""),
        (
            {"externalTaskQuery": {"sortBy": "id"}},
            400,
            "InvalidRequestException",
            "Only a single sorting parameter specified. sortBy and sortOrder required",
        ),
        (
            {"retries": 1, "processInstanceIds": ["i", None]},
            500,
            "NullValueException",
            "processInstanceIdIn contains null value",
        ),
        (
            {"retries": 1, "externalTaskIds": [None], "processInstanceIds": [None]},
            400,
            "InvalidRequestException",
            "External task id cannot be null: externalTaskIds contains null value",
        ),
    ],
)
def test_queries_are_read_before_the_retries_and_ids_of_tasks_before_those_of_instances(
    server, body, status, type_, message
):
    for method, path in PATHS:
        answer = server.call(method, path, body)

        assert (answer[0], answer[1]["type"], answer[1]["message"]) == (status, type_, message)
