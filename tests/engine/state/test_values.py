"""Typed values: what columns hold of them, and what expressions see."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.state.conversion import FileObject, OpaqueObject, from_object, to_object
from app.engine.state.texts import readable
from app.engine.state.values import NULL, TypedValue, from_columns, to_columns
from app.errors import EngineError
from app.expressions.spin import JsonNode
from app.expressions.spin_xml import XmlElement
from app.expressions.values import Integer, Short, from_json

AT = datetime(2026, 2, 3, 4, 5, 6, 789000, tzinfo=UTC)
JSON = {"serializationDataFormat": "application/json", "objectTypeName": "java.util.ArrayList"}


@pytest.mark.parametrize(
    ("typed", "columns"),
    [
        pytest.param(TypedValue("String", "x"), {"text_value": "x"}, id="text"),
        pytest.param(TypedValue("String", ""), {"text_value": ""}, id="empty text"),
        pytest.param(TypedValue("String", None), {}, id="null of a type"),
        pytest.param(TypedValue("String", "a\x00b"), {"bytes_value": b"a\x00b"}, id="NUL"),
        pytest.param(TypedValue("Integer", 7), {"long_value": 7}, id="integer"),
        pytest.param(TypedValue("Long", -(2**63)), {"long_value": -(2**63)}, id="least long"),
        pytest.param(TypedValue("Boolean", True), {"long_value": 1}, id="true"),
        pytest.param(TypedValue("Boolean", False), {"long_value": 0}, id="false"),
        pytest.param(TypedValue("Double", 1.5), {"double_value": 1.5}, id="double"),
        pytest.param(TypedValue("Double", float("inf")), {"text_value": "inf"}, id="infinity"),
        pytest.param(TypedValue("Date", AT), {"long_value": 1770091506789}, id="date"),
        pytest.param(
            TypedValue("Date", datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
            {"long_value": -1},
            id="before the epoch",
        ),
        pytest.param(TypedValue("Bytes", b"\x00\xff"), {"bytes_value": b"\x00\xff"}, id="bytes"),
        pytest.param(
            TypedValue("File", b"x", {"filename": "a.txt"}),
            {"bytes_value": b"x", "value_info": '{"filename":"a.txt"}'},
            id="file",
        ),
        pytest.param(NULL, {}, id="null"),
    ],
)
def test_a_value_is_in_the_column_of_its_kind_and_comes_back(typed, columns):
    stored = to_columns(typed)

    assert {k: v for k, v in stored._asdict().items() if v is not None} == columns
    assert from_columns(typed.type, *stored) == typed


def test_what_no_column_can_hold_is_a_mistake_of_the_caller():
    with pytest.raises(TypeError, match="String holds list"):
        to_columns(TypedValue("String", ["x"]))


def test_not_a_number_is_kept():
    found = from_columns("Double", *to_columns(TypedValue("Double", float("nan"))))

    assert found.value != found.value


milliseconds = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(
    lambda d: d.replace(microsecond=d.microsecond // 1000 * 1000, tzinfo=UTC)
)
texts = st.text(st.characters(exclude_categories=["Cs"]))
typed_values = st.one_of(
    texts.map(lambda v: TypedValue("String", v)),
    texts.map(lambda v: TypedValue("Json", v)),
    texts.map(lambda v: TypedValue("Object", v, JSON)),
    st.integers(-(2**63), 2**63 - 1).map(lambda v: TypedValue("Long", v)),
    st.integers(-(2**31), 2**31 - 1).map(lambda v: TypedValue("Integer", v)),
    st.integers(-(2**15), 2**15 - 1).map(lambda v: TypedValue("Short", v)),
    st.booleans().map(lambda v: TypedValue("Boolean", v)),
    st.floats(allow_nan=False).map(lambda v: TypedValue("Double", v)),
    milliseconds.map(lambda v: TypedValue("Date", v)),
    st.binary().map(lambda v: TypedValue("Bytes", v)),
    st.sampled_from(["String", "Long", "Double", "Date", "Json", "Object", "File"]).map(
        lambda kind: TypedValue(kind, None)
    ),
)


@given(typed_values)
def test_every_value_comes_back_from_its_columns_as_it_was(typed):
    assert from_columns(typed.type, *to_columns(typed)) == typed


@given(typed_values)
def test_what_an_expression_sees_of_a_value_can_be_stored_again(typed):
    if typed.type in ("Json", "Object") and typed.value is not None:
        return  # those are read, and most texts are not in their format

    again = from_object(to_object(typed))

    assert again.value == typed.value
    assert again.type == ("Null" if typed.value is None else typed.type)


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        pytest.param(None, NULL, id="null"),
        pytest.param(True, TypedValue("Boolean", True), id="a boolean is no number"),
        pytest.param(Integer(5), TypedValue("Integer", 5), id="Integer"),
        pytest.param(Short(5), TypedValue("Short", 5), id="Short"),
        pytest.param(5, TypedValue("Long", 5), id="a plain int is a Long"),
        pytest.param(5.0, TypedValue("Double", 5.0), id="Double"),
        pytest.param("5", TypedValue("String", "5"), id="String"),
        pytest.param(AT, TypedValue("Date", AT), id="Date"),
        pytest.param(b"5", TypedValue("Bytes", b"5"), id="Bytes"),
        pytest.param(JsonNode.parse('{"a": 1}'), TypedValue("Json", '{"a":1}'), id="Json"),
        pytest.param(
            [],
            TypedValue(
                "Object",
                "[]",
                {
                    "objectTypeName": "java.util.ArrayList<java.lang.Object>",
                    "serializationDataFormat": "application/json",
                },
            ),
            id="an empty list",
        ),
    ],
)
def test_what_an_expression_gives_has_the_type_of_its_class(value, typed):
    assert from_object(value) == typed


def test_the_type_of_a_whole_number_is_not_lost_on_the_way():
    assert type(to_object(TypedValue("Integer", 5))) is Integer
    assert type(to_object(TypedValue("Short", 5))) is Short
    assert type(to_object(TypedValue("Long", 5))) is int


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(["a", 1, None, True, 1.5], id="a list"),
        pytest.param({"a": [1, {"b": None}]}, id="maps and lists in each other"),
        pytest.param([], id="empty"),
        pytest.param({"": ""}, id="empty names"),
        pytest.param(["ä", "😀", '"', "\\"], id="any text"),
    ],
)
def test_lists_and_maps_come_back_as_they_were(value):
    assert to_object(from_object(from_json(value))) == value


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(json_values.filter(lambda v: isinstance(v, (list, dict))))
def test_every_list_and_map_of_json_comes_back_as_it_was(value):
    assert to_object(from_object(from_json(value))) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param([float("nan")], '["NaN"]', id="not a number"),
        pytest.param([float("-inf")], '["-Infinity"]', id="an infinity"),
        pytest.param([AT], "[1770091506789]", id="a date in milliseconds"),
        pytest.param([b"ab"], '["YWI="]', id="bytes in base 64"),
        pytest.param([JsonNode.parse('{"a": 1}')], '[{"a":1}]', id="a document"),
    ],
)
def test_a_collection_is_written_as_jackson_writes_it(value, text):
    assert from_object(value).value == text


def test_a_list_that_contains_itself_is_refused():
    endless = []
    endless.append(endless)

    with pytest.raises(EngineError, match="nested too deep"):
        from_object(endless)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(object(), id="an object of Python"),
        pytest.param({1, 2}, id="a set"),
        pytest.param([object()], id="inside of a list"),
    ],
)
def test_what_is_no_value_is_refused(value):
    with pytest.raises(EngineError, match="Cannot store a value of"):
        from_object(value)


def test_a_date_of_another_zone_is_the_same_moment():
    elsewhere = AT.astimezone(timezone(timedelta(hours=5)))

    assert to_columns(from_object(elsewhere)).long_value == 1770091506789


def test_an_object_in_a_format_that_is_not_read_is_handed_on_unchanged():
    typed = TypedValue(
        "Object", "rO0AB", {"serializationDataFormat": "application/x-java", "objectTypeName": "X"}
    )

    seen = to_object(typed)

    assert isinstance(seen, OpaqueObject)
    assert seen.java_class == "X"
    assert from_object(seen) == typed


def test_a_file_shows_what_it_is_called_and_is_handed_on_unchanged():
    typed = TypedValue("File", b"x", {"filename": "a.txt", "mimeType": "text/plain"})

    seen = to_object(typed)

    assert isinstance(seen, FileObject)
    assert seen.juel_property("filename") == "a.txt"
    assert seen.juel_call("getMimeType", []) == "text/plain"
    assert seen.juel_call("getEncoding", []) is None
    assert from_object(seen) == typed
    with pytest.raises(AttributeError):
        seen.juel_property("content")
    with pytest.raises(AttributeError):
        seen.juel_call("getFilename", ["x"])


def test_an_xml_value_is_a_document_to_expressions():
    seen = to_object(TypedValue("Xml", "<a><b/></a>"))

    assert isinstance(seen, XmlElement)
    assert from_object(seen).type == "Xml"


@pytest.mark.parametrize(
    ("text", "expected"), [("a\x00b", "a\ufffdb"), ("plain", "plain"), ("", "")]
)
def test_a_text_for_people_has_no_character_that_no_column_holds(text, expected):
    assert readable(text) == expected
