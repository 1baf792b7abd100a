"""How often an activity is done: its multi-instance characteristics.

Source: Camunda 7 ``BpmnParse.parseMultiInstanceLoopCharacteristics``.
"""

from collections.abc import Iterator

from .extensions import read_retry_cycle
from .file import File
from .model import Loop
from .source import Element, child, extension, has_flag, text


def read_loop(file: File, activity: Element) -> Loop | None:
    """The multi-instance characteristics of an activity; standard loops are ignored."""
    element = child(activity, "multiInstanceLoopCharacteristics")
    if element is None:
        return None
    cardinality = _text(element, "loopCardinality")
    collection = _text(element, "loopDataInputRef") or extension(element, "collection")
    variable = _element_variable(element)
    for problem in _problems(cardinality, collection, variable):
        file.problems.add(problem, element, f"{activity.get('id')}#multiInstanceBody")
    # A name alone is a variable's, a text with a brace an expression, whatever stands in front of
    # it.
    is_expression = collection is not None and "{" in collection
    return Loop(
        is_sequential=(element.get("isSequential") or "").strip() in ("true", "1"),
        cardinality=file.optional(cardinality),
        collection=file.optional(collection) if is_expression else None,
        collection_variable=None if is_expression else collection,
        element_variable=variable,
        completion_condition=file.optional(_text(element, "completionCondition")),
        async_before=has_flag(element, "asyncBefore") or has_flag(element, "async"),
        async_after=has_flag(element, "asyncAfter"),
        is_exclusive=has_flag(element, "exclusive", default=True),
        job_retry_cycle=read_retry_cycle(file, element),
    )


def _problems(
    cardinality: str | None, collection: str | None, variable: str | None
) -> Iterator[str]:
    if cardinality == "":
        # The blank at the end is the reference's.
        yield "loopCardinality must be defined for a multiInstanceLoopCharacteristics definition "
    if cardinality is None and collection is None:
        yield "Either loopCardinality or loopDataInputRef/activiti:collection must be set"
    if collection is None and variable is not None:
        yield (
            "LoopDataInputRef/activiti:collection must be set when using inputDataItem or "
            "activiti:elementVariable"
        )


def _text(element: Element, name: str) -> str | None:
    found = child(element, name)
    return None if found is None else text(found).strip()


def _element_variable(element: Element) -> str | None:
    item = child(element, "inputDataItem")
    name: str | None = None if item is None else item.get("name")
    # BPMN's own way first; an empty name counts as given, and names no variable.
    return name if name is not None else extension(element, "elementVariable")
