"""Serialized values: what can be read of them, and what they are called then."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.state.serialized import (
    DEEPEST,
    DeserializationError,
    class_of,
    class_once_read,
    deserialize,
    is_too_deep,
    read_json,
)
from app.engine.state.values import TypedValue
from app.expressions.values import Integer, from_json

FORMAT = "application/json"


def serialized(text, name, data_format=FORMAT):
    info = {"serializationDataFormat": data_format, "objectTypeName": name}
    return TypedValue("Object", text, info)


def nested(depth, bracket="[]"):
    return bracket[0] * depth + bracket[1] * depth


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        pytest.param("java.util.ArrayList", "[1]", [1], id="a list"),
        pytest.param("java.util.List", "[]", [], id="an interface"),
        pytest.param("java.util.ArrayList<java.lang.String>", '["a"]', ["a"], id="of texts"),
        pytest.param("java.util.ArrayList<java.lang.String>", "[null]", [None], id="with null"),
        pytest.param("java.util.HashMap", '{"a":1}', {"a": 1}, id="a map"),
        pytest.param(
            "java.util.Map<java.lang.String,java.util.List<java.lang.Integer>>",
            '{"a":[1]}',
            {"a": [1]},
            id="of lists",
        ),
        pytest.param("java.lang.Object", '{"a":[]}', {"a": []}, id="anything"),
        pytest.param("java.lang.Integer", "5", 5, id="a number"),
        pytest.param("java.lang.Double", "5", 5, id="a whole number is a Double, too"),
        pytest.param("java.lang.String", "5", 5, id="any scalar is a String"),
        pytest.param("java.lang.String", "true", True, id="and a boolean"),
        pytest.param("java.lang.Boolean", "true", True, id="a boolean"),
        pytest.param("java.util.UUID", '"x"', "x", id="a UUID"),
        pytest.param("java.lang.Integer", "null", None, id="null is of any class"),
    ],
)
def test_an_object_of_a_class_of_javas_own_is_read(name, text, expected):
    assert deserialize(serialized(text, name)) == expected


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        pytest.param("java.util.ArrayList", "{}", "Cannot deserialize value", id="map for list"),
        pytest.param("java.util.HashMap", "[]", "Cannot deserialize value", id="list for map"),
        pytest.param("java.lang.Integer", '"5"', "Cannot deserialize value", id="text for number"),
        pytest.param("java.lang.Integer", "5.5", "Cannot deserialize", id="decimal for whole"),
        pytest.param("java.lang.Integer", "true", "Cannot deserialize", id="boolean for number"),
        pytest.param("java.lang.Boolean", "1", "Cannot deserialize", id="number for boolean"),
        pytest.param(
            "java.util.ArrayList<java.lang.Integer>", '["a"]', "java.lang.Integer", id="an item"
        ),
        pytest.param("org.example.Order", "{}", "'org.example.Order'", id="own"),
        pytest.param(
            "java.util.ArrayList<org.example.Order>",
            "[]",
            "org.example.Order",
            id="of an empty list, too",
        ),
        pytest.param(
            "java.util.HashMap<java.lang.String,org.example.Order>",
            "{}",
            "org.example.Order",
            id="of map",
        ),
        pytest.param("java.util.ArrayList", "[", None, id="no JSON"),
        pytest.param("java.util.ArrayList", "[NaN]", None, id="a word that JSON has not"),
        pytest.param("java.util.ArrayList", "", None, id="an empty text"),
        pytest.param(
            "java.util.List<" * (DEEPEST + 1) + ">" * (DEEPEST + 1), "[]", "too deep", id="name"
        ),
    ],
)
def test_what_does_not_fit_its_class_is_refused(name, text, message):
    with pytest.raises(DeserializationError, match=message):
        deserialize(serialized(text, name))


@pytest.mark.parametrize(
    "data_format", ["application/xml", "application/x-java-serialized-object", None]
)
def test_other_formats_are_not_read(data_format):
    with pytest.raises(DeserializationError, match="SPIN-PLUGIN-01002"):
        deserialize(serialized("[]", "java.util.ArrayList", data_format))


@pytest.mark.parametrize("depth", [DEEPEST + 1, 5_000, 100_000])
@pytest.mark.parametrize("bracket", ["[]", "{}"])
def test_what_is_nested_too_deep_is_refused_however_deep(depth, bracket):
    text = nested(depth)
    if bracket == "{}":
        text = '{"a":' * depth + "1" + "}" * depth

    with pytest.raises(DeserializationError):
        read_json(text)


def test_brackets_in_texts_are_no_depth():
    assert read_json(json.dumps(["[" * 1000])) == ["[" * 1000]


def test_many_lists_side_by_side_are_not_deep():
    assert read_json("[" + ",".join(["[]"] * 1000) + "]") == [[]] * 1000


@pytest.mark.parametrize("depth", [0, 1, DEEPEST - 1])
def test_what_is_deep_enough_is_read(depth):
    value = read_json(nested(depth) or "1")

    assert not is_too_deep(value)


@given(st.integers(-(2**200), 2**200))
def test_integers_of_any_size_keep_all_their_digits(number):
    assert read_json(f"[{number}]") == [number]
    assert type(read_json(f"[{number}]")[0]) is int


@given(st.text(max_size=40))
def test_any_text_is_json_or_an_error_of_the_engine(text):
    try:
        value = read_json(text)
    except DeserializationError:
        return
    assert json.loads(text) == value


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<a/>", id="an element"),
        pytest.param('<?xml version="1.0"?><a b="c">d</a>', id="with a declaration"),
        pytest.param("<!DOCTYPE a><a/>", id="a document type without entities"),
    ],
)
def test_xml_is_checked_to_be_readable(text):
    assert deserialize(TypedValue("Xml", text)) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<a>", id="not closed"),
        pytest.param("", id="empty"),
        pytest.param("text", id="no element"),
        pytest.param('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', id="an entity"),
        pytest.param('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a/>', id="outside"),
    ],
)
def test_xml_that_cannot_be_read_or_has_entities_is_refused(text):
    with pytest.raises(DeserializationError):
        deserialize(TypedValue("Xml", text))


@pytest.mark.parametrize("kind", ["String", "Integer", "Bytes", "Null"])
def test_values_of_other_types_need_no_reading(kind):
    assert deserialize(TypedValue(kind, "[")) is None


# -- classes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "value", "name"),
    [
        ("java.util.List", [], "java.util.ArrayList<java.lang.Object>"),
        ("java.util.List", ["a"], "java.util.ArrayList<java.lang.String>"),
        ("java.util.Set", [1], "java.util.HashSet<java.lang.Integer>"),
        ("java.util.LinkedList", [True], "java.util.LinkedList<java.lang.Boolean>"),
        (
            "java.util.List<java.util.List>",
            [["a"]],
            "java.util.ArrayList<java.util.ArrayList<java.lang.String>>",
        ),
        ("java.util.Map", {"a": 1}, "java.util.LinkedHashMap<java.lang.Object,java.lang.Object>"),
        ("java.util.SortedMap", {}, "java.util.TreeMap<java.lang.Object,java.lang.Object>"),
        ("java.lang.Object", "a", "java.lang.String"),
        ("java.lang.Object", 1.5, "java.lang.Double"),
        ("java.lang.Integer", 1, "java.lang.Integer"),
        ("org.example.Order", {"a": 1}, "org.example.Order"),
    ],
)
def test_an_object_is_called_after_what_it_is_made_of(declared, value, name):
    assert class_once_read(declared, value) == name


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "java.lang.Object"),
        ([], "java.util.ArrayList<java.lang.Object>"),
        ([None, "a"], "java.util.ArrayList<java.lang.Object>"),
        ([["a"]], "java.util.ArrayList<java.util.ArrayList<java.lang.String>>"),
        ({"a": 1}, "java.util.LinkedHashMap<java.lang.Object,java.lang.Object>"),
        ([Integer(1)], "java.util.ArrayList<java.lang.Integer>"),
        ([2**40], "java.util.ArrayList<java.lang.Long>"),
        ([2**70], "java.util.ArrayList<java.math.BigInteger>"),
    ],
)
def test_a_collection_is_called_after_its_first_item(value, name):
    assert class_of(from_json(value)) == name
