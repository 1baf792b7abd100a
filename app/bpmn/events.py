"""Event definitions: of catching and of throwing events.

Where an event has several definitions, the first in the order of the tables below counts.

Source: Camunda 7 ``BpmnParse.parseScopeStartEvent``, ``parseIntermediateCatchEvent``,
``parseIntermediateThrowEvent``, ``parseEndEvents``, ``parseBoundaryEvents``.
"""

from .assignments import split
from .calls import read_ins
from .extensions import read_timer
from .file import File
from .model import (
    Cancel,
    Compensation,
    Conditional,
    Detail,
    Error,
    Escalation,
    Link,
    Message,
    Signal,
    Terminate,
)
from .scope import is_event_subprocess, read_condition
from .source import Element, child, extension, has_flag, local_name, tag
from .tasks import is_implemented, read_implementation

# The order in each of these tables is that in which the reference asks for the definitions.
# The start event of a process with any other definition is a plain one, without a word.
START = {
    "timer": "startTimerEvent",
    "message": "messageStartEvent",
    "signal": "signalStartEvent",
    "conditional": "conditionalStartEvent",
}
EVENT_SUBPROCESS_START = {
    "error": "errorStartEvent",
    "message": "messageStartEvent",
    "signal": "signalStartEvent",
    "timer": "startTimerEvent",
    "compensate": "compensationStartEvent",
    "escalation": "escalationStartEvent",
    "conditional": "conditionalStartEvent",
}
CATCH = {
    "timer": "intermediateTimer",
    "signal": "intermediateSignalCatch",
    "message": "intermediateMessageCatch",
    "link": "intermediateLinkCatch",
    "conditional": "intermediateConditional",
}
BOUNDARY = {
    "timer": "boundaryTimer",
    "error": "boundaryError",
    "signal": "boundarySignal",
    "cancel": "cancelBoundaryCatch",
    "compensate": "compensationBoundaryCatch",
    "message": "boundaryMessage",
    "escalation": "boundaryEscalation",
    "conditional": "boundaryConditional",
}
THROW = {
    "signal": "intermediateSignalThrow",
    "compensate": "intermediateCompensationThrowEvent",
    "message": "intermediateMessageThrowEvent",
    "escalation": "intermediateEscalationThrowEvent",
}
END = {
    "error": "errorEndEvent",
    "cancel": "cancelEndEvent",
    "terminate": "terminateEndEvent",
    "message": "messageEndEvent",
    "signal": "signalEndEvent",
    "compensate": "compensationEndEvent",
    "escalation": "escalationEndEvent",
}
VARIABLE_EVENTS = ("create", "update", "delete")


def read_start_event(file: File, element: Element) -> tuple[str, Detail]:
    """Kind and trigger of a start event."""
    around = element.getparent()
    if tag(around) == "process":
        kind, definition = _definition(element, START)
        return _caught(file, element, kind or "startEvent", definition)
    if is_event_subprocess(around):
        return _event_subprocess_start(file, element)
    for found in element:
        name = local_name(found)
        if not name.endswith("EventDefinition"):
            continue
        rule = "is not allowed on start event within a subprocess"
        # The reference has two sentences for one rule.
        if name in ("errorEventDefinition", "messageEventDefinition", "signalEventDefinition"):
            rule = "only allowed on start event if subprocess is an event subprocess"
        file.problems.add(f"{name} {rule}", found, element.get("id"))
    return "startEvent", None


def _event_subprocess_start(file: File, element: Element) -> tuple[str, Detail]:
    kind, definition = _definition(element, EVENT_SUBPROCESS_START)
    if kind is None:
        file.problems.add(
            "start event of event subprocess must be of type 'error', 'message', 'timer', "
            "'signal', 'compensation' or 'escalation'",
            element,
        )
        return "startEvent", None
    if kind == "errorStartEvent" and not is_interrupting(element):
        # An error has ended the scope already: there is nothing left to run beside.
        message = "error start event of event subprocess must be interrupting"
        file.problems.add(message, element)
    around = element.getparent().getparent()
    if kind == "compensationStartEvent" and tag(around) == "process":
        file.problems.add(
            "event subprocess with compensation start event is only supported for embedded "
            "subprocess (since throwing compensation through a call activity-induced process "
            "hierarchy is not supported)",
            element,
        )
    if is_interrupting(element):
        _warn_of_cycle(file, element, definition, "interrupting start")
    return _caught(file, element, kind, definition)


def is_interrupting(element: Element) -> bool:
    """Whether a start event of an event sub-process, or a boundary event, interrupts."""
    attribute = "cancelActivity" if tag(element) == "boundaryEvent" else "isInterrupting"
    # `xsd:boolean` has both spellings; interrupting is BPMN's default for both attributes.
    return (element.get(attribute) or "true").strip().lower() in ("true", "1")


def read_catch_event(file: File, element: Element) -> tuple[str, Detail]:
    """Kind and trigger of an intermediate catch event."""
    kind, definition = _definition(element, CATCH)
    if kind is None:
        file.problems.add("Unsupported intermediate catch event type", element)
        return "intermediateCatchEvent", None
    _warn_of_cycle(file, element, definition, "intermediate catch")
    return _caught(file, element, kind, definition)


def read_boundary_event(file: File, element: Element, host: Element) -> tuple[str, Detail]:
    """Kind and trigger of a boundary event on an activity."""
    kind, definition = _definition(element, BOUNDARY)
    if kind is None:
        file.problems.add("Unsupported boundary event type", element)
        return "boundaryEvent", None
    if kind == "cancelBoundaryCatch" and tag(host) != "transaction":
        file.problems.add(
            "boundary event with cancelEventDefinition only supported on transaction subprocesses",
            definition,
            element.get("id"),
        )
    # Only these have something within them, or a user, that could throw one.
    carriers = ("subProcess", "transaction", "callActivity", "userTask")
    if kind == "boundaryEscalation" and tag(host) not in carriers:
        file.problems.add(
            "An escalation boundary event should only be attached to a subprocess, a call "
            "activity or an user task",
            element,
        )
    if is_interrupting(element):
        _warn_of_cycle(file, element, definition, "cancelling boundary")
    return _caught(file, element, kind, definition)


def read_throw_event(file: File, element: Element) -> tuple[str, Detail]:
    """Kind and effect of an intermediate throw event."""
    # A definition that the table lacks, as a timer, is no problem: the event throws nothing.
    kind, definition = _definition(element, THROW)
    if kind is None:
        return "intermediateNoneThrowEvent", None
    # The reference lets it pass as an event that does nothing.
    if kind == "intermediateMessageThrowEvent" and not is_implemented(definition):
        return "intermediateNoneThrowEvent", None
    return kind, _thrown(file, element, kind, definition)


def read_end_event(file: File, element: Element) -> tuple[str, Detail]:
    """Kind and effect of an end event."""
    kind, definition = _definition(element, END)
    if kind is None:
        return "noneEndEvent", None
    if kind == "messageEndEvent" and not is_implemented(definition):
        # Another name than that of an end event without definition, as in the reference.
        return "endEvent", None
    return kind, _thrown(file, element, kind, definition)


def _definition(element: Element, kinds: dict[str, str]) -> tuple[str | None, Element]:
    """The kind of an event and the definition that makes it one."""
    # By the order of the table, whatever the order of the document is.
    for name, kind in kinds.items():
        definition = child(element, f"{name}EventDefinition")
        if definition is not None:
            return kind, definition
    return None, None


def _caught(file: File, element: Element, kind: str, definition: Element) -> tuple[str, Detail]:
    """Kind and detail of a catching event; without a definition, the detail is None."""
    id_ = element.get("id")
    detail: Detail = None
    match None if definition is None else local_name(definition):
        case "timerEventDefinition":
            detail = read_timer(file, definition, id_)
        case "messageEventDefinition":
            name = file.message_name(definition, id_)
            # Without a name there is a problem already, and the file will be refused.
            detail = None if name is None else Message(name)
        case "signalEventDefinition":
            name = file.signal_name(definition, id_)
            detail = None if name is None else Signal(name)
        case "conditionalEventDefinition":
            detail = _condition(file, definition, id_)
        case "errorEventDefinition":
            detail = _caught_error(file, definition)
        case "escalationEventDefinition":
            detail = _escalation(file, definition, id_)
        case "compensateEventDefinition":
            detail = Compensation()
        case "cancelEventDefinition":
            detail = Cancel()
        case "linkEventDefinition":
            # The empty name is a name like any other: two ends without a name meet each other.
            detail = Link(definition.get("name") or "")
    return kind, detail


def _thrown(file: File, element: Element, kind: str, definition: Element) -> Detail:
    """The detail of a throwing event."""
    id_ = element.get("id")
    match local_name(definition):
        case "messageEventDefinition":
            return read_implementation(file, definition, kind, element)
        case "signalEventDefinition":
            return _thrown_signal(file, definition, id_)
        case "errorEventDefinition":
            return _thrown_error(file, definition, id_)
        case "escalationEventDefinition":
            return _thrown_escalation(file, element, definition)
        case "compensateEventDefinition":
            return _thrown_compensation(file, definition, id_)
        case "cancelEventDefinition":
            if tag(element.getparent()) != "transaction":
                file.problems.add(
                    "end event with cancelEventDefinition only supported inside transaction "
                    "subprocess",
                    definition,
                    id_,
                )
            return Cancel()
    # The last kind of the table: the caller has found one of them.
    return Terminate()


def _condition(file: File, definition: Element, event_id: str) -> Conditional | None:
    found = child(definition, "condition")
    if found is None:
        message = "Conditional event must contain an expression for evaluation."
        file.problems.add(message, definition, event_id)
        return None
    events = split(extension(definition, "variableEvents") or "")
    for event in events:
        if event not in VARIABLE_EVENTS:
            file.problems.warn(f"Variable event: {event} is not valid.", definition, event_id)
    return Conditional(
        read_condition(file, found, event_id),
        extension(definition, "variableName"),
        tuple(events),
    )


def _caught_error(file: File, definition: Element) -> Error:
    ref = definition.get("errorRef")
    return Error(
        code=None if ref is None else file.error_code(ref),
        code_variable=extension(definition, "errorCodeVariable"),
        message_variable=extension(definition, "errorMessageVariable"),
    )


def _thrown_error(file: File, definition: Element, event_id: str) -> Error | None:
    ref = definition.get("errorRef")
    if not ref:
        message = "'errorRef' attribute is mandatory on error end event"
        file.problems.add(message, definition, event_id)
        return None
    code, declared = file.error_code(ref), file.declared_error(ref)
    if not code:
        file.problems.add(
            "'errorCode' is mandatory on errors referenced by throwing error event definitions, "
            f"but the error '{ref}' does not define one.",
            definition,
            event_id,
        )
    if declared is None or declared.message is None:
        return Error(code)
    # Parsed with the file, but only this process reads what it names.
    file.names.update(declared.message.names)
    return Error(code, declared.message)


def _escalation(file: File, definition: Element, event_id: str) -> Escalation:
    variable = extension(definition, "escalationCodeVariable")
    ref = definition.get("escalationRef")
    # Without a reference it catches every escalation; one to nothing is refused.
    return Escalation(None if ref is None else _code(file, definition, ref, event_id), variable)


def _thrown_escalation(file: File, event: Element, definition: Element) -> Escalation:
    ref, id_ = definition.get("escalationRef"), event.get("id")
    if ref is None:
        message = "escalationEventDefinition does not have required attribute 'escalationRef'"
        file.problems.add(message, definition, id_)
        return Escalation(None)
    code = _code(file, definition, ref, id_)
    if code is None and file.has_escalation(ref):
        thrower = (
            "escalation end event" if tag(event) == "endEvent" else "throwing escalation event"
        )
        file.problems.add(f"{thrower} must have an 'escalationCode'", definition, id_)
    return Escalation(code)


def _code(file: File, definition: Element, ref: str, event_id: str) -> str | None:
    if not file.has_escalation(ref):
        file.problems.add(f"could not find escalation with id '{ref}'", definition, event_id)
    return file.escalation_code(ref)


def _thrown_signal(file: File, definition: Element, event_id: str) -> Signal | None:
    name = file.signal_name(definition, event_id)
    business_key, ins = read_ins(file, definition, event_id)
    if name is None:
        return None
    return Signal(name, has_flag(definition, "async"), ins, business_key)


def _thrown_compensation(file: File, definition: Element, event_id: str) -> Compensation:
    # BPMN's default is true. False is taken with a warning, and waits all the same.
    waits = definition.get("waitForCompletion") in (None, "true")
    if not waits:
        file.problems.warn(
            "Unsupported attribute value for 'waitForCompletion': 'waitForCompletion=false' is not "
            "supported. Compensation event will wait for compensation to join.",
            definition,
            event_id,
        )
    return Compensation(definition.get("activityRef"), waits)


def _warn_of_cycle(file: File, element: Element, definition: Element, type_: str) -> None:
    if definition is not None and child(definition, "timeCycle") is not None:
        file.problems.warn(
            f"It is not recommended to use a {type_} timer event with a time cycle.",
            definition,
            element.get("id"),
        )
