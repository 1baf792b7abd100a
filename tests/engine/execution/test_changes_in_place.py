"""A list or map that an expression changes in place is stored, once, when the run ends."""

import pytest

from app.engine.state import Variable
from app.engine.state.values import TypedValue
from tests.models import flows, process


def model(*expressions):
    names = [f"t{number}" for number, _ in enumerate(expressions)]
    tasks = "".join(
        f'<serviceTask id="{name}" camunda:expression="{text}"/>'
        for name, text in zip(names, expressions, strict=True)
    )
    return process(
        f'<startEvent id="s"/>{tasks}<userTask id="u"/><endEvent id="e"/>'
        + flows("s", *names, "u", "e"),
        "changes",
    )


@pytest.mark.parametrize(
    ("expressions", "given", "stored"),
    [
        (["${v.add('b')}"], ["a"], ["a", "b"]),
        (["${v.add('b')}", "${v.remove('a')}"], ["a"], ["b"]),
        (["${v.put('k', 'v')}"], {"x": 1}, {"x": 1, "k": "v"}),
        (["${v.k.add('b')}"], {"k": ["a"]}, {"k": ["a", "b"]}),
        (["${execution.getVariable('v').add('b')}"], ["a"], ["a", "b"]),
        (["${v.add('b')}", "${execution.setVariable('v', 'other')}"], ["a"], "other"),
        (["${v.add('b')}", "${execution.removeVariable('v')}"], ["a"], None),
        (["${v.add('b')}", "${execution.setVariable('w', v)}"], ["a"], ["a", "b"]),
    ],
)
def test_what_is_changed_is_stored(engine, expressions, given, stored):
    engine.start(engine.deploy(model(*expressions)), v=given)

    assert engine.variables().get("v") == stored


def test_variables_of_the_same_text_are_changed_alone(engine):
    long = ["a" * 2_000]
    engine.start(engine.deploy(model("${v.add(w)}", "${v.add('b')}")), v=long, w=long)

    assert engine.variables() == {"v": [*long, long, "b"], "w": long}


def test_a_change_of_json_is_seen_and_not_stored(engine):
    seen = "${execution.setVariable('seen', v.prop('b').numberValue())}"
    graph = engine.deploy(model("${v.prop('b', 2)}", seen))

    engine.start(graph, v=TypedValue("Json", '{"a":1}'))

    assert str(engine.variables()["v"]) == '{"a":1}'
    assert engine.variables()["seen"] == 2


def test_what_is_only_read_is_not_written(engine):
    spaced = TypedValue(
        "Object",
        "[ 1 ]",
        {
            "objectTypeName": "java.util.ArrayList<java.lang.Object>",
            "serializationDataFormat": "application/json",
        },
    )
    graph = engine.deploy(model("${v.size()}", "${w.add('b')}"))

    engine.start(graph, v=spaced, w=["a"])

    (kept,) = [v for v in engine.rows[Variable].values() if v.name == "v"]
    assert kept.text_value == "[ 1 ]"
    assert kept.revision == 0
