"""The extensions that any element may carry: mappings, listeners, scripts, properties.

Source: Camunda 7 ``BpmnParseUtil``, ``BpmnParse.parseExecutionListener``.
"""

from collections.abc import Sequence
from functools import partial

from app.expressions import Expression
from app.scripts.languages import is_javascript, is_juel, words_of

from .delegates import script_name
from .file import File
from .model import Listener, ListValue, MapValue, Parameter, Script, Timer, Value
from .needs import ELSEWHERE, LISTENER, NOTIFIED
from .source import (
    Element,
    child,
    engine_children,
    extension,
    extension_elements,
    local_name,
    text,
)

_NOTHING_TO_RUN = "Element 'class', 'expression', 'delegateExpression' or 'script' is mandatory on"
_JAVA = "needs a Java virtual machine."
_WAITING = ("create", "complete")  # a token can wait for a worker who does the listener
TASK_EVENTS = ("create", "assignment", "complete", "update", "delete", "timeout")


def read_parameters(
    file: File, element: Element, direction: str, owner_id: str | None
) -> tuple[Parameter, ...]:
    """The ``input`` or ``output`` parameters of an activity, in document order."""
    mappings = extension_elements(element, "inputOutput")
    return read_mapping(file, mappings, direction, owner_id)


def read_mapping(
    file: File, mappings: Sequence[Element], direction: str, owner_id: str | None
) -> tuple[Parameter, ...]:
    """The parameters of the first ``inputOutput``, in document order."""
    parameters = []
    # Further ones are ignored by the reference, without a word.
    for mapping in mappings[:1]:
        for found in engine_children(mapping, f"{direction}Parameter"):
            name = found.get("name")
            if not name:
                message = f"Missing attribute 'name' for {direction}Parameter"
                file.problems.add(message, found, owner_id)
                continue
            parameters.append(Parameter(name, _nested_value(file, found, owner_id)))
    return tuple(parameters)


def _nested_value(file: File, element: Element, owner_id: str | None) -> Value:
    """The value of a parameter or an entry: its own text or its one child element."""
    if len(element) == 0:
        return _value(file, element, owner_id)
    if len(element) == 1:
        return _value(file, element[0], owner_id)
    file.problems.add("Nested parameter can at most have one child element", element, owner_id)
    return None


def _value(file: File, element: Element, owner_id: str | None) -> Value:
    match local_name(element):
        case "list":
            return ListValue(tuple(_value(file, item, owner_id) for item in element))
        case "map":
            return _map_value(file, element, owner_id)
        case "script":
            return read_script(file, element, owner_id)
    # A child of any other name is read as a text, as `camunda:value` is.
    content = text(element).strip()
    return file.expression(content) if content else None


def _map_value(file: File, element: Element, owner_id: str | None) -> MapValue:
    entries: list[tuple[Expression, Value]] = []
    for entry in engine_children(element, "entry"):
        key = entry.get("key")
        if not key:
            file.problems.add("Missing attribute 'key' for 'entry' element", entry, owner_id)
            continue
        entries.append((file.expression(key), _nested_value(file, entry, owner_id)))
    return MapValue(tuple(entries))


def read_script(
    file: File, element: Element, owner_id: str | None, place: str = ELSEWHERE
) -> Script | None:
    """A ``camunda:script``, whose language is never guessed."""
    script_format = element.get("scriptFormat")
    if not script_format:
        # The name in the message is the reference's mistake.
        message = "Missing attribute 'scriptFormatAttribute' for 'script' element"
        file.problems.add(message, element, owner_id)
        return None
    resource = element.get("resource")
    return make_script(file, element, script_format, text(element), resource, place)


def make_script(
    file: File,
    element: Element,
    script_format: str,
    content: str,
    resource: str | None,
    place: str = ELSEWHERE,
) -> Script:
    """A script, with a note where its language does not run here."""
    if not (is_javascript(script_format) or is_juel(script_format)):
        message = f"A script in '{script_format}' needs a script engine."
        # Deployed all the same: an instance that never comes there needs no script engine.
        file.problems.need("script", script_name(script_format), place, message, element)
    if resource:
        return Script(script_format, None, file.expression(resource))
    # Every word may be a variable; names that are none cost nothing when variables are read ahead.
    file.names.update(words_of(content))
    return Script(script_format, content)


def read_properties(element: Element) -> dict[str, str]:
    """The ``camunda:properties`` by name."""
    properties = {}
    for container in extension_elements(element, "properties")[:1]:
        for found in engine_children(container, "property"):
            name = found.get("name")
            if name is not None:
                # Without a value it is there all the same, and empty; of two the later one counts.
                properties[name] = found.get("value") or ""
    return properties


def read_priority(file: File, element: Element, name: str) -> Expression | None:
    """A ``jobPriority`` or ``taskPriority``; what is no expression must be an integer."""
    value = extension(element, name)
    if value is None:
        return None
    if not value.strip().startswith(("${", "#{")) and not is_java_integer(value):
        file.problems.add(f"Value '{value}' for attribute '{name}' is not a valid number", element)
        return None
    return file.expression(value)


def is_java_integer(value: str) -> bool:
    """Whether Java's ``Integer.parseInt`` accepts a text."""
    digits = value[1:] if value[:1] in ("+", "-") else value
    # Bounded before `int`, whose time grows with the square of the digits.
    if not digits.isdecimal() or len(digits) > 20:
        return False
    return -(2**31) <= int(value) < 2**31


def read_retry_cycle(file: File, element: Element | None) -> Expression | None:
    """The ``failedJobRetryTimeCycle``."""
    if element is None:
        return None
    for found in extension_elements(element, "failedJobRetryTimeCycle")[:1]:
        content = text(found).strip()
        return file.expression(content) if content else None
    return None


def read_scope_listeners(file: File, element: Element) -> tuple[Listener, ...]:
    """The execution listeners of a process or a flow node."""
    id_ = element.get("id")
    listeners = []
    for found in extension_elements(element, "executionListener"):
        event = found.get("event")
        if not (event or "").strip():
            file.problems.add("Attribute 'event' is mandatory on listener", found, id_)
        elif event not in ("start", "end"):
            file.problems.add("Attribute 'event' must be one of {start|end}", found, id_)
        else:
            listeners.append(_listener(file, found, event, id_, "executionListener"))
    return tuple(listener for listener in listeners if listener is not None)


def read_flow_listeners(file: File, element: Element) -> tuple[Listener, ...]:
    """The listeners of a sequence flow; whatever their event says, it is ``take``."""
    found = [
        _listener(file, e, "take", element.get("id"), "executionListener")
        for e in extension_elements(element, "executionListener")
    ]
    return tuple(listener for listener in found if listener is not None)


def read_task_listeners(file: File, element: Element) -> tuple[Listener, ...]:
    """The task listeners of a user task."""
    id_ = element.get("id")
    listeners = []
    for found in extension_elements(element, "taskListener"):
        event = found.get("event")
        if event is None:
            # At the task and not at the listener, as the reference tells it.
            file.problems.add("Attribute 'event' is mandatory on taskListener", element)
        elif event not in TASK_EVENTS:
            file.problems.add(
                f"Attribute 'event' must be one of {{{'|'.join(TASK_EVENTS)}}}", element
            )
        else:
            listeners.append(_listener(file, found, event, id_, "taskListener"))
    return tuple(listener for listener in listeners if listener is not None)


def place_of(listener: Element) -> str:
    """Whether a token can wait for a worker who does a listener."""
    event, owner = listener.get("event"), listener.getparent().getparent()
    if local_name(listener) == "taskListener":
        return LISTENER if event in _WAITING else NOTIFIED
    ends_scope = child(owner, "terminateEventDefinition") is not None
    # Where a terminate event ends everything, no token could wait for a worker.
    return NOTIFIED if event == "end" and ends_scope else LISTENER


def _listener(
    file: File, element: Element, event: str, owner_id: str | None, element_name: str
) -> Listener | None:
    """A listener: its code is a class, else an expression, a delegate expression or a script."""
    timer = _timeout(file, element, owner_id) if event == "timeout" else None
    name, text_ = element.get("class"), element.get("expression")
    bean, scripts = element.get("delegateExpression"), engine_children(element, "script")
    place = place_of(element)
    make = partial(Listener, event, timer=timer, id=element.get("id"))
    problem = None
    if name is not None:
        if name or element_name == "taskListener":  # there it fails only when it is reached
            file.problems.need("class", name, place, f"The listener '{name}' {_JAVA}", element)
            return make("class", name=name)
        problem = "Attribute 'class' cannot be empty"
    elif text_ is not None:
        return make("expression", expression=file.expression(text_))
    elif bean:
        message = f"The listener '{bean}' {_JAVA}"
        file.problems.need("delegateExpression", bean, place, message, element)
        return make("delegateExpression", expression=file.expression(bean), name=bean)
    elif bean is not None:
        problem = "Attribute 'delegateExpression' cannot be empty"
    elif scripts:
        script = read_script(file, scripts[0], owner_id, place)
        return None if script is None else make("script", script=script)
    file.problems.add(problem or f"{_NOTHING_TO_RUN} {element_name}", element, owner_id)
    return None


def _timeout(file: File, element: Element, owner_id: str | None) -> Timer | None:
    definition = child(element, "timerEventDefinition")
    if element.get("id") is None:
        message = "Element 'id' is mandatory on taskListener of type 'timeout'"
        file.problems.add(message, element, owner_id)
    if definition is None:
        message = "Element 'timerEventDefinition' is mandatory on taskListener of type 'timeout'"
        file.problems.add(message, element, owner_id)
        return None
    return read_timer(file, definition, owner_id)


def read_timer(file: File, definition: Element, owner_id: str | None) -> Timer | None:
    """When a ``timerEventDefinition`` is due."""
    # Of the definition: `exclusive` of the event itself is for its asynchronous continuations.
    is_exclusive = extension(definition, "exclusive") in (None, "true")
    date, cycle, duration = (
        child(definition, name) for name in ("timeDate", "timeCycle", "timeDuration")
    )
    # The reference's order, where a definition has several of them.
    if date is not None:
        return Timer("date", file.expression(text(date).strip()), is_exclusive)
    if cycle is not None:
        return Timer("cycle", file.expression(text(cycle).strip()), is_exclusive)
    if duration is not None:
        return Timer("duration", file.expression(text(duration).strip()), is_exclusive)
    file.problems.add(
        "Timer needs configuration (either timeDate, timeCycle or timeDuration is needed).",
        definition,
        owner_id,
    )
    return None
