"""Java's types as Python has them."""

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.expressions.containers import Entry
from app.expressions.dates import DateTime
from app.expressions.spin import JsonNode
from app.expressions.values import (
    Integer,
    Short,
    double_to_text,
    from_json,
    java_class,
    java_equals,
    json_text,
    to_text,
)

from .conftest import same

TIMESTAMP = datetime(2026, 7, 4, 5, 6, 7, 8_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (0.1 + 0.2, "0.30000000000000004"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (0.000123, "1.23E-4"),
        (9999999.0, "9999999.0"),
        (10000000.0, "1.0E7"),
        (12345678.9, "1.23456789E7"),
        (-1.5e300, "-1.5E300"),
        (5e-324, "5.0E-324"),  # the shortest form, where Java before 19 has 4.9E-324
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
    ],
)
def test_a_double_is_written_as_java_writes_it(value, text):
    assert double_to_text(value) == text


@pytest.mark.parametrize(
    ("value", "text", "name"),
    [
        (None, "null", "null"),
        (True, "true", "java.lang.Boolean"),
        (Short(1), "1", "java.lang.Short"),
        (Integer(-1), "-1", "java.lang.Integer"),
        (5_000_000_000, "5000000000", "java.lang.Long"),
        (1.0, "1.0", "java.lang.Double"),
        ("a", "a", "java.lang.String"),
        ([1.0, None, [True]], "[1.0, null, [true]]", "java.util.ArrayList"),
        ({"a": 1, "b": {}}, "{a=1, b={}}", "java.util.LinkedHashMap"),
        (TIMESTAMP, "Sat Jul 04 05:06:07 UTC 2026", "java.util.Date"),
        (
            TIMESTAMP.astimezone(timezone(timedelta(hours=2), "CEST")),
            "Sat Jul 04 07:06:07 CEST 2026",
            "java.util.Date",
        ),
        (DateTime(TIMESTAMP), "2026-07-04T05:06:07.008Z", "org.joda.time.DateTime"),
        (Entry("a", 1), "a=1", "java.util.LinkedHashMap$Entry"),
        (
            JsonNode({"a": [1, None]}),
            '{"a":[1,null]}',
            "org.camunda.spin.impl.json.jackson.JacksonJsonNode",
        ),
        (b"x", "[B", "[B"),
    ],
)
def test_a_value_has_the_text_and_the_class_of_java(value, text, name):
    assert to_text(value) == text
    assert java_class(value) == name


def test_integers_of_json_that_fit_32_bits_are_integers():
    value = from_json({"a": [1, 2**31 - 1, 2**31, -(2**31), True, 1.0, None, "1"]})

    assert same(
        value["a"], [Integer(1), Integer(2**31 - 1), 2**31, Integer(-(2**31)), True, 1.0, None, "1"]
    )


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (1, 1, True),
        (1, Integer(1), False),
        (Integer(1), Short(1), False),
        (1, 1.0, False),
        (1, True, False),
        (math.nan, math.nan, True),
        (0.0, -0.0, False),
        ([1, [Integer(2)]], [1, [Integer(2)]], True),
        ([1], [Integer(1)], False),
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": 1}, {"b": 1}, False),
        (None, None, True),
        (JsonNode([1]), JsonNode([1]), True),
    ],
)
def test_equals_tells_types_apart(left, right, expected):
    assert java_equals(left, right) is expected
    assert java_equals(right, left) is expected


def test_json_is_written_compactly_whatever_its_size_and_depth():
    deep = []
    for _ in range(600):
        deep = [deep]

    assert json_text({"ä": [1, 1.5, None]}) == '{"ä":[1,1.5,null]}'
    assert json_text(deep) == "[" * 601 + "]" * 601
    assert json_text(2**70) == str(2**70)


def test_numbers_of_java_compute_as_numbers():
    assert type(Integer(2) + Integer(3)) is int
    assert Integer(2) == 2
    assert not hasattr(Integer(1), "__dict__")
