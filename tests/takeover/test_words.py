"""How single things of the source are said here: values, jobs, batches, people, filters."""

import json
import math
from zoneinfo import ZoneInfo

import pytest

from app.security import passwords, permission_numbers, permissions
from app.security.permissions import Resource
from app.takeover import batches, decisions, definitions, history, identity, jobs, runtime
from app.takeover.problems import LeftOutError
from app.takeover.values import stored_value
from tests.models import flows, task

from .test_trees import graph

pytestmark = pytest.mark.no_database


# -- columns ----------------------------------------------------------------------------------

COMPUTED = {  # what is put in by code
    *("type", "variable_type", "configuration", "inputs", "outputs"),
    *("root_process_instance_id", "process_definition_key", "activity_id"),
}


@pytest.mark.parametrize(
    "mapped",
    [
        *(*definitions.DEFINITIONS, *identity.PEOPLE, *runtime.OF_INSTANCES, *history.HISTORY),
        *(runtime.EXECUTIONS, batches.BATCHES_UNDER_WAY, decisions.INSTANCES, identity.filters()),
    ],
    ids=lambda mapped: f"{mapped.source}-{mapped.table.name}",
)
def test_every_column_that_needs_a_value_has_one_and_no_other_is_filled(mapped):
    needed = {column.name for column in mapped.table.columns if not column.nullable}

    assert needed <= {*mapped.columns, *COMPUTED}
    if mapped.refine is None and mapped.table.name.startswith("historic"):
        assert set(mapped.columns) <= {column.name for column in mapped.table.columns}


# -- values -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kind", "column", "value"),
    [
        (("short", -3, None, "Value '-3' of type", None, None), "Short", "long_value", -3),
        (("boolean", 0, None, None, None, None), "Boolean", "long_value", 0),
        (("boolean", None, None, None, None, None), "Boolean", "long_value", None),
        (("date", 1_000, None, None, None, None), "Date", "long_value", 1_000),
        (("double", None, math.inf, None, None, None), "Double", "text_value", "inf"),
        (("string", None, None, "x", None, None), "String", "text_value", "x"),
        (("string", None, None, None, "!emptyString!", None), "String", "text_value", ""),
        (("string", None, None, None, None, None), "String", "text_value", None),
        (("json", None, None, None, None, b"{}"), "Json", "text_value", "{}"),
        (("json", None, None, None, None, None), "Json", "text_value", None),
        (("serializable", None, None, None, "a.B", b"\xac\xed"), "Object", "text_value", "rO0="),
        (("bytes", None, None, None, None, b"\x00"), "Bytes", "bytes_value", b"\x00"),
        ((None, None, None, None, None, None), "Null", "text_value", None),
    ],
)
def test_a_value_is_kept_by_its_type(given, kind, column, value):
    found, stored = stored_value(*given)

    assert found == kind
    assert getattr(stored, column) == value


@pytest.mark.parametrize(
    ("second", "info"),
    [
        ("text/plain#", {"filename": "f", "mimeType": "text/plain"}),
        ("text/plain", {"filename": "f", "mimeType": "text/plain"}),
        ("#UTF-8", {"filename": "f", "encoding": "UTF-8"}),
        (None, {"filename": "f"}),
    ],
)
def test_a_file_has_its_name_type_and_encoding(second, info):
    _, stored = stored_value("file", None, None, "f", second, b"x")

    assert json.loads(stored.value_info) == info


def test_an_object_has_its_class_and_format():
    _, stored = stored_value("spin://application/xml", None, None, None, "a.B", b"<a/>")

    assert stored.text_value == "<a/>"
    assert json.loads(stored.value_info) == {
        "objectTypeName": "a.B",
        "serializationDataFormat": "application/xml",
    }


# -- jobs and batches -------------------------------------------------------------------------


def job(kind, configuration, **more):
    row = {"kind": kind, "configuration": configuration, "activity_id": None, "place": None}
    return {**row, "repeat": None, "batch_id": None, **more}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("activity-start-create-scope", "transition-create-scope"),
        ("process-start", "process-start"),
        (None, "transition-create-scope"),
        ("activity-end", "transition-notify-listener-take"),
        ("transition-notify-listener-take$a_b", "transition-notify-listener-take$a_b"),
        ("transition-notify-listener-take", "transition-notify-listener-take$s_one"),
    ],
)
def test_an_asynchronous_continuation_is_before_or_after(given, wanted):
    model = graph('<startEvent id="s"/>' + task("one") + flows("s", "one"))
    row = job("async-continuation", given, place="s")

    assert jobs.refine(row, ZoneInfo("UTC"), model)["configuration"] == wanted


@pytest.mark.parametrize(
    ("given", "activity_id", "listener"),
    [
        ("do$taskListener~late", "do", "late"),
        ("do$taskListener~late$followUpJobCreated", "do", "late"),
        ("do#multiInstanceBody$taskListener~late", "do", "late"),
        ("$taskListener~late", "place", "late"),
    ],
)
def test_the_timer_of_a_task_listener_names_both(given, activity_id, listener):
    row = job("timer-task-listener", given, activity_id="place")

    found = jobs.refine(row, ZoneInfo("UTC"), None)

    assert (found["activity_id"], found["configuration"]) == (activity_id, listener)


def test_the_job_of_an_event_names_its_subscription():
    row = job("event", "a-subscription$more", place="catch")

    found = jobs.refine(row, ZoneInfo("UTC"), None)

    assert (found["activity_id"], found["configuration"]) == ("catch", "a-subscription")


@pytest.mark.parametrize(
    ("repeat", "offset", "wanted"),
    [
        ("R3/2026-07-01T12:00:00/PT4H", 0, "R3/2026-07-01T10:00:00.000Z/PT4H"),
        ("R/2026-12-01T12:00:00/PT4H", 500, "R/2026-12-01T11:00:00.000Z/PT4H|500"),
        ("0 0 5 * * ?", 0, "0 0 5 * * ?"),
        (None, 0, None),
    ],
)
def test_a_cycle_counts_from_a_time_of_the_old_engines_zone(repeat, offset, wanted):
    row = job("timer-transition", "late$followUpJobCreated", repeat=repeat, repeat_offset=offset)

    found = jobs.refine(row, ZoneInfo("Europe/Berlin"), None)

    assert (found["repeat"], found["activity_id"], found["configuration"]) == (
        wanted,
        "late",
        "late",
    )


def test_a_planned_suspension_of_job_definitions_is_said_in_our_words():
    given = {"by": "processDefinitionKey", "processDefinitionKey": "k", "isTenantIdSet": True}
    row = job("suspend-job-definition", json.dumps({**given, "includeJobs": True}))

    found = json.loads(jobs.refine(row, ZoneInfo("UTC"), None)["configuration"])

    assert found["key"] == "k"
    assert found["without_tenant_id"]
    assert found["include_jobs"]


@pytest.mark.parametrize(
    ("kind", "given", "wanted"),
    [
        (
            "instance-modification",
            {
                "processDefinitionId": "d",
                "skipListeners": True,
                "skipIoMappings": False,
                "instructions": [
                    {"startBeforeActivity": "a"},
                    {"cancelAllForActivity": "b", "cancelCurrentActiveActivityInstances": True},
                ],
            },
            {
                "process_definition_id": "d",
                "skip_custom_listeners": True,
                "skip_io_mappings": False,
                "instructions": [
                    {"type": "startBeforeActivity", "activity_id": "a"},
                    {
                        "type": "cancel",
                        "activity_id": "b",
                        "cancel_current_active_activity_instances": True,
                    },
                ],
            },
        ),
        ("set-job-retries", {"retries": 2}, {"retries": 2}),
        (
            "process-set-removal-time",
            {"hasRemovalTime": True, "removalTime": 0, "isHierarchical": True},
            {"hierarchical": True, "timestamp": "1970-01-01T00:00:00+00:00"},
        ),
        ("correlate-message", {"messageName": "m"}, {"message_name": "m"}),
    ],
)
def test_a_batch_does_what_it_was_made_for(kind, given, wanted):
    assert batches.arguments(kind, json.dumps(given).encode()) == wanted


@pytest.mark.parametrize("content", [b"{", b'{"instructions": [{}]}'])
def test_a_batch_that_cannot_be_read_is_left_out(content):
    with pytest.raises(LeftOutError):
        batches.arguments("instance-modification", content)


def test_what_a_batch_has_left_stands_behind_what_it_has_done():
    found = list(batches.portions("b", 1_500, [f"i{n}" for n in range(700)]))

    assert [key for key, _, _ in found] == ["b:1", "b:2"]
    first, second = (json.loads(ids) for _, _, ids in found)
    assert first[499:501] == ["", "i0"]
    assert second == [f"i{n}" for n in range(500, 700)]


def test_jobs_about_several_rows_become_as_many():
    row = {"type": "set-job-retries", "total_jobs": 3, "jobs_created": 1, "invocations": 5}
    content = json.dumps({"jobIds": [str(n) for n in range(10)], "retries": 1}).encode()

    found = batches.refine({**row, "content": content})

    assert (found["total_jobs"], found["jobs_created"]) == (15, 5)


# -- people -----------------------------------------------------------------------------------


def test_permissions_have_other_numbers_by_resource():
    def names(mask, kind, resource):
        return permissions.names_of(identity.bits(mask, kind, resource), resource)

    every = 2**31 - 1
    assert names(2 | 4, 1, Resource.PROCESS_INSTANCE) == ["READ", "UPDATE"]
    assert names(32, 1, Resource.PROCESS_INSTANCE) == ["RETRY_JOB"]
    assert names(32, 1, Resource.TASK) == ["UPDATE_VARIABLE"]
    assert names(every, 1, Resource.USER) == ["ALL"]
    assert names(0, 2, Resource.USER) == ["ALL"]
    assert names(every & ~16, 2, Resource.PROCESS_INSTANCE) == ["DELETE"]
    assert names(0, 1, Resource.USER) == []
    assert names(1 << 18, 1, Resource.BATCH) == ["CREATE_BATCH_CORRELATE_MESSAGE"]


def test_every_permission_but_one_has_a_number():
    for resource in Resource:
        names = permissions.known_names(resource)
        known = [name for name in names if permission_numbers.of_name(name, resource)]
        assert set(names) <= set(known)


def test_a_password_of_before_is_checked_and_should_be_hashed_anew():
    kept = passwords.brought_along(
        "{SHA-512}"
        "tgmMUNy6kTGB3ILhkwP2DrvSBJt6wDi/k0jZ1TTdS4Q6lCOhvlJRIEBmYlbQKCpfeqE3t5H6wYmc/lEdUWsHog==",
        "salt",
    )

    assert passwords.is_brought_along(kept)
    assert not passwords.matches("other", kept)
    assert not passwords.is_brought_along(passwords.hashed("x"))


@pytest.mark.parametrize("text", ["{OWN}abcd", "plain", "{SHA-512}abcd", "{SHA}*", ""])
def test_a_password_that_cannot_be_checked_is_none(text):
    assert passwords.brought_along(text, None) is None


def test_a_filter_asks_for_the_same_in_the_words_of_the_wire():
    stored = {
        "taskAssigneeExpression": "${currentUser()}",
        "candidateGroups": ["a"],
        "tenantIds": ["t"],
        "processVariables": [{"name": "n", "value": 5, "operator": "GREATER_THAN_OR_EQUAL"}],
        "orderingProperties": [
            {"queryProperty": "NAME_", "direction": "desc"},
            {
                "relation": "variable",
                "queryProperty": "LONG_",
                "direction": "asc",
                "relationConditions": [
                    {"property": "NAME_", "scalarValue": "n"},
                    {"property": "TYPE_", "scalarValue": "integer"},
                ],
            },
        ],
    }

    found = json.loads(identity.filters().refine({"query": json.dumps(stored)})["query"])

    assert found["assigneeExpression"] == "${currentUser()}"
    assert found["candidateGroups"] == ["a"]
    assert found["tenantIdIn"] == ["t"]
    assert found["processVariables"] == [{"operator": "gteq", "value": 5, "name": "n"}]
    assert found["sorting"][0] == {"sortBy": "name", "sortOrder": "desc"}
    assert found["sorting"][1]["parameters"] == {"variable": "n", "type": "Integer"}


@pytest.mark.parametrize("text", ["{", "[]", '{"orderingProperties": [{"queryProperty": "X"}]}'])
def test_a_filter_that_cannot_be_read_is_left_out(text):
    with pytest.raises(LeftOutError):
        identity.filters().refine({"query": text})
