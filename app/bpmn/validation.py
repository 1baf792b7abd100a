"""Rules that a process must keep as a whole: starts, gateways, references.

Source: Camunda 7 ``BpmnParse.validateActivities``, ``selectInitial``; the BPMN 2.0 schema.
"""

from collections.abc import Mapping

from .file import File
from .model import Compensation, FlowNode, Message, SequenceFlow
from .source import Element, children, tag


def check_start_events(file: File, scope: Element) -> None:
    """A process has a start event, a sub-process exactly one."""
    name, starts = tag(scope), children(scope, "startEvent")
    if not starts and name in ("process", "subProcess"):
        file.problems.add(f"{name} must define a startEvent element", scope)
    if name != "process":
        for start in starts[1:]:
            message = "multiple start events not supported for subprocess"
            file.problems.add(message, scope, start.get("id"))


def select_initial(file: File, process: Element, nodes: Mapping[str, FlowNode]) -> str | None:
    """The start event of an instance that is started by key: a none or timer one, or the only."""
    starts = [nodes[s.get("id")] for s in children(process, "startEvent") if s.get("id") in nodes]
    plain = [s.id for s in starts if s.kind in ("startEvent", "startTimerEvent")]
    for extra in plain[1:]:
        message = (
            "multiple none start events or timer start events not supported on process definition"
        )
        file.problems.add(message, process, extra)
    # A none or timer start event wins over message starts, which need their message.
    if plain:
        return plain[0]
    return starts[0].id if len(starts) == 1 else None


def check_message_starts(file: File, process: Element, nodes: Mapping[str, FlowNode]) -> None:
    """The message of a start event is known before there is an instance to evaluate it in."""
    for element in children(process, "startEvent"):
        node = nodes.get(element.get("id"))
        if node is None or not isinstance(node.detail, Message) or node.detail.name.is_literal:
            continue
        file.problems.add(
            f"Invalid message name '{node.detail.name.text}' for element "
            "'messageEventDefinition': expressions in the message start event name are not "
            "allowed!",
            element,
        )


def check_flows(
    file: File,
    nodes: Mapping[str, FlowNode],
    flows: Mapping[str, SequenceFlow],
) -> None:
    """Check that the outgoing flow of each flow node is unambiguous."""
    for node in nodes.values():
        if node.kind == "exclusiveGateway":
            _check_exclusive_gateway(file, node, flows)
        # In the reference the job that goes on after the activity names the flow in its
        # configuration.
        if node.async_after and any(flow not in file.ids for flow in node.outgoing):
            file.problems.add(
                f"Sequence flow with sourceRef='{node.id}' must have an id, activity with id "
                f"'{node.id}' uses 'asyncAfter'.",
                None,
                node.id,
            )


def _check_exclusive_gateway(
    file: File, gateway: FlowNode, flows: Mapping[str, SequenceFlow]
) -> None:
    outgoing = [flows[flow_id] for flow_id in gateway.outgoing]
    if not outgoing:
        message = f"Exclusive Gateway '{gateway.id}' has no outgoing sequence flows."
        file.problems.add(message, None, gateway.id)
    elif len(outgoing) > 1:
        _check_choice(file, gateway, outgoing)
    elif outgoing[0].condition is not None:
        file.problems.add(
            f"Exclusive Gateway '{gateway.id}' has only one outgoing sequence flow "
            f"('{outgoing[0].id}'). This is not allowed to have a condition.",
            None,
            gateway.id,
            outgoing[0].id,
        )


def _check_choice(file: File, gateway: FlowNode, outgoing: list[SequenceFlow]) -> None:
    """All flows but the default one have a condition; one more without is only a bad habit."""
    unconditional = []
    for flow in outgoing:
        is_default = flow.id == gateway.default_flow
        if is_default and flow.condition is not None:
            message = (
                f"Exclusive Gateway '{gateway.id}' has outgoing sequence flow '{flow.id}' which "
                "is the default flow but has a condition too."
            )
            file.problems.add(message, None, gateway.id, flow.id)
        elif not is_default and flow.condition is None:
            unconditional.append(flow.id)
    for id_ in unconditional:
        message = (
            f"Exclusive Gateway '{gateway.id}' has outgoing sequence flow '{id_}' without "
            "condition which is not the default flow."
        )
        # With a default flow there already, or two candidates, none can be assumed.
        if gateway.default_flow or len(unconditional) > 1:
            file.problems.add(message, None, gateway.id, id_)
        else:
            message += (
                " We assume it to be the default flow, but it is bad modeling practice, better set "
                "the default flow in your gateway."
            )
            file.problems.warn(message, None, gateway.id, id_)


def check_compensation_throws(
    file: File, nodes: Mapping[str, FlowNode], elements: Mapping[str, Element]
) -> None:
    """A compensation throw event refers to an activity of its own scope."""
    for node in nodes.values():
        if not isinstance(node.detail, Compensation) or node.detail.activity_id is None:
            continue
        activity = nodes.get(node.detail.activity_id)
        around = nodes.get(node.scope_id)
        scopes = [node.scope_id]
        if around is not None and elements[around.id].get("triggeredByEvent") == "true":
            # An event sub-process undoes what is in the scope that it handles.
            scopes.append(around.scope_id)
        if activity is None or activity.scope_id not in scopes:
            file.problems.add(
                "Invalid attribute value for 'activityRef': no activity with id "
                f"'{node.detail.activity_id}' in scope '{scopes[-1]}'",
                elements[node.id],
            )
