"""Refusals of the history and of metrics: status, type, message and code."""

import pytest

from .refusing import BAD, INVALID, MISSING, REQUEST, REST, check, refused

pytestmark = pytest.mark.no_database

OF_HISTORY = [
    refused(
        "GET",
        "/history/process-instance/x",
        None,
        MISSING,
        INVALID,
        "Historic process instance with id x does not exist",
        None,
    ),
    refused(
        "DELETE",
        "/history/process-instance/{I}",
        None,
        MISSING,
        INVALID,
        "Historic process instance with id {I} does not exist",
        0,
    ),
    refused(
        "GET",
        "/history/activity-instance/x",
        None,
        MISSING,
        INVALID,
        "Historic activity instance with id 'x' does not exist",
        None,
    ),
    refused(
        "GET",
        "/history/variable-instance/x",
        None,
        MISSING,
        INVALID,
        "Historic variable instance with Id 'x' does not exist.",
        None,
    ),
    refused(
        "GET",
        "/history/variable-instance?variableValue=1",
        None,
        BAD,
        INVALID,
        "Only a single variable value parameter specified: variable name and value are required "
        "to be able to query after a specific variable value.",
        None,
    ),
    refused(
        "DELETE",
        "/history/variable-instance/x",
        None,
        MISSING,
        INVALID,
        "No historic variable instance found with id: x: variable is null",
        0,
    ),
    refused(
        "GET",
        "/history/external-task-log/x/error-details",
        None,
        MISSING,
        INVALID,
        "No historic external task log found with id x: historicExternalTaskLog is null",
        None,
    ),
    refused(
        "GET",
        "/history/job-log/x/stacktrace",
        None,
        MISSING,
        INVALID,
        "No historic job log found with id x: historicJobLog is null",
        None,
    ),
    refused(
        "GET",
        "/history/cleanup/job",
        None,
        MISSING,
        REST,
        "History cleanup job does not exist",
        None,
    ),
    refused(
        "GET",
        "/history/process-instance/report?reportType=duration",
        None,
        BAD,
        INVALID,
        "periodUnit is null",
        0,
    ),
    refused(
        "GET",
        "/history/process-instance/report",
        None,
        BAD,
        INVALID,
        "Unknown report type null",
        None,
    ),
    refused(
        "GET", "/history/task/report", None, BAD, INVALID, "Parameter reportType is not set.", None
    ),
    refused(
        "GET",
        "/history/task/report?reportType=count&groupBy=color",
        None,
        BAD,
        INVALID,
        "groupBy parameter has invalid value: color",
        None,
    ),
    refused(
        "POST",
        "/history/process-instance/set-removal-time",
        {"historicProcessInstanceIds": ["{I}"]},
        BAD,
        REQUEST,
        "removalTime is null",
        0,
    ),
    refused(
        "POST",
        "/history/process-instance/set-removal-time",
        {"clearedRemovalTime": True},
        BAD,
        REQUEST,
        "Neither query nor ids provided.",
        0,
    ),
    refused(
        "POST",
        "/history/process-instance/delete",
        {},
        BAD,
        INVALID,
        "historicProcessInstanceIds is empty",
        None,
    ),
    refused(
        "GET",
        "/metrics/activity-instance-start/sum?startDate=soon",
        None,
        BAD,
        INVALID,
        'Cannot convert value "soon" to java type java.util.Date',
        None,
    ),
    refused(
        "PUT",
        "/history/user-operation/x/set-annotation",
        {},
        BAD,
        REQUEST,
        "operation is null",
        0,
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "expected"), OF_HISTORY)
def test_what_is_refused_is_told_as_the_reference_tells_it(kept, method, path, body, expected):
    check(kept, method, path, body, expected)
