"""Answers as they are declared: one getter, one component of the OpenAPI document."""

from datetime import UTC, datetime

import pytest

from app.api.openapi.answers import component
from app.engine.state.values import TypedValue
from app.schemas.answers import (
    SELF,
    TEXT,
    Answer,
    Many,
    Named,
    absent,
    constant,
    date,
    integer,
    milliseconds,
    part,
    text,
)
from app.schemas.typed_values import render, shown_value

LEAF = Answer("Leaf", text("leaf_name", key="name"))
TREE = Answer(
    "Tree",
    text("id", is_nullable=False),
    constant("type", TEXT, "tree"),
    part("leaf", LEAF, is_nullable=True),
    part("child_trees", Many(SELF)),
    part("by_name", Named(LEAF)),
    part("lock_token", TEXT, is_optional=True),
    absent("caseId"),
)


@pytest.fixture
def view():
    return {"id": "1", "leaf": None, "child_trees": [], "by_name": {}, "unknown": 1}


def test_an_answer_has_its_fields_in_the_order_of_the_declaration(view):
    answer = TREE(view)

    assert list(answer) == ["id", "type", "leaf", "childTrees", "byName", "caseId"]
    assert answer["type"] == "tree"
    assert answer["caseId"] is None


def test_answers_within_an_answer_are_made_by_their_own_declaration(view):
    leaf = {"leaf_name": "green"}

    answer = TREE({**view, "leaf": leaf, "child_trees": [view], "by_name": {"a": leaf}})

    assert answer["leaf"] == answer["byName"]["a"] == {"name": "green"}
    assert answer["childTrees"] == [TREE(view)]


def test_an_optional_field_is_left_out_with_its_source(view):
    assert "lockToken" not in TREE(view)
    assert TREE({**view, "lock_token": "7"})["lockToken"] == "7"


def test_a_view_without_a_declared_field_is_a_mistake(view):
    del view["id"]

    with pytest.raises(KeyError):
        TREE(view)


def test_the_component_is_read_from_the_declaration():
    found = component(TREE)

    assert found["required"] == ["id", "type", "leaf", "childTrees", "byName", "caseId"]
    assert found["properties"]["id"] == {"type": "string"}
    assert found["properties"]["childTrees"]["items"] == {"$ref": "#/components/schemas/Tree"}
    assert found["properties"]["caseId"] == {"type": "null"}


def test_dates_and_numbers_may_be_null_unless_the_declaration_says_otherwise():
    found = component(Answer("Times", date("due_date"), integer("count", is_nullable=False)))

    assert {"type": "null"} in found["properties"]["dueDate"]["anyOf"]
    assert found["properties"]["count"] == {"type": "integer"}


def test_a_duration_is_null_while_it_goes_on():
    start = datetime(2026, 1, 1, tzinfo=UTC)

    assert milliseconds({"start_time": start, "end_time": None}) is None
    assert milliseconds({"start_time": start, "end_time": start.replace(second=2)}) == 2000


def test_a_rendered_value_has_the_declared_fields():
    assert list(render(TypedValue("String", "a"))) == [field.key for field in shown_value.fields]
