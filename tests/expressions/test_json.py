"""Spin's JSON in expressions."""

import pytest

from app.errors import ExpressionError
from app.expressions.spin import JsonNode
from app.expressions.values import Integer

from .conftest import same

TEXT = """{"name": "Ann", "age": 40, "big": 5000000000, "rate": 1.0, "ok": true, "none": null,
 "tags": ["x", "y"], "orders": [{"id": 1, "sum": 10}, {"id": 2, "sum": 20}], "a b": {"c": "d"}}"""
NODE = JsonNode.parse(TEXT)

VALUES = [
    ("${j.prop('age').numberValue()}", Integer(40)),
    ("${j.prop('big').numberValue()}", 5000000000),
    ("${j.prop('rate').value()}", 1.0),
    ("${j.prop('none').value()}", None),
    ("${j.prop('tags').isArray()}", True),
    ("${j.prop('tags').array}", True),
    ("${j.isObject()}", True),
    ("${j.prop('name').isString()}", True),
    ("${j.prop('ok').isBoolean()}", True),
    ("${j.prop('ok').isNumber()}", False),
    ("${j.prop('none').isValue()}", True),
    ("${j.hasProp('tags')}", True),
    ("${j.prop('tags').hasProp('x')}", False),
    ("${j.prop('a b').fieldNames()}", ["c"]),
    ("${j.prop('tags').toString()}", '["x","y"]'),
    ("json: ${j.prop('a b')}", 'json: {"c":"d"}'),
    ("${j.jsonPath('$.orders[1].sum').numberValue()}", Integer(20)),
    ("${j.jsonPath('$.orders[-1].id').numberValue()}", Integer(2)),
    ("${j.jsonPath(\"$['a b']['c']\").stringValue()}", "d"),
    ("${j.jsonPath('$[\\'a b\\'].c').stringValue()}", "d"),
    ("${j.jsonPath('orders[0].id').numberValue()}", Integer(1)),
    ("${j.jsonPath('$.orders').elementList().size()}", Integer(2)),
    ("${j.jsonPath('$.orders[*].id').elementList().size()}", Integer(2)),
    ("${j.jsonPath('$.orders[0:1].id').element().toString()}", "[1]"),
    ("${j.jsonPath('$..id').element().toString()}", "[1,2]"),
    ("${j.jsonPath('$.orders.*').elementList()[0].prop('sum').value()}", Integer(10)),
    ("${j.jsonPath('$').element().prop('name').value()}", "Ann"),
    ("${j.jsonPath('$.ok').boolValue() == true}", True),
    ("${j.jsonPath('$.none').element().isNull()}", True),
    ("${S(text).prop('name').stringValue()}", "Ann"),
    ("${JSON(text) == j}", True),
    ("${JSON(j).prop('name').value()}", "Ann"),
    ("${JSON(map).prop('a').elements()[0].value()}", Integer(1)),
    ("${JSON(list).elements().size()}", Integer(2)),
    ("${JSON('5').numberValue()}", Integer(5)),
    ("${JSON(map).toString()}", '{"a":[1],"j":{"c":"d"}}'),
]
VARIABLES = {
    "j": NODE,
    "text": TEXT,
    "map": {"a": [Integer(1)], "j": JsonNode({"c": "d"})},
    "list": [1, 2],
}


@pytest.mark.parametrize(("text", "expected"), VALUES, ids=[text for text, _ in VALUES])
def test_json_is_read_by_the_methods_of_spin(evaluate, text, expected):
    value = evaluate(text, **VARIABLES)

    assert same(value, expected)


SPIN = "org.camunda.spin.json.Spin"
ILLEGAL = "java.lang.IllegalArgumentException"
FAILURES = [
    (
        "${j.prop('nobody')}",
        f"{SPIN}JsonPropertyException: SPIN/JACKSON-JSON-01004 Unable to find 'nobody'",
    ),
    (
        "${j.prop('age').stringValue()}",
        f"{SPIN}JsonDataFormatException: SPIN/JACKSON-JSON-01002 Expected 'String', got 'NUMBER'",
    ),
    (
        "${j.prop('ok').numberValue()}",
        f"{SPIN}JsonDataFormatException: SPIN/JACKSON-JSON-01002 Expected 'Number', got 'BOOLEAN'",
    ),
    (
        "${j.elements()}",
        f"{SPIN}JsonDataFormatException: SPIN/JACKSON-JSON-01002 Expected 'SpinList', got 'OBJECT'",
    ),
    (
        "${j.prop('tags').value()}",
        f"{SPIN}JsonDataFormatException: SPIN/JACKSON-JSON-01002 "
        "Expected 'String/Number/Boolean/Null', got 'ARRAY'",
    ),
    (
        "${j.jsonPath('$.x.y').element()}",
        f"{SPIN}JsonPathException: SPIN/JACKSON-JSON-01013 Unable to evaluate JsonPath expression "
        "on element 'org.camunda.spin.impl.json.jackson.JacksonJsonNode'",
    ),
    (
        "${j.jsonPath('$.orders[?(@)')}",
        f"{SPIN}JsonPathException: SPIN/JACKSON-JSON-01014 Unable to compile '$.orders[?(@)'!",
    ),
    (
        "${JSON('{')}",
        f"{SPIN}JsonDataFormatException: SPIN/JACKSON-JSON-01001 Unable to parse input into json "
        "node",
    ),
    ("${S(null)}", f"{ILLEGAL}: UTILS-02001 Parameter 'parameter' is null"),
    ("${S(5)}", f"{ILLEGAL}: SPIN-01001 Unsupported input of type 'java.lang.Long'"),
    (
        "${S('1')}",
        "org.camunda.spin.spi.SpinDataFormatException: SPIN-01004 No matching data format detected",
    ),
    (
        "${j.append(1)}",
        f"{SPIN}JsonException: SPIN/JACKSON-JSON-01010 Unable to modify node of type 'OBJECT'. "
        "Node is not a list.",
    ),
    (
        "${j.indexOf(1)}",
        f"{SPIN}JsonException: SPIN/JACKSON-JSON-01011 Unable to get index from 'OBJECT'. "
        "Node is not a list.",
    ),
    (
        "${j.insertBefore(1, 2)}",
        f"{SPIN}JsonPropertyException: SPIN/JACKSON-JSON-01005 Unable to create node for object "
        "of type 'OBJECT'",
    ),
    (
        "${j.prop('tags').removeAt(9)}",
        "java.lang.IndexOutOfBoundsException: SPIN/JACKSON-JSON-01012 Index is out of bound! "
        "Index: '9', Size: '2'",
    ),
    ("${j.prop('tags').append(null)}", f"{ILLEGAL}: UTILS-02001 Parameter 'property' is null"),
    (
        "${j.prop('tags').contains(null)}",
        f"{ILLEGAL}: UTILS-02001 Parameter 'searchObject' is null",
    ),
    (
        "${j.prop('tags').deleteProp('a')}",
        f"{SPIN}JsonPropertyException: SPIN/JACKSON-JSON-01004 Unable to find 'a'",
    ),
]


@pytest.mark.parametrize(("text", "cause"), FAILURES, ids=[text for text, _ in FAILURES])
def test_what_json_does_not_have_fails_in_the_words_of_spin(evaluate, text, cause):
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, **VARIABLES)

    assert str(caught.value) == cause


def test_what_makes_objects_of_java_is_not_there(evaluate):
    with pytest.raises(ExpressionError, match="Unknown method used in expression"):
        evaluate("${j.mapTo('x')}", **VARIABLES)


def test_json_that_is_nested_too_deep_is_an_error_and_not_a_crash(evaluate):
    text = "[" * 100_000 + "]" * 100_000

    with pytest.raises(ExpressionError):
        evaluate("${JSON(text)}", text=text)


def test_deeply_nested_json_is_written_all_the_same(evaluate):
    text = "[" * 400 + "]" * 400

    assert evaluate("${JSON(text)} ", text=text) == f"{text} "


def test_a_path_cannot_multiply_what_it_finds_without_bounds(evaluate):
    value = JsonNode.parse("[" * 200 + "1" + "]" * 200)

    with pytest.raises(ExpressionError, match="01013"):
        evaluate("${j.jsonPath('$..*..*..*..*').element()}", j=value)
