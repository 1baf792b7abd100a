"""Which activities the executions of the source are at, and are the scopes of."""

import base64

import pytest

from app.bpmn import reader
from app.engine.graph.compiler import compile_graph
from app.engine.state import Execution, ProcessDefinition
from app.takeover.tree import MisplacedTokenError, Tree
from tests.models import flow, flows, process, task

from . import loading

pytestmark = pytest.mark.no_database


def graph(content):
    model = reader.read("p.bpmn", process(content).encode(), require_history_time_to_live=False)
    return compile_graph(model.processes[0], ProcessDefinition("p:1:1", "p", 1, "d", "p.bpmn"))


def execution(name, parent=None, activity=None, activity_instance=None, **flags):
    row = Execution(name, "i", "i", "p:1:1", "p", parent_id=parent, activity_id=activity)
    row.activity_instance_id = activity_instance
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
        execution("i", activity_instance="v-box"),
        execution("box", "i", activity_instance="v-box"),
        execution("a", "box", activity_instance="v-box", is_scope=False, is_concurrent=True),
        execution("b", "box", activity_instance="v-box", is_scope=False, is_concurrent=True),
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


def test_the_tree_of_every_instance_is_the_same_when_ids_do_not_begin_with_their_activities():
    """Long activities leave no room for themselves: all is read as if each was so long."""
    house = loading.data("house")
    graphs, instances = graphs_of(house), {}
    for row in rows_of(house, "ACT_RU_EXECUTION"):
        instances.setdefault(row["proc_inst_id_"], []).append(row)

    for rows in instances.values():
        definition = graphs[rows[0]["proc_def_id_"]]
        named, bare = (trees(definition, rows, strips) for strips in (False, True))
        assert {k: bare_of(v) for k, v in named.items()} == bare


def trees(definition, rows, strips):
    """The activity instance of each scope; with the activities in front of it, or without."""
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


def bare_of(activity_instance):
    return activity_instance if activity_instance is None else activity_instance.rpartition(":")[2]


def rows_of(dump, table):
    content = dump["tables"][table]
    names = [name for name, _ in content["columns"]]
    return [dict(zip(names, row, strict=True)) for row in content["rows"]]


def graphs_of(dump):
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
        ([execution("i", activity="nowhere", activity_instance="nowhere:1")], "nowhere"),
        ([execution("i"), execution("x", "gone", "one", "one:1")], "one"),
        ([execution("i"), execution("x", "i")], None),
    ],
)
def test_a_token_without_a_place_is_told(rows, activity):
    with pytest.raises(MisplacedTokenError) as told:
        Tree(graph(BOX), rows)

    assert told.value.activity_id == activity
