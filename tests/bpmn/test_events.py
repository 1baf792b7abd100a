"""The kinds of events, and what each says of its trigger."""

import pytest

from app.bpmn import model

from .triggers import BESIDE, DEFINITIONS


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
