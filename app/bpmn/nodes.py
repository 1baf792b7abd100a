"""Flow nodes: what all have in common, and what each kind has of its own.

Source: Camunda 7 ``BpmnParse.parseActivity``, ``createActivityOnScope``.
"""

from .calls import read_call_activity
from .events import (
    is_interrupting,
    read_boundary_event,
    read_catch_event,
    read_end_event,
    read_start_event,
    read_throw_event,
)
from .extensions import (
    read_parameters,
    read_priority,
    read_properties,
    read_retry_cycle,
    read_scope_listeners,
)
from .file import File
from .forms import read_form
from .model import Detail, FlowNode, Loop, Parameter, SubProcess
from .multi_instance import read_loop
from .scope import Scope, is_event_subprocess, is_for_compensation
from .source import Element, child, extension, extension_elements, has_flag, tag
from .tasks import (
    read_business_rule,
    read_implementation,
    read_receive_task,
    read_script_task,
    read_user_task,
)

WITH_PARAMETERS = ("transaction", "subProcess", "callActivity")


def read_node(file: File, scope: Scope, id_: str, element: Element) -> FlowNode:
    """A flow node of a scope, without what is inside of it."""
    # In this order, for problems of one element are told in the order in which they are found.
    kind, detail = _read_detail(file, scope, element)
    loop = read_loop(file, element)
    has_idle_loop = loop is not None and is_for_compensation(element)
    if has_idle_loop:
        loop = None  # a handler runs once for each activity instance that it undoes
    inputs, outputs = _read_mapping(file, element, loop)
    is_start = tag(element) == "startEvent"
    return FlowNode(
        id=id_,
        name=element.get("name"),
        kind=kind,
        scope_id=scope.id,
        incoming=tuple(scope.incoming.get(id_, ())),
        outgoing=tuple(scope.outgoing.get(id_, ())),
        # An empty attribute is none, and no reference to a flow that does not exist.
        default_flow=element.get("default") or None,
        detail=detail,
        loop=loop,
        has_idle_loop=has_idle_loop,
        inputs=inputs,
        outputs=outputs,
        # ``async`` is the older name, which the reference still reads.
        async_before=has_flag(element, "asyncBefore") or has_flag(element, "async"),
        async_after=_is_async_after(file, element),
        is_exclusive=has_flag(element, "exclusive", default=True),
        job_priority=read_priority(file, element, "jobPriority"),
        job_retry_cycle=read_retry_cycle(file, element),
        attached_to=_host_id(element) if tag(element) == "boundaryEvent" else None,
        is_interrupting=is_interrupting(element),
        is_for_compensation=is_for_compensation(element) or _undoes_scope(element),
        compensation_handler=_compensation_handler(scope, id_, element),
        listeners=read_scope_listeners(file, element),
        properties=read_properties(element),
        form=read_form(file, element) if is_start else None,
        initiator=extension(element, "initiator"),
    )


def _read_detail(file: File, scope: Scope, element: Element) -> tuple[str, Detail]:
    """The kind of a flow node, as the history calls it, and its detail."""
    match name := tag(element):
        case "startEvent":
            return read_start_event(file, element)
        case "intermediateCatchEvent":
            return read_catch_event(file, element)
        case "intermediateThrowEvent":
            return read_throw_event(file, element)
        case "endEvent":
            return read_end_event(file, element)
        case "boundaryEvent":
            return _read_boundary_event(file, scope, element)
        case _:
            return name, _read_activity(file, name, element)


def _read_activity(file: File, name: str, element: Element) -> Detail:
    match name:
        case "serviceTask" | "sendTask":
            return read_implementation(file, element, name, element)
        case "businessRuleTask":
            return read_business_rule(file, element)
        case "scriptTask":
            return read_script_task(file, element)
        case "userTask":
            return read_user_task(file, element)
        case "receiveTask":
            return read_receive_task(file, element)
        case "callActivity":
            return read_call_activity(file, element)
        case "subProcess" | "transaction":
            return SubProcess(is_event_subprocess(element))
    return None


def _read_boundary_event(file: File, scope: Scope, element: Element) -> tuple[str, Detail]:
    # Of the same scope only: a boundary event ends what stands next to it.
    host = scope.elements.get(_host_id(element) or "")
    if not _host_id(element):
        message = "AttachedToRef is required when using a timerEventDefinition"
        file.problems.add(message, element)
    elif host is None:
        file.problems.add(
            "Invalid reference in boundary event. Make sure that the referenced activity is "
            "defined in the same scope as the boundary event",
            element,
        )
    if host is None:
        return "boundaryEvent", None
    return read_boundary_event(file, element, host)


def _host_id(element: Element) -> str | None:
    value: str | None = element.get("attachedToRef")
    # An `xsd:QName`: a prefix may stand in front, and means nothing within one file.
    return None if value is None else value.strip().rpartition(":")[2]


def _read_mapping(
    file: File, element: Element, loop: Loop | None
) -> tuple[tuple[Parameter, ...], tuple[Parameter, ...]]:
    """Input and output parameters, where the element may have them."""
    if not extension_elements(element, "inputOutput"):
        return (), ()
    name, id_ = tag(element), element.get("id")
    unsupported = f"camunda:inputOutput mapping unsupported for element type '{name}'"
    # They are left the moment they are reached, so there is no scope to map into.
    if name in ("startEvent", "boundaryEvent") or not (
        name in WITH_PARAMETERS or name.lower().endswith(("task", "event"))
    ):
        file.problems.add(f"{unsupported}.", element)
        return (), ()
    if is_event_subprocess(element):
        message = f"{unsupported} with attribute 'triggeredByEvent = true'."
        file.problems.add(message, element)
        return (), ()
    inputs = read_parameters(file, element, "input", id_)
    outputs = read_parameters(file, element, "output", id_)
    if outputs and name == "endEvent":
        message = f"camunda:outputParameter not allowed for element type '{name}'."
        file.problems.add(message, element)
    # Each instance would write over what the one before has written.
    elif outputs and loop is not None:
        message = "camunda:outputParameter not allowed for multi-instance constructs"
        file.problems.add(message, element)
    return inputs, outputs


def _is_async_after(file: File, element: Element) -> bool:
    is_async = has_flag(element, "asyncAfter")
    if is_async and tag(element) == "eventBasedGateway":
        message = "'asyncAfter' not supported for eventBasedGateway elements."
        file.problems.add(message, element)
    return is_async


def _undoes_scope(element: Element) -> bool:
    """Whether an event sub-process is the compensation handler of the scope around it."""
    if not is_event_subprocess(element):
        return False
    start = child(element, "startEvent")
    return start is not None and child(start, "compensateEventDefinition") is not None


def _compensation_handler(scope: Scope, id_: str, element: Element) -> str | None:
    """The compensation handler of an activity: on its boundary, or an event sub-process inside."""
    # Where an activity has both, the one on its boundary undoes it.
    on_boundary = scope.boundary_handlers.get(id_)
    inside = [e.get("id") for e in element if _undoes_scope(e)]
    return on_boundary if on_boundary is not None else next(iter(inside), None)
