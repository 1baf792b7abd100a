"""Mapping of a decision's result by a business rule task; a Camunda 7.24 engine does the same."""

import pytest

from app.dmn.mapping import MAPPERS, ResultMappingError, shown_rows
from app.dmn.values import NULL, Value
from app.errors import JavaRuntimeError

ONE, TWO = Value("String", "one"), Value(None, 2)
NOTHING, SINGLE, PAIR = (), ({"a": ONE},), ({"a": ONE, "b": TWO},)
SEVERAL = ({"a": ONE}, {"a": TWO})
GAPS = ({"a": ONE}, {})
MAPPED = [
    ("singleEntry", NOTHING, NULL),
    ("singleEntry", SINGLE, ONE),
    ("singleEntry", ({},), NULL),
    ("singleResult", NOTHING, NULL),
    ("singleResult", SINGLE, Value(None, {"a": "one"})),
    ("singleResult", PAIR, Value(None, {"a": "one", "b": 2})),
    ("singleResult", ({},), Value(None, {})),
    ("collectEntries", NOTHING, Value(None, [])),
    ("collectEntries", SINGLE, Value(None, ["one"])),
    ("collectEntries", SEVERAL, Value(None, ["one", 2])),
    ("collectEntries", GAPS, Value(None, ["one"])),
    ("resultList", NOTHING, Value(None, [])),
    ("resultList", PAIR, Value(None, [{"a": "one", "b": 2}])),
    ("resultList", GAPS, Value(None, [{"a": "one"}, {}])),
]
REFUSED = [
    ("singleEntry", PAIR),
    ("singleEntry", SEVERAL),
    ("singleResult", SEVERAL),
    ("singleResult", GAPS),
    ("collectEntries", PAIR),
]


@pytest.mark.parametrize(("mapper", "rows", "expected"), MAPPED)
def test_a_mapper_makes_a_value_of_the_results(mapper, rows, expected):
    assert MAPPERS[mapper](rows) == expected


@pytest.mark.parametrize(("mapper", "rows"), REFUSED)
def test_a_mapper_refuses_results_of_another_shape(mapper, rows):
    with pytest.raises(ResultMappingError) as caught:
        MAPPERS[mapper](rows)

    name = f"{mapper[0].upper()}{mapper[1:]}DecisionResultMapper"
    number = 2 if mapper == "collectEntries" else 1
    assert str(caught.value).startswith(
        f"ENGINE-2200{number} The decision result mapper '{name}{{}}' failed to process "
        f"'{shown_rows(rows)}'"
    )


def test_a_result_is_shown_with_types():
    assert shown_rows(PAIR) == (
        "[{a=Value 'one' of type 'PrimitiveValueType[string]', isTransient=false, "
        "b=Untyped value '2', isTransient = false}]"
    )


def test_collected_entries_have_one_name():
    with pytest.raises(ResultMappingError) as caught:
        MAPPERS["collectEntries"](PAIR)

    assert str(caught.value).endswith(
        ". The decision outputs should only contains values for one output name but found '[a, b]'."
    )


def test_entries_cannot_be_collected_from_results_without_any():
    with pytest.raises(JavaRuntimeError) as caught:
        MAPPERS["collectEntries"](({}, {}))

    assert caught.value.java_type == "NoSuchElementException"
