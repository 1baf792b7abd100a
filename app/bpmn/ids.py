"""The ids of a file: trimmed as the schema says, made up where an element may do without.

Source: the BPMN 2.0 schema (``xsd:ID``, ``xsd:IDREF`` and ``xsd:QName`` collapse white space);
Camunda 7 ``BpmnParse.createActivityOnScope``, which takes an activity without an id.
"""

import re

from .file import File
from .scope import FLOW_NODES, WITHOUT_EFFECT
from .source import BPMN, Element, local_name, tag

_NAME = re.compile(r"[^\W\d][\w.\-·]*")  # an NCName, nearly: \w is wider than XML's letters
# Those of the schema, whose ids are in one space: of the model, of its diagrams.
_NAMESPACES = (
    BPMN,
    "{http://www.omg.org/spec/BPMN/20100524/DI}",
    "{http://www.omg.org/spec/DD/20100524/DI}",
)
_ENDS = ("sourceRef", "targetRef")
_EXTENSIONS = f"{BPMN}extensionElements"
_BESIDE_PROCESSES = frozenset(
    "collaboration definitions error escalation import interface itemDefinition lane message "
    "messageFlow operation participant process resource signal".split()
)
_DECLARED = FLOW_NODES | WITHOUT_EFFECT | _BESIDE_PROCESSES
_WITH_ID = FLOW_NODES - {"boundaryEvent"}  # that one must say its id


def complete_ids(root: Element) -> None:
    """Trim ids and references, and give an id to each flow node that has none.

    The same file always gets the same ids, for it is read again in every process.
    """
    taken = set()
    for element in root.iter(f"{BPMN}*"):
        for name, value in element.attrib.items():
            if name in ("id", "default") or name.endswith("Ref"):
                element.set(name, value.strip())
        taken.add(element.get("id"))
    number = 0
    for element in root.iter(f"{BPMN}*"):
        if tag(element) in _WITH_ID and element.get("id") is None:
            number += 1
            # No counter of the process: another file, or the same in another process, starts at 1
            # again.
            while f"{tag(element)}_{number}" in taken:
                number += 1
            element.set("id", f"{tag(element)}_{number}")


def check_ids(file: File) -> None:
    """Every id is a name and stands for one element, and each reference has one to point to.

    The words are those of Xerces: the reference engine checks files against BPMN's schema before
    it reads them.
    """
    seen: set[str] = set()
    missing: dict[str, None] = {}
    for element in file.root.iter(*(f"{namespace}*" for namespace in _NAMESPACES)):
        if not _is_declared(element):
            continue
        for attribute, value in element.attrib.items():
            if attribute == "id":
                _check_id(file, element, value, seen)
            elif _refers(element, attribute):
                _check_reference(file, element, attribute, value, missing)
        if tag(element) == "sequenceFlow":
            _check_ends(file, element)
    for id_ in missing:
        # Known at the end of the file only, for an id may stand behind what refers to it.
        message = f"cvc-id.1: There is no ID/IDREF binding for IDREF '{id_}'."
        file.problems.violate(message, None)


def _is_name(file: File, element: Element, attribute: str, id_: str, type_: str) -> bool:
    """Whether an id is written as one; notes where it is not."""
    if _NAME.fullmatch(id_):
        return True
    message = f"cvc-datatype-valid.1.2.1: '{id_}' is not a valid value for 'NCName'."
    _violate(file, element, message, attribute, type_)
    return False


def _check_id(file: File, element: Element, id_: str, seen: set[str]) -> None:
    if _is_name(file, element, "id", id_, "ID") and id_ in seen:
        message = f"cvc-id.2: There are multiple occurrences of ID value '{id_}'."
        _violate(file, element, message, "id", "ID")
    seen.add(id_)


def _refers(element: Element, attribute: str) -> bool:
    """Whether an attribute is an ``xsd:IDREF`` of an element that has an effect."""
    name = tag(element)
    if attribute == "default":
        return name in FLOW_NODES
    return name == "sequenceFlow" and attribute in _ENDS


def _check_reference(
    file: File, element: Element, attribute: str, id_: str, missing: dict[str, None]
) -> None:
    if _is_name(file, element, attribute, id_, "IDREF") and id_ not in file.ids:
        # Told once, however often it is referred to.
        missing[id_] = None


def _check_ends(file: File, flow: Element) -> None:
    for name in _ENDS:
        if flow.get(name) is None:
            file.problems.violate(
                f"cvc-complex-type.4: Attribute '{name}' must appear on element 'sequenceFlow'.",
                flow,
            )


def _violate(file: File, element: Element, message: str, attribute: str, type_: str) -> None:
    """Note what is wrong with the value of an attribute, and that the attribute is wrong by it."""
    file.problems.violate(message, element)
    prefix = f"{element.prefix}:" if element.prefix else ""
    file.problems.violate(
        f"cvc-attribute.3: The value '{element.get(attribute)}' of attribute '{attribute}' on "
        f"element '{prefix}{local_name(element)}' is not valid with respect to its type, "
        f"'{type_}'.",
        element,
    )


def _is_declared(element: Element) -> bool:
    """Whether the schema knows an element; what it does not know is free inside extensions.

    There an element of a tool that declares no namespace of its own falls into that of BPMN.
    """
    name = tag(element)
    if name in _DECLARED or name.endswith(("EventDefinition", "Expression")):
        return True
    return next(element.iterancestors(_EXTENSIONS), None) is None
