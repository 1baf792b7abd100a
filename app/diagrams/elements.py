"""The appearance of an element of a model, as far as its XML has it.

Source: BPMN 2.0.2 §10, §13 (notation of events, activities, gateways, data and flows).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.bpmn.source import BPMN, child, children, reference, tag, text

from .layout import ACTIVITIES, EVENTS, GATEWAYS, SUB_PROCESSES, Element

Xml = Any  # an element of lxml

LONGEST_NAME = 2_000  # characters; what is longer is cut, the model itself has it whole
_LOOPS = {"standardLoopCharacteristics": "loop", "multiInstanceLoopCharacteristics": "parallel"}
_THROWING = frozenset(("endEvent", "intermediateThrowEvent"))


def by_id(root: Xml) -> dict[str, Xml]:
    """The elements of BPMN that have an id; the first of several with the same."""
    found: dict[str, Xml] = {}
    for element in root.iter(f"{BPMN}*"):
        id_ = (element.get("id") or "").strip()
        if id_:
            # Ids should be unique; where they are not, any choice does as long as it is always the
            # same.
            found.setdefault(id_, element)
    return found


def describe(id_: str, xml: Xml, known: Mapping[str, Xml]) -> Element:
    """Describe the appearance of an element.

    Args:
        known: the elements that it may refer to.
    """
    kind = tag(xml)
    triggers: tuple[str, ...] = ()
    traits: set[str] = set()
    if kind in EVENTS:
        triggers = tuple(_triggers(xml, known))
        traits |= _event_traits(xml, kind)
    elif kind in ACTIVITIES:
        traits |= _activity_traits(xml)
    elif kind in GATEWAYS:
        traits |= _flags(xml, instantiate="instantiating")
        if xml.get("eventGatewayType") == "Parallel":
            traits.add("parallel")
    else:
        traits |= _other_traits(xml, kind, known)
    return Element(id_, kind, _name(xml, kind, known), triggers, frozenset(traits))


def _flags(xml: Xml, **words: str) -> set[str]:
    """The words of the attributes that are true."""
    return {word for name, word in words.items() if xml.get(name) in ("true", "1")}


def _name(xml: Xml, kind: str, known: Mapping[str, Xml]) -> str:
    found = xml.get("name") or ""
    if kind == "textAnnotation":
        content = child(xml, "text")
        found = "" if content is None else text(content)
    elif kind == "group":
        value = known.get(reference(xml.get("categoryValueRef")) or "")
        found = "" if value is None else value.get("value") or ""
    elif kind in ("dataObjectReference", "dataObject"):
        state = child(xml, "dataState")
        if state is not None and state.get("name"):
            found = f"{found}\n[{state.get('name')}]"
    return str(found)[:LONGEST_NAME].strip()


def _triggers(xml: Xml, known: Mapping[str, Xml]) -> Iterator[str]:
    ending = "EventDefinition"
    for part in xml:
        name = tag(part)
        if name == "eventDefinitionRef":
            name = tag(known.get(reference(part.text) or "", part))
        if name.endswith(ending) and name != ending:
            yield name.removesuffix(ending)


def _event_traits(xml: Xml, kind: str) -> set[str]:
    traits = _flags(xml, parallelMultiple="parallel")
    if kind in _THROWING:
        traits.add("throwing")
    # both attributes are true where they are absent
    if "false" in (xml.get("cancelActivity"), xml.get("isInterrupting")):
        traits.add("non-interrupting")
    return traits


def _activity_traits(xml: Xml) -> set[str]:
    traits = _flags(
        xml, isForCompensation="compensation", triggeredByEvent="event", instantiate="instantiating"
    )
    for part in xml:
        loop = _LOOPS.get(tag(part))
        if loop == "parallel" and part.get("isSequential") in ("true", "1"):
            loop = "sequential"
        if loop:
            traits.add(loop)
    if tag(xml) in SUB_PROCESSES:
        traits.add(tag(xml))
    return traits


def _other_traits(xml: Xml, kind: str, known: Mapping[str, Xml]) -> set[str]:
    if kind == "participant":
        return _pool_traits(xml)
    if kind == "sequenceFlow":
        return _flow_traits(xml, known)
    if kind == "association":
        return {f"direction-{(xml.get('associationDirection') or 'None').lower()}"}
    traits = _flags(xml, isCollection="collection")
    data = known.get(reference(xml.get("dataObjectRef")) or "")
    return traits if data is None else traits | _flags(data, isCollection="collection")


def _pool_traits(xml: Xml) -> set[str]:
    traits = set() if xml.get("processRef") else {"empty"}
    if children(xml, "participantMultiplicity"):
        traits.add("parallel")
    return traits


def _flow_traits(xml: Xml, known: Mapping[str, Xml]) -> set[str]:
    traits: set[str] = set()
    source = known.get((xml.get("sourceRef") or "").strip())
    if source is None:
        return traits
    if (source.get("default") or "").strip() == (xml.get("id") or "").strip():
        traits.add("default")
    if child(xml, "conditionExpression") is not None and tag(source) in ACTIVITIES:
        traits.add("conditional")
    return traits
