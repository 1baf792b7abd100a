"""Listeners that a worker does, in the tests of this room."""

from tests.engine.elements import extensions
from tests.models import flow, process, task

WORK = {"org.X": "x", "org.Y": "y", "log.write": "log", "script:groovy": "groovy"}


def listener(event, name="org.X", kind="execution"):
    return f'<camunda:{kind}Listener event="{event}" class="{name}"/>'


def between(content, first="a", last="a", **others):
    """A model that ends at the external task ``last_task`` behind the content."""
    return process(
        f'<startEvent id="s"/>{content}' + task("z") + flow("s", first) + flow(last, "z")
    )


def listening_flow(source, target, *listeners):
    return (
        f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{extensions(*listeners)}</sequenceFlow>"
    )


def sub(id_, inner, *listeners, **attributes):
    extra = "".join(f' {k}="{v}"' for k, v in attributes.items())
    start = "" if "triggeredByEvent" in attributes else f'<startEvent id="{id_}_s"/>'
    return f'<subProcess id="{id_}"{extra}>{extensions(*listeners)}{start}{inner}</subProcess>'


def waiting(engine):
    return [(t.topic_name, t.activity_id) for t in engine.tasks()]


def do(engine, topic, **variables):
    (found,) = [t for t in engine.tasks() if t.topic_name == topic]
    engine.complete(found, **variables)


LOOP = (
    '<multiInstanceLoopCharacteristics isSequential="{}"><loopCardinality>2</loopCardinality>'
    "</multiInstanceLoopCharacteristics>"
)
INSIDE = sub("a", task("in", "in") + flow("a_s", "in"), listener("start"), listener("end"))
PLACES = {  # where listeners are, and the topics in the order of their tasks
    "start of a task": ('<task id="a">' + extensions(listener("start")) + "</task>", "x z"),
    "end of a task": ('<task id="a">' + extensions(listener("end")) + "</task>", "x z"),
    "both, several": (
        '<task id="a">'
        + extensions(*(listener(e, n) for e in ("start", "end") for n in ("org.X", "org.Y")))
        + "</task>",
        "x y x y z",
    ),
    "external task": (task("a", inner=extensions(listener("start"), listener("end"))), "x a x z"),
    "scope": (
        task("a", inner=extensions(listener("start"), listener("end")))
        + '<boundaryEvent id="b" attachedToRef="a"><timerEventDefinition><timeDuration>PT1H'
        "</timeDuration></timerEventDefinition></boundaryEvent>",
        "x a x z",
    ),
    "sub-process": (INSIDE, "x in x z"),
    "start event": (
        sub("a", "").replace(
            '<startEvent id="a_s"/>',
            f'<startEvent id="a_s">{extensions(listener("end"))}</startEvent>',
        ),
        "x z",
    ),
    "gateway": (
        f'<exclusiveGateway id="a">{extensions(listener("start"), listener("end"))}'
        "</exclusiveGateway>",
        "x x z",
    ),
    "sequential instances": (
        task(
            "a", inner=extensions(listener("start"), listener("end", "org.Y")) + LOOP.format("true")
        ),
        "x a y x a y z",
    ),
    "user task": (
        '<userTask id="a">'
        + extensions(listener("create", kind="task"), listener("complete", "org.Y", "task"))
        + "</userTask>",
        "x user y z",
    ),
    "event behind a gateway": (
        '<eventBasedGateway id="g"/><intermediateCatchEvent id="a">'
        + extensions(listener("start"), listener("end", "org.Y"))
        + '<messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
        + flow("g", "a"),
        "message x y z",
    ),
}
