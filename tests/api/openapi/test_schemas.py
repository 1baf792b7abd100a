"""The words of JSON schemas: each takes the values that it should, and refuses the others."""

import pytest
from jsonschema import Draft202012Validator

from app.api.openapi.schemas import (
    ANYTHING,
    DATES,
    INTEGER,
    STRING,
    array_of,
    exactly,
    map_of,
    or_null,
    reference,
    whole,
)
from app.filters import INT

LONG = (-(2**63), 2**63 - 1)


def takes(schema, value):
    return Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize(
    ("schema", "taken", "refused"),
    [
        (array_of(STRING), [[], ["a"]], ["a", ["a", None], {"a": "b"}]),
        (map_of(INTEGER), [{}, {"a": 1}], [{"a": "1"}, [1]]),
        (or_null(STRING), ["a", None], [1, []]),
        (or_null({"enum": ["asc"]}), ["asc", None], ["desc"]),
        (or_null(or_null(INTEGER)), [1, None], ["1"]),
        (exactly(a=STRING, b=ANYTHING), [{"a": "x", "b": None}], [{"a": "x"}, {"a": 1, "b": 1}]),
        (exactly(), [{}], [{"a": 1}]),
        (whole(INT), [0, -(2**31), 2**31 - 1], [2**31, -(2**31) - 1, 1.5, "1", None]),
        (whole(LONG), [2**31, 2**63 - 1], [2**63]),
        (
            DATES,
            ["2026-11-23T17:21:37.113+0000", "0001-01-01T00:00:00.000-1200"],
            ["2026-11-23", "2026-11-23T17:21:37Z", "2026-11-23T17:21:37.113+00:00"],
        ),
    ],
)
def test_a_schema_takes_what_it_says(schema, taken, refused):
    assert [value for value in taken if not takes(schema, value)] == []
    assert [value for value in refused if takes(schema, value)] == []


def test_a_number_tells_its_size():
    assert [whole(limits)["format"] for limits in (INT, LONG)] == ["int32", "int64"]


def test_what_may_be_null_is_not_changed_itself():
    given = {"type": "string"}

    assert or_null(given) == {"type": ["string", "null"]}
    assert given == {"type": "string"}


def test_a_reference_may_be_null_beside_what_it_names():
    """It has no type of its own to which null could be added."""
    assert or_null(reference("Task")) == {
        "anyOf": [{"$ref": "#/components/schemas/Task"}, {"type": "null"}]
    }
