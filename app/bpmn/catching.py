"""Which events may not stand side by side, because both would catch the same.

Source: Camunda 7 ``BpmnParse.addEventSubscriptionDeclaration``, ``addEscalationEventDefinition``,
``parseBoundaryCompensateEventDefinition``, ``parseCompensationEventSubprocess``.
"""

from collections.abc import Iterator, Mapping

from .file import File
from .model import (
    Conditional,
    Escalation,
    FlowNode,
    Message,
    ReceiveTask,
    Signal,
    SubProcess,
)
from .source import Element, local_name

SINGLE_ON_ACTIVITY = {
    "compensationBoundaryCatch": (
        "multiple boundary events with compensateEventDefinition not supported on same activity"
    ),
    "cancelBoundaryCatch": (
        "multiple boundary events with cancelEventDefinition not supported on same transaction "
        "subprocess"
    ),
}


def check_catching(
    file: File,
    nodes: Mapping[str, FlowNode],
    elements: Mapping[str, Element],
    gateways: Mapping[str, str],
) -> None:
    """No two events of one scope wait for the same message, signal or escalation.

    Args:
        file: takes the problems.
        nodes: of one process.
        elements: by the ids of the nodes.
        gateways: the event-based gateways by the ids of the events that follow them.
    """
    _check_subscriptions(file, nodes, elements, gateways)
    _check_escalations(file, nodes, elements)
    _check_single_boundaries(file, nodes, elements)
    _check_compensation(file, nodes, elements)


def _check_subscriptions(
    file: File,
    nodes: Mapping[str, FlowNode],
    elements: Mapping[str, Element],
    gateways: Mapping[str, str],
) -> None:
    seen: set[tuple[str, str, str]] = set()
    for node in nodes.values():
        named = _awaited(node)
        if named is None:
            continue
        type_, name = named
        scope = _event_scope(node, nodes, gateways)
        # Conditions may be alike everywhere but at the start events of a process.
        if type_ == "conditional" and not scope.endswith("#start"):
            continue
        # By the text of the name: two expressions may have one value, which only shows when they
        # run.
        if (scope, type_, name) in seen:
            shown = scope.removesuffix("#start")
            message = (
                "Cannot have more than one conditional event subscription with the same condition "
                f"'{name}'"
                if type_ == "conditional"
                else f"Cannot have more than one {type_} event subscription with name '{name}' for "
                f"scope '{shown}'"
            )
            file.problems.add(message, _definition(elements[node.id]), node.id)
        seen.add((scope, type_, name))


def _definition(element: Element) -> Element:
    """The event definition, else the element itself: where the problem is."""
    found = (e for e in element if local_name(e).endswith("EventDefinition"))
    return next(found, element)


def _awaited(node: FlowNode) -> tuple[str, str] | None:
    """The type and the name of what a flow node subscribes to."""
    match node.detail:
        case ReceiveTask(message_name=name) if name is not None:
            return "message", name.text
        case Message(name=name):
            return "message", name.text
        case Signal(name=name) if "Throw" not in node.kind and node.kind != "signalEndEvent":
            return "signal", name.text
        case Conditional(condition=condition) if node.kind == "conditionalStartEvent":
            return "conditional", condition.text or ""
    return None


def _event_scope(node: FlowNode, nodes: Mapping[str, FlowNode], gateways: Mapping[str, str]) -> str:
    """Where the subscription of a flow node lies."""
    if node.attached_to is not None:
        host = nodes.get(node.attached_to)
        # The event lies at the body; the activity within may wait for the same by itself.
        suffix = "#multiInstanceBody" if host is not None and host.loop is not None else ""
        return node.attached_to + suffix
    if node.kind.endswith("StartEvent"):
        around = nodes.get(node.scope_id)
        if around is None:
            return f"{node.scope_id}#start"
        # Of event sub-processes, the process has no name in the message of the reference.
        return around.scope_id if around.scope_id in nodes else "null"
    # A gateway subscribes for all events that follow it, so they must differ.
    return gateways.get(node.id, node.id)


def _check_escalations(
    file: File, nodes: Mapping[str, FlowNode], elements: Mapping[str, Element]
) -> None:
    codes: dict[tuple[str, str], set[str | None]] = {}
    for node in nodes.values():
        if not isinstance(node.detail, Escalation):
            continue
        if node.kind == "boundaryEscalation":
            scope, handler = node.attached_to or "", "boundary event"
        elif node.kind == "escalationStartEvent" and node.scope_id in nodes:
            scope, handler = nodes[node.scope_id].scope_id, "event subprocess"
        else:
            continue
        known = codes.setdefault((scope, handler), set())
        for message in _escalation_clashes(handler, node.detail.code, known):
            file.problems.add(message, _definition(elements[node.id]), node.id)
        known.add(node.detail.code)


def _escalation_clashes(handler: str, code: str | None, known: set[str | None]) -> Iterator[str]:
    rest = f"The escalation {handler} without escalation code catch all escalation events."
    if code is None and None in known:
        yield (
            f"The same scope can not contains more than one escalation {handler} without "
            f"escalation code. An escalation {handler} without escalation code catch all "
            "escalation events."
        )
    # One without a code catches every escalation, so a second one could never be told apart.
    elif known and (code is None or None in known):
        yield (
            f"The same scope can not contains an escalation {handler} without escalation code and "
            f"another one with escalation code. {rest}"
        )
    elif code in known:
        # The message's plural of "boundary event" and "event subprocess".
        handlers = handler + ("es" if handler.endswith("s") else "s")
        yield (
            f"multiple escalation {handlers} with the same escalationCode '{code}' are not "
            "supported on same scope"
        )


def _check_single_boundaries(
    file: File, nodes: Mapping[str, FlowNode], elements: Mapping[str, Element]
) -> None:
    seen: set[tuple[str, str]] = set()
    for node in nodes.values():
        if node.kind not in SINGLE_ON_ACTIVITY:
            continue
        key = (node.attached_to or "", node.kind)
        if key in seen:
            file.problems.add(SINGLE_ON_ACTIVITY[node.kind], elements[node.id])
        seen.add(key)


def _check_compensation(
    file: File, nodes: Mapping[str, FlowNode], elements: Mapping[str, Element]
) -> None:
    """A sub-process is undone in one way: on its boundary or by one event sub-process."""
    undone: set[str] = set()
    for node in nodes.values():
        if not isinstance(node.detail, SubProcess) or not node.detail.is_triggered_by_event:
            continue
        around = nodes.get(node.scope_id)
        if not node.is_for_compensation or around is None:
            continue
        if node.scope_id in undone:
            message = (
                "multiple event subprocesses with compensation start event are not supported on "
                "the same scope"
            )
            file.problems.add(message, elements[node.id])
        # The handler on the boundary has won when the nodes were read.
        elif around.compensation_handler != node.id:
            message = (
                "compensation boundary event and event subprocess with compensation start event "
                "are not supported on the same scope"
            )
            file.problems.add(message, elements[node.id])
        undone.add(node.scope_id)
