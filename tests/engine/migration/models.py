"""Models in the tests of this room."""

from tests.engine.commands import deploy
from tests.engine.elements import (
    boundary,
    call,
    catch,
    condition,
    element,
    end,
    loop,
    message,
    sequence,
    signal,
    start,
    subprocess,
    task,
    timer,
    transaction,
    user,
)


def line(engine, *activities):
    return deploy(engine, sequence(start(), *activities, end()))


def receive(name):
    return element("receiveTask", name, messageRef="m.go")


KINDS = {
    "external": lambda name: task(name),
    "send": lambda name: element("sendTask", name, camunda_type="external", camunda_topic="t"),
    "user": user,
    "receive": receive,
    "call": lambda name: call(name, "called"),
    "sub": lambda name: subprocess(name, sequence(start(f"in_{name}"), end(f"out_{name}"))),
    "transaction": lambda name: transaction(
        name, sequence(start(f"in_{name}"), end(f"out_{name}"))
    ),
    "timer": lambda name: catch(name, timer("PT1H")),
    "message": lambda name: catch(name, message("go")),
    "signal": lambda name: catch(name, signal("go")),
    "condition": lambda name: catch(name, condition("${x}")),
    "many": lambda name: task(name, inner=loop(2)),
    "one by one": lambda name: task(name, inner=loop(2, sequential=True)),
}


def nested(engine, outer="outer", inner="inner"):
    deep = subprocess(inner, sequence(start("ii"), task("a")))
    return deploy(engine, sequence(start(), subprocess(outer, sequence(start("oi"), deep))))


def with_boundary(engine, definition, host="a", name="b"):
    return deploy(
        engine, sequence(start(), task("a"), task("z"), end()), boundary(name, host, definition)
    )


def in_scopes(engine, *names, inner=None):
    """A process with sub-processes one inside the other, and a task in the last of them."""
    content = inner or task("a")
    for number, name in enumerate(reversed(names)):
        content = subprocess(name, sequence(start(f"s{number}"), content))
    return deploy(engine, sequence(start(), content, end()))
