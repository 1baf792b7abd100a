"""Elements of models in few words, put together by `sequence` and `model`.

Messages, signals, errors and escalations are named where they are used; `model` declares them.
"""

import itertools
import re

from tests.models import flow, process
from tests.models import task as task  # so that a test takes all elements from one place

_ID = re.compile(r' id="([^"]+)"')
_REFERENCE = re.compile(r'(message|signal|error|escalation)Ref="(\w)\.([^"]*)"')
_CODES = {"error": "errorCode", "escalation": "escalationCode"}

COMPENSATION = "<compensateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
TERMINATE = "<terminateEventDefinition/>"
PARALLEL, SEQUENTIAL = "false", "true"


def id_of(element):
    """The id of an element's XML."""
    return _ID.search(element)[1]


def sequence(*elements):
    """Elements one behind the other, with the flows between them."""
    ids = [id_of(element) for element in elements]
    return "".join(elements) + "".join(flow(a, b) for a, b in itertools.pairwise(ids))


def model(*contents, key="p"):
    """A model with one process, which declares what its events refer to."""
    xml = process("".join(contents), key)
    declared = "".join(
        f'<{kind} id="{letter}.{name}" {_CODES.get(kind, "name")}="{name}"/>'
        for kind, letter, name in sorted(set(_REFERENCE.findall(xml)))
    )
    return xml.replace("<process ", f"{declared}<process ", 1)


def followed(activity, *contents):
    """A model in which the external task ``after`` follows an activity."""
    return model(sequence(start(), activity, task("after"), end()), *contents)


def _attributes(given):
    return "".join(f' {name.replace("_", ":")}="{value}"' for name, value in given.items())


def element(tag, name, inner="", /, **attributes):
    """Any element; an underscore in the name of an attribute is a colon."""
    return f'<{tag} id="{name}"{_attributes(attributes)}>{inner}</{tag}>'


def start(name="s", definition="", **attributes):
    return element("startEvent", name, definition, **attributes)


def end(name="e", definition=""):
    return element("endEvent", name, definition)


def user(name, inner="", /, **attributes):
    return element("userTask", name, inner, **attributes)


def computed(name, expression, /, result=None, inner="", **attributes):
    """A service task that evaluates an expression, perhaps into a variable."""
    kept = {} if result is None else {"camunda_resultVariable": result}
    given = {"camunda_expression": expression, **kept, **attributes}
    return element("serviceTask", name, inner, **given)


def gateway(kind, name, **attributes):
    return element(f"{kind}Gateway", name, **attributes)


def catch(name, definition, inner="", **attributes):
    return element("intermediateCatchEvent", name, inner + definition, **attributes)


def throw(name, definition=""):
    return element("intermediateThrowEvent", name, definition)


def boundary(name, host, definition, *, interrupts=True, **attributes):
    how = {"attachedToRef": host, "cancelActivity": str(interrupts).lower()}
    if definition in (COMPENSATION, CANCEL):
        del how["cancelActivity"]
    return element("boundaryEvent", name, definition, **how, **attributes)


def subprocess(name, *contents, **attributes):
    return element("subProcess", name, "".join(contents), **attributes)


def event_subprocess(name, definition, *contents, interrupts=True, begin="event"):
    """An event sub-process: its start event leads to the first of its contents."""
    how = str(interrupts).lower()
    first = start(begin, definition, isInterrupting=how)
    inner = first + "".join(contents) + flow(begin, id_of(contents[0]))
    return element("subProcess", name, inner, triggeredByEvent="true")


def transaction(name, *contents, **attributes):
    return element("transaction", name, "".join(contents), **attributes)


def call(name, called, *mappings, inner="", **attributes):
    """A call activity; mappings are texts such as ``in source="a" target="b"``."""
    given = "".join(f"<camunda:{mapping}/>" for mapping in mappings)
    extensions = f"<extensionElements>{given}</extensionElements>" if given else ""
    return element("callActivity", name, extensions + inner, calledElement=called, **attributes)


def handler(name, undoing=None):
    """The handler of an activity: an external task ``undo_…`` unless another activity is given."""
    undoing = undoing or task(f"undo_{name}", isForCompensation="true")
    return (
        boundary(f"of_{name}", name, COMPENSATION)
        + undoing
        + f'<association id="link_{name}" sourceRef="of_{name}" targetRef="{id_of(undoing)}"/>'
    )


def compensated(name):
    """An external task with the external task that undoes it."""
    return task(name) + handler(name)


# -- event definitions ------------------------------------------------------------------------


def message(name):
    return f'<messageEventDefinition messageRef="m.{name}"/>'


def signal(name, inner="", **attributes):
    given = f"<extensionElements>{inner}</extensionElements>" if inner else ""
    return (
        f'<signalEventDefinition signalRef="s.{name}"{_attributes(attributes)}>{given}'
        "</signalEventDefinition>"
    )


def error(code=None, **attributes):
    reference = "" if code is None else f' errorRef="r.{code}"'
    return f"<errorEventDefinition{reference}{_attributes(attributes)}/>"


def escalation(code=None, **attributes):
    reference = "" if code is None else f' escalationRef="l.{code}"'
    return f"<escalationEventDefinition{reference}{_attributes(attributes)}/>"


def timer(duration=None, *, date=None, cycle=None, **attributes):
    kinds = {"timeDuration": duration, "timeDate": date, "timeCycle": cycle}
    ((kind, text),) = ((kind, text) for kind, text in kinds.items() if text is not None)
    given = _attributes(attributes)
    return f"<timerEventDefinition{given}><{kind}>{text}</{kind}></timerEventDefinition>"


def condition(text, **attributes):
    """A conditional event; attributes are ``camunda_variableName`` and its like."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f"<conditionalEventDefinition{_attributes(attributes)}>"
        f'<condition xsi:type="tFormalExpression">{text}</condition></conditionalEventDefinition>'
    )


def compensation_of(activity):
    return f'<compensateEventDefinition activityRef="{activity}"/>'


# -- what stands inside of activities ---------------------------------------------------------


def parameters(inputs=None, outputs=None, *, mappings=()):
    """Input and output parameters as texts, by their names; mappings as those of `call`."""
    written = "".join(
        f'<camunda:{kind}Parameter name="{name}">{text}</camunda:{kind}Parameter>'
        for kind, given in (("input", inputs), ("output", outputs))
        for name, text in (given or {}).items()
    )
    return extensions(
        f"<camunda:inputOutput>{written}</camunda:inputOutput>",
        *(f"<camunda:{mapping}/>" for mapping in mappings),
    )


def loop(count=None, *, sequential=False, over=None, element_variable=None, until=None, **given):
    """Multi-instance characteristics: so many times, or once for each of a collection."""
    over_it = {} if over is None else {"camunda_collection": over}
    each = {} if element_variable is None else {"camunda_elementVariable": element_variable}
    attributes = _attributes({"isSequential": str(sequential).lower(), **over_it, **each, **given})
    number = "" if count is None else f"<loopCardinality>{count}</loopCardinality>"
    stop = "" if until is None else f"<completionCondition>{until}</completionCondition>"
    return (
        f"<multiInstanceLoopCharacteristics{attributes}>{number}{stop}"
        "</multiInstanceLoopCharacteristics>"
    )


def listener(event, expression):
    """An execution listener, to be put into `extensions`."""
    return f'<camunda:executionListener event="{event}" expression="{expression}"/>'


def extensions(*inner):
    return f"<extensionElements>{''.join(inner)}</extensionElements>"
