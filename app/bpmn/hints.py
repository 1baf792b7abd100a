"""Hints for the deployer of a model: calls of beans, FEEL, models for another engine.

Source: semantics 11.11.
"""

from collections.abc import Iterator

from app.expressions import parse

from .extensions import place_of
from .file import File
from .needs import ELSEWHERE, TASK
from .source import Element, is_of_engine, local_name, tag, text

CAMUNDA_8 = "http://camunda.org/schema/zeebe/1.0"
_PLATFORM = "{http://camunda.org/schema/modeler/1.0}executionPlatform"
_OF_CAMUNDA_8 = "This is a Camunda 8 model"
_LISTENERS = ("executionListener", "taskListener")
_FEEL_PLACES = (
    "conditionExpression",
    "completionCondition",
    "timeDuration",
    "timeDate",
    "timeCycle",
)
_TASKS = ("serviceTask", "sendTask", "businessRuleTask", "messageEventDefinition")


def tell_camunda_8(file: File) -> None:
    """Say of a model that it is made for Camunda 8.

    The reason where it is refused, as nearly all are; one that has nothing but what both know runs.
    """
    # The old name of Camunda 8, which its modeler still writes.
    is_of_8 = file.root.get(_PLATFORM) == "Camunda Cloud"
    elements = (e.tag for e in file.root.iter() if isinstance(e.tag, str))
    if file.problems:
        if is_of_8 or any(name.startswith(f"{{{CAMUNDA_8}}}") for name in elements):
            file.problems.add(f"{_OF_CAMUNDA_8}, which is not run here.", file.root)
    elif is_of_8:
        message = f"{_OF_CAMUNDA_8}; what only Camunda 8 knows of it is ignored."
        file.problems.note(message, file.root)


def note_expressions(file: File, process: Element) -> None:
    """Note the beans that the expressions of a process call, and what looks like FEEL."""
    for element in process.iter():
        if not isinstance(element.tag, str):
            continue
        content = text(element).strip()
        if local_name(element) in _FEEL_PLACES and content.startswith("="):
            shown = content[:100]
            file.problems.note(f"'{shown}' looks like FEEL, which only decisions have.", element)
        for name in _called(file, element, content):
            message = f"The bean of '{name}' is not here: there is no Java virtual machine."
            file.problems.need("bean", name, _place(element, name), message, element)


def _called(file: File, element: Element, content: str) -> Iterator[str]:
    """The calls that stand in the attributes or the text of an element."""
    if not file.bean_calls:
        return
    places = [value for value in element.attrib.values() if "{" in value]
    if "{" in content:
        places.append(content)
    for name in sorted(file.bean_calls):
        # By text and not by tree: this only finds the place of a call that the parser has found.
        if any(f"{name}(" in place for place in places):
            yield name


def _place(element: Element, name: str) -> str:
    """Whether something can stand in for a call: where it is all that a task or listener does."""
    is_listener = is_of_engine(element) and local_name(element) in _LISTENERS
    if not is_listener and tag(element) not in _TASKS:
        return ELSEWHERE
    own = [v for k, v in element.attrib.items() if k.rpartition("}")[2] == "expression"]
    calls = [parse(value.strip()).bean_call for value in own]
    if not any(call is not None and call.name == name for call in calls):
        return ELSEWHERE
    return place_of(element) if is_listener else TASK
