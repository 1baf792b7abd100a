"""The rules that events have to keep, and which of them may stand side by side."""

import pytest

from .triggers import BESIDE, DEFINITIONS


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        (
            "<endEvent id='e1'><errorEventDefinition/></endEvent>",
            "'errorRef' attribute is mandatory on error end event",
        ),
        (
            "<endEvent id='e1'><errorEventDefinition errorRef='mute'/></endEvent>",
            "'errorCode' is mandatory on errors referenced by throwing error event definitions, "
            "but the error 'mute' does not define one.",
        ),
        (
            "<endEvent id='e1'><escalationEventDefinition/></endEvent>",
            "escalationEventDefinition does not have required attribute 'escalationRef'",
        ),
        (
            "<endEvent id='e1'><escalationEventDefinition escalationRef='mute-x'/></endEvent>",
            "escalation end event must have an 'escalationCode'",
        ),
        (
            "<endEvent id='e1'><cancelEventDefinition/></endEvent>",
            "end event with cancelEventDefinition only supported inside transaction subprocess",
        ),
        (
            "<intermediateCatchEvent id='c'><messageEventDefinition/></intermediateCatchEvent>",
            "attribute 'messageRef' is required",
        ),
        (
            "<intermediateCatchEvent id='c'><messageEventDefinition messageRef='no'/>"
            "</intermediateCatchEvent>",
            "Invalid 'messageRef': no message with id 'no' found.",
        ),
        (
            "<receiveTask id='c' messageRef='nameless'/>",
            "Cannot have a message event subscription with an empty or missing name",
        ),
        (
            "<intermediateCatchEvent id='c'><signalEventDefinition signalRef='no'/>"
            "</intermediateCatchEvent>",
            "Could not find signal with id 'no'",
        ),
        (
            "<intermediateCatchEvent id='c'><timerEventDefinition/></intermediateCatchEvent>",
            "Timer needs configuration (either timeDate, timeCycle or timeDuration is needed).",
        ),
        (
            "<intermediateCatchEvent id='c'><conditionalEventDefinition/></intermediateCatchEvent>",
            "Conditional event must contain an expression for evaluation.",
        ),
        (
            "<intermediateCatchEvent id='c'/>",
            "Unsupported intermediate catch event type",
        ),
        (
            "<task id='t'/><boundaryEvent id='b' attachedToRef='t'/>",
            "Unsupported boundary event type",
        ),
        (
            "<boundaryEvent id='b' attachedToRef='no'><errorEventDefinition/></boundaryEvent>",
            "Invalid reference in boundary event. Make sure that the referenced activity is "
            "defined in the same scope as the boundary event",
        ),
        (
            "<task id='t'/><boundaryEvent id='b' attachedToRef='t'><escalationEventDefinition/>"
            "</boundaryEvent>",
            "An escalation boundary event should only be attached to a subprocess, a call "
            "activity or an user task",
        ),
        (
            "<task id='t'/><boundaryEvent id='b' attachedToRef='t'><cancelEventDefinition/>"
            "</boundaryEvent>",
            "boundary event with cancelEventDefinition only supported on transaction subprocesses",
        ),
    ],
)
def test_an_event_that_breaks_a_rule_is_refused(problems_of, contents, problem):
    problems = problems_of(
        contents,
        beside='<error id="mute"/><escalation id="mute-x"/><message id="nameless"/>',
    )

    assert problems == [problem]


def test_the_message_of_a_start_event_has_no_expression(problems_of):
    problems = problems_of(
        start=f'<startEvent id="start">{DEFINITIONS["message"]}</startEvent>', beside=BESIDE
    )

    assert problems == [
        "Invalid message name 'paid-${id}' for element 'messageEventDefinition': expressions in "
        "the message start event name are not allowed!"
    ]


@pytest.mark.parametrize("type_", ["message", "signal"])
def test_two_start_events_of_one_process_wait_for_different_things(problems_of, type_):
    definition = f'<{type_}EventDefinition {type_}Ref="a"/>'

    problems = problems_of(
        start=f'<startEvent id="s1">{definition}</startEvent><startEvent id="s2">{definition}'
        "</startEvent>",
        beside=f'<{type_} id="a" name="go"/>',
    )

    assert problems == [
        f"Cannot have more than one {type_} event subscription with name 'go' for scope 'order'"
    ]


def test_two_boundary_events_of_one_activity_wait_for_different_messages(problems_of):
    problems = problems_of(
        '<task id="host"/>'
        f'<boundaryEvent id="b1" attachedToRef="host">{DEFINITIONS["message"]}</boundaryEvent>'
        f'<boundaryEvent id="b2" attachedToRef="host">{DEFINITIONS["message"]}</boundaryEvent>',
        beside=BESIDE,
    )

    assert problems == [
        "Cannot have more than one message event subscription with name 'paid-${id}' for scope "
        "'host'"
    ]


def test_events_of_different_activities_may_wait_for_the_same_message(read_process):
    process = read_process(
        '<task id="h1"/><task id="h2"/>'
        f'<boundaryEvent id="b1" attachedToRef="h1">{DEFINITIONS["message"]}</boundaryEvent>'
        f'<boundaryEvent id="b2" attachedToRef="h2">{DEFINITIONS["message"]}</boundaryEvent>',
        beside=BESIDE,
    )

    assert {"b1", "b2"} < set(process.nodes)


def test_two_boundary_events_for_all_escalations_of_one_activity_are_refused(problems_of):
    escalation = "<escalationEventDefinition/>"

    problems = problems_of(
        '<userTask id="host"/>'
        f'<boundaryEvent id="b1" attachedToRef="host">{escalation}</boundaryEvent>'
        f'<boundaryEvent id="b2" attachedToRef="host">{escalation}</boundaryEvent>'
    )

    assert problems[0].startswith(
        "The same scope can not contains more than one escalation boundary event without"
    )


def test_a_subprocess_that_no_event_triggers_starts_without_trigger(problems_of):
    problems = problems_of(
        f'<subProcess id="sub"><startEvent id="s1">{DEFINITIONS["message"]}</startEvent>'
        "</subProcess>",
        beside=BESIDE,
    )

    assert problems == [
        "messageEventDefinition only allowed on start event if subprocess is an event subprocess"
    ]


@pytest.mark.parametrize(
    ("start", "problem"),
    [
        (
            '<startEvent id="s"/>',
            "start event of event subprocess must be of type 'error', 'message', 'timer', "
            "'signal', 'compensation' or 'escalation'",
        ),
        (
            '<startEvent id="s" isInterrupting="false"><errorEventDefinition/></startEvent>',
            "error start event of event subprocess must be interrupting",
        ),
    ],
)
def test_an_event_subprocess_needs_a_fitting_start_event(problems_of, start, problem):
    problems = problems_of(f'<subProcess id="sub" triggeredByEvent="true">{start}</subProcess>')

    assert problems == [problem]


def test_two_signals_of_one_name_are_refused(problems_of):
    problems = problems_of(beside='<signal id="a" name="n"/><signal id="b" name="n"/>')

    assert problems == ["duplicate signal name 'n'."]
