"""Refusals of definitions, deployments and migrations: status, type, message and code."""

import pytest

from .refusing import (
    BAD,
    ENGINE,
    FAILED,
    INVALID,
    MISSING,
    NO_DEFINITION,
    NULL,
    REQUEST,
    REST,
    check,
    check_unchanged,
    refused,
)

pytestmark = pytest.mark.no_database

OF_DEFINITIONS = [
    refused(
        "GET",
        "/process-definition/x",
        None,
        MISSING,
        INVALID,
        "No matching definition with id x",
        0,
    ),
    refused(
        "GET",
        "/process-definition/key/x",
        None,
        MISSING,
        REST,
        "No matching process definition with key: x and no tenant-id",
        None,
    ),
    refused(
        "GET",
        "/process-definition/key/small/tenant-id/t",
        None,
        MISSING,
        REST,
        "No matching process definition with key: small and tenant-id: t",
        None,
    ),
    refused(
        "POST",
        "/process-definition/x/start",
        {},
        FAILED,
        REST,
        f"Cannot instantiate process definition x: {NO_DEFINITION}",
        0,
    ),
    refused(
        "POST",
        "/process-definition/key/x/start",
        {"variables": {"v": {"type": "Y"}}},
        MISSING,
        REST,
        "No matching process definition with key: x and no tenant-id",
        None,
    ),
    refused(
        "POST",
        "/process-definition/key/small/start",
        {"variables": {"v": {"type": "Y"}}},
        BAD,
        INVALID,
        "Cannot instantiate process definition {D}: Unsupported value type 'Y'",
        None,
    ),
    refused(
        "POST",
        "/process-definition/key/small/start",
        {"skipIoMappings": True},
        FAILED,
        REST,
        "Cannot instantiate process definition {D}: ENGINE-13024 Cannot skip custom listeners or "
        "input/output mappings when start a process instance at default start activity.",
        0,
    ),
    refused(
        "POST",
        "/process-definition/key/small/start",
        {"startInstructions": [{"type": "startBeforeActivity"}]},
        BAD,
        INVALID,
        "Cannot instantiate process definition {D}: For instruction type 'startBeforeActivity': "
        "'activityId' must be set",
        None,
    ),
    refused(
        "POST",
        "/process-definition/key/small/start",
        {"startInstructions": [{"type": "leap"}]},
        BAD,
        INVALID,
        "",
        None,
    ),
    refused(
        "PUT",
        "/process-definition/suspended",
        {},
        BAD,
        INVALID,
        "Either processDefinitionId or processDefinitionKey should be set to update the "
        "suspension state.",
        None,
    ),
    refused(
        "PUT",
        "/process-definition/{D}/history-time-to-live",
        {"historyTimeToLive": -1},
        BAD,
        REQUEST,
        "historyTimeToLive is not greater than or equal to 0",
        0,
    ),
    refused(
        "DELETE",
        "/process-definition/x",
        None,
        MISSING,
        INVALID,
        "No process definition found with id 'x': processDefinition is null",
        0,
    ),
    refused(
        "GET",
        "/process-definition/x/static-called-process-definitions",
        None,
        MISSING,
        INVALID,
        NO_DEFINITION,
        None,
    ),
    refused(
        "GET",
        "/process-definition/{D}/statistics?incidents=true&incidentsForType=a",
        None,
        BAD,
        INVALID,
        "Only one of the query parameter includeIncidents or includeIncidentsForType can be set.",
        None,
    ),
    refused(
        "GET",
        "/deployment/x",
        None,
        MISSING,
        INVALID,
        "Deployment with id 'x' does not exist",
        None,
    ),
    refused(
        "GET",
        "/deployment/x/resources",
        None,
        MISSING,
        INVALID,
        "Deployment resources for deployment id 'x' do not exist.",
        None,
    ),
    refused(
        "GET",
        "/deployment/{Dep}/resources/x",
        None,
        MISSING,
        INVALID,
        "Deployment resource with resource id 'x' for deployment id '{Dep}' does not exist.",
        None,
    ),
    refused(
        "GET",
        "/deployment/{Dep}/resources/x/data",
        None,
        FAILED,
        NULL,
        "no resource found with id 'x' in deployment '{Dep}': resource is null",
        0,
    ),
    refused(
        "DELETE",
        "/deployment/x",
        None,
        MISSING,
        INVALID,
        "Deployment with id 'x' do not exist",
        None,
    ),
    refused(
        "DELETE",
        "/deployment/{Dep}?cascade=TRUE",
        None,
        FAILED,
        ENGINE,
        "ENGINE-03076 Deletion of process definition without cascading failed. Process definition "
        "with id: {D} can't be deleted, because there are 1 dependent process instances.",
        0,
    ),
    refused(
        "GET",
        "/deployment?source=s&withoutSource=true",
        None,
        BAD,
        INVALID,
        'The query parameters "withoutSource" and "source" cannot be used in combination.',
        None,
    ),
]
OF_MIGRATIONS = [
    refused(
        "POST",
        "/migration/generate",
        {},
        BAD,
        INVALID,
        "Source process definition id is null",
        0,
    ),
    refused(
        "POST",
        "/migration/generate",
        {"sourceProcessDefinitionId": "{D}", "targetProcessDefinitionId": "x"},
        BAD,
        INVALID,
        "ENGINE-23008 Target process definition with id 'x' does not exist",
        0,
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "expected"), [*OF_DEFINITIONS, *OF_MIGRATIONS])
def test_what_is_refused_is_told_as_the_reference_tells_it(kept, method, path, body, expected):
    check(kept, method, path, body, expected)


def test_nothing_was_changed_by_what_was_refused(kept):
    check_unchanged(kept)
