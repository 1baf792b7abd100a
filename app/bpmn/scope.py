"""The direct children of a process or sub-process, with their flows and associations.

Source: Camunda 7 ``BpmnParse.parseSequenceFlow``, ``parseAssociations``.
"""

from app.expressions import Expression

from .extensions import make_script, read_flow_listeners
from .file import File
from .model import Script, SequenceFlow
from .source import (
    XSI_TYPE,
    Element,
    child,
    children,
    extension,
    local_name,
    reference,
    tag,
    text,
)

# Complex gateways, ad-hoc sub-processes and choreographies are left out, and so refused.
FLOW_NODES = frozenset(
    (
        "task",
        "manualTask",
        "userTask",
        "serviceTask",
        "sendTask",
        "businessRuleTask",
        "scriptTask",
        "receiveTask",
        "subProcess",
        "transaction",
        "callActivity",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "startEvent",
        "endEvent",
        "boundaryEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
    )
)
# Elements that the schema allows here and no token ever meets.
WITHOUT_EFFECT = frozenset(
    (
        "artifact",
        "association",
        "auditing",
        "category",
        "correlationSubscription",
        "dataInputAssociation",
        "dataObject",
        "dataObjectReference",
        "dataOutputAssociation",
        "dataStoreReference",
        "documentation",
        "extensionElements",
        "group",
        "humanPerformer",
        "incoming",
        "ioBinding",
        "ioSpecification",
        "laneSet",
        "loopCharacteristics",
        "monitoring",
        "multiInstanceLoopCharacteristics",
        "outgoing",
        "performer",
        "potentialOwner",
        "property",
        "resourceRole",
        "sequenceFlow",
        "standardLoopCharacteristics",
        "supports",
        "textAnnotation",
    )
)


class Scope:
    """A process or sub-process while it is read.

    Attributes:
        elements: the flow nodes by id in document order; throwing links are none.
        links: the catching link events by the name of their link.
        gateways: the event-based gateways by the catch events that follow them.
        flows: in document order; those to a throwing link lead to the catching one.
        boundary_handlers: the compensation handlers by the activities that they undo.
        incoming, outgoing: the flows by the flow nodes at their ends.
    """

    def __init__(self, file: File, element: Element, id_: str) -> None:
        self.file = file
        self.element = element
        self.id = id_
        self.elements = self._read_elements()
        # The order of these matters: flows need the links, and the gateways' events.
        self.links = self._read_links()
        # They are no elements: a token never reaches them, and history never shows them.
        self._throws = {
            e.get("id"): _link_name(e)
            for e in children(element, "intermediateThrowEvent")
            if is_throwing_link(e)
        }
        self.gateways = self._read_gateways()
        self.flows = [
            flow
            for number, found in enumerate(children(element, "sequenceFlow"))
            if (flow := self._read_flow(found, number)) is not None
        ]
        self.boundary_handlers = self._read_handlers()
        self.incoming: dict[str, list[str]] = {}
        self.outgoing: dict[str, list[str]] = {}
        for flow in self.flows:
            self.outgoing.setdefault(flow.source_id, []).append(flow.id)
            self.incoming.setdefault(flow.target_id, []).append(flow.id)

    def _read_elements(self) -> dict[str, Element]:
        elements: dict[str, Element] = {}
        for found in self.element:
            name = tag(found)
            if name in WITHOUT_EFFECT:
                continue
            if name not in FLOW_NODES:
                message = f"Unsupported element '{local_name(found)}'."
                self.file.problems.add(message, found)
            elif found.get("id") is None:
                # The reference points to the definition, where it notices that the event has no id.
                place = next((e for e in found if tag(e).endswith("EventDefinition")), found)
                self.file.problems.add("boundary event has no id", place)
            elif not is_throwing_link(found):
                elements.setdefault(found.get("id"), found)  # duplicates are found elsewhere
        return elements

    def _read_links(self) -> dict[str, str]:
        links: dict[str, str] = {}
        for found in children(self.element, "intermediateCatchEvent"):
            if child(found, "linkEventDefinition") is None or found.get("id") is None:
                continue
            name = _link_name(found)
            if name in links:
                self.file.problems.add(
                    f"Multiple Intermediate Catch Events with the same link event name ('{name}') "
                    "are not allowed.",
                    found,
                )
            # The last one stays, so that flows to it give no second problem.
            links[name] = found.get("id")
        return links

    def _read_flow(self, element: Element, number: int) -> SequenceFlow | None:
        source = (element.get("sourceRef") or "").strip()
        target = (element.get("targetRef") or "").strip()
        # A throwing link is no node: what flows into it flows into the catching one.
        link = self._throws.get(target)
        if link is not None:
            target = self.links.get(link, "")
            if not target:
                self.file.problems.add(
                    f"sequence flow points to link event source with name '{link}' but no event "
                    "target with that name exists. Most probably your link events are not "
                    "configured correctly.",
                    element,
                )
                return None
        # The schema lets a flow do without; the number keeps two between the same nodes apart.
        id_ = element.get("id") or f"{source}-{target}-{number}"
        problem = self._flow_problem(id_, source, target)
        if problem is not None:
            self.file.problems.add(problem, element)
            return None
        listeners = read_flow_listeners(self.file, element)
        condition = child(element, "conditionExpression")
        if condition is None:
            return SequenceFlow(id_, element.get("name"), source, target, None, listeners)
        holds = read_condition(self.file, condition, id_)
        return SequenceFlow(id_, element.get("name"), source, target, holds, listeners)

    def _flow_problem(self, id_: str, source: str, target: str) -> str | None:
        """Why there can be no flow between two elements."""
        for end, direction in ((source, "outgoing"), (target, "incoming")):
            if is_for_compensation(self.elements.get(end)):
                return (
                    f"Invalid {direction} sequence flow of compensation activity '{end}'. A "
                    "compensation activity should not have an incoming or outgoing sequence flow."
                )
        for end, role in ((source, "source"), (target, "destination")):
            if end not in self.elements:
                return f"Invalid {role} '{end}' of sequence flow '{id_}'"
        # Its targets are checked where the gateways are read.
        if tag(self.elements[source]) == "eventBasedGateway":
            return None
        if target in self.gateways:
            return (
                f"Invalid incoming sequenceflow for intermediateCatchEvent with id '{target}' "
                "connected to an event-based gateway."
            )
        for end, direction in ((source, "outgoing"), (target, "incoming")):
            if is_event_subprocess(self.elements[end]):
                return f"Invalid {direction} sequence flow of event subprocess"
        return None

    def _read_gateways(self) -> dict[str, str]:
        gateways = {}
        # Of the elements, for the flows are read after this and checked against it.
        for flow in children(self.element, "sequenceFlow"):
            gateway = self.elements.get((flow.get("sourceRef") or "").strip())
            event = self.elements.get((flow.get("targetRef") or "").strip())
            if gateway is None or event is None or tag(gateway) != "eventBasedGateway":
                continue
            if tag(event) != "intermediateCatchEvent":
                message = (
                    "Event based gateway can only be connected to elements of type "
                    "intermediateCatchEvent"
                )
                self.file.problems.add(message, gateway)
                continue
            if child(event, "linkEventDefinition") is not None:
                message = "IntermediateCatchLinkEvent is not allowed after an EventBasedGateway."
                self.file.problems.add(message, event)
            gateways[event.get("id")] = gateway.get("id")
        return gateways

    def _read_handlers(self) -> dict[str, str]:
        handlers = {}
        for found in children(self.element, "association"):
            source, target = reference(found.get("sourceRef")), reference(found.get("targetRef"))
            for end, name in ((source, "sourceRef"), (target, "targetRef")):
                if end is None:
                    message = f"association element missing attribute '{name}'"
                    self.file.problems.add(message, found)
                elif end not in self.file.ids:
                    message = f"Invalid reference {name} '{end}' of association element "
                    self.file.problems.add(message, found)
            if not self._is_compensation_boundary(source) or target not in self.elements:
                continue
            if is_for_compensation(self.elements[target]):
                host = reference(self.elements[source or ""].get("attachedToRef"))
                handlers[host or ""] = target
            else:
                self.file.problems.add(
                    "compensation boundary catch must be connected to element with "
                    "isForCompensation=true",
                    found,
                    source,
                    target,
                )
        return handlers

    def _is_compensation_boundary(self, id_: str | None) -> bool:
        element = self.elements.get(id_ or "")
        return (
            element is not None
            and tag(element) == "boundaryEvent"
            and child(element, "compensateEventDefinition") is not None
        )


def read_condition(file: File, element: Element, owner_id: str) -> Expression | Script:
    """The condition of a flow or of a conditional event."""
    content = text(element).strip()
    type_ = element.get(XSI_TYPE)
    if type_ is not None and reference(type_) != "tFormalExpression":
        message = "Invalid type, only tFormalExpression is currently supported"
        file.problems.add(message, element, owner_id)
    # No language is JUEL here; the `expressionLanguage` of the file is not looked at.
    language = element.get("language")
    if language is None:
        return file.expression(content)
    return make_script(file, element, language, content, extension(element, "resource"))


def _link_name(event: Element) -> str:
    definition = child(event, "linkEventDefinition")
    return "" if definition is None else definition.get("name") or ""


def is_throwing_link(element: Element) -> bool:
    """Whether an element only says where its flows lead on."""
    return (
        tag(element) == "intermediateThrowEvent"
        and child(element, "linkEventDefinition") is not None
    )


def is_for_compensation(element: Element | None) -> bool:
    """Whether an activity runs only as a compensation handler."""
    # In any case, while `triggeredByEvent` has to be written small: so the reference reads them.
    return element is not None and (element.get("isForCompensation") or "").lower() == "true"


def is_event_subprocess(element: Element) -> bool:
    """Whether a sub-process is started by an event."""
    return tag(element) == "subProcess" and element.get("triggeredByEvent") == "true"
