"""Multi-instance activities of every kind: parallel and sequential, counted and over items."""

import pytest

from app.engine import state
from app.engine.graph.graph import BODY
from app.engine.history.history_records import HistoricActivityInstance
from tests.engine.commands import (
    advance,
    at,
    complete,
    delete,
    throw_error,
    told,
    tree,
)
from tests.engine.elements import (
    boundary,
    call,
    computed,
    element,
    end,
    error,
    followed,
    loop,
    message,
    model,
    parameters,
    sequence,
    start,
    subprocess,
    task,
    timer,
    user,
)
from tests.models import flow


def external(how):
    return task("t", inner=how)


def counters(engine):
    """The counters of the body: instances, active, completed."""
    (body,) = (
        e
        for e in engine.rows[state.Execution].values()
        if (e.scope_activity_id or "").endswith(BODY)
    )
    names = ("nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances")
    found = {
        v.name: v.long_value
        for v in engine.rows[state.Variable].values()
        if v.execution_id == body.id
    }
    return tuple(found.get(name) for name in names)


KINDS = [
    pytest.param(lambda how: task("t", inner=how), "t", id="external task"),
    pytest.param(lambda how: user("t", how), "t", id="user task"),
    pytest.param(
        lambda how: subprocess("t", how, sequence(start("i"), task("x"), end("ie"))),
        "x",
        id="sub-process",
    ),
    pytest.param(lambda how: call("t", "called", inner=how), "x", id="call activity"),
    pytest.param(
        lambda how: element("receiveTask", "t", how, messageRef="m.go"),
        None,
        id="receive task",
    ),
]
CALLED = model(sequence(start(), task("x"), end()), key="called")


def do_one(engine, waiting):
    if waiting is None:
        engine.send("go")
    else:
        complete(engine, waiting)


@pytest.mark.parametrize(("made", "waiting"), KINDS)
def test_a_parallel_body_runs_all_instances_and_ends_with_the_last(engine, made, waiting):
    engine.deploy(CALLED)
    engine.start(engine.deploy(followed(made(loop(3)))))
    assert counters(engine) == (3, 3, 0)

    do_one(engine, waiting)
    assert counters(engine) == (3, 2, 1)
    do_one(engine, waiting)
    assert not engine.tasks("after")
    do_one(engine, waiting)

    assert [t.activity_id for t in engine.tasks()] == ["after"]
    assert engine.visits().count("t") == 3
    assert engine.visits().count("t" + BODY) == 1


@pytest.mark.parametrize(("made", "waiting"), KINDS)
def test_a_sequential_body_runs_one_instance_at_a_time(engine, made, waiting):
    engine.deploy(CALLED)
    engine.start(engine.deploy(followed(made(loop(3, sequential=True)))))

    for completed in range(3):
        assert counters(engine) == (3, 1, completed)
        assert sum(v.startswith("t …") for v in engine.visits()) == 1
        do_one(engine, waiting)

    assert [t.activity_id for t in engine.tasks()] == ["after"]
    assert engine.visits().count("t") == 3


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize(("made", "waiting"), KINDS)
def test_an_event_at_the_border_cancels_all_instances_and_their_body(
    engine, made, waiting, sequential
):
    engine.deploy(CALLED)
    xml = followed(made(loop(3, sequential=sequential)))
    late = boundary("late", "t", timer("PT1H")) + task("rescue") + flow("late", "rescue")
    engine.start(engine.deploy(xml.replace("</process>", f"{late}</process>")))
    do_one(engine, waiting)

    advance(engine, hours=1)

    assert [t.activity_id for t in engine.tasks()] == ["rescue"]
    assert at(engine) == ["rescue"]
    assert f"t{BODY} (canceled)" in engine.visits()
    assert engine.visits().count("t (canceled)") == (1 if sequential else 2)
    complete(engine, "rescue")
    assert engine.is_empty()


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize(("made", "waiting"), KINDS)
def test_nothing_is_left_of_a_body_whose_instance_is_deleted(engine, made, waiting, sequential):
    engine.deploy(CALLED)
    instance = engine.start(engine.deploy(followed(made(loop(3, sequential=sequential)))))
    do_one(engine, waiting)

    delete(engine, instance)

    assert engine.is_empty()
    assert not [v for v in engine.visits() if v.endswith("…")]


# -- scopes, variables, errors ----------------------------------------------------------------


def test_the_executions_of_a_parallel_body_stay_until_it_ends(engine):
    instance = engine.start(engine.deploy(followed(external(loop(2)))))
    assert tree(engine, instance) == [
        "instance",
        f"  scope t{BODY}",
        "    concurrent token",
        "      scope t at t",
        "    concurrent token",
        "      scope t at t",
    ]

    complete(engine, "t")

    # a finished instance stays as an inactive token without an activity (semantics 2.11)
    assert tree(engine, instance)[2] == "    concurrent token"
    assert len(tree(engine, instance)) == 5


def test_the_instance_of_a_sequential_body_is_directly_below_it(engine):
    instance = engine.start(engine.deploy(followed(external(loop(2, sequential=True)))))

    assert tree(engine, instance) == ["instance", f"  scope t{BODY}", "    scope t at t"]


def test_variables_of_an_instance_with_the_name_of_a_counter_stay_inside(engine):
    instance = engine.start(engine.deploy(followed(external(loop(2)))))

    complete(engine, "t", loopCounter=77, result=1)

    outside = {v.name for v in engine.rows[state.Variable].values() if v.execution_id == instance}
    assert outside == {"result"}  # the counter was found at the token (semantics 2.11)


def test_inputs_are_mapped_for_each_instance(engine):
    echo = parameters({"doubled": "${n * 2}"})
    engine.start(engine.deploy(followed(user("t", echo + loop(2)))), n=4)

    doubled = [v for v in engine.rows[state.Variable].values() if v.name == "doubled"]

    assert [v.long_value for v in doubled] == [8, 8]
    assert len({v.execution_id for v in doubled}) == 2


def test_an_uncaught_error_ends_its_instance_and_counts_as_completed(engine):
    engine.start(engine.deploy(followed(external(loop(2)))))

    throw_error(engine, "t", "E")
    assert counters(engine) == (2, 1, 1)
    complete(engine, "t")

    assert at(engine) == ["after"]


@pytest.mark.parametrize("sequential", [False, True])
def test_a_caught_error_of_one_instance_cancels_the_body(engine, sequential):
    caught = boundary("b", "t", error("E")) + task("handle") + flow("b", "handle")
    how = loop(3, sequential=sequential)
    engine.start(engine.deploy(followed(external(how), caught)))

    throw_error(engine, "t", "E")

    assert at(engine) == ["handle"]
    assert f"t{BODY} (canceled)" in engine.visits()


def test_an_event_that_does_not_interrupt_runs_besides_the_whole_body(engine):
    beside = boundary("b", "t", message("go"), interrupts=False) + task("beside")
    engine.start(engine.deploy(followed(external(loop(2)), beside, flow("b", "beside"))))

    engine.send("go")
    engine.send("go")

    assert at(engine) == ["beside", "beside", "t", "t"]
    for name in ("t", "beside", "t", "beside", "after"):
        complete(engine, name)
    assert engine.is_empty()


def test_instances_that_never_wait_end_in_the_transaction_that_starts_them(engine):
    how = loop(5)
    engine.start(engine.deploy(followed(computed("t", "${loopCounter}", "last", inner=how))))

    assert at(engine) == ["after"]
    assert engine.visits().count("t") == 5


def test_bodies_one_inside_the_other_multiply(engine):
    inner = sequence(start("i"), task("x", inner=loop(2)), end("ie"))
    engine.start(engine.deploy(followed(subprocess("t", loop(3), inner))))
    assert at(engine) == ["x"] * 6

    for _ in range(6):
        complete(engine, "x")

    assert at(engine) == ["after"]
    assert engine.visits().count("x" + BODY) == 3


@pytest.mark.parametrize("sequential", [False, True])
def test_the_history_names_the_body_around_each_instance(engine, sequential):
    engine.start(engine.deploy(followed(external(loop(2, sequential=sequential)))))
    complete(engine, "t")
    complete(engine, "t")

    found = told(engine, HistoricActivityInstance)
    (body,) = (v for v in found if v.activity_id == "t" + BODY)
    instances = [v for v in found if v.activity_id == "t"]
    assert {v.parent_activity_instance_id for v in instances} == {body.id}
    assert {v.activity_type for v in instances} == {"serviceTask"}
    assert body.activity_type == "multiInstanceBody"
