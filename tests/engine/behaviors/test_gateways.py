"""Exclusive, parallel and event-based gateways: where tokens part and meet."""

import pytest

from app.engine import state
from app.engine.state.values import TypedValue
from app.errors import EngineError, NullValueError
from tests.engine.commands import advance, at, broadcast, complete, subscriptions, tree, visit
from tests.engine.elements import (
    catch,
    end,
    gateway,
    message,
    model,
    sequence,
    signal,
    start,
    subprocess,
    task,
    timer,
    user,
)
from tests.models import flow, flows

# -- exclusive --------------------------------------------------------------------------------


def choice(*conditions, default=None):
    """A gateway with a task behind each condition; None is a flow without one."""
    names = [f"t{number}" for number in range(len(conditions))]
    attributes = {} if default is None else {"default": f"g_{default}"}
    return model(
        sequence(start(), gateway("exclusive", "g", **attributes)),
        *(task(name) for name in names),
        *(flow("g", name, text) for name, text in zip(names, conditions, strict=True)),
    )


@pytest.mark.parametrize(
    ("conditions", "default", "taken"),
    [
        pytest.param(["${n == 1}", "${n == 2}"], None, "t0", id="the one that holds"),
        pytest.param(["${n == 2}", "${n == 1}"], None, "t1", id="whatever its place"),
        pytest.param(["${n == 1}", "${n < 9}"], None, "t0", id="the first of several"),
        pytest.param(["${n < 9}", "${n == 1}"], None, "t0", id="not the narrowest"),
        pytest.param(["${n == 2}", None], None, "t1", id="one without a condition holds"),
        pytest.param([None, "${n == 1}"], None, "t0", id="and hides those behind it"),
        pytest.param(["${n == 2}", None], "t1", "t1", id="the default in need"),
        pytest.param([None, "${n == 1}"], "t0", "t1", id="the default only in need"),
    ],
)
def test_an_exclusive_gateway_takes_one_flow(engine, conditions, default, taken):
    graph = engine.deploy(choice(*conditions, default=default))

    engine.start(graph, n=1)

    assert at(engine) == [taken]


@pytest.mark.parametrize(
    ("condition", "error", "text"),
    [
        pytest.param("${n == 2}", EngineError, "ENGINE-02004 .* 'g'", id="none holds"),
        pytest.param("${n}", EngineError, "returns non-Boolean", id="a number"),
        pytest.param("${'true'}", EngineError, "result has class java.lang.String", id="a text"),
        pytest.param("${null}", NullValueError, "condition expression returns null", id="null"),
        pytest.param("${m > 1}", EngineError, "Cannot resolve identifier 'm'", id="unknown"),
    ],
)
def test_an_exclusive_gateway_that_cannot_choose_undoes_the_command(engine, condition, error, text):
    waiting = sequence(start(), task("a"), gateway("exclusive", "g"), task("b", "b"))
    waiting = waiting.replace(flow("g", "b"), flow("g", "b", condition))
    waiting += task("c") + flow("g", "c", "${n == 3}")
    engine.start(engine.deploy(model(waiting)), n=1)

    with pytest.raises(error, match=text):
        complete(engine, "a")

    assert at(engine) == ["a"]
    assert engine.visits() == ["s", "a …"]


def test_conditions_behind_the_one_that_holds_are_not_evaluated(engine):
    engine.start(engine.deploy(choice("${n == 1}", "${nobody.knows}")), n=1)

    assert at(engine) == ["t0"]


def test_an_exclusive_gateway_lets_each_token_pass_by_itself(engine):
    graph = engine.deploy(
        model(
            sequence(start(), gateway("parallel", "fork"), task("a"), gateway("exclusive", "x")),
            task("b"),
            flows("fork", "b", "x"),
            sequence(task("after"), end()),
            flow("x", "after"),
        )
    )
    engine.start(graph)

    complete(engine, "a")
    complete(engine, "b")

    assert at(engine) == ["after", "after"]
    complete(engine, "after")
    complete(engine, "after")
    assert engine.is_empty()


# -- parallel ---------------------------------------------------------------------------------


def joined(kind="parallel", count=2, behind=("after",)):
    """Branches with a task each between a fork and a join of a kind, with tasks behind it."""
    names = [f"t{number}" for number in range(count)]
    return model(
        sequence(start(), gateway("parallel", "fork")),
        gateway(kind, "join"),
        *(task(name) + flows("fork", name, "join") for name in names),
        *(task(name) + flow("join", name) for name in behind),
    )


def test_a_parallel_gateway_takes_every_flow_whatever_its_condition(engine):
    contents = sequence(start(), gateway("parallel", "g"))
    graph = engine.deploy(
        model(contents, task("a"), task("b"), flow("g", "a", "${false}"), flow("g", "b", "${no}"))
    )

    engine.start(graph)

    assert at(engine) == ["a", "b"]


@pytest.mark.parametrize("order", ["012", "021", "102", "120", "201", "210"])
def test_a_parallel_join_opens_with_the_last_token_in_whatever_order_they_come(engine, order):
    instance = engine.start(engine.deploy(joined(count=3)))

    for number in order[:2]:
        complete(engine, f"t{number}")
        assert not engine.tasks("after")
    complete(engine, f"t{order[2]}")

    assert tree(engine, instance) == ["instance", "  scope after at after"]


def test_tokens_wait_inactive_at_a_join_and_each_has_its_visit(engine):
    instance = engine.start(engine.deploy(joined()))

    complete(engine, "t1")

    assert tree(engine, instance) == [
        "instance",
        "  concurrent token",
        "    scope t0 at t0",
        "  concurrent token at join (inactive)",
    ]
    complete(engine, "t0")
    assert engine.visits().count("join") == 2


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_local_variables_of_all_tokens_end_at_their_join(engine, kind):
    """By whichever token comes last, and whether its variables are in memory or not."""
    engine.start(engine.deploy(joined(kind, behind=("x", "y"))))
    token = engine.tasks("t1")[0].execution_id

    def mark(run, host):
        around = host.execution(host.execution(token).parent_id)
        run.variables.set_local(around, "mine", TypedValue("Integer", 1))

    engine.command(mark)
    complete(engine, "t0")
    complete(engine, "t1")

    assert not [v for v in engine.rows[state.Variable].values() if v.name == "mine"]


def test_a_join_with_several_flows_behind_it_forks_again(engine):
    engine.start(engine.deploy(joined(behind=("x", "y"))))

    complete(engine, "t0")
    complete(engine, "t1")

    assert at(engine) == ["x", "y"]


def test_a_parallel_join_counts_tokens_and_not_the_flows_they_came_by(engine):
    # two tokens come over the flow of `a`, and open the join that has another flow, from `b`
    content = (
        sequence(start(), gateway("parallel", "fork"))
        + gateway("exclusive", "merge")
        + flow("fork", "merge")
        + flow("fork", "merge").replace('id="', 'id="again_')
        + sequence(task("a"), gateway("parallel", "join"), task("after"))
        + flow("merge", "a")
        + task("b")
        + flows("fork", "b", "join")
    )
    engine.start(engine.deploy(model(content)))

    complete(engine, "a")
    complete(engine, "a")
    assert at(engine) == ["after", "b"]

    complete(engine, "b")  # the third token waits for a fourth one
    assert at(engine) == ["after", "join"]


def test_a_token_that_dies_leaves_a_parallel_join_waiting_for_ever(engine):
    instance = engine.start(engine.deploy(joined()))
    complete(engine, "t0")

    engine.bpmn_error(engine.tasks("t1")[0], "nobody catches it")

    assert tree(engine, instance) == ["instance at join (inactive)"]


def test_local_variables_of_joined_tokens_vanish_and_those_of_the_instance_stay(engine):
    instance = engine.start(engine.deploy(joined()), kept=1)

    complete(engine, "t0", kept=2)
    engine.complete(engine.tasks("t1")[0], local={"mine": 3})

    assert engine.variables() == {"kept": 2}
    assert tree(engine, instance) == ["instance", "  scope after at after"]


def test_a_join_inside_a_subprocess_counts_the_tokens_of_its_own_scope(engine):
    inner = (
        sequence(start("i"), gateway("parallel", "if"), task("x"), gateway("parallel", "ij"))
        + sequence(task("y"), end("ie"))
        + flow("if", "ij")
        + flow("ij", "y")
    )
    content = (
        sequence(start(), gateway("parallel", "fork"), subprocess("one", inner))
        + task("beside")
        + flow("fork", "beside")
    )
    engine.start(engine.deploy(model(content)))
    assert at(engine) == ["beside", "ij", "x"]

    complete(engine, "x")

    assert at(engine) == ["beside", "y"]


def test_a_join_of_one_flow_is_none(engine):
    instance = engine.start(
        engine.deploy(model(sequence(start(), gateway("parallel", "g"), task("a"))))
    )

    assert tree(engine, instance) == ["instance", "  scope a at a"]
    assert engine.visits() == ["s", "g", "a …"]


# -- event-based ------------------------------------------------------------------------------

EVENTS = model(
    sequence(start(), gateway("eventBased", "g"), catch("asked", message("ask")), task("a")),
    sequence(catch("rung", signal("ring")), task("b")),
    sequence(catch("late", timer("PT1H")), user("c")),
    flow("g", "rung"),
    flow("g", "late"),
)


def test_an_event_based_gateway_waits_for_all_events_in_one_execution(engine):
    instance = engine.start(engine.deploy(EVENTS))

    assert tree(engine, instance) == ["instance", "  scope g at g"]
    (gate,) = (e for e in engine.rows[state.Execution].values() if e.id != instance)
    assert subscriptions(engine) == [("message", "ask", "asked"), ("signal", "ring", "rung")]
    waiting = (*engine.rows[state.EventSubscription].values(), *engine.rows[state.Job].values())
    assert {found.execution_id for found in waiting} == {gate.id}
    assert len(waiting) == 3


@pytest.mark.parametrize(
    ("happen", "event", "then"),
    [
        pytest.param(lambda engine: engine.send("ask"), "asked", "a", id="message"),
        pytest.param(lambda engine: broadcast(engine, "ring"), "rung", "b", id="signal"),
        pytest.param(lambda engine: advance(engine, hours=1), "late", "c", id="timer"),
    ],
)
def test_the_first_event_takes_the_token_and_the_others_are_no_more(engine, happen, event, then):
    engine.start(engine.deploy(EVENTS))

    happen(engine)

    assert at(engine) == [then]
    assert not engine.rows[state.EventSubscription]
    assert not engine.rows[state.Job]
    assert engine.visits() == ["s", "g (canceled)", event, f"{then} …"]
    assert visit(engine, event).parent_activity_instance_id is not None
