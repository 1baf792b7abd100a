"""Execution listeners and task listeners."""

import pytest

from app.bpmn import model

from .elements import (
    definition,
    element,
    end,
    extension,
    flow,
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
