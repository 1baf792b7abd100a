import pytest

from app.bpmn import model

BESIDE = (
    '<message id="m" name="paid-${id}"/><signal id="s" name="alert"/>'
    '<error id="e" errorCode="E1" camunda:errorMessage="failed: ${why}"/>'
    '<escalation id="x" escalationCode="X1"/>'
)
DEFINITIONS = {
    "timer": "<timerEventDefinition><timeDuration> PT5M </timeDuration></timerEventDefinition>",
    "message": '<messageEventDefinition messageRef="m"/>',
    "signal": '<signalEventDefinition signalRef="s"/>',
    "conditional": "<conditionalEventDefinition><condition>${ok}</condition>"
    "</conditionalEventDefinition>",
    "error": '<errorEventDefinition errorRef="e"/>',
    "escalation": '<escalationEventDefinition escalationRef="x"/>',
    "compensate": "<compensateEventDefinition/>",
    "cancel": "<cancelEventDefinition/>",
    "terminate": "<terminateEventDefinition/>",
    "link": '<linkEventDefinition name="L"/>',
}


@pytest.fixture
def event(read_process):
    """Read a process around one event and return the event's node."""

    def read(contents, id_="event", **options):
        return read_process(contents, beside=BESIDE, **options).nodes[id_]

    return read


@pytest.mark.parametrize(
    ("type_", "kind", "detail"),
    [
        ("timer", "startTimerEvent", model.Timer),
        ("signal", "signalStartEvent", model.Signal),
        ("conditional", "conditionalStartEvent", model.Conditional),
        ("error", "startEvent", type(None)),
    ],
)
def test_a_start_event_has_the_kind_of_its_trigger(event, type_, kind, detail):
    node = event("", start=f'<startEvent id="event">{DEFINITIONS[type_]}</startEvent>')

    assert (node.kind, type(node.detail)) == (kind, detail)


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("error", "errorStartEvent"),
        ("message", "messageStartEvent"),
        ("signal", "signalStartEvent"),
        ("timer", "startTimerEvent"),
        ("escalation", "escalationStartEvent"),
        ("conditional", "conditionalStartEvent"),
    ],
)
def test_the_start_event_of_an_event_subprocess_has_the_kind_of_its_trigger(event, type_, kind):
    node = event(
        '<subProcess id="sub" triggeredByEvent="true"><startEvent id="event">'
        f"{DEFINITIONS[type_]}</startEvent></subProcess>"
    )

    assert node.kind == kind
    assert node.is_interrupting


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("timer", "boundaryTimer"),
        ("message", "boundaryMessage"),
        ("signal", "boundarySignal"),
        ("conditional", "boundaryConditional"),
        ("error", "boundaryError"),
        ("escalation", "boundaryEscalation"),
        ("compensate", "compensationBoundaryCatch"),
        ("cancel", "cancelBoundaryCatch"),
    ],
)
def test_a_boundary_event_has_the_kind_of_its_trigger(event, type_, kind):
    node = event(
        '<transaction id="host"><startEvent id="s1"/></transaction>'
        f'<boundaryEvent id="event" attachedToRef="host">{DEFINITIONS[type_]}</boundaryEvent>'
    )

    assert (node.kind, node.attached_to, node.is_interrupting) == (kind, "host", True)


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("timer", "intermediateTimer"),
        ("message", "intermediateMessageCatch"),
        ("signal", "intermediateSignalCatch"),
        ("conditional", "intermediateConditional"),
        ("link", "intermediateLinkCatch"),
    ],
)
def test_a_catch_event_has_the_kind_of_its_trigger(event, type_, kind):
    node = event(
        f'<intermediateCatchEvent id="event">{DEFINITIONS[type_]}</intermediateCatchEvent>'
    )

    assert node.kind == kind


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("message", "intermediateNoneThrowEvent"),
        ("signal", "intermediateSignalThrow"),
        ("escalation", "intermediateEscalationThrowEvent"),
        ("compensate", "intermediateCompensationThrowEvent"),
        ("timer", "intermediateNoneThrowEvent"),
    ],
)
def test_a_throw_event_has_the_kind_of_what_it_throws(event, type_, kind):
    node = event(
        f'<intermediateThrowEvent id="event">{DEFINITIONS[type_]}</intermediateThrowEvent>'
    )

    assert node.kind == kind


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("message", "endEvent"),
        ("signal", "signalEndEvent"),
        ("error", "errorEndEvent"),
        ("escalation", "escalationEndEvent"),
        ("compensate", "compensationEndEvent"),
        ("terminate", "terminateEndEvent"),
        ("timer", "noneEndEvent"),
    ],
)
def test_an_end_event_has_the_kind_of_what_it_throws(event, type_, kind):
    node = event(f'<endEvent id="event">{DEFINITIONS[type_]}</endEvent>')

    assert node.kind == kind


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        ("intermediateThrowEvent", "intermediateMessageThrowEvent"),
        ("endEvent", "messageEndEvent"),
    ],
)
def test_a_thrown_message_may_be_external(event, element, kind):
    node = event(
        f'<{element} id="event"><messageEventDefinition camunda:type="external"'
        f' camunda:topic="mail"/></{element}>'
    )

    assert node.kind == kind
    assert node.detail.topic.text == "mail"


@pytest.mark.parametrize(
    ("element", "kind"),
    [("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle")],
)
def test_a_timer_knows_its_kind_and_its_trimmed_text(event, element, kind):
    node = event(
        '<intermediateCatchEvent id="event"><timerEventDefinition>'
        f"<{element}> ${{when}} </{element}></timerEventDefinition></intermediateCatchEvent>"
    )

    assert (node.detail.kind, node.detail.value.text) == (kind, "${when}")


def test_a_reference_may_carry_a_prefix(event):
    node = event(
        '<intermediateCatchEvent id="event"><messageEventDefinition messageRef="defs:m"/>'
        "</intermediateCatchEvent>"
    )

    assert node.detail.name.text == "paid-${id}"


def test_a_caught_error_knows_its_code_and_its_variables(event):
    node = event(
        '<task id="host"/><boundaryEvent id="event" attachedToRef="host">'
        '<errorEventDefinition errorRef="e" camunda:errorCodeVariable="code"'
        ' camunda:errorMessageVariable="text"/></boundaryEvent>'
    )

    assert node.detail == model.Error("E1", None, "code", "text")


def test_an_error_event_without_reference_catches_every_error(event):
    node = event(
        '<task id="host"/><boundaryEvent id="event" attachedToRef="host">'
        "<errorEventDefinition/></boundaryEvent>"
    )

    assert node.detail.code is None


def test_a_reference_to_no_error_is_the_code_itself(event):
    node = event('<endEvent id="event"><errorEventDefinition errorRef="E7"/></endEvent>')

    assert node.detail == model.Error("E7")


def test_an_error_end_event_keeps_the_message_of_its_error(read_process):
    process = read_process(f'<endEvent id="event">{DEFINITIONS["error"]}</endEvent>', beside=BESIDE)

    assert process.nodes["event"].detail.message.text == "failed: ${why}"
    assert process.names == {"why"}


def test_a_caught_escalation_knows_its_code_and_its_variable(event):
    node = event(
        '<userTask id="host"/><boundaryEvent id="event" attachedToRef="host"'
        ' cancelActivity="false"><escalationEventDefinition escalationRef="x"'
        ' camunda:escalationCodeVariable="code"/></boundaryEvent>'
    )

    assert node.detail == model.Escalation("X1", "code")
    assert not node.is_interrupting


def test_a_condition_may_watch_a_variable(event):
    node = event(
        '<intermediateCatchEvent id="event"><conditionalEventDefinition'
        ' camunda:variableName="stock" camunda:variableEvents="create, update">'
        "<condition>${stock > 0}</condition></conditionalEventDefinition>"
        "</intermediateCatchEvent>"
    )

    assert node.detail.condition.text == "${stock > 0}"
    assert (node.detail.variable_name, node.detail.variable_events) == (
        "stock",
        ("create", "update"),
    )


def test_a_thrown_signal_may_pass_variables_on(event):
    node = event(
        '<endEvent id="event"><signalEventDefinition signalRef="s" camunda:async="true">'
        '<extensionElements><camunda:in source="a" target="b"/></extensionElements>'
        "</signalEventDefinition></endEvent>"
    )

    assert node.detail.is_async
    assert node.detail.ins == (model.VariableMapping("b", "a"),)


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
