"""The classes of Java that a script can make objects of, and no others."""

from datetime import UTC, datetime

import pytest

from app.expressions.values import HashMap, TreeMap
from app.scripts.bridge import Bridge

from .asking import NOW, Names, asked


@pytest.mark.parametrize(
    ("name", "arguments", "made"),
    [
        ("java.util.ArrayList", [], []),
        ("java.util.ArrayList", [10], []),
        ("java.util.ArrayList", [{"a": [1]}], [1]),
        ("java.util.LinkedList", [], []),
        ("java.util.HashMap", [], {}),
        ("java.util.LinkedHashMap", [{"o": [["b", 1], ["a", 2]]}], {"b": 1, "a": 2}),
        ("java.util.Date", [], NOW),
        ("java.util.Date", [0], datetime(1970, 1, 1, tzinfo=UTC)),
        ("java.util.Date", [2e3], datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC)),
    ],
)
def test_an_object_of_java_is_made(name, arguments, made):
    found = Bridge(Names())
    number = found.answer(["type", name])["h"]

    answer = found.answer(["new", number, *arguments])

    assert found.take({"h": answer["h"]}) == made


@pytest.mark.parametrize(
    ("name", "kind"), [("java.util.TreeMap", TreeMap), ("java.util.HashMap", HashMap)]
)
def test_a_map_that_is_made_of_another_has_the_order_of_its_class(name, kind):
    found = Bridge(Names())
    number = found.answer(["type", name])["h"]
    entries = [["b", 1], ["a", 2], ["c", 3]]

    turned = [found.answer(["new", number, {"o": each}])["h"] for each in (entries, entries[::-1])]

    one, other = (found.take({"h": each}) for each in turned)
    assert type(one) is type(other) is kind
    assert list(one) == list(other) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("name", "method", "argument", "result"),
    [
        ("java.lang.Integer", "parseInt", "12", 12),
        ("java.lang.Integer", "valueOf", "12", 12),
        ("java.lang.Long", "parseLong", "12", 12),
        ("java.lang.Double", "parseDouble", "1.5", 1.5),
        ("java.lang.Boolean", "parseBoolean", "TRUE", True),
        ("java.lang.String", "valueOf", 5, "5"),
        ("java.lang.String", "valueOf", None, "null"),
    ],
)
def test_a_class_has_static_methods(name, method, argument, result):
    found = Bridge(Names())
    number = found.answer(["type", name])["h"]

    assert found.answer(["call", number, method, argument]) == result


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("java.util.ArrayList", ["a"]),
        ("java.util.HashMap", [{"a": []}]),
        ("java.util.Date", ["2026-01-01"]),
        ("java.util.Date", [1e30]),
        ("org.camunda.bpm.engine.delegate.BpmnError", []),
        ("org.camunda.bpm.engine.delegate.BpmnError", [""]),
        ("org.camunda.spin.Spin", []),
        ("java.lang.Integer", ["x"]),
        ("java.lang.Integer", []),
    ],
)
def test_a_constructor_that_there_is_not_is_an_error_of_the_script(name, arguments):
    found = Bridge(Names())
    number = found.answer(["type", name])["h"]

    assert found.answer(["new", number, *arguments])["n"] == "Error"


@pytest.mark.parametrize(
    "name",
    [
        "java.lang.Runtime",
        "java.lang.System",
        "java.lang.Class",
        "java.io.File",
        "java.util.arraylist",
        "ArrayList",
        "",
        "app.scripts.java",
        "os.system",
    ],
)
def test_there_is_no_other_class(name):
    assert "not allowed or does not exist" in asked("type", name)["e"]


@pytest.mark.parametrize(
    ("arguments", "text", "code", "message"),
    [
        (["E1"], "org.camunda.bpm.engine.delegate.BpmnError", "E1", None),
        (["E1", "why"], "org.camunda.bpm.engine.delegate.BpmnError: why", "E1", "why"),
        ([5, None], "org.camunda.bpm.engine.delegate.BpmnError", "5", None),
    ],
)
def test_a_bpmn_error_has_a_code_and_perhaps_a_message(arguments, text, code, message):
    found = Bridge(Names())
    number = found.answer(["type", "org.camunda.bpm.engine.delegate.BpmnError"])["h"]
    error = found.answer(["new", number, *arguments])["h"]

    assert found.answer(["call", error, "toString"]) == text
    assert found.answer(["call", error, "getErrorCode"]) == code
    assert found.answer(["call", error, "getMessage"]) == message


def test_another_exception_has_no_code():
    found = Bridge(Names())
    number = found.answer(["type", "java.lang.RuntimeException"])["h"]
    error = found.answer(["new", number, "why"])["h"]

    assert found.answer(["call", error, "getMessage"]) == "why"
    assert found.answer(["call", error, "getErrorCode"])["n"] == "Error"
