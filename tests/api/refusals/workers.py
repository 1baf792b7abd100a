"""Refusals that workers meet: status, type, message and code."""

from .case import (
    ANY,
    BAD,
    ENGINE,
    FAILED,
    INVALID,
    MISSING,
    NOT_VALID,
    NULL,
    POINTER,
    REQUEST,
    REST,
    refused,
)

EXTERNAL = "/external-task"
NO_TASK = "External task with id x does not exist"
OF_WORKERS = [
    refused("POST", f"{EXTERNAL}/x/complete", {}, FAILED, NULL, "workerId is null", 0),
    refused("POST", f"{EXTERNAL}/x/complete", {"workerId": "w"}, MISSING, REST, NO_TASK, 0),
    refused(
        "POST",
        f"{EXTERNAL}/x/complete",
        {"workerId": None, "variables": {"v": {"type": "Integer", "value": "y"}}},
        BAD,
        INVALID,
        "Cannot convert value 'y' of type 'Integer' to java type java.lang.Integer",
        None,
    ),
    refused(
        "POST",
        f"{EXTERNAL}/x/complete",
        {"variables": {"v": {"type": "Y"}}},
        BAD,
        REST,
        "Unsupported value type 'Y'",
        None,
    ),
    refused(
        "POST",
        f"{EXTERNAL}/{{E}}/complete",
        {"workerId": "w"},
        BAD,
        REST,
        "External Task {E} cannot be completed by worker 'w'. It is locked by worker 'null'.",
        0,
    ),
    refused("POST", f"{EXTERNAL}/x/failure", {}, FAILED, NULL, "workerId is null", 0),
    refused(
        "POST",
        f"{EXTERNAL}/x/failure",
        {"workerId": "w", "retries": -1},
        FAILED,
        ENGINE,
        "retries is not greater than or equal to 0",
        0,
    ),
    refused(
        "POST",
        f"{EXTERNAL}/x/failure",
        {"workerId": "w", "retryTimeout": -1},
        FAILED,
        ENGINE,
        "retryDuration is not greater than or equal to 0",
        0,
    ),
    refused("POST", f"{EXTERNAL}/x/failure", {"retries": "y"}, BAD, INVALID, "", None),
    refused("POST", f"{EXTERNAL}/x/bpmnError", {}, FAILED, NULL, "workerId is null", 0),
    refused(
        "POST", f"{EXTERNAL}/x/bpmnError", {"workerId": "w"}, FAILED, NULL, "errorCode is null", 0
    ),
    refused(
        "POST",
        f"{EXTERNAL}/x/bpmnError",
        {"workerId": "w", "errorCode": ""},
        MISSING,
        REST,
        NO_TASK,
        0,
    ),
    refused("POST", f"{EXTERNAL}/x/lock", {}, FAILED, NULL, "workerId is null", 0),
    refused(
        "POST",
        f"{EXTERNAL}/x/lock",
        {"workerId": "w"},
        BAD,
        REST,
        "lockDuration is not greater than 0",
        0,
    ),
    refused("POST", f"{EXTERNAL}/x/extendLock", {}, BAD, REST, "lockTime is not greater than 0", 0),
    refused(
        "POST", f"{EXTERNAL}/x/extendLock", {"newDuration": 1}, FAILED, NULL, "workerId is null", 0
    ),
    refused("POST", f"{EXTERNAL}/x/unlock", None, MISSING, REST, NO_TASK, 0),
    refused(
        "PUT",
        f"{EXTERNAL}/x/retries",
        {},
        BAD,
        INVALID,
        "The number of retries cannot be null.",
        None,
    ),
    refused(
        "PUT",
        f"{EXTERNAL}/x/retries",
        {"retries": -1},
        BAD,
        REQUEST,
        "The number of retries cannot be negative: retries is not greater than or equal to 0",
        0,
    ),
    refused("PUT", f"{EXTERNAL}/x/retries", {"retries": 1}, MISSING, REST, NO_TASK, 0),
    refused("PUT", f"{EXTERNAL}/x/priority", {}, FAILED, POINTER, ANY, None),
    refused("PUT", f"{EXTERNAL}/x/priority", {"priority": 1}, MISSING, REST, NO_TASK, 0),
    refused("GET", f"{EXTERNAL}/x", None, MISSING, REST, NO_TASK, None),
    refused(
        "GET",
        f"{EXTERNAL}/x/errorDetails",
        None,
        FAILED,
        NULL,
        "No external task found with id x: externalTask is null",
        0,
    ),
    refused(
        "PUT",
        f"{EXTERNAL}/retries",
        {"retries": 1},
        BAD,
        INVALID,
        "externalTaskIds is empty",
        None,
    ),
    refused(
        "PUT",
        f"{EXTERNAL}/retries",
        {"retries": 1, "externalTaskIds": [None]},
        BAD,
        INVALID,
        "External task id cannot be null: externalTaskIds contains null value",
        None,
    ),
    refused(
        "PUT",
        f"{EXTERNAL}/retries",
        {"retries": 1, "externalTaskIds": ["x"]},
        MISSING,
        INVALID,
        "Cannot find external task with id x: externalTask is null",
        None,
    ),
    refused(
        "POST",
        f"{EXTERNAL}/retries-async",
        {"externalTaskIds": ["x"]},
        BAD,
        INVALID,
        "The number of retries cannot be null.",
        None,
    ),
]
LOCK = {"topicName": "t", "lockDuration": 1}
OF_FETCHES = [
    refused("POST", f"{EXTERNAL}/fetchAndLock", body, *answer)
    for body, answer in (
        ({}, (FAILED, NULL, "workerId is null", 0)),
        (
            {"workerId": "w", "maxTasks": -1},
            (FAILED, ENGINE, "maxResults is not greater than or equal to 0", 0),
        ),
        ({"workerId": "w", "topics": [{}]}, (FAILED, NULL, "topicName is null", 0)),
        (
            {"workerId": "w", "topics": [{"topicName": "t"}]},
            (FAILED, ENGINE, "lockTime is not greater than 0", 0),
        ),
        ({"workerId": "w", "topics": [None]}, (FAILED, POINTER, ANY, None)),
        ({"workerId": "w", "topics": {}}, (BAD, INVALID, "", None)),
        (
            {"sorting": [{"sortBy": "id"}]},
            (BAD, INVALID, "Cannot set query sortBy parameter to value id", None),
        ),
        (
            {"sorting": [{"sortBy": "createTime", "sortOrder": "up"}]},
            (BAD, INVALID, "Cannot set query sortOrder parameter to value up", None),
        ),
        (
            {"sorting": [{"sortBy": "createTime"}]},
            (
                BAD,
                NOT_VALID,
                "Invalid query: call asc() or desc() after using orderByXX(): direction is null",
                0,
            ),
        ),
        ({"sorting": [{}]}, (FAILED, POINTER, ANY, None)),
        (
            {"asyncResponseTimeout": 1_800_001, "sorting": [{}]},
            (
                BAD,
                INVALID,
                "The asynchronous response timeout cannot be set to a value greater than 1800000 "
                "milliseconds",
                None,
            ),
        ),
        ({"asyncResponseTimeout": 2**63}, (BAD, INVALID, "", None)),
        (
            {
                "workerId": "w",
                "maxTasks": 1,
                "topics": [{**LOCK, "processVariables": {"v": {"value": 1}}}],
            },
            (FAILED, ENGINE, "Object values cannot be used to query", 0),
        ),
    )
]
CASES = [*OF_WORKERS, *OF_FETCHES]
