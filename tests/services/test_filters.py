"""Saved filters, and the expressions in queries, evaluated for the one who asks."""

import json
from datetime import timedelta

import pytest

from app.errors import EngineError, NotValidError, NullValueError
from app.services import filters, groups, lists, query_expressions, tasks, users
from app.services.filters import UnknownFilterError


def make(store, **options):
    arguments = {
        "resource_type": "Task",
        "name": "Mine",
        "owner": None,
        "query": {"assignee": "kim"},
        "properties": None,
        **options,
    }
    return filters.create(store, **arguments)


def change(store, key, **options):
    arguments = {"name": "Mine", "owner": None, "query": {}, "properties": None, **options}
    filters.update(store, key, **arguments)


@pytest.fixture(scope="module")
def store(engine):
    return engine.store


@pytest.fixture
def made(store):
    return make(store)


@pytest.mark.parametrize("name", [None, ""])
def test_a_filter_has_a_name(store, made, name):
    with pytest.raises(NotValidError, match=r"^Unable to create filter with invalid content$"):
        make(store, name=name)
    with pytest.raises(NotValidError, match=r"^Unable to update filter with invalid content$"):
        change(store, made["id"], name=name)


def test_a_name_is_missed_before_a_query(store, made):
    with pytest.raises(NotValidError):
        change(store, made["id"], name=None, query=None)
    with pytest.raises(NullValueError, match=r"^query is null$"):
        change(store, made["id"], query=None)


def test_a_change_replaces_all_of_it(store):
    made = make(store, owner="kim", properties={"color": "red"})

    change(store, made["id"], name="Ours", query={"owner": "bob"})

    found = lists.get(store, "filter", made["id"])
    assert (found["name"], found["owner"], found["query"], found["properties"]) == (
        "Ours",
        None,
        '{"owner": "bob"}',
        None,
    )


@pytest.mark.parametrize("properties", [{}, {"a": [1, {"b": None}]}])
def test_properties_are_kept_as_they_are(store, properties):
    made = make(store, properties=properties)

    assert json.loads(lists.get(store, "filter", made["id"])["properties"]) == properties


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(filters.require, id="require"),
        pytest.param(filters.delete, id="delete"),
        pytest.param(change, id="update"),
        pytest.param(lambda s, k: change(s, k, name=None), id="update without a name"),
    ],
)
def test_an_unknown_filter_is_named(store, command):
    with pytest.raises(UnknownFilterError, match=r"^Filter with id 'unknown' does not exist.$"):
        command(store, "unknown")


def test_a_filter_that_is_deleted_is_gone(store, made):
    filters.delete(store, made["id"])

    with pytest.raises(UnknownFilterError):
        filters.require(store, made["id"])


# -- expressions in queries ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kim(engine):
    """The store for kim, who is in crew and staff."""
    users.create(engine.store, user_id="kim")
    for group_id in ("crew", "staff"):
        groups.create(engine.store, group_id=group_id)
        groups.add_member(engine.store, group_id, "kim")
    return engine.store.acting_for("kim")


def evaluated(store, **query):
    return query_expressions.evaluated(lists.declaration("task"), query, store)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"assignee": "${x}"}, {"assignee": "${x}"}, id="no expression"),
        pytest.param(
            {"assignee_expression": "${currentUser()}"}, {"assignee_expression": "kim"}, id="user"
        ),
        pytest.param({"assignee_expression": "kim"}, {"assignee_expression": "kim"}, id="literal"),
        pytest.param(
            {"assignee_expression": "${'k'}${'im'}"}, {"assignee_expression": "kim"}, id="composed"
        ),
        pytest.param(
            {"candidate_groups_expression": "${currentUserGroups()}"},
            {"candidate_groups_expression": ["crew", "staff"]},
            id="groups",
        ),
        pytest.param(
            {"candidate_groups_expression": "${currentUser()}"},
            {"candidate_groups_expression": ["kim"]},
            id="one text for a list",
        ),
        pytest.param({"assignee_expression": None}, {"assignee_expression": None}, id="null"),
        pytest.param(
            {"or_queries": [{"assignee_expression": "${currentUser()}", "owner": "${x}"}]},
            {"or_queries": [{"assignee_expression": "kim", "owner": "${x}"}]},
            id="an alternative",
        ),
    ],
)
def test_what_a_query_asks_for_once_it_is_known_who_asks(kim, query, expected):
    found = evaluated(kim, **query)

    for value in found.values():
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            value.sort()
    assert found == expected


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("${now()}", timedelta(0)),
        ("P1D", timedelta(days=1)),
        ("${dateTime().plusHours(2)}", timedelta(hours=2)),
    ],
)
def test_an_expression_of_a_date_counts_from_now(engine, kim, text, span):
    found = evaluated(kim, due_before_expression=text)

    assert found["due_before_expression"] == engine.clock() + span


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("assignee_expression", "${1 + 1}", id="a number for a text"),
        pytest.param("assignee_expression", "${unknown}", id="a variable, of which there is none"),
        pytest.param("assignee_expression", "${", id="no expression"),
        pytest.param("assignee_expression", "${currentUserGroups()}", id="a list for a text"),
        pytest.param("candidate_groups_expression", "${1}", id="a list of a number"),
        pytest.param("due_before_expression", "soon", id="no date"),
        pytest.param("due_before_expression", "${true}", id="a boolean for a date"),
    ],
)
def test_what_no_query_can_be_asked_with(kim, name, text):
    with pytest.raises(EngineError) as caught:
        evaluated(kim, **{name: text})

    # the error of an expression in a model would say at which activity it stands
    assert type(caught.value) is EngineError


def test_nobody_is_in_no_groups(engine, kim):
    with pytest.raises(EngineError):
        evaluated(engine.store, candidate_groups_expression="${currentUserGroups()}")


def test_a_list_finds_what_its_expressions_say(engine, kim):
    task_id = engine.task_of(engine.start("person"))
    tasks.set_assignee(engine.store, task_id, user_id="kim")

    found = lists.find(kim, "task", {"assignee_expression": "${currentUser()}"})

    assert [view["id"] for view in found] == [task_id]
    assert lists.count(kim, "task", {"assignee_expression": "${'bob'}"}) == 0
