"""Refusals of jobs, incidents and batches: status, type, message and code."""

import pytest

from .refusing import (
    ANY,
    BAD,
    FAILED,
    INVALID,
    MISSING,
    POINTER,
    REQUEST,
    REST,
    check,
    check_unchanged,
    refused,
)

pytestmark = pytest.mark.no_database

OF_JOBS = [
    refused("GET", "/job/x", None, MISSING, INVALID, "Job with id x does not exist", None),
    refused(
        "POST",
        "/job/x/execute",
        None,
        MISSING,
        INVALID,
        "ENGINE-14026 No job found with id 'x'",
        None,
    ),
    refused(
        "PUT",
        "/job/x/retries",
        {"retries": 1},
        FAILED,
        INVALID,
        "ENGINE-13053 No job found with id 'x'.'",
        None,
    ),
    refused("PUT", "/job/x/retries", {}, FAILED, POINTER, ANY, None),
    refused(
        "PUT",
        "/job/{J}/priority",
        {},
        BAD,
        REST,
        "Priority for job '{J}' cannot be null.",
        None,
    ),
    refused("PUT", "/job/x/duedate", {}, FAILED, INVALID, "No job found with id 'x'.", None),
    refused("PUT", "/job/x/duedate", {"duedate": "soon"}, BAD, INVALID, "", None),
    refused(
        "POST",
        "/job/{J}/duedate/recalculate",
        None,
        FAILED,
        INVALID,
        "Only timer jobs can be recalculated, but the job with id '{J}' is of type "
        "'async-continuation'.",
        None,
    ),
    refused(
        "GET",
        "/job?timers=true&messages=true",
        None,
        BAD,
        INVALID,
        "Parameter timers cannot be used together with parameter messages.",
        None,
    ),
    refused(
        "GET",
        "/job-definition/x",
        None,
        MISSING,
        INVALID,
        "Job Definition with id x does not exist",
        None,
    ),
    refused(
        "PUT",
        "/job-definition/x/jobPriority",
        {"priority": 1},
        MISSING,
        INVALID,
        "Job definition with id 'x' does not exist: jobDefinition is null",
        None,
    ),
    refused("GET", "/incident/x", None, MISSING, INVALID, "No matching incident with id x", None),
    refused(
        "DELETE",
        "/incident/x",
        None,
        MISSING,
        INVALID,
        "Cannot find an incident with id 'x': incident is null",
        None,
    ),
    refused("PUT", "/incident/x/annotation", {}, BAD, REQUEST, "incident is null", 0),
    refused("GET", "/batch/x", None, MISSING, INVALID, "Batch with id 'x' does not exist", None),
    refused(
        "PUT",
        "/batch/x/suspended",
        {"suspended": True},
        BAD,
        INVALID,
        "Unable to suspend batch with id 'x'",
        0,
    ),
    refused("DELETE", "/batch/x", None, BAD, INVALID, "Unable to delete batch with id 'x'", 0),
]


@pytest.mark.parametrize(("method", "path", "body", "expected"), OF_JOBS)
def test_what_is_refused_is_told_as_the_reference_tells_it(kept, method, path, body, expected):
    check(kept, method, path, body, expected)


def test_nothing_was_changed_by_what_was_refused(kept):
    check_unchanged(kept)
