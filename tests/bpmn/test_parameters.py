"""Parameters of activities and scopes, with values at any depth."""

import pytest

from app.bpmn import model
from app.errors import ExpressionSyntaxError

from .elements import (
    element,
    extension,
    external,
    start,
    subprocess,
)


def inputs(value):
    return external(
        "n", extensions=extension("inputOutput", extension("inputParameter", value, name="p"))
    )


def shape(value):
    """A value of a parameter as plain lists, dicts and texts."""
    match value:
        case model.ListValue(items):
            return [shape(item) for item in items]
        case model.MapValue(entries):
            return {key.text: shape(item) for key, item in entries}
        case model.Script(language, content):
            return (language, content)
    return value and value.text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("", None, id="nothing"),
        pytest.param(" \n ", None, id="blanks"),
        pytest.param(" a ", "a", id="a text, trimmed"),
        pytest.param("${a}", "${a}", id="an expression"),
        pytest.param(extension("list"), [], id="an empty list"),
        pytest.param(
            extension("list", extension("value", "1"), extension("value")), ["1", None], id="a list"
        ),
        pytest.param(extension("map"), {}, id="an empty map"),
        pytest.param(
            extension("map", extension("entry", "1", key="a"), extension("entry", key="b")),
            {"a": "1", "b": None},
            id="a map",
        ),
        pytest.param(
            extension("list", extension("list", extension("value", "1"))),
            [["1"]],
            id="list in list",
        ),
        pytest.param(
            extension("map", extension("entry", extension("map"), key="a")), {"a": {}}, id="in map"
        ),
        pytest.param(
            extension("script", "1", scriptFormat="javascript"), ("javascript", "1"), id="a script"
        ),
        pytest.param(
            extension("list", extension("script", "1", scriptFormat="javascript")),
            [("javascript", "1")],
            id="a script in a list",
        ),
        pytest.param("<![CDATA[${a < b}]]>", "${a < b}", id="text in CDATA"),
        pytest.param("a<!-- b -->c", "ac", id="a comment parts no text"),
    ],
)
def test_the_value_of_a_parameter(read_process, value, expected):
    (found,) = read_process(inputs(value)).nodes["n"].inputs

    assert shape(found.value) == expected


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        pytest.param(
            extension("map", extension("entry", "1", key="")),
            "Missing attribute 'key' for 'entry' element",
            id="an empty key",
        ),
        pytest.param(
            extension("map", extension("entry", extension("list"), extension("list"), key="a")),
            "Nested parameter can at most have one child element",
            id="two values of an entry",
        ),
        pytest.param(
            extension("list", extension("script", "1", scriptFormat="")),
            "Missing attribute 'scriptFormatAttribute' for 'script' element",
            id="a script in a list without a language",
        ),
    ],
)
def test_a_value_that_is_none_is_refused(problems_of, value, problem):
    assert problems_of(inputs(value)) == [problem]


def test_a_broken_expression_at_any_depth_is_told(read_file):
    value = extension(
        "map", extension("entry", extension("list", extension("value", "${")), key="a")
    )

    with pytest.raises(ExpressionSyntaxError, match="ENGINE-01009 Error while parsing process"):
        read_file(inputs(value))


def test_only_the_first_mapping_of_an_activity_counts(read_process):
    first = extension("inputOutput", extension("inputParameter", "1", name="a"))
    second = extension("inputOutput", extension("inputParameter", "2", name="b"))

    process = read_process(external("n", extensions=first + second))

    assert [each.name for each in process.nodes["n"].inputs] == ["a"]


def test_a_scope_may_map_in_and_out(read_process):
    mapping = extension(
        "inputOutput",
        extension("inputParameter", "1", name="a"),
        extension("outputParameter", "2", name="b"),
    )

    for make in (subprocess, lambda id_, **o: element("transaction", id_, start("x"), **o)):
        node = read_process(make("s", extensions=mapping)).nodes["s"]
        assert [each.name for each in node.inputs + node.outputs] == ["a", "b"]
