"""From the model to the graph: scopes, bodies, flows, what waits where (semantics 2.1)."""

import pytest

from app.engine.behaviors import expected
from app.engine.events.subscribing import awaited, subscribed
from app.engine.graph.graph import BODY
from app.engine.graph.kinds import Kind
from tests.engine.elements import (
    COMPENSATION,
    boundary,
    call,
    catch,
    compensated,
    computed,
    condition,
    element,
    end,
    event_subprocess,
    extensions,
    gateway,
    listener,
    loop,
    message,
    model,
    parameters,
    sequence,
    signal,
    start,
    subprocess,
    task,
    throw,
    timer,
    transaction,
    user,
)
from tests.models import flow

TIMEOUT = extensions(
    '<camunda:taskListener event="timeout" id="t" expression="${1}">'
    + timer("PT1H")
    + "</camunda:taskListener>"
)
BEFORE, AFTER = {"camunda_asyncBefore": "true"}, {"camunda_asyncAfter": "true"}
MAPPED = parameters({"x": "1"})


@pytest.fixture
def compiled(engine):
    def compile_(*contents):
        return engine.deploy(model(*contents))

    return compile_


@pytest.mark.parametrize(
    ("activity", "is_scope"),
    [
        pytest.param(task("a"), True, id="external task"),
        pytest.param(user("a"), False, id="user task"),
        pytest.param(user("a", MAPPED), True, id="user task with parameters"),
        pytest.param(user("a", TIMEOUT), True, id="user task with a timeout listener"),
        pytest.param(element("receiveTask", "a"), False, id="receive task without message"),
        pytest.param(element("receiveTask", "a", messageRef="m.go"), True, id="receive task"),
        pytest.param(computed("a", "${1}"), False, id="expression"),
        pytest.param(computed("a", "${bean.call()}"), True, id="a bean, which a worker may be"),
        pytest.param(
            element("scriptTask", "a", "<script>1</script>", scriptFormat="javascript"),
            False,
            id="script that runs here",
        ),
        pytest.param(
            element("scriptTask", "a", "<script>1</script>", scriptFormat="groovy"),
            True,
            id="script that a worker may run",
        ),
        pytest.param(call("a", "x"), True, id="call activity"),
        pytest.param(subprocess("a", sequence(start("i"), end("ie"))), True, id="sub-process"),
        pytest.param(transaction("a", sequence(start("i"), end("ie"))), True, id="transaction"),
        pytest.param(catch("a", message("go")), True, id="message event"),
        pytest.param(catch("a", timer("PT1H")), True, id="timer event"),
        pytest.param(catch("a", condition("${x}")), True, id="conditional event"),
        pytest.param(throw("a"), False, id="none throw event"),
        pytest.param(throw("a", signal("s")), False, id="signal throw event"),
        pytest.param(throw("a", COMPENSATION), True, id="compensation throw event"),
        pytest.param(gateway("parallel", "a"), False, id="parallel gateway"),
        pytest.param(gateway("exclusive", "a"), False, id="exclusive gateway"),
        pytest.param(element("task", "a"), False, id="plain task"),
        pytest.param(element("task", "a", MAPPED), True, id="plain task with parameters"),
    ],
)
def test_which_activities_have_an_execution_of_their_own(compiled, activity, is_scope):
    graph = compiled(sequence(start(), activity, end()))

    assert graph.activities["a"].is_scope is is_scope


def test_an_event_at_its_border_makes_a_scope_of_any_activity(compiled):
    graph = compiled(sequence(start(), user("a"), end()), boundary("b", "a", message("go")))

    assert graph.activities["a"].is_scope
    assert [e.id for e in graph.activities["a"].boundary_events] == ["b"]
    assert graph.activities["b"].attached_to is graph.activities["a"]


def test_an_event_behind_a_gateway_has_no_scope(compiled):
    graph = compiled(sequence(start(), gateway("eventBased", "g"), catch("a", message("go"))))

    event = graph.activities["a"]
    assert (event.is_scope, event.is_behind_gateway) == (False, True)
    assert event.gateway_before is graph.activities["g"]
    assert graph.activities["g"].is_scope


# -- bodies -----------------------------------------------------------------------------------


def test_a_body_stands_around_its_activity_and_has_its_flows(compiled):
    graph = compiled(sequence(start(), task("a", inner=loop(2)), end()))
    activity, body = graph.activities["a"], graph.activities["a" + BODY]

    assert (activity.multi_instance_body, body.inner) == (body, activity)
    assert activity.scope is body
    assert body.scope is graph.process
    assert [f.id for f in body.outgoing] == ["a_e"]
    assert activity.outgoing == ()
    assert graph.activities["s"].outgoing[0].target is body
    assert (body.kind, body.name) == (Kind.MULTI_INSTANCE_BODY, None)


def test_events_at_the_border_belong_to_the_body(compiled):
    graph = compiled(
        sequence(start(), task("a", inner=loop(2)), end()), boundary("b", "a", timer("PT1H"))
    )

    assert graph.activities["b"].attached_to is graph.activities["a" + BODY]
    assert graph.activities["a"].boundary_events == []


@pytest.mark.parametrize(
    ("attributes", "inner", "body", "activity"),
    [
        pytest.param(
            {"camunda_asyncBefore": "true"}, {}, (True, False), (False, False), id="outer"
        ),
        pytest.param({}, {"camunda_asyncBefore": "true"}, (False, False), (True, False), id="loop"),
        pytest.param(
            {"camunda_asyncAfter": "true"}, {}, (False, True), (False, False), id="behind"
        ),
        pytest.param(
            {}, {"camunda_asyncAfter": "true"}, (False, False), (False, True), id="behind each"
        ),
    ],
)
def test_continuations_are_of_the_body_or_of_each_instance(
    compiled, attributes, inner, body, activity
):
    graph = compiled(sequence(start(), task("a", inner=loop(2, **inner), **attributes), end()))

    found = [
        (a.is_async_before, a.is_async_after)
        for a in (graph.activities["a" + BODY], graph.activities["a"])
    ]
    assert found == [body, activity]


def test_a_default_flow_that_leaves_something_else_is_missed_when_it_is_needed(compiled):
    graph = compiled(sequence(start(), task("a", inner=loop(2), default="a_e"), end()))

    assert graph.activities["a"].missing_default == "a_e"
    assert graph.activities["a" + BODY].default_flow is None
    assert graph.activities["a" + BODY].missing_default is None


# -- flows ------------------------------------------------------------------------------------


def test_flows_leave_in_the_order_of_the_document(compiled):
    contents = start() + gateway("exclusive", "g", default="g_b") + flow("s", "g")
    contents += "".join(task(name) for name in "abc")
    graph = compiled(contents, flow("g", "c", "${1}"), flow("g", "a", "${2}"), flow("g", "b"))

    assert [f.target.id for f in graph.activities["g"].outgoing] == ["c", "a", "b"]
    assert graph.activities["g"].default_flow.id == "g_b"


def test_incoming_flows_are_counted_with_those_from_one_activity(compiled):
    contents = sequence(start(), task("a"), gateway("parallel", "g"), end())
    again = flow("a", "g").replace('id="', 'id="again_')

    assert compiled(contents, again).activities["g"].incoming_count == 2


# -- scopes -----------------------------------------------------------------------------------


def test_an_event_subprocess_hangs_at_the_scope_that_it_is_in(compiled):
    aside = event_subprocess("aside", message("go"), user("u"), interrupts=False)
    graph = compiled(
        sequence(start(), subprocess("sub", sequence(start("i"), end("ie")), aside), end())
    )
    sub, handling = graph.activities["sub"], graph.activities["aside"]

    assert sub.event_subprocesses == [handling]
    assert graph.process.event_subprocesses == []
    assert handling.is_event_subprocess
    assert handling.start_event.id == "event"
    assert handling.start_event.is_start_of_event_subprocess
    assert not handling.start_event.is_interrupting
    assert sub.start_event.id == "i"
    assert not sub.start_event.is_start_of_event_subprocess


@pytest.mark.parametrize(
    ("name", "is_start"), [("s", True), ("i", False), ("sub", False), ("e", False)]
)
def test_only_an_outermost_start_event_starts_the_process(compiled, name, is_start):
    graph = compiled(sequence(start(), subprocess("sub", sequence(start("i"), end("ie"))), end()))

    assert graph.activities[name].is_start_of_process is is_start
    assert graph.initial is graph.activities["s"]


def test_scopes_all_the_way_up_know_that_something_inside_can_be_compensated_for(compiled):
    inner = subprocess("inner", start("i") + compensated("a") + flow("i", "a"))
    outer = subprocess("outer", sequence(start("o"), inner))
    graph = compiled(sequence(start(), outer, subprocess("other", sequence(start("x"), end("xe")))))

    found = {a.id for a in (graph.process, *graph.activities.values()) if a.has_compensation_inside}

    assert found == {"p", "outer", "inner"}
    assert graph.activities["a"].compensation_handler.id == "undo_a"
    assert graph.activities["undo_a"].is_handler


def test_a_compensation_boundary_is_no_event_that_a_token_waits_for(compiled):
    graph = compiled(start() + compensated("a") + flow("s", "a"))

    assert graph.activities["a"].boundary_events == []
    assert graph.activities["of_a"].attached_to is graph.activities["a"]


# -- what is waited for -----------------------------------------------------------------------


def test_a_scope_awaits_its_own_event_then_those_at_its_border_then_those_inside(compiled):
    aside = event_subprocess("aside", signal("x"), user("u"))
    graph = compiled(
        sequence(
            start(), subprocess("sub", sequence(start("i"), user("y"), end("ie")), aside), end()
        ),
        boundary("late", "sub", timer("PT1H")),
        boundary("told", "sub", message("go")),
    )

    sub = graph.activities["sub"]
    assert [(a.id, kind) for a, kind in awaited(sub)] == [
        ("late", "timer-transition"),
        ("told", "timer-transition"),
        ("event", "timer-start-event-subprocess"),
    ]
    assert [a.id for a in subscribed(sub)] == ["told", "event"]
    assert sub.has_events
    assert not graph.activities["y"].has_events


def test_a_gateway_awaits_the_events_behind_it(compiled):
    graph = compiled(
        sequence(start(), gateway("eventBased", "g"), catch("a", message("go"))),
        catch("b", timer("PT1H")) + flow("g", "b"),
    )

    assert [a.id for a, _ in awaited(graph.activities["g"])] == ["a", "b"]
    assert [a.id for a in subscribed(graph.activities["g"])] == ["a"]


# -- listeners --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "may_wait"),
    [
        pytest.param("", False, id="none"),
        pytest.param(extensions(listener("start", "${1}")), False, id="an expression"),
        pytest.param(extensions(listener("start", "${bean.call()}")), True, id="a bean"),
        pytest.param(
            extensions('<camunda:executionListener event="end" class="org.X"/>'), True, id="a class"
        ),
    ],
)
def test_a_token_may_wait_for_a_listener_that_a_worker_may_do(compiled, inner, may_wait):
    graph = compiled(sequence(start(), user("a", inner), end()))

    assert graph.activities["a"].may_wait_for_listeners is may_wait
    assert graph.activities["a"].may_have_work is may_wait


# -- where a token could come to --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "is_reached"),
    [
        pytest.param("s", True, id="from the start"),
        pytest.param("a", True, id="from before"),
        pytest.param("g", True, id="from itself"),
        pytest.param("b", False, id="from behind"),
        pytest.param("inside", True, id="from inside of a scope before"),
        pytest.param("ie", True, id="from the end of a scope before"),
        pytest.param("lonely", False, id="from a branch that ends"),
        pytest.param("round", True, id="from a loop that leads there"),
    ],
)
def test_whether_a_token_can_come_to_a_gateway(compiled, name, is_reached):
    inner = sequence(start("i"), user("inside"), end("ie"))
    graph = compiled(
        sequence(
            start(), task("a"), subprocess("sub", inner), gateway("inclusive", "g"), task("b")
        ),
        task("lonely") + flow("s", "lonely"),
        task("round") + flow("round", "round") + flow("round", "a"),
    )

    assert expected.reaches(graph.activities[name], graph.activities["g"]) is is_reached


def test_a_chain_of_thousands_of_activities_is_walked_without_recursion(compiled):
    names = [f"n{number}" for number in range(2_000)]
    graph = compiled(sequence(start(), *(element("task", name) for name in names)))

    assert expected.reaches(graph.activities["s"], graph.activities[names[-1]])
