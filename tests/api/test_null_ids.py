"""Ids that are null: each command of the reference engine has its own way with them."""

import pytest

DECISIONS = "/history/decision-instance"
ONE_IS_NULL = (500, "NullValueException", "decisionInstanceIdIn contains null value")
BATCH_IS_NULL = (500, "NullValueException", "Batch id is null")
START = [{"type": "startBeforeActivity", "activityId": "a"}]
NO_INSTRUCTIONS = "Restart instructions cannot be empty: instructions is empty"
NULL = "Process instance ids cannot be null: {} contains null value"


@pytest.mark.parametrize("ids", [[None], ["some", None]])
@pytest.mark.parametrize(
    ("path", "field", "body", "expected"),
    [
        (f"{DECISIONS}/delete", "historicDecisionInstanceIds", {}, ONE_IS_NULL),
        # before the missing mode
        (f"{DECISIONS}/set-removal-time", "historicDecisionInstanceIds", {}, ONE_IS_NULL),
        ("/history/batch/set-removal-time", "historicBatchIds", {}, BATCH_IS_NULL),
        (
            "/history/batch/set-removal-time",
            "historicBatchIds",
            {"clearedRemovalTime": True},
            BATCH_IS_NULL,
        ),
    ],
)
def test_a_null_among_ids_of_the_history_is_refused(calls, path, field, body, ids, expected):
    status, answer = calls.post(path, {field: ids, **body})

    assert (status, answer["type"], answer["message"]) == expected


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("restart", {"processInstanceIds": [None]}, NULL.format("Process instance ids")),
        ("restart-async", {"processInstanceIds": [None]}, NULL.format("processInstanceIds")),
        ("restart", {"instructions": []}, NO_INSTRUCTIONS),
        ("restart-async", {"instructions": []}, "processInstanceIds is empty"),
    ],
)
def test_what_a_restart_misses(calls, path, body, message):
    status, answer = calls.post(f"/process-definition/x/{path}", {"instructions": START, **body})

    assert (status, answer["type"], answer["message"]) == (400, "InvalidRequestException", message)
