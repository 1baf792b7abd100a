"""How single things of the source are said here: values, trees, jobs, batches, people, filters."""

import json
import math
from zoneinfo import ZoneInfo

import pytest

from app.bpmn import reader
from app.engine.graph.compiler import compile_graph
from app.engine.state import Execution, ProcessDefinition
from app.security import passwords, permissions
from app.security.permissions import Resource
from app.takeover import batches, identity, jobs
from app.takeover.problems import LeftOutError
from app.takeover.tree import MisplacedTokenError, Tree
from app.takeover.values import stored_value
from tests.models import flow, flows, process, task

from . import loading

pytestmark = pytest.mark.no_database


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


# -- trees ------------------------------------------------------------------------------------


def graph(content):
    model = reader.read("p.bpmn", process(content).encode(), require_history_time_to_live=False)
    return compile_graph(model.processes[0], ProcessDefinition("p:1:1", "p", 1, "d", "p.bpmn"))


def execution(name, parent=None, activity=None, visit=None, **flags):
    row = Execution(name, "i", "i", "p:1:1", "p", parent_id=parent, activity_id=activity)
    row.activity_instance_id = visit
    for flag in ("is_scope", "is_concurrent", "is_active", "is_event_scope"):
        setattr(row, flag, flags.get(flag, flag == "is_scope"))
    return row


BOX = (
    '<startEvent id="s"/><endEvent id="e"/><subProcess id="box"><startEvent id="bs"/>'
    '<parallelGateway id="fork"/>'
    + task("one")
    + task("two")
    + flows("bs", "fork", "one")
    + flow("fork", "two")
    + "</subProcess>"
    + flows("s", "box", "e")
)


def test_a_scope_whose_tokens_have_forked_names_its_visit_itself_also_without_its_name():
    rows = [
        execution("i", visit="v-box"),
        execution("box", "i", visit="v-box"),
        execution("a", "box", visit="v-box", is_scope=False, is_concurrent=True),
        execution("b", "box", visit="v-box", is_scope=False, is_concurrent=True),
        execution("a1", "a", "one", "v-one", is_active=True),
        execution("b1", "b", "two", "v-two", is_active=True),
    ]

    found = {e.id: e for e in Tree(graph(BOX), rows).executions}

    assert (found["box"].scope_activity_id, found["box"].scope_activity_instance_id) == (
        "box",
        "v-box",
    )
    assert (found["a1"].activity_id, found["a1"].scope_activity_instance_id) == ("one", "v-one")
    assert found["i"].scope_activity_id is None


def test_the_tree_of_every_instance_is_the_same_when_visits_do_not_begin_with_their_activities():
    """Long activities have visits without them: all of the house is read as if it were so."""
    house = loading.data("house")
    graphs, instances = graphs_of(house), {}
    for row in rows_of(house, "ACT_RU_EXECUTION"):
        instances.setdefault(row["proc_inst_id_"], []).append(row)

    for rows in instances.values():
        definition = graphs[rows[0]["proc_def_id_"]]
        named, bare = (trees(definition, rows, strips) for strips in (False, True))
        assert {k: bare_of(v) for k, v in named.items()} == bare


def trees(definition, rows, strips):
    """The visit of each scope; without the names of the activities in the source, or with them."""
    executions = [
        Execution(
            row["id_"],
            row["proc_inst_id_"],
            row["proc_inst_id_"],
            row["proc_def_id_"],
            "",
            row["is_scope_"],
            row["is_concurrent_"],
            row["is_active_"],
            row["is_event_scope_"],
            parent_id=row["parent_id_"],
            activity_id=row["act_id_"],
            activity_instance_id=bare_of(row["act_inst_id_"]) if strips else row["act_inst_id_"],
        )
        for row in rows
    ]
    return {
        e.id: e.scope_activity_instance_id
        for e in Tree(definition, executions).executions
        if e.is_scope and e.parent_id is not None
    }


def bare_of(visit):
    return visit if visit is None else visit.rpartition(":")[2]


def rows_of(dump, table):
    content = dump["tables"][table]
    names = [name for name, _ in content["columns"]]
    return [dict(zip(names, row, strict=True)) for row in content["rows"]]


def graphs_of(dump):
    import base64

    files = {(r["deployment_id_"], r["name_"]): r for r in rows_of(dump, "ACT_GE_BYTEARRAY")}
    found = {}
    for row in rows_of(dump, "ACT_RE_PROCDEF"):
        key = row["deployment_id_"], row["resource_name_"]
        content = base64.b64decode(files[key]["bytes_"])
        parsed = reader.read("p.bpmn", content, require_history_time_to_live=False)
        model = next(p for p in parsed.processes if p.id == row["key_"])
        definition = ProcessDefinition(row["id_"], row["key_"], 1, key[0], key[1])
        found[row["id_"]] = compile_graph(model, definition)
    return found


@pytest.mark.parametrize(
    ("rows", "activity"),
    [
        ([execution("i", activity="nowhere", visit="nowhere:1")], "nowhere"),
        ([execution("i"), execution("x", "gone", "one", "one:1")], "one"),
        ([execution("i"), execution("x", "i")], None),
    ],
)
def test_a_token_without_a_place_is_told(rows, activity):
    with pytest.raises(MisplacedTokenError) as told:
        Tree(graph(BOX), rows)

    assert told.value.activity_id == activity


# -- jobs and batches -------------------------------------------------------------------------


def job(kind, configuration, **more):
    row = {"kind": kind, "configuration": configuration, "activity_id": None, "place": None}
    return {**row, "repeat": None, "batch_id": None, **more}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("activity-start-create-scope", "transition-create-scope"),
        ("process-start", "transition-create-scope"),
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
    assert names(1 << 18, 1, Resource.BATCH) == ["CREATE_BATCH_CORRELATE_MESSAGES"]


def test_every_permission_but_one_has_a_number():
    for resource in Resource:
        known = {**identity._SHARED, **identity._OWN.get(resource, {})}
        assert set(permissions.known_names(resource)) <= set(known)


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
