"""Builders of BPMN elements, so that a test shows only what it is about."""

from xml.sax.saxutils import escape, quoteattr

PREFIXES = ("camunda", "operaton", "xsi")


def element(name, id_=None, /, *contents, extensions="", **attributes):
    """An element of BPMN; ``camunda_topic`` is the attribute ``camunda:topic``."""
    return _xml(name, id_, extensions, contents, attributes)


def extension(name, /, *contents, **attributes):
    """An element of the engine, as ``extensionElements`` holds them."""
    return _xml(f"camunda:{name}", None, "", contents, attributes)


def _xml(name, id_, extensions, contents, attributes):
    given = {} if id_ is None else {"id": id_}
    for key, value in attributes.items():
        prefix, _, rest = key.partition("_")
        given[f"{prefix}:{rest}" if prefix in PREFIXES and rest else key] = value
    shown = "".join(f" {key}={quoteattr(value)}" for key, value in given.items())
    held = f"<extensionElements>{extensions}</extensionElements>" if extensions else ""
    return f"<{name}{shown}>{held}{''.join(contents)}</{name}>"


def text(content):
    """A text that may have signs of XML in it."""
    return escape(content)


def definition(kind, /, *contents, **attributes):
    """An event definition: ``definition("timer", …)``."""
    return element(f"{kind}EventDefinition", None, *contents, **attributes)


def timer(kind, content, /, **attributes):
    """A timer of the kind date, duration or cycle."""
    return definition("timer", element(f"time{kind.title()}", None, text(content)), **attributes)


def condition(content, /, **attributes):
    """A conditional event definition."""
    return definition("conditional", element("condition", None, text(content)), **attributes)


def flow(source, target, *contents, id_=None, **attributes):
    """A sequence flow that is named after its ends."""
    id_ = id_ or f"{source}_{target}"
    return element("sequenceFlow", id_, *contents, sourceRef=source, targetRef=target, **attributes)


def guard(content, /, **attributes):
    """The condition of a sequence flow."""
    return element("conditionExpression", None, text(content), **attributes)


def boundary(id_, host, /, *contents, **attributes):
    """A boundary event on an activity."""
    return element("boundaryEvent", id_, *contents, attachedToRef=host, **attributes)


def catch(id_, /, *contents, **attributes):
    """An intermediate catch event."""
    return element("intermediateCatchEvent", id_, *contents, **attributes)


def throw(id_, /, *contents, **attributes):
    """An intermediate throw event."""
    return element("intermediateThrowEvent", id_, *contents, **attributes)


def end(id_, /, *contents, **attributes):
    """An end event."""
    return element("endEvent", id_, *contents, **attributes)


def start(id_, /, *contents, **attributes):
    """A start event."""
    return element("startEvent", id_, *contents, **attributes)


def subprocess(id_, /, *contents, **attributes):
    """A sub-process with a start event of its own."""
    return element("subProcess", id_, start(f"{id_}-start"), *contents, **attributes)


def event_subprocess(id_, /, *contents, **attributes):
    """An event sub-process whose start event has the definition that is given."""
    begun = start(f"{id_}-start", *contents, **attributes)
    return element("subProcess", id_, begun, triggeredByEvent="true")


def external(id_, /, *contents, element_name="serviceTask", extensions="", **attributes):
    """A task that a worker does."""
    return element(
        element_name,
        id_,
        *contents,
        extensions=extensions,
        camunda_type="external",
        camunda_topic="t",
        **attributes,
    )
