"""The recorded cases ``juel-*``, transcribed, with the answers of a Camunda 7.24 engine."""

import pytest

from app.errors import ExpressionError
from app.expressions import parse
from app.expressions.spin import JsonNode
from app.expressions.values import Integer, from_json

from .conftest import Place, same

ARITHMETIC = [
    ("${i + 2}", 7),
    ("${i - 8}", -3),
    ("${i * i}", 25),
    ("${i / 2}", 2.5),
    ("${4 / 2}", 2.0),
    ("${7 div 2}", 3.5),
    ("${i % 3}", 2),
    ("${-7 mod 3}", -1),
    ("${-i}", Integer(-5)),
    ("${1 + 2 * 3}", 7),
    ("${(1 + 2) * 3}", 9),
    ("${'1' + '2'}", 3),
    ("${'3' * i}", 15),
    ("${i + 0.5}", 5.5),
    ("${nothing + 1}", 1),
    ("${l + 1}", 5000000001),
    ("${d * 2}", 5.0),
    ("${1 / 0}", float("inf")),
    ("${1e3}", 1000.0),
    ("${5.5 % 2}", 1.5),
]
COMPARISON = [
    ("${i < 6}", True),
    ("${i lt 5}", False),
    ("${i <= 5}", True),
    ("${i le 4}", False),
    ("${i > 4}", True),
    ("${i gt 5}", False),
    ("${i >= 5}", True),
    ("${i ge 6}", False),
    ("${i == 5}", True),
    ("${i eq 6}", False),
    ("${i != 5}", False),
    ("${i ne 6}", True),
    ("${i == 5.0}", True),
    ("${i == '5'}", True),
    ("${'5.0' == 5.0}", True),
    ("${'9' > '10'}", True),
    ("${9 > '10'}", False),
    ("${'abc' < 'abd'}", True),
    ("${'A' == 'a'}", False),
    ("${true == 'true'}", True),
    ("${i == five}", True),
]
COMPOSITE = [
    ("${a}-${b}", "A-B"),
    ("#{a}", "A"),
    ("<${one}>", "<1>"),
    ("[${nothing}]", "[]"),
    ("\\${a}", "${a}"),
    (r"${'it\'s'}", "it's"),
    ('${"text"}', "text"),
    ("is ${t}", "is true"),
    ("${0.1 + 0.2}", 0.30000000000000004),
]
EMPTY_AND_NULL = [
    ("${empty nothing}", True),
    ("${empty ''}", True),
    ("${empty 'x'}", False),
    ("${empty none}", True),
    ("${empty 0}", False),
    ("${not empty items}", True),
    ("${nothing == null}", True),
    ("${a != null}", True),
    ("${nothing == 0}", False),
    ("${nothing == ''}", False),
    ("${nothing == false}", False),
    ("${nothing < 5}", False),
    ("${nothing <= nothing}", True),
    ("${nothing.name}", None),
    ("${null}", None),
]
JSON = [
    ("${j.prop('name').stringValue()}", "Ann"),
    ("${j.prop('age').numberValue()}", Integer(40)),
    ("${j.prop('ok').boolValue()}", True),
    ("${j.prop('name').value()}", "Ann"),
    ("${j.prop('address').prop('city').stringValue()}", "Rome"),
    ("${j.hasProp('nobody')}", False),
    ("${j.prop('tags').elements().size()}", Integer(2)),
    ("${j.prop('tags').elements()[1].stringValue()}", "y"),
    ("${j.jsonPath('$.address.city').stringValue()}", "Rome"),
    ("${JSON(raw).prop('k').numberValue()}", Integer(1)),
    ("${j.prop('none').isNull()}", True),
]
LISTS_AND_MAPS = [
    ("${items[0]}", "a"),
    ("${items.get(1)}", "b"),
    ("${items[9]}", None),
    ("${items.size()}", Integer(2)),
    ("${items.contains('b')}", True),
    ("${items.isEmpty()}", False),
    ("${person.name}", "Ann"),
    ("${person['name']}", "Ann"),
    ("${person[field]}", "Ann"),
    ("${person.address.city}", "Rome"),
    ("${person.nobody}", None),
    ("${person.nobody.city}", None),
    ("${person.containsKey('name')}", True),
    ("${person.tags[1]}", "y"),
    ("${person.size()}", Integer(4)),
    ("${person.age + 1}", 41),
]
LOGIC = [
    ("${t && f}", False),
    ("${t and t}", True),
    ("${t || f}", True),
    ("${f or f}", False),
    ("${!t}", False),
    ("${not f}", True),
    ("${t || f && f}", True),
    ("${(t || f) && f}", False),
    ("${f && nobody}", False),
    ("${t || nobody}", True),
    ("${'true' && t}", True),
    ("${'yes' || f}", False),
    ("${!nothing}", True),
    ("${!'true'}", False),
    ("${nothing && t}", False),
]
STRINGS = [
    ("${s.toUpperCase()}", "HELLO WORLD"),
    ("${s.toLowerCase()}", "hello world"),
    ("${s.length()}", Integer(11)),
    ("${'  x '.trim()}", "x"),
    ("${s.substring(6)}", "World"),
    ("${s.substring(0, 5)}", "Hello"),
    ("${s.contains('World')}", True),
    ("${s.startsWith('Hello')}", True),
    ("${s.endsWith('x')}", False),
    ("${s.indexOf('o')}", Integer(4)),
    ("${s.lastIndexOf('o')}", Integer(7)),
    ("${s.replace('l', 'L')}", "HeLLo WorLd"),
    ("${s.equals('Hello World')}", True),
    ("${s.equalsIgnoreCase('HELLO world')}", True),
    ("${s.isEmpty()}", False),
    ("${s.matches('H.*d')}", True),
    ("${s.concat('!')}", "Hello World!"),
    ("${s.trim().toUpperCase().substring(0, 1)}", "H"),
    ("${i.toString()}", "5"),
    ("${s.charAt(0) == 'H'}", True),
]
TERNARY = [
    ("${i > 3 ? 'big' : 'small'}", "big"),
    ("${i > 30 ? 'big' : 'small'}", "small"),
    ("${i > 30 ? 'big' : i > 3 ? 'middle' : 'small'}", "middle"),
    ("${true ? 1 : nobody}", 1),
    ("${i == 5 ? 1.5 : 'x'}", 1.5),
    ("${nothing ? 'a' : 'b'}", "b"),
    ("${'true' ? 'a' : 'b'}", "a"),
]
ALL = [
    *(ARITHMETIC + COMPARISON + COMPOSITE + EMPTY_AND_NULL + JSON),
    *(LISTS_AND_MAPS + LOGIC + STRINGS + TERNARY),
]
PERSON = {"name": "Ann", "age": 40, "address": {"city": "Rome"}, "tags": ["x", "y"]}
DOCUMENT = PERSON | {"ok": True, "none": None}
VARIABLES = {
    "i": Integer(5),
    "l": 5000000000,
    "d": 2.5,
    "five": 5,
    "one": Integer(1),
    "a": "A",
    "b": "B",
    "t": True,
    "f": False,
    "nothing": None,
    "none": [],
    "items": ["a", "b"],
    "person": from_json(PERSON),
    "field": "name",
    "s": "Hello World",
    "raw": '{"k": 1}',
    "j": JsonNode(from_json(DOCUMENT)),
}


@pytest.mark.parametrize(("text", "expected"), ALL, ids=[text for text, _ in ALL])
def test_an_expression_gives_the_value_and_the_type_that_the_reference_engine_gave(text, expected):
    value = parse(text).evaluate(Place(VARIABLES))

    assert same(value, expected)


ERRORS = [
    (
        "${nothing.foo()}",
        "Unknown property used in expression: ${nothing.foo()}. Cause: "
        "Target unreachable, base expression 'nothing' resolved to null",
    ),
    (
        "${nobody}",
        "Unknown property used in expression: ${nobody}. Cause: Cannot resolve identifier 'nobody'",
    ),
    (
        "${kind == 1}",
        "Unknown property used in expression: ${kind == 1}. Cause: "
        "Cannot resolve identifier 'kind'",
    ),
    (
        "${nobody.toUpperCase()}",
        "Unknown property used in expression: ${nobody.toUpperCase()}. Cause: "
        "Cannot resolve identifier 'nobody'",
    ),
    (
        "${x + i}",
        "Error while evaluating expression: ${x + i}. Cause: "
        "Cannot coerce 'x' to class java.lang.Long",
    ),
    (
        "${s.shout()}",
        "Unknown method used in expression: ${s.shout()}. Cause: "
        "Method not found: class java.lang.String.shout()",
    ),
    (
        "${s.size}",
        "Unknown property used in expression: ${s.size}. Cause: "
        "The class 'java.lang.String' does not have the property 'size'.",
    ),
    (
        "${s > 5}",
        "Error while evaluating expression: ${s > 5}. Cause: "
        "Cannot coerce 'Hello World' to class java.lang.Long",
    ),
    ("${1 % 0}", "Error while evaluating expression: ${1 % 0}. Cause: / by zero"),
    (
        "${!5}",
        "Error while evaluating expression: ${!5}. Cause: "
        "Cannot coerce from class java.lang.Long to class java.lang.Boolean",
    ),
]


@pytest.mark.parametrize(("text", "message"), ERRORS, ids=[text for text, _ in ERRORS])
def test_an_expression_that_fails_says_so_in_the_words_of_the_reference_engine(text, message):
    place = Place(VARIABLES | {"x": "x"})

    with pytest.raises(ExpressionError) as caught:
        parse(text).evaluate(place)

    assert str(caught.value) == message
