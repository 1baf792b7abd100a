"""Rules of all bodies: a field is as lenient as Jackson, in whichever schema it stands."""

import copy
import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from app.errors import EngineError, JavaRuntimeError
from app.schemas import base, jackson
from app.schemas.typed_values import TypedValueField, TypedValues

from .every import SCHEMAS

pytestmark = pytest.mark.no_database
DATE = "2026-01-02T03:04:05.678+0000"
NUMBERS = (base.BoxedInteger, base.BoxedLong, base.PrimitiveInteger, base.Milliseconds)
REFUSED = {  # by the class of a field, what no value of it is
    base.JacksonString: [[], {}, [1], {"a": 1}, "\x00", "a\x00b"],
    base.JacksonNumber: ["x", "1.0", "1e3", "0x1", True, False, [], {}, 2**63, -(2**63) - 1, 1e30],
    base.JacksonBoolean: ["yes", "no", "tRUE", "1", "0", 1.0, 0.5, [], {}],
    base.CamundaDateTime: ["now", "2026-01-02", "0", 1.5, True, False, [], {}],
    base.StringList: ["a", 1, True, {}, [[]], [{}], ["\x00"]],
    base.JsonMap: ["a", 1, True, [], [{}], {"\x00": 1}, {"a": "\x00"}],
    base.NestedObject: ["a", 1, True, [], [{}]],
    base.NestedList: ["a", 1, True, {}, ["a"], [1], [[]]],
    TypedValues: ["a", 1, True, [], {"a": 1}, {"a": []}, {"a": {"type": {}}}, {"\x00": {}}],
    TypedValueField: ["a", 1, True, [], {"type": []}, {"valueInfo": 1}, {"valueInfo": []}],
}
TAKEN = {  # by the class of a field, what it makes of what it is sent
    base.JacksonString: [("", ""), (5, "5"), (-1.5, "-1.5"), (True, "true"), (False, "false")],
    base.BoxedInteger: [("", None), (" \t", None), ("7", 7), (1.9, 1), (-1.9, -1), ("+5", 5)],
    base.BoxedLong: [("", None), ("7", 7), (2**63 - 1, 2**63 - 1), (-(2**63), -(2**63))],
    base.PrimitiveInteger: [("", 0), (" 7 ", 7), (-1.9, -1), (2**31 - 1, 2**31 - 1)],
    base.Milliseconds: [
        ("", timedelta(0)),
        ("1500", timedelta(seconds=1.5)),
        (-1.9, -timedelta(milliseconds=1)),
    ],
    base.BoxedBoolean: [("", None), ("TRUE", True), ("False", False), (0, False), (-1, True)],
    base.JacksonBoolean: [("", False), (" true ", True), ("False", False), (0, False), (2, True)],
    base.CamundaDateTime: [("", None), (" ", None)],
    base.StringList: [([], []), ([None, 1, True], [None, "1", "true"])],
    base.JsonMap: [({}, {}), ({"a": {"b": "\x00"}}, {"a": {"b": "\x00"}})],
}


def fields():
    """Each field of each schema, with the schema."""
    for schema in SCHEMAS:
        for name, field in schema.load_fields.items():
            yield schema, name, field


def title(schema, name):
    return f"{type(schema).__name__}.{name}"


def cases(table):
    """For each field the values of the table for its class, or for the nearest above it."""
    for schema, name, field in fields():
        known = next((table[cls] for cls in type(field).__mro__ if cls in table), ())
        for number, value in enumerate(known):
            yield pytest.param(schema, name, field, value, id=f"{title(schema, name)}-{number}")


def test_there_are_schemas_to_walk():
    assert len(SCHEMAS) > 60
    assert len({type(schema).__name__ for schema in SCHEMAS}) == len(SCHEMAS)


def test_no_field_refuses_what_another_of_its_kind_refuses_not():
    wrong = []
    for case in cases(REFUSED):
        _, _, field, value = case.values
        try:
            read = field.deserialize(copy.deepcopy(value), field.data_key, {})
        except (ValidationError, EngineError):
            continue
        wrong.append((case.id, value, read))

    assert not wrong


def test_each_field_makes_of_a_value_what_its_kind_makes_of_it():
    wrong = []
    for case in cases(TAKEN):
        _, _, field, (sent, expected) = case.values
        if isinstance(field, base.PrimitiveInteger | base.Milliseconds) and sent == "":
            expected = field.load_default  # where a schema has another one
        read = field.deserialize(copy.deepcopy(sent), field.data_key, {})
        if read != expected or type(read) is not type(expected):
            wrong.append((case.id, sent, read))

    assert not wrong


def test_null_is_what_absence_is():
    wrong = [
        title(schema, name)
        for schema, name, field in fields()
        if field.deserialize(None, field.data_key, {}) != field.deserialize(None, None, None)
    ]

    assert not wrong


def test_no_two_fields_of_a_body_have_one_name_on_the_wire():
    for schema in SCHEMAS:
        keys = [field.data_key for field in schema.load_fields.values()]

        assert len(set(keys)) == len(keys), type(schema).__name__


def test_names_on_the_wire_are_in_camel_case():
    for schema, name, field in fields():
        assert field.data_key.isascii(), title(schema, name)
        assert "_" not in field.data_key, title(schema, name)
        assert field.data_key[0].islower(), title(schema, name)


def test_a_body_is_not_changed_by_reading_it():
    for schema in SCHEMAS:
        body = copy.deepcopy(dict(schema.example))
        try:
            schema.load(body)
        except (ValidationError, EngineError):
            continue
        assert body == dict(schema.example), type(schema).__name__


def test_every_example_is_a_body_that_can_be_read():
    for schema in SCHEMAS:
        if schema.example:
            read = schema.load(json.loads(json.dumps(dict(schema.example))))

            assert set(read) >= set(schema.load_fields), type(schema).__name__


def test_a_body_of_the_wrong_kind_is_refused_by_all():
    for schema in SCHEMAS:
        for body in (None, [], "{}", 5, True, [{}]):
            # a value that is null is read, and found out by what takes it for an object
            with pytest.raises((ValidationError, JavaRuntimeError)):
                schema.load(body)


def test_two_readings_share_no_list_and_no_map():
    for schema, name, field in fields():
        first, second = (field.deserialize(None, None, None) for _ in range(2))
        if isinstance(first, list | dict):
            assert first is not second, title(schema, name)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**70), max_value=2**70)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([DATE, "true", "5", "", "\x00"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=50)
@given(data=st.data())
def test_whatever_is_sent_a_body_is_read_or_refused(data):
    schema = data.draw(st.sampled_from(SCHEMAS))
    keys = sorted(field.data_key for field in schema.load_fields.values())
    body = data.draw(st.dictionaries(st.sampled_from([*keys, "unknown"]), JSON, max_size=4))

    try:
        read = schema.load(body)
    except (ValidationError, EngineError):
        return

    assert set(read) >= set(schema.load_fields)


@settings(max_examples=50)
@given(milliseconds=st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_a_length_of_time_can_be_added_to_any_time_of_now(milliseconds):
    span = jackson.span(milliseconds)

    assert abs(span) <= jackson.LONGEST
    if abs(milliseconds) < 86_400_000 * 365 * 999:
        assert span == timedelta(milliseconds=milliseconds)
    assert (span > timedelta(0)) == (milliseconds > 0)
    assert isinstance(datetime(2026, 1, 1) + span / 1, datetime)


@given(first=st.integers(-(2**63), 2**63 - 1), second=st.integers(-(2**63), 2**63 - 1))
def test_longer_lengths_of_time_are_never_shorter(first, second):
    if first <= second:
        assert jackson.span(first) <= jackson.span(second)
