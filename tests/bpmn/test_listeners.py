"""Execution and task listeners, scripts, and nested values of parameters.

Source: Camunda 7 `BpmnParse.parseExecutionListener`, `parseTaskListener`, `BpmnParseUtil`.
"""

import pytest

from app.bpmn import model
from app.errors import ExpressionSyntaxError

from .elements import (
    definition,
    element,
    end,
    extension,
    external,
    flow,
    start,
    subprocess,
    text,
    timer,
)

TASK_EVENTS = ("create", "assignment", "complete", "update", "delete", "timeout")
GROOVY = extension("script", "1", scriptFormat="groovy")


def listener(*contents, name="executionListener", **attributes):
    return extension(name, *contents, **{"event": "start"} | attributes)


def listening(*listeners, element_name="task"):
    return element(element_name, "t", extensions="".join(listeners))


def task_listener(*contents, **attributes):
    return listener(*contents, name="taskListener", **{"event": "create"} | attributes)


@pytest.mark.parametrize(
    ("attributes", "contents", "kind", "shown"),
    [
        pytest.param({"expression": "${a}"}, [], "expression", "${a}", id="expression"),
        pytest.param(
            {"delegateExpression": "${bean}"}, [], "delegateExpression", "${bean}", id="delegate"
        ),
        pytest.param({"class": "org.Log"}, [], "class", None, id="class"),
        pytest.param({}, [GROOVY], "script", None, id="script"),
        pytest.param(
            {"class": "org.Log", "expression": "${a}"}, [], "class", None, id="a class wins"
        ),
        pytest.param(
            {"expression": "${a}", "delegateExpression": "${b}"},
            [],
            "expression",
            "${a}",
            id="an expression wins over a delegate",
        ),
        pytest.param(
            {"delegateExpression": "${b}"},
            [GROOVY],
            "delegateExpression",
            "${b}",
            id="a delegate wins over a script",
        ),
    ],
)
@pytest.mark.parametrize("make", [listener, task_listener])
def test_the_code_of_a_listener(read_process, make, attributes, contents, kind, shown):
    process = read_process(element("userTask", "t", extensions=make(*contents, **attributes)))

    node = process.nodes["t"]
    (found,) = node.listeners or node.detail.listeners
    assert found.kind == kind
    assert (found.expression and found.expression.text) == shown
    if kind == "script":
        assert found.script == model.Script("groovy", "1")


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        pytest.param(
            {},
            "Element 'class', 'expression', 'delegateExpression' or 'script' is mandatory on "
            "executionListener",
            id="nothing",
        ),
        pytest.param({"class": ""}, "Attribute 'class' cannot be empty", id="an empty class"),
        pytest.param(
            {"delegateExpression": ""},
            "Attribute 'delegateExpression' cannot be empty",
            id="an empty delegate",
        ),
        pytest.param(
            {"event": "", "expression": "${a}"},
            "Attribute 'event' is mandatory on listener",
            id="an empty event",
        ),
        pytest.param(
            {"event": " ", "expression": "${a}"},
            "Attribute 'event' is mandatory on listener",
            id="a blank event",
        ),
        pytest.param(
            {"event": "take", "expression": "${a}"},
            "Attribute 'event' must be one of {start|end}",
            id="the event of flows",
        ),
        pytest.param(
            {"event": "create", "expression": "${a}"},
            "Attribute 'event' must be one of {start|end}",
            id="the event of user tasks",
        ),
    ],
)
def test_an_execution_listener_that_says_too_little_is_refused(problems_of, attributes, problem):
    assert problems_of(listening(listener(**attributes))) == [problem]


@pytest.mark.parametrize("event", TASK_EVENTS)
def test_a_task_listener_has_one_of_six_events(read_process, event):
    found = task_listener(timer("duration", "PT1H"), event=event, id="l", expression="${a}")

    process = read_process(element("userTask", "t", extensions=found))

    (found,) = process.nodes["t"].detail.listeners
    assert found.event == event
    assert (found.timer is not None) == (event == "timeout")


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        pytest.param(
            {"event": "start", "expression": "${a}"},
            "Attribute 'event' must be one of {create|assignment|complete|update|delete|timeout}",
            id="an event of execution listeners",
        ),
        pytest.param(
            {},
            "Element 'class', 'expression', 'delegateExpression' or 'script' is mandatory on "
            "taskListener",
            id="nothing",
        ),
    ],
)
def test_a_task_listener_that_says_too_little_is_refused(problems_of, attributes, problem):
    contents = element("userTask", "t", extensions=task_listener(**attributes))

    assert problems_of(contents) == [problem]


def test_a_task_listener_without_an_event_is_refused(problems_of):
    contents = element("userTask", "t", extensions=extension("taskListener", expression="${a}"))

    assert problems_of(contents) == ["Attribute 'event' is mandatory on taskListener"]


def test_an_empty_class_of_a_task_listener_fails_only_when_it_is_reached(read_process):
    process = read_process(element("userTask", "t", extensions=task_listener(**{"class": ""})))

    (found,) = process.nodes["t"].detail.listeners
    assert (found.kind, found.name) == ("class", "")


@pytest.mark.parametrize(
    ("attributes", "contents", "problems"),
    [
        pytest.param(
            {},
            [timer("duration", "PT1H")],
            ["Element 'id' is mandatory on taskListener of type 'timeout'"],
            id="no id",
        ),
        pytest.param(
            {"id": "l"},
            [],
            ["Element 'timerEventDefinition' is mandatory on taskListener of type 'timeout'"],
            id="no timer",
        ),
        pytest.param(
            {"id": "l"},
            [definition("timer")],
            ["Timer needs configuration (either timeDate, timeCycle or timeDuration is needed)."],
            id="an empty timer",
        ),
    ],
)
def test_a_timeout_needs_an_id_and_a_timer(problems_of, attributes, contents, problems):
    found = task_listener(*contents, event="timeout", expression="${a}", **attributes)

    assert problems_of(element("userTask", "t", extensions=found)) == problems


def test_task_listeners_belong_to_user_tasks_alone(read_process):
    process = read_process(listening(task_listener(expression="${a}")))

    assert process.nodes["t"].listeners == ()


def test_listeners_keep_their_order(read_process):
    process = read_process(
        listening(*(listener(expression=f"${{{name}}}", event="end") for name in "cab"))
    )

    shown = [found.expression.text for found in process.nodes["t"].listeners]
    assert shown == ["${c}", "${a}", "${b}"]


def test_the_process_may_have_listeners(read_process):
    process = read_process(element("extensionElements", None, listener(expression="${a}")))

    assert [found.event for found in process.listeners] == ["start"]


@pytest.mark.parametrize("event", ["take", "start", "end", ""])
def test_a_listener_of_a_flow_listens_to_one_event_whatever_it_says(read_process, event):
    process = read_process(
        element("task", "t")
        + flow("start", "t", extensions=listener(expression="${a}", event=event))
    )

    assert [found.event for found in process.flows["start_t"].listeners] == ["take"]


@pytest.mark.parametrize(
    ("contents", "place"),
    [
        pytest.param(listening(listener(**{"class": "org.L"})), "listener", id="at a start"),
        pytest.param(
            listening(listener(event="end", **{"class": "org.L"})), "listener", id="at an end"
        ),
        pytest.param(
            end("t", extensions=listener(event="end", **{"class": "org.L"})),
            "listener",
            id="at an end event",
        ),
        pytest.param(
            end(
                "t",
                definition("terminate"),
                extensions=listener(event="end", **{"class": "org.L"}),
            ),
            "notified",
            id="at the end of all",
        ),
        pytest.param(
            end(
                "t",
                definition("terminate"),
                extensions=listener(event="start", **{"class": "org.L"}),
            ),
            "listener",
            id="before the end of all",
        ),
        *(
            pytest.param(
                element(
                    "userTask",
                    "t",
                    extensions=task_listener(
                        timer("duration", "PT1H"), event=event, id="l", **{"class": "org.L"}
                    ),
                ),
                "listener" if event in ("create", "complete") else "notified",
                id=f"of a user task: {event}",
            )
            for event in TASK_EVENTS
        ),
    ],
)
def test_a_worker_can_do_a_listener_where_a_token_can_wait(read_file, contents, place):
    (need,) = read_file(contents).needs

    assert (need.kind, need.name, need.place) == ("class", "org.L", place)


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
