"""Conversion of values to the types of a model; a Camunda 7.24 engine converts the same."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest

from app.dmn.conversion import convert
from app.dmn.errors import DmnEngineError, InvalidValueError
from app.dmn.values import from_feel, java_text, to_feel, variable_type
from app.expressions.spin import JsonNode
from app.expressions.values import Integer, Short
from app.feel import Function, Range, YearsMonths

NAN, INFINITY = float("nan"), float("inf")
CONVERTED = [
    ("integer", "5", 5), ("integer", "+5", 5), ("integer", "-5", -5), ("integer", "\u0663", 3),
    ("integer", 5.0, 5), ("integer", Short(5), 5), ("integer", -2147483648, -2147483648),
    ("long", "9223372036854775807", 2**63 - 1), ("long", 5.0, 5), ("long", 2.0**63, 2**63 - 1),
    ("long", -(2.0**63), -(2**63)), ("long", 2**63 - 1, 2**63 - 1),
    ("double", "5", 5.0), ("double", " 5 ", 5.0), ("double", "5d", 5.0), ("double", "5F", 5.0),
    ("double", "0x1p3", 8.0), ("double", "1e3", 1000.0), ("double", ".5", 0.5),
    ("double", "5.", 5.0), ("double", "-Infinity", -INFINITY), ("double", "1e400", INFINITY),
    ("double", 7, 7.0),
    ("boolean", "TRUE", True), ("boolean", "false", False), ("boolean", True, True),
    ("string", 1, "1"), ("string", 1.0, "1.0"), ("string", 1.5, "1.5"), ("string", 1e20, "1.0E20"),
    ("string", 1e-7, "1.0E-7"), ("string", True, "true"), ("string", "", ""),
    ("string", [1, "a", None], "[1, a, null]"),
    ("string", {"a": [1, 2.5, {"b": True}], "c d": "x"}, "{a=[1, 2.5, {b=true}], c d=x}"),
    ("string", JsonNode.parse('{"a":1}'), '{"a":1}'),
    ("string", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC), "Tue Jan 02 03:04:05 UTC 2024"),
]  # fmt: skip
REFUSED = [
    ("integer", " 5"), ("integer", "5.0"), ("integer", "0x5"), ("integer", "2147483648"),
    ("integer", ""), ("integer", "-"), ("integer", "1e3"), ("integer", "1_000"),
    ("integer", -5.5), ("integer", True), ("integer", [1]), ("integer", 2147483648),
    ("integer", 1e300), ("integer", NAN), ("integer", INFINITY), ("integer", "9" * 5000),
    ("long", "9223372036854775808"), ("long", "5L"), ("long", 5.5), ("long", 1e19),
    ("double", ""), ("double", "5,0"), ("double", "1_0"), ("double", "\u0663"), ("double", True),
    ("double", "0x1"), ("double", "nan"), ("double", "inf"), ("double", "5dd"),
    ("double", "1" * 5000), ("double", [1]),
    ("boolean", " true"), ("boolean", "1"), ("boolean", ""), ("boolean", 1), ("boolean", 0),
    ("date", "2024-03-01"), ("date", "x"), ("date", 5), ("date", True),
    ("date", "2024-03-01T00:00"),
    ("date", "2024-03-01 00:00:00"), ("date", "2024-03-01t00:00:00"),
    ("date", "2024-+3-01T00:00:00"), ("date", "99999-01-01T00:00:00"),
    ("date", "2024-01-01T999999999999999:00:00"),
]  # fmt: skip
DATES = [
    ("2024-03-01T00:00:00", (2024, 3, 1)),
    ("2024-03-01T00:00:00Z", (2024, 3, 1)),
    ("2024-03-01T00:00:00.123+02:00", (2024, 3, 1)),
    ("2024-3-1T0:0:0 and more", (2024, 3, 1)),
    (" 2024- 03-01T00:00:00", (2024, 3, 1)),
    ("2024-13-45T99:99:99", (2025, 2, 18, 4, 40, 39)),
    ("24-3-1T1:2:3", (24, 3, 1, 1, 2, 3)),
    ("2024-02-30T00:00:00", (2024, 3, 1)),
    ("2024-03-01T-1:00:00", (2024, 2, 29, 23)),
]
TYPES = {"integer": "Integer", "long": "Long", "double": "Double", "boolean": "Boolean",
         "string": "String", "date": "Date"}  # fmt: skip


@pytest.mark.parametrize(("type_name", "value", "expected"), CONVERTED)
def test_a_value_is_converted_to_its_type(type_name, value, expected):
    converted = convert(value, type_name)

    assert converted == (TYPES[type_name], expected)
    assert isinstance(converted.value, type(expected))


@pytest.mark.parametrize(("type_name", "value"), REFUSED)
def test_a_value_that_does_not_convert_is_refused(type_name, value):
    with pytest.raises(InvalidValueError) as caught:
        convert(value, type_name)

    shown = java_text(value)
    message = f"DMN-01005 Invalid value '{shown}' for clause with type '{type_name}'."
    assert (caught.value.java_type, str(caught.value)) == ("DmnEngineException", message)


@pytest.mark.parametrize(("text", "timestamp"), DATES)
def test_a_text_is_read_as_a_date_as_java_reads_it(text, timestamp):
    assert convert(text, "date") == ("Date", datetime(*timestamp, tzinfo=UTC))


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        (datetime(2024, 1, 2, 3, 4, 5), datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (
            datetime(2024, 1, 2, 3, 4, 5, 678_900, tzinfo=timezone(timedelta(hours=2))),
            datetime(2024, 1, 2, 1, 4, 5, 678_000, tzinfo=UTC),
        ),
    ],
)
def test_a_date_and_time_becomes_a_date(timestamp, expected):
    assert convert(from_feel(timestamp), "date") == ("Date", expected)


@pytest.mark.parametrize(
    ("value", "class_name"),
    [
        (date(2024, 1, 1), "java.time.LocalDate"),
        (time(10), "java.time.LocalTime"),
        (timedelta(hours=1), "java.time.Duration"),
    ],
)
def test_another_timestamp_is_no_date(value, class_name):
    with pytest.raises(DmnEngineError) as caught:
        convert(from_feel(value), "date")

    assert str(caught.value) == (
        f"Unsupported type: '{class_name}' cannot be converted to 'java.util.Date'"
    )


@pytest.mark.parametrize("type_name", [None, "number", "any", "list", "time", "dateTime", "short"])
@pytest.mark.parametrize("value", [1, "a", True, [1], {"a": 1}])
def test_unknown_types_change_nothing(type_name, value):
    assert convert(value, type_name) == (None, value)


@pytest.mark.parametrize("type_name", [None, "any", *TYPES])
def test_null_stays_null_without_type(type_name):
    converted = convert(None, type_name)

    assert converted == (None, None)
    assert variable_type(converted) == "Null"


@pytest.mark.parametrize("type_name", ["Integer", "INTEGER", "integer"])
def test_the_case_of_a_type_does_not_matter_but_in_messages(type_name):
    assert convert("5", type_name) == ("Integer", 5)
    with pytest.raises(InvalidValueError, match=f"with type '{type_name}'"):
        convert("x", type_name)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1"), 1),
        (Decimal("1.0"), 1),
        (Decimal("1.50"), 1.5),
        (Decimal("-0.0"), 0),
        (Decimal(2**63 - 1), 2**63 - 1),
        (Decimal(2**63), 2.0**63),
        (Decimal("1e20"), 1e20),
        (Decimal("5.0000000000000000001"), 5.0),
        ([Decimal(1), {"a": Decimal("0.5")}], [1, {"a": 0.5}]),
    ],
)
def test_numbers_of_feel_are_whole_where_they_can_be(value, expected):
    found = from_feel(value)

    assert found == expected
    assert isinstance(found, type(expected))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Integer(1), Decimal(1)),
        (1.1, Decimal("1.1")),
        (NAN, None),
        (True, True),
        ("a", "a"),
        (JsonNode.parse('{"a":[1,null]}'), {"a": [Decimal(1), None]}),
        (
            datetime(2024, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))),
            datetime(2024, 1, 2, 1),
        ),
    ],
)
def test_feel_sees_decimals_and_local_timestamps(value, expected):
    assert to_feel(value) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2024, 1, 1), "2024-01-01"),
        (time(10), "10:00"),
        (time(10, 0, 1, 500_000), "10:00:01.500"),
        (time(10, tzinfo=timezone(timedelta(hours=2))), "10:00+02:00"),
        (datetime(2024, 1, 1, 10), "2024-01-01T10:00"),
        (datetime(2024, 1, 1, 10, tzinfo=UTC), "2024-01-01T10:00Z"),
        (datetime(2024, 1, 1, 10, 0, 0, 1), "2024-01-01T10:00:00.000001"),
        (timedelta(days=1, hours=2), "PT26H"),
        (timedelta(0), "PT0S"),
        (timedelta(seconds=-90), "PT-1M-30S"),
        (timedelta(milliseconds=1500), "PT1.5S"),
        (YearsMonths(14), "P1Y2M"),
        (YearsMonths(-3), "P-3M"),
        (YearsMonths(0), "P0D"),
        (Function(("a", "b"), len), "function(a, b)"),
    ],
)
def test_timestamps_are_texts_as_java_writes_them(value, text):
    assert convert(from_feel(value), "string") == ("String", text)


def test_a_range_is_null_outside_of_feel():
    assert from_feel([Range(Decimal(1), Decimal(2))]) == [None]


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (True, "Boolean"), ("a", "String"), (Integer(1), "Integer"), (Short(1), "Short"),
        (1, "Long"), (1.0, "Double"), ([], "Object"), ({}, "Object"),
        (datetime(2024, 1, 1, tzinfo=UTC), "Date"), (JsonNode.parse("1"), "Json"),
    ],
)  # fmt: skip
def test_a_value_without_type_makes_a_variable_of_the_type_that_it_has(value, type_):
    assert variable_type(convert(value, None)) == type_
