"""Inclusive gateways: the flows that are taken, and when their join opens (semantics 2.5)."""

import pytest

from app.errors import EngineError
from tests.engine.commands import at, complete
from tests.engine.elements import (
    catch,
    end,
    gateway,
    message,
    model,
    sequence,
    start,
    subprocess,
    task,
)
from tests.models import flow, flows


def inclusive(default=None):
    """Three branches, of which those are taken whose number is in the list ``wanted``."""
    attributes = {} if default is None else {"default": f"split_{default}"}
    names = ["t0", "t1", "t2"]
    return model(
        sequence(start(), gateway("inclusive", "split", **attributes)),
        sequence(gateway("inclusive", "join"), task("after")),
        *(
            task(name) + flow("split", name, f"${{wanted.contains('{name}')}}") + flow(name, "join")
            for name in names
        ),
    )


@pytest.mark.parametrize(
    ("wanted", "default", "taken"),
    [
        pytest.param(["t0"], None, ["t0"], id="one"),
        pytest.param(["t2", "t0"], None, ["t0", "t2"], id="two"),
        pytest.param(["t0", "t1", "t2"], None, ["t0", "t1", "t2"], id="all"),
        pytest.param([], "t1", ["t1"], id="the default when none holds"),
        pytest.param(["t0"], "t1", ["t0"], id="not the default besides"),
        pytest.param(["t0", "t1"], "t1", ["t0"], id="not the default though it holds"),
    ],
)
def test_an_inclusive_gateway_takes_every_flow_that_holds(engine, wanted, default, taken):
    engine.start(engine.deploy(inclusive(default)), wanted=wanted)

    assert at(engine) == taken


def test_an_inclusive_gateway_without_a_flow_that_holds_fails(engine):
    graph = engine.deploy(inclusive())

    with pytest.raises(EngineError, match=r"ENGINE-02004 No outgoing sequence flow .* 'split'"):
        engine.start(graph, wanted=[])


@pytest.mark.parametrize("wanted", [["t0"], ["t0", "t2"], ["t0", "t1", "t2"]])
def test_an_inclusive_join_opens_when_no_token_can_come_any_more(engine, wanted):
    engine.start(engine.deploy(inclusive()), wanted=wanted)

    for name in wanted[:-1]:
        complete(engine, name)
        assert not engine.tasks("after")
    complete(engine, wanted[-1])

    assert at(engine) == ["after"]


def test_an_inclusive_join_waits_for_what_is_in_a_subprocess_that_leads_to_it(engine):
    content = (
        sequence(start(), gateway("parallel", "fork"), task("a"), gateway("inclusive", "join"))
        + task("after")
        + flow("join", "after")
        + subprocess("sub", sequence(start("i"), task("deep"), end("ie")))
        + flows("fork", "sub", "join")
    )
    engine.start(engine.deploy(model(content)))

    complete(engine, "a")
    assert at(engine) == ["deep", "join"]
    complete(engine, "deep")

    assert at(engine) == ["after"]


def test_an_inclusive_join_does_not_wait_for_what_cannot_reach_it(engine):
    content = (
        sequence(start(), gateway("parallel", "fork"), task("a"), gateway("inclusive", "join"))
        + task("after")
        + flow("join", "after")
        + task("elsewhere")
        + flow("fork", "elsewhere")
        + flow("elsewhere", "other_end")
        + end("other_end")
        + task("never")
        + flow("never", "join")
    )
    engine.start(engine.deploy(model(content)))

    complete(engine, "a")

    assert at(engine) == ["after", "elsewhere"]


def test_a_token_that_dies_elsewhere_does_not_open_an_inclusive_join(engine):
    # only an arrival makes the gateway look again (semantics 2.5)
    engine.start(engine.deploy(inclusive()), wanted=["t0", "t1"])
    complete(engine, "t0")

    engine.bpmn_error(engine.tasks("t1")[0], "E")

    assert at(engine) == ["join"]


def test_an_inclusive_join_waits_for_a_token_at_an_event_behind_a_gateway(engine):
    content = (
        sequence(start(), gateway("parallel", "fork"), task("a"), gateway("inclusive", "join"))
        + task("after")
        + flow("join", "after")
        + gateway("eventBased", "g")
        + catch("go", message("go"))
        + flows("fork", "g", "go", "join")
    )
    engine.start(engine.deploy(model(content)))

    complete(engine, "a")
    assert at(engine) == ["g", "join"]
    engine.send("go")

    assert at(engine) == ["after"]
