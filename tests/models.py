"""Small models for tests."""

import itertools

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://example.org">'
)


def process(content, key="p"):
    """A model with one process."""
    return (
        f'{HEAD}<process id="{key}" isExecutable="true" camunda:historyTimeToLive="P30D">'
        f"{content}</process></definitions>"
    )


def task(name, topic=None, inner="", **attributes):
    """An external service task; the topic is its name."""
    extra = "".join(f' {k.replace("_", ":")}="{v}"' for k, v in attributes.items())
    return (
        f'<serviceTask id="{name}" camunda:type="external" camunda:topic="{topic or name}"{extra}>'
        f"{inner}</serviceTask>"
    )


def flow(source, target, condition=None):
    """A sequence flow named after its ends."""
    inner = ""
    if condition is not None:
        text = condition.replace("&", "&amp;").replace("<", "&lt;")
        inner = f'<conditionExpression xsi:type="tFormalExpression">{text}</conditionExpression>'
    return (
        f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}'
        "</sequenceFlow>"
    )


def flows(*names):
    """Flows from each to the next."""
    return "".join(flow(a, b) for a, b in itertools.pairwise(names))


TWO_TASKS = process(
    '<startEvent id="start"/>'
    + task("check")
    + '<exclusiveGateway id="gate" default="gate_rejected"/>'
    + task("ship")
    + '<endEvent id="rejected"/><endEvent id="end"/>'
    + flows("start", "check", "gate", "rejected")
    + flow("gate", "ship", "${approved}")
    + flow("ship", "end"),
    "two",
)


def parallel(width, key="parallel"):
    """So many branches with a task each, joined."""
    names = [f"t{i}" for i in range(width)]
    return process(
        '<startEvent id="start"/><parallelGateway id="fork"/><parallelGateway id="join"/>'
        '<endEvent id="end"/>'
        + "".join(task(name, "branch") for name in names)
        + flows("start", "fork")
        + "".join(flows("fork", name, "join") for name in names)
        + flow("join", "end"),
        key,
    )


# As many tasks at once as the variable `n` says.
MANY = process(
    '<startEvent id="s"/>'
    + task(
        "each",
        inner="<multiInstanceLoopCharacteristics><loopCardinality>${n}</loopCardinality>"
        "</multiInstanceLoopCharacteristics>",
    )
    + '<endEvent id="e"/>'
    + flows("s", "each", "e"),
    "many",
)
LOOP = process(
    '<startEvent id="start"/><exclusiveGateway id="again"/>'
    + task("step")
    + '<exclusiveGateway id="more" default="more_end"/><endEvent id="end"/>'
    + flows("start", "again", "step", "more", "end")
    + flow("more", "again", "${more}"),
    "loop",
)
