"""Refusals of instances and executions: status, type, message and code."""

import pytest

from .refusing import (
    BAD,
    ENGINE,
    FAILED,
    INVALID,
    MISSING,
    NOT_VALID,
    NULL,
    REQUEST,
    REST,
    check,
    check_unchanged,
    refused,
)

pytestmark = pytest.mark.no_database

NO_EXECUTION = "execution x doesn't exist: execution is null"
OF_INSTANCES = [
    refused(
        "GET",
        "/process-instance/x",
        None,
        MISSING,
        INVALID,
        "Process instance with id x does not exist",
        None,
    ),
    refused(
        "DELETE",
        "/process-instance/x",
        None,
        MISSING,
        INVALID,
        "No process instance found for id 'x': processInstance is null",
        0,
    ),
    refused(
        "PUT",
        "/process-instance/suspended",
        {"processInstanceIds": []},
        BAD,
        REQUEST,
        "No process instance ids given: Process Instance ids is empty",
        0,
    ),
    refused("GET", "/process-instance/x/variables", None, FAILED, NULL, NO_EXECUTION, 0),
    refused(
        "GET",
        "/process-instance/x/variables/v",
        None,
        FAILED,
        REST,
        f"Cannot get process instance variable v: {NO_EXECUTION}",
        0,
    ),
    refused(
        "GET",
        "/process-instance/{I}/variables/v",
        None,
        MISSING,
        INVALID,
        "process instance variable with name v does not exist",
        None,
    ),
    refused(
        "PUT",
        "/process-instance/x/variables/v",
        {"value": 1},
        FAILED,
        REST,
        f"Cannot put process instance variable v: {NO_EXECUTION}",
        0,
    ),
    refused(
        "PUT",
        "/process-instance/x/variables/v",
        {"type": "Short", "value": 40_000},
        BAD,
        INVALID,
        "Cannot put process instance variable v: Cannot convert value '40000' of type 'Short' to "
        "java type java.lang.Short",
        None,
    ),
    refused(
        "DELETE",
        "/process-instance/x/variables/v",
        None,
        FAILED,
        REST,
        f"Cannot delete process instance variable v: {NO_EXECUTION}",
        0,
    ),
    refused(
        "POST",
        "/process-instance/x/variables",
        {},
        FAILED,
        REST,
        f"Cannot modify variables for process instance x: {NO_EXECUTION}",
        0,
    ),
    refused(
        "POST",
        "/process-instance/x/variables",
        {"modifications": {"v": {"type": "Y"}}},
        BAD,
        INVALID,
        "Cannot modify variables for process instance: Unsupported value type 'Y'",
        None,
    ),
    refused(
        "POST",
        "/process-instance/x/modification",
        {"instructions": [{"type": "startBeforeActivity", "activityId": "a"}]},
        FAILED,
        ENGINE,
        "ENGINE-13036 Process instance 'x' cannot be modified. The process instance does not exist",
        0,
    ),
    refused(
        "POST",
        "/process-instance/{I}/modification",
        {"instructions": [{"type": "startBeforeActivity", "activityId": "y"}]},
        BAD,
        NOT_VALID,
        "Cannot perform instruction: Start before activity 'y'; Element 'y' does not exist in "
        "process '{D}': element is null",
        0,
    ),
    refused(
        "POST",
        "/process-instance/{I}/modification-async",
        {"instructions": []},
        BAD,
        INVALID,
        "The provided instuctions are invalid.",
        None,
    ),
    refused(
        "POST",
        "/process-instance/delete",
        {},
        BAD,
        INVALID,
        "processInstanceIds is empty",
        None,
    ),
    refused(
        "POST",
        "/process-instance/variables-async",
        {"processInstanceIds": ["x"]},
        BAD,
        INVALID,
        "variables is null",
        None,
    ),
    refused(
        "POST",
        "/process-instance/variables-async",
        {"processInstanceIds": ["x"], "variables": {}},
        BAD,
        REQUEST,
        "variables is empty",
        0,
    ),
    refused(
        "POST",
        "/process-instance/message-async",
        {},
        BAD,
        INVALID,
        "No process instances found.",
        None,
    ),
    refused(
        "GET",
        "/execution/x",
        None,
        MISSING,
        INVALID,
        "Execution with id x does not exist",
        None,
    ),
    refused(
        "POST",
        "/execution/x/signal",
        {},
        FAILED,
        REST,
        f"Cannot signal execution x: {NO_EXECUTION}",
        0,
    ),
    refused(
        "POST",
        "/execution/x/create-incident",
        {"incidentType": "t"},
        BAD,
        INVALID,
        "Cannot find an execution with executionId 'x': execution is null",
        None,
    ),
    refused("POST", "/execution/x/create-incident", {}, BAD, INVALID, "incidentType is null", None),
]


@pytest.mark.parametrize(("method", "path", "body", "expected"), OF_INSTANCES)
def test_what_is_refused_is_told_as_the_reference_tells_it(kept, method, path, body, expected):
    check(kept, method, path, body, expected)


def test_nothing_was_changed_by_what_was_refused(kept):
    check_unchanged(kept)
