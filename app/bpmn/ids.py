"""The ids of a file: trimmed as the schema says, made up where an element may do without.

Source: the BPMN 2.0 schema (``xsd:ID``, ``xsd:IDREF`` and ``xsd:QName`` collapse white space);
Camunda 7 ``BpmnParse.createActivityOnScope``, which takes an activity without an id.
"""

import re

from .file import File
from .scope import FLOW_NODES, WITHOUT_EFFECT
from .source import BPMN, Element, tag

_NAME = re.compile(r"[^\W\d][\w.\-·]*")  # an NCName, nearly: \w is wider than XML's letters
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
    """Every id is a name and stands for one element."""
    seen: set[str] = set()
    for element in file.root.iter(f"{BPMN}*"):
        id_ = element.get("id")
        if id_ is None or not _is_declared(element):
            continue
        if id_ in seen:
            message = f"cvc-id.2: There are multiple occurrences of ID value '{id_}'."
            file.problems.add(message, element)
        elif not _NAME.fullmatch(id_):
            message = f"cvc-datatype-valid.1.2.1: '{id_}' is not a valid value for 'NCName'."
            file.problems.add(message, element)
        seen.add(id_)


def _is_declared(element: Element) -> bool:
    """Whether the schema knows an element; what it does not know is free inside extensions.

    There an element of a tool that declares no namespace of its own falls into that of BPMN.
    """
    name = tag(element)
    if name in _DECLARED or name.endswith(("EventDefinition", "Expression")):
        return True
    return next(element.iterancestors(_EXTENSIONS), None) is None
