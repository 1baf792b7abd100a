"""Typed values: what JSON becomes by its type, or by itself without one."""

import math
from datetime import UTC, datetime

import pytest

from app.engine.state.values import TypedValue
from app.errors import InvalidRequestError, JavaRuntimeError
from app.schemas.primitives import CONVERSIONS, JAVA, NotConvertibleError
from app.schemas.typed_values import infer, object_from_json, render, typed_value
from app.schemas.variables import value_view

pytestmark = pytest.mark.no_database
TEXT_LIST = {
    "objectTypeName": "java.util.ArrayList<java.lang.Integer>",
    "serializationDataFormat": "application/json",
}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("boolean", True, True),
        ("boolean", "True", True),
        ("boolean", "", None),
        ("short", 32_767, 32_767),
        ("integer", " +5 ", 5),
        ("integer", "", None),
        ("long", "9007199254740993", 9_007_199_254_740_993),
        ("double", 1, 1.0),
        ("double", "1e5", 100_000.0),
        ("double", ".5", 0.5),
        ("double", "-INF", -math.inf),
        ("double", "", None),
        ("double", 10**400, math.inf),
        ("double", -(10**400), -math.inf),
        ("string", 5, "5"),
        ("string", 1.5, "1.5"),
        ("string", True, "true"),
        ("string", [1], "[1]"),
        ("string", {"a": 1}, "{a=1}"),
        ("date", "2020-01-02T00:00:00.000+0000", datetime(2020, 1, 2, tzinfo=UTC)),
        ("date", "", None),
        ("bytes", "aGk=", b"hi"),
        ("bytes", "aGk=\n", b"hi"),
        ("bytes", "", b""),
        ("bytes", b"hi", b"hi"),
        ("number", "7", 7.0),
    ],
)
def test_a_value_is_converted_to_its_type(kind, value, expected):
    assert CONVERSIONS[kind](value) == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(("boolean", value) for value in (1, 0, 1.0, "abc", [])),
        *(("short", value) for value in (32_768, -32_769, "32768")),
        *(("integer", value) for value in (1.0, "1.0", "1e3", True, "abc", "0x1", 2**31, [])),
        *(("long", value) for value in (2**63, "9" * 20)),
        *(
            ("double", value)
            for value in (True, "abc", "1_0", "0x1p3", "inf", "nan", "1" * 500, [])
        ),
        ("string", "a\x00b"),
        ("string", b"hi"),
        *(("date", value) for value in (0, "2020-01-02", True, [])),
        *(("bytes", value) for value in ("aGk", "a b=", "%%%%", 5, [])),
        *(("null", value) for value in ("", 0, False)),
        ("number", True),
    ],
)
def test_a_value_that_is_none_of_its_type_is_refused(kind, value):
    with pytest.raises(NotConvertibleError):
        CONVERSIONS[kind](value)


@pytest.mark.parametrize("kind", sorted(JAVA))
def test_null_keeps_every_type(kind):
    assert typed_value({"type": kind, "value": None}) == TypedValue(kind.title(), None)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "Null"),
        (True, "Boolean"),
        (2**31 - 1, "Integer"),
        (2**31, "Long"),
        (-(2**63), "Long"),
        (1.0, "Double"),
        ("2020-01-02T00:00:00.000+0000", "String"),
    ],
)
def test_a_value_without_a_type_has_its_own(value, kind):
    assert infer(value) == TypedValue(kind, value)


@pytest.mark.parametrize(
    ("value", "class_name", "text"),
    [
        (2**63, "java.math.BigInteger", str(2**63)),
        ([1, "a"], "java.util.ArrayList<java.lang.Integer>", '[1,"a"]'),
        ([], "java.util.ArrayList<java.lang.Object>", "[]"),
        ({"a": 1}, "java.util.LinkedHashMap<java.lang.Object,java.lang.Object>", '{"a":1}'),
    ],
)
def test_what_no_primitive_holds_is_an_object_of_java(value, class_name, text):
    found = infer(value)

    assert (found.type, found.value) == ("Object", text)
    assert found.info["objectTypeName"] == class_name


@pytest.mark.parametrize("value", ["a\x00", ["\x00"], {"a": "\x00"}])
def test_no_value_has_the_character_nul(value):
    with pytest.raises(InvalidRequestError, match="NUL"):
        infer(value)


@pytest.mark.parametrize(
    ("info", "expected"),
    [({}, False), ({"transient": True}, True), ({"transient": "yes"}, False), (None, False)],
)
def test_an_untyped_value_ignores_what_is_no_boolean(info, expected):
    assert typed_value({"value": 1, "valueInfo": info}).is_transient is expected


def test_a_typed_value_refuses_it():
    entry = {"type": "Integer", "value": 1, "valueInfo": {"transient": "yes"}}

    with pytest.raises(InvalidRequestError, match="Cannot convert value '1' of type 'Integer'"):
        typed_value(entry)
    with pytest.raises(JavaRuntimeError, match="'transient' should have a value"):
        typed_value({**entry, "type": "Json", "value": "1"})


@pytest.mark.parametrize(
    ("entry", "java_type"),
    [
        (None, "NullPointerException"),
        ({"type": ""}, "StringIndexOutOfBoundsException"),
        ({"type": "File", "value": ""}, "IllegalArgumentException"),
        ({"type": "File", "value": 1, "valueInfo": {"filename": "a"}}, "IllegalArgumentException"),
        (
            {"type": "File", "value": "", "valueInfo": {"filename": "a", "encoding": None}},
            "IllegalArgumentException",
        ),
        (
            {"type": "Object", "value": "1", "valueInfo": {"objectTypeName": 1}},
            "ClassCastException",
        ),
    ],
)
def test_what_the_jvm_throws(entry, java_type):
    with pytest.raises(JavaRuntimeError) as caught:
        typed_value(entry)

    assert caught.value.java_type == java_type


@pytest.mark.parametrize("kind", ["Object", "Json", "Xml"])
def test_a_serialized_value_is_a_text(kind):
    assert typed_value({"type": kind, "value": None}).value is None
    with pytest.raises(InvalidRequestError, match=f"SerializableValue type '{kind}'"):
        typed_value({"type": kind, "value": {}})


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("aGk=", b"hi"),
        ("aGk", b"hi"),  # the padding may lack
        ("a%G k\n=", b"hi"),  # what is no base64 is skipped
        ("aGk=aGk=", b"hi"),  # and the padding is the end
        ("-_-_", b"\xfb\xff\xbf"),
        ("aGkx1", b"hi1"),  # six bits are left, which are no byte
        ("", b""),
    ],
)
def test_the_content_of_a_file_is_read_leniently(text, content):
    found = typed_value({"type": "File", "value": text, "valueInfo": {"filename": 5}})

    assert found.value == content
    assert found.info == {"filename": "5"}


# -- answers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (TypedValue("Double", math.nan), "NaN"),
        (TypedValue("Double", math.inf), "Infinity"),
        (TypedValue("Double", -math.inf), "-Infinity"),
        (TypedValue("Bytes", b"hi"), "aGk="),
        (TypedValue("File", b"hi", {"filename": "a"}), None),
        (TypedValue("Object", "[1]", TEXT_LIST), "[1]"),
        (TypedValue("Json", "[1]"), "[1]"),
    ],
)
def test_how_a_value_is_answered(typed, value):
    assert render(typed) == {
        "type": typed.type,
        "value": value,
        "valueInfo": typed.info or {},
    }


def test_a_transient_value_says_so():
    assert render(TypedValue("Integer", 1, None, True))["valueInfo"] == {"transient": True}


@pytest.mark.parametrize(
    ("text", "kind", "true"),
    [
        ("[]", "ARRAY", {"array"}),
        ("{}", "OBJECT", {"object"}),
        ('"a"', "STRING", {"string", "value"}),
        ("1", "NUMBER", {"number", "value"}),
        ("true", "BOOLEAN", {"boolean", "value"}),
        ("null", "NULL", {"null", "value"}),
    ],
)
def test_json_that_is_read_is_what_jackson_sees_of_it(text, kind, true):
    found = render(TypedValue("Json", text), deserialized=True)["value"]

    assert found["nodeType"] == kind
    assert {name for name, value in found.items() if value is True} == true


def test_a_value_that_cannot_be_read_has_the_reason_in_its_place():
    broken = TypedValue("Json", "{")

    shown = value_view(broken, "v", deserialized=True, is_historic=False)

    assert (shown["value"], shown["value_info"]) == (None, None)
    assert shown["error_message"].startswith("Cannot deserialize object in variable 'v': ")
    assert value_view(broken, "v", deserialized=False, is_historic=False)["value"] == "{"


def test_lists_have_no_bytes():
    shown = value_view(TypedValue("Bytes", b"hi"), "v", deserialized=True, is_historic=True)

    assert (shown["value"], shown["value_info"], shown["error_message"]) == (None, {}, None)


@pytest.mark.parametrize("text", ["{", '"\\u0000"'])
def test_an_object_of_a_class_is_read_or_refused(text):
    with pytest.raises(ValueError):
        object_from_json("java.util.ArrayList", text)


def test_an_object_of_a_class_may_be_null():
    assert object_from_json("java.util.ArrayList", "null") is None
    assert object_from_json("java.util.ArrayList", "[1, 2]").value == "[1,2]"
