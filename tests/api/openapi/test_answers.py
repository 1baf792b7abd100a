"""The shapes of answers follow from how they are declared."""

import pytest
from jsonschema import Draft202012Validator

from app.api.openapi.answers import answers_in, component, schema_of
from app.api.openapi.schemas import DATES
from app.schemas.answers import (
    ANYTHING,
    BOOLEAN,
    DATE,
    INTEGER,
    NOTHING,
    NUMBER,
    OBJECT,
    SELF,
    TEXT,
    Answer,
    Either,
    Field,
    Many,
    Named,
    part,
)

LEAF = Answer("Leaf", (Field("name", TEXT), Field("size", INTEGER, is_nullable=False)))
TREE = Answer(
    "Tree",
    (
        Field("id", TEXT, is_nullable=False),
        Field("leaves", Many(LEAF)),
        Field("extra", OBJECT, "extra", is_optional=True),
        Field("none", NOTHING),
    ),
)


def takes(kind, value):
    """Whether the schema of a kind, with the components of this module, takes a value."""
    components = {"Date": DATES, "Leaf": component(LEAF), "Tree": component(TREE)}
    schema = {**schema_of(kind), "components": {"schemas": components}}
    return Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize(
    ("kind", "taken", "refused"),
    [
        (TEXT, ["a"], [1, None]),
        (INTEGER, [1], [1.5, "1", True]),
        (NUMBER, [1, 1.5], ["1"]),
        (BOOLEAN, [True], [1, "true"]),
        (DATE, ["2026-11-23T17:21:37.113+0000"], ["2026-11-23"]),
        (NOTHING, [None], ["", 0]),
        (OBJECT, [{"a": [1]}], [[], None]),
        (ANYTHING, [None, 1, [], {}], []),
        (Many(TEXT), [[], ["a"]], [["a", None], None]),
        (Many(TEXT, has_nulls=True), [["a", None]], [[1]]),
        (Named(INTEGER), [{}, {"a": 1}], [{"a": None}, [1]]),
        (Named(INTEGER, has_nulls=True), [{"a": None}], [{"a": "b"}]),
        (Either(TEXT, Many(TEXT)), ["a", ["a"]], [1, [1]]),
        (LEAF, [{"name": None, "size": 1}], [{"name": "a", "size": None}, {"size": 1}]),
    ],
    ids=lambda given: getattr(given, "name", None),
)
def test_a_kind_takes_its_values_and_no_others(kind, taken, refused):
    assert [value for value in taken if not takes(kind, value)] == []
    assert [value for value in refused if takes(kind, value)] == []


def test_only_an_optional_field_may_be_left_out_and_none_may_be_added():
    whole = {"id": "a", "leaves": [{"name": "b", "size": 1}], "none": None}

    assert takes(TREE, whole)
    assert takes(TREE, {**whole, "extra": {}})
    assert not takes(TREE, {**whole, "other": 1})
    for key in whole:
        assert not takes(TREE, {k: v for k, v in whole.items() if k != key}), key


def test_each_answer_within_another_is_found_once():
    known = set()

    found = list(answers_in(Either(Many(TREE), Named(LEAF), TREE), known))

    assert found == [TREE, LEAF]
    assert known == {"Tree", "Leaf"}
    assert list(answers_in(TREE, known)) == []


def test_an_answer_that_holds_itself_ends():
    tree = Answer("Branch", part("branches", Many(SELF)))

    assert list(answers_in(tree, set())) == [tree]
    assert component(tree)["properties"]["branches"] == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Branch"},
    }
