"""Scripts of listeners and tasks: their languages, their texts, their words."""

import pytest

from app.bpmn import model

from .elements import (
    element,
    text,
)


@pytest.mark.parametrize(
    ("language", "is_needed"),
    [
        ("javascript", False),
        ("JavaScript", False),
        ("ecmascript", False),
        ("juel", False),
        ("groovy", True),
        ("python", True),
        ("feel", True),
    ],
)
def test_a_script_in_a_language_that_is_not_run_is_a_need(read_file, language, is_needed):
    script = element("script", None, "1 + 1")

    parsed = read_file(element("scriptTask", "t", script, scriptFormat=language))

    detail = parsed.processes[0].nodes["t"].detail
    assert detail.script == model.Script(language, "1 + 1")
    assert [need.name for need in parsed.needs] == ([f"script:{language}"] if is_needed else [])


def test_a_script_task_without_a_language_is_in_juel(read_process):
    process = read_process(element("scriptTask", "t", element("script", None, "${x}")))

    assert process.nodes["t"].detail.script == model.Script("juel", "${x}")


@pytest.mark.parametrize(
    ("attributes", "contents", "expected"),
    [
        pytest.param({}, [element("script", None, " 1 ")], (" 1 ", None), id="a text as it is"),
        pytest.param({}, [element("script", None)], ("", None), id="an empty text"),
        pytest.param(
            {"camunda_resource": "deployment://a.js"},
            [],
            (None, "deployment://a.js"),
            id="a resource",
        ),
        pytest.param(
            {"camunda_resource": "${r}"},
            [element("script", None, "1")],
            (None, "${r}"),
            id="a resource wins",
        ),
    ],
)
def test_a_script_is_a_text_or_a_resource(read_process, attributes, contents, expected):
    process = read_process(
        element("scriptTask", "t", *contents, scriptFormat="javascript", **attributes)
    )

    script = process.nodes["t"].detail.script
    assert (script.text, script.resource and script.resource.text) == expected


def test_the_words_of_a_script_are_names(read_process):
    script = element("script", None, text("if (amount > 5) { total = amount + fee }"))

    process = read_process(element("scriptTask", "t", script, scriptFormat="javascript"))

    assert {"amount", "total", "fee"} <= process.names
