"""Refusals of tasks: status, type, message and code."""

import pytest

from .refusing import (
    BAD,
    ENGINE,
    FAILED,
    INVALID,
    MISSING,
    NOT_FOUND,
    NULL,
    REQUEST,
    REST,
    check,
    refused,
)

pytestmark = pytest.mark.no_database

NO_USER_TASK = "Cannot find task with id x: task is null"
OF_TASKS = [
    refused("GET", "/task/x", None, MISSING, INVALID, "No matching task with id x", None),
    refused("PUT", "/task/x", {}, MISSING, INVALID, "No matching task with id x", None),
    refused("POST", "/task/x/claim", {}, FAILED, NULL, NO_USER_TASK, 0),
    refused("POST", "/task/x/unclaim", None, BAD, NOT_FOUND, NO_USER_TASK, 0),
    refused("POST", "/task/x/assignee", {}, BAD, NOT_FOUND, NO_USER_TASK, 0),
    refused("POST", "/task/x/delegate", {}, FAILED, NULL, NO_USER_TASK, 0),
    refused(
        "POST",
        "/task/x/complete",
        {},
        FAILED,
        REST,
        f"Cannot complete task x: {NO_USER_TASK}",
        0,
    ),
    refused(
        "POST",
        "/task/x/submit-form",
        {},
        FAILED,
        REST,
        f"Cannot submit task form x: {NO_USER_TASK}",
        0,
    ),
    refused("POST", "/task/x/bpmnError", {}, BAD, REST, "errorCode is null", 0),
    refused("POST", "/task/x/bpmnEscalation", {}, BAD, REST, "escalationCode is null", 0),
    refused(
        "POST",
        "/task/x/bpmnEscalation",
        {"escalationCode": "c"},
        MISSING,
        REST,
        NO_USER_TASK,
        0,
    ),
    refused(
        "DELETE",
        "/task/{T}",
        None,
        FAILED,
        ENGINE,
        "The task cannot be deleted because is part of a running process",
        0,
    ),
    refused(
        "POST",
        "/task/create",
        {"parentTaskId": "x"},
        BAD,
        INVALID,
        "Could not save task: Parent task with id 'x' does not exist: parentTask is null",
        0,
    ),
    refused(
        "POST",
        "/task/{T}/identity-links",
        {},
        BAD,
        INVALID,
        "Identity Link requires userId or groupId.",
        None,
    ),
    refused(
        "POST",
        "/task/{T}/identity-links",
        {"userId": "u", "groupId": "g"},
        BAD,
        INVALID,
        "Identity Link requires userId or groupId, but not both.",
        None,
    ),
    refused(
        "POST",
        "/task/{T}/comment/create",
        {},
        BAD,
        INVALID,
        "Not enough parameters submitted",
        0,
    ),
    refused(
        "GET",
        "/task/{T}/comment/x",
        None,
        MISSING,
        INVALID,
        "Task comment with id x does not exist for task id '{T}'.",
        None,
    ),
    refused(
        "GET",
        "/task?assigneeExpression=kim",
        None,
        BAD,
        REQUEST,
        "Expressions are forbidden in adhoc queries. This behavior can be toggled in the process "
        "engine configuration",
        0,
    ),
    refused(
        "GET", "/task?candidateGroups=", None, FAILED, ENGINE, "Candidate group list is empty", 0
    ),
    refused(
        "GET",
        "/task/{T}/deployed-form",
        None,
        BAD,
        INVALID,
        "One of the attributes 'formKey' and 'camunda:formRef' must be supplied but none were set.",
        None,
    ),
    refused(
        "GET",
        "/task/{T}/rendered-form",
        None,
        MISSING,
        INVALID,
        "No matching rendered form for task with the id {T} found.",
        None,
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "expected"), OF_TASKS)
def test_what_is_refused_is_told_as_the_reference_tells_it(kept, method, path, body, expected):
    check(kept, method, path, body, expected)
