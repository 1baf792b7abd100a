"""Every method and function with large arguments: no result without bounds, none that waits."""

import itertools
import time

import pytest

from app.errors import ExpressionError
from app.expressions import containers, java_dates, methods, parse, scalars, spin, spin_xml, texts
from app.expressions.date_fields import FIELDS, UNITS
from app.expressions.functions import FUNCTIONS
from app.expressions.spin import JsonNode
from app.expressions.spin_xml import XmlElement
from app.expressions.values import Integer, to_text

from .conftest import NOW, Place

LIMIT = 20  # seconds, for what takes one at most
LARGEST = 12_000_000  # characters of a result, those that were there included
LONG = "ab" * 20_000
NO_ARGUMENT = {name for name, function in FUNCTIONS.items() if not function.arity}
MAKERS = (lambda: JsonNode.parse("{}"), lambda: JsonNode.parse("[]"), lambda: XmlElement("<a/>"))
DEEP = "<a>" * 150 + "</a>" * 150


def bases():
    """A large value of each kind that has methods, with its table of methods."""
    json = '{"l":[' + ",".join(f'{{"k":{n}}}' for n in range(2_000)) + "]}"
    xml = "<o>" + "<c n='1'>t</c>" * 2_000 + "</o>"
    return {
        "text": (lambda: LONG, texts.METHODS),
        "list": (lambda: ["a", 1, ["b"]] * 3_000, containers.LIST_METHODS),
        "map": (lambda: {str(n): [n] for n in range(3_000)}, containers.MAP_METHODS),
        "integer": (lambda: Integer(2**31 - 1), scalars.WHOLE_METHODS),
        "long": (lambda: 2**63 - 1, scalars.WHOLE_METHODS),
        "double": (lambda: 1.7e308, scalars.DOUBLE_METHODS),
        "boolean": (lambda: True, scalars.BOOLEAN_METHODS),
        "date": (lambda: NOW, java_dates.DATE_METHODS),
        "json": (lambda: JsonNode.parse(json), spin.JSON_METHODS),
        "json list": (lambda: JsonNode.parse("[" + "1," * 5_000 + "1]"), spin.JSON_METHODS),
        "xml": (lambda: XmlElement(xml), spin_xml.XmlElement._methods),
        "deep xml": (lambda: XmlElement(DEEP), spin_xml.XmlElement._methods),
    }


ARGUMENTS = [
    LONG,
    "a",
    "(a*)*b",
    2**31 - 1,
    -(2**31),
    9_999_999,
    1.7e308,
    ["a", ["b"]] * 3_000,
    {str(n): n for n in range(3_000)},
    None,
    NOW,
    "$..*",
    "//*[//*[//*[//*]]]",
]
CALLS = sorted(
    {(kind, name, count) for kind, (_, table) in bases().items() for name, count in table}
)
HOSTS = [
    *(f"dateTime().{sign}{unit}" for sign in ("plus", "minus") for unit in UNITS),
    *(f"dateTime().with{name[0].upper()}{name[1:]}" for name in FIELDS),
    *(f"dateTime().{name}().addToCopy" for name in FIELDS),
    *(f"dateTime().{name}().setCopy" for name in FIELDS),
    *("dateTime().toString", "dateTime().withMillis", "dateTime().isAfter"),
    *(f"dateTime().{part}().toString" for part in ("toLocalDate", "toLocalTime")),
    *FUNCTIONS,
    *("j.jsonPath('$..k').elementList().addAll", "j.jsonPath", "x.xPath"),
]
QUERIES = [
    "${j.jsonPath(a).elementList()}",
    "${x.xPath(a).elementList()}",
    "${x.xPath(a).attributeList()}",
    "${x.xPath(a).string()}",
]
PATHS = [
    "$..*",
    "$..[?(@.k)]",
    "$" + "..*" * 300,
    "$.l[?(" + "@.k > 1 && " * 80 + "@.k)]",
    "$.l[?(@.k =~ /(a*)*b/)]",
    "$.l[0:999999999]",
    "//*[//*[//*]]",
    "//*" * 300,
    "/*[" + "../*[" * 90 + "1" + "]" * 91,
    "/o/c[/o/c[/o/c[/o/c]]]",
    "//c[following::c[preceding::c]]",
    "concat(" + "/, " * 300 + "/)",
    "//c[contains(string(/), string(/))]",
    "//c[count(preceding-sibling::c) > count(following-sibling::c)]",
]


def documents_of(text):
    """The large documents that an expression names."""
    made = bases()
    found = {"j": made["json"][0], "x": made["xml"][0]}
    return {name: make() for name, make in found.items() if f"{name}." in text}


def size_of(value):
    """About how many characters a value has."""
    if isinstance(value, list):
        return sum(map(size_of, value))
    if isinstance(value, dict):
        return sum(size_of(key) + size_of(item) for key, item in value.items())
    return len(to_text(value))


def choices(count):
    """Arguments of which one is large, and the others are small."""
    for place, large in itertools.product(range(count), ARGUMENTS):
        yield [large if place == number else "a" for number in range(count)]
    yield [LONG] * count


def bounded(expression, variables):
    """Evaluate; the time and the size of what comes of it have bounds."""
    began = time.thread_time()
    try:
        found = expression.evaluate(Place(variables))
    except ExpressionError as error:
        found = str(error)
    assert time.thread_time() - began < LIMIT
    assert size_of(found) <= LARGEST


@pytest.mark.parametrize(("kind", "name", "count"), CALLS, ids=str)
def test_a_method_with_large_arguments_is_bounded(kind, name, count):
    make = bases()[kind][0]
    base = make()
    names = [f"a{number}" for number in range(count)]
    expression = parse(f"${{v.{name}({', '.join(names)})}}")
    for arguments in choices(count):
        if (name, count) in methods.CHANGING:
            base = make()
        bounded(expression, {"v": base, **dict(zip(names, arguments, strict=True))})


@pytest.mark.parametrize("called", HOSTS)
def test_a_date_a_query_or_a_function_with_a_large_argument_is_bounded(called):
    expression = parse(f"${{{called}({'a' if called not in NO_ARGUMENT else ''})}}")
    for argument in ARGUMENTS:
        bounded(expression, {"a": argument, **documents_of(called)})


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:40])
@pytest.mark.parametrize("text", QUERIES)
def test_a_path_that_goes_through_a_document_again_and_again_is_bounded(text, path):
    bounded(parse(text), {"a": path, **documents_of(text)})


@pytest.mark.parametrize(
    "text",
    [
        "${" + " + ".join(["v.add(v)"] * 400) + "}",
        "${v.set(0, v)}" * 900,
        "${v" + ".append(v)" * 90 + "}",
        "${v" + ".prop('a', v)" * 90 + "}",
        "${" + " + ".join(["v.addAll(v)"] * 400) + "}",
        "${" + " + ".join(["v.put('a', v)"] * 400) + "}",
    ],
)
@pytest.mark.parametrize("make", [lambda: ["a"], lambda: {"a": 1}, *MAKERS])
def test_a_value_that_is_put_into_itself_stays_bounded(text, make):
    value = make()

    bounded(parse(text), {"v": value})

    assert size_of(value) <= 2 * LARGEST
