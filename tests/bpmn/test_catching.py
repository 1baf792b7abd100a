"""Which events may not stand side by side, because both would catch the same.

Source: Camunda 7 `BpmnParse.addEventSubscriptionDeclaration`, `addEscalationEventDefinition`.
"""

import pytest

from .elements import (
    boundary,
    catch,
    condition,
    definition,
    element,
    end,
    event_subprocess,
    flow,
    start,
    subprocess,
    throw,
    timer,
)

BESIDE = (
    element("message", "m", name="go")
    + element("message", "m2", name="go")
    + element("message", "other", name="stop")
    + element("signal", "s", name="alert")
    + element("escalation", "x1", escalationCode="X")
    + element("escalation", "x2", escalationCode="X")
    + element("escalation", "y", escalationCode="Y")
    + element("escalation", "any")
)
MESSAGE = definition("message", messageRef="m")
SAME = definition("message", messageRef="m2")
OTHER = definition("message", messageRef="other")
SIGNAL = definition("signal", signalRef="s")
COMPENSATE = definition("compensate")


def twice(kind, name, scope):
    return (
        f"Cannot have more than one {kind} event subscription with name '{name}' for scope "
        f"'{scope}'"
    )


def escalation(ref=None):
    return definition("escalation", **({} if ref is None else {"escalationRef": ref}))


def loop():
    return element("multiInstanceLoopCharacteristics", None, element("loopCardinality", None, "2"))


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        pytest.param(
            element("task", "t") + boundary("a", "t", MESSAGE) + boundary("b", "t", SAME),
            twice("message", "go", "t"),
            id="two boundary events by the name of their message",
        ),
        pytest.param(
            element("task", "t") + boundary("a", "t", SIGNAL) + boundary("b", "t", SIGNAL),
            twice("signal", "alert", "t"),
            id="two boundary events with a signal",
        ),
        pytest.param(
            element("receiveTask", "t", messageRef="m") + boundary("b", "t", MESSAGE),
            twice("message", "go", "t"),
            id="a receive task and its boundary event",
        ),
        pytest.param(
            event_subprocess("a", MESSAGE) + event_subprocess("b", MESSAGE),
            twice("message", "go", "null"),
            id="two event sub-processes of the process",
        ),
        pytest.param(
            subprocess("s1", event_subprocess("a", SIGNAL), event_subprocess("b", SIGNAL)),
            twice("signal", "alert", "s1"),
            id="two event sub-processes of a sub-process",
        ),
        pytest.param(
            element("eventBasedGateway", "g")
            + catch("a", MESSAGE)
            + catch("b", MESSAGE)
            + flow("g", "a")
            + flow("g", "b"),
            twice("message", "go", "g"),
            id="two events behind a gateway",
        ),
        pytest.param(
            element("userTask", "t")
            + boundary("a", "t", escalation("x1"))
            + boundary("b", "t", escalation("x2")),
            "multiple escalation boundary events with the same escalationCode 'X' are not "
            "supported on same scope",
            id="two escalations by their code",
        ),
        pytest.param(
            event_subprocess("a", escalation("x1")) + event_subprocess("b", escalation("x1")),
            "multiple escalation event subprocesses with the same escalationCode 'X' are not "
            "supported on same scope",
            id="two event sub-processes of the process with an escalation",
        ),
        pytest.param(
            subprocess(
                "s1",
                event_subprocess("a", escalation("x1")),
                event_subprocess("b", escalation("x1")),
            ),
            "multiple escalation event subprocesses with the same escalationCode 'X' are not "
            "supported on same scope",
            id="two event sub-processes of a sub-process with an escalation",
        ),
        pytest.param(
            element("userTask", "t")
            + boundary("a", "t", escalation())
            + boundary("b", "t", escalation("any")),
            "The same scope can not contains more than one escalation boundary event without "
            "escalation code. An escalation boundary event without escalation code catch all "
            "escalation events.",
            id="two that catch every escalation",
        ),
        pytest.param(
            element("userTask", "t")
            + boundary("a", "t", escalation())
            + boundary("b", "t", escalation("x1")),
            "The same scope can not contains an escalation boundary event without escalation code "
            "and another one with escalation code. The escalation boundary event without "
            "escalation code catch all escalation events.",
            id="one that catches every escalation and another",
        ),
        pytest.param(
            element("userTask", "t")
            + boundary("a", "t", escalation("x1"))
            + boundary("b", "t", escalation()),
            "The same scope can not contains an escalation boundary event without escalation code "
            "and another one with escalation code. The escalation boundary event without "
            "escalation code catch all escalation events.",
            id="in the other order",
        ),
        pytest.param(
            element("task", "t") + boundary("a", "t", COMPENSATE) + boundary("b", "t", COMPENSATE),
            "multiple boundary events with compensateEventDefinition not supported on same "
            "activity",
            id="two compensation events",
        ),
        pytest.param(
            element("transaction", "t", start("ts"))
            + boundary("a", "t", definition("cancel"))
            + boundary("b", "t", definition("cancel")),
            "multiple boundary events with cancelEventDefinition not supported on same transaction "
            "subprocess",
            id="two cancel events",
        ),
        pytest.param(
            subprocess("s1", event_subprocess("a", COMPENSATE), event_subprocess("b", COMPENSATE)),
            "multiple event subprocesses with compensation start event are not supported on the "
            "same scope",
            id="two event sub-processes that undo",
        ),
    ],
)
def test_two_events_that_catch_the_same_are_refused(problems_of, contents, problem):
    assert problems_of(contents, beside=BESIDE) == [problem]


@pytest.mark.parametrize(
    "contents",
    [
        pytest.param(
            element("task", "t") + boundary("a", "t", MESSAGE) + boundary("b", "t", OTHER),
            id="two messages",
        ),
        pytest.param(
            element("task", "t")
            + element("task", "u")
            + boundary("a", "t", MESSAGE)
            + boundary("b", "u", MESSAGE),
            id="on two activities",
        ),
        pytest.param(catch("a", MESSAGE) + catch("b", MESSAGE), id="two catch events"),
        pytest.param(
            element("task", "t") + boundary("a", "t", MESSAGE) + catch("b", MESSAGE),
            id="a boundary event and a catch event",
        ),
        pytest.param(
            element("receiveTask", "t", loop(), messageRef="m") + boundary("b", "t", MESSAGE),
            id="the body of a loop and an instance of it",
        ),
        pytest.param(
            element("task", "t")
            + boundary("a", "t", timer("duration", "PT1H"))
            + boundary("b", "t", timer("duration", "PT1H")),
            id="two timers",
        ),
        pytest.param(
            element("task", "t")
            + boundary("a", "t", condition("${x}"))
            + boundary("b", "t", condition("${x}")),
            id="two conditions",
        ),
        pytest.param(
            element("task", "t")
            + boundary("a", "t", SIGNAL)
            + throw("b", SIGNAL)
            + end("c", SIGNAL),
            id="a signal that is caught and thrown",
        ),
        pytest.param(
            element("userTask", "t")
            + boundary("a", "t", escalation("x1"))
            + boundary("b", "t", escalation("y")),
            id="two escalations with codes",
        ),
        pytest.param(
            subprocess("s1", event_subprocess("a", MESSAGE)) + event_subprocess("b", MESSAGE),
            id="event sub-processes of two scopes",
        ),
        pytest.param(
            subprocess("s1", event_subprocess("a", escalation()))
            + boundary("b", "s1", escalation()),
            id="an event sub-process and a boundary event",
        ),
        pytest.param(
            subprocess("s1", event_subprocess("a", COMPENSATE))
            + subprocess("s2", event_subprocess("b", COMPENSATE)),
            id="two sub-processes that are undone",
        ),
    ],
)
def test_events_that_cannot_be_confused_may_stand_side_by_side(read_process, contents):
    process = read_process(contents, beside=BESIDE)

    assert "b" in process.nodes


@pytest.mark.parametrize(
    ("trigger", "problem"),
    [
        (MESSAGE, twice("message", "go", "order")),
        (SIGNAL, twice("signal", "alert", "order")),
        (
            condition("${x}"),
            "Cannot have more than one conditional event subscription with the same condition "
            "'${x}'",
        ),
    ],
)
def test_two_start_events_of_a_process_wait_for_different_things(problems_of, trigger, problem):
    starts = start("a", trigger) + start("b", trigger)

    assert problems_of(start=starts, beside=BESIDE) == [problem]


def test_start_events_with_other_conditions_are_two(read_process):
    starts = start("a", condition("${x}")) + start("b", condition("${y}"))

    assert list(read_process(start=starts).nodes) == ["a", "b"]


@pytest.mark.parametrize(
    ("definition_", "problem"),
    [
        ("error", "only allowed on start event if subprocess is an event subprocess"),
        ("message", "only allowed on start event if subprocess is an event subprocess"),
        ("signal", "only allowed on start event if subprocess is an event subprocess"),
        ("timer", "is not allowed on start event within a subprocess"),
        ("escalation", "is not allowed on start event within a subprocess"),
        ("conditional", "is not allowed on start event within a subprocess"),
        ("compensate", "is not allowed on start event within a subprocess"),
    ],
)
def test_a_plain_subprocess_starts_by_itself(problems_of, definition_, problem):
    contents = element("subProcess", "s1", start("ss", definition(definition_)))

    assert problems_of(contents) == [f"{definition_}EventDefinition {problem}"]


@pytest.mark.parametrize(
    ("contents", "kind"),
    [
        pytest.param(catch("e", timer("cycle", "R/PT1H")), "intermediate catch", id="catch"),
        pytest.param(
            element("task", "t") + boundary("e", "t", timer("cycle", "R/PT1H")),
            "cancelling boundary",
            id="boundary",
        ),
        pytest.param(
            event_subprocess("e", timer("cycle", "R/PT1H")), "interrupting start", id="start"
        ),
    ],
)
def test_a_cycle_that_can_happen_once_is_warned_of(read_file, contents, kind):
    warnings = [warning.message for warning in read_file(contents).warnings]

    assert warnings == [f"It is not recommended to use a {kind} timer event with a time cycle."]


@pytest.mark.parametrize(
    "contents",
    [
        pytest.param(catch("e", timer("duration", "PT1H")), id="no cycle"),
        pytest.param(
            element("task", "t")
            + boundary("e", "t", timer("cycle", "R/PT1H"), cancelActivity="false"),
            id="a boundary event that does not cancel",
        ),
        pytest.param(
            event_subprocess("e", timer("cycle", "R/PT1H"), isInterrupting="false"),
            id="a start event that does not interrupt",
        ),
    ],
)
def test_a_cycle_that_can_happen_again_is_no_reason_to_warn(read_file, contents):
    assert read_file(contents).warnings == ()


@pytest.mark.parametrize(
    ("events", "warnings"),
    [
        ("create", []),
        ("create, update,delete", []),
        ("created", ["Variable event: created is not valid."]),
        ("create,,x", ["Variable event:  is not valid.", "Variable event: x is not valid."]),
        ("", []),
    ],
)
def test_variable_events_that_are_none_are_warned_of(read_file, events, warnings):
    contents = catch(
        "e",
        definition(
            "conditional", element("condition", None, "${x}"), camunda_variableEvents=events
        ),
    )

    assert [warning.message for warning in read_file(contents).warnings] == warnings
