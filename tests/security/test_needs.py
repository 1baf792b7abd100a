"""Needed permissions of operations: the table is consistent, and each need can be granted."""

import pytest

from app.errors import BadUserRequestError
from app.security import needs
from app.security.permissions import TYPE_NAMES, bit_of, is_for

pytestmark = pytest.mark.no_database
ALL_NEEDS = {
    **needs.NEEDS,
    **{
        f"batch of {name}": needs.batch_of(name.removeprefix("CREATE_BATCH_"))
        for name in (
            "MIGRATE_PROCESS_INSTANCES",
            "SET_VARIABLES",
            "CORRELATE_MESSAGE",
            "SET_REMOVAL_TIME",
            "SET_JOB_RETRIES",
            "SET_EXTERNAL_TASK_RETRIES",
        )
    },
}


def parts():
    for operation, need in ALL_NEEDS.items():
        for part in need:
            yield operation, part


def test_every_alternative_is_a_permission_that_can_be_granted():
    wrong = []
    for operation, part in parts():
        for name, resource in part:
            try:
                bit_of(name, resource)
            except BadUserRequestError:
                wrong.append((operation, name, resource.name))
            else:
                if not is_for(name, resource):
                    wrong.append((operation, name, resource.name))

    assert not wrong


def test_every_resource_has_a_name_for_the_message_of_a_refusal():
    assert {resource for _, part in parts() for _, resource in part} <= set(TYPE_NAMES)


def test_no_alternative_is_named_twice():
    for operation, part in parts():
        assert len(set(part)) == len(part), operation


def test_an_operation_says_in_one_way_who_may():
    named = [set(needs.NEEDS), set(needs.BY_SERVICE), set(needs.ADMINISTRATORS_ONLY)]

    for number, some in enumerate(named):
        for others in named[number + 1 :]:
            assert not some & others


def test_an_operation_is_a_method_and_a_path():
    for operation in (*needs.NEEDS, *needs.BY_SERVICE, *needs.ADMINISTRATORS_ONLY):
        method, _, path = operation.partition(" ")

        assert method in ("GET", "POST", "PUT", "DELETE"), operation
        assert path.startswith("/"), operation
        assert not path.endswith("/"), operation
        assert path.count("{") == path.count("{}"), operation


READING = {"READ", "READ_TASK", "READ_INSTANCE", "READ_HISTORY"}


def test_reading_needs_no_permission_to_write():
    for operation, need in needs.NEEDS.items():
        if operation.startswith("GET "):
            names = {name for part in need for name, _ in part}

            assert names <= READING, operation


def test_writing_needs_a_permission_to_write():
    open_to_all = {
        "POST /identity/password-policy",
        "POST /external-task/fetchAndLock",
        "POST /external-task/complete",
        "POST /telemetry/configuration",
        "POST /deployment/{}/redeploy",  # the service asks for the rest
    }
    for operation, need in needs.NEEDS.items():
        if operation.startswith("GET ") or operation in open_to_all:
            continue
        if operation.startswith("POST /filter/{}/"):
            continue  # which only reads
        names = {name for part in need for name, _ in part}

        assert names - READING, operation


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("POST /external-task/{}/complete", ["UPDATE", "UPDATE_INSTANCE"]),
        ("PUT /job/{}/retries", ["RETRY_JOB", "RETRY_JOB", "UPDATE", "UPDATE_INSTANCE"]),
        ("POST /task/{}/claim", ["TASK_WORK", "TASK_WORK", "UPDATE", "UPDATE_TASK"]),
        ("POST /task/{}/assignee", ["TASK_ASSIGN", "TASK_ASSIGN", "UPDATE", "UPDATE_TASK"]),
        (
            "PUT /process-instance/{}/variables/{}",
            ["UPDATE_VARIABLE", "UPDATE_INSTANCE_VARIABLE", "UPDATE", "UPDATE_INSTANCE"],
        ),
        ("DELETE /process-instance/{}", ["DELETE", "DELETE_INSTANCE"]),
        ("GET /process-definition/{}/xml", ["READ"]),
    ],
)
def test_alternatives_are_in_the_order_of_the_message(operation, expected):
    (part,) = needs.NEEDS[operation]

    assert [name for name, _ in part] == expected


def test_a_start_needs_both_of_its_permissions():
    for where in ("{}", "key/{}", "key/{}/tenant-id/{}"):
        need = needs.NEEDS[f"POST /process-definition/{where}/start"]

        assert [[name for name, _ in part] for part in need] == [["CREATE"], ["CREATE_INSTANCE"]]
