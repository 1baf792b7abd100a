"""Scopes inside of processes: embedded and event sub-processes, transactions."""

import pytest

from app.engine import state
from tests.engine.commands import (
    advance,
    at,
    broadcast,
    complete,
    delete,
    local,
    set_variables,
    subscriptions,
    throw_error,
    tree,
    variables_of,
    visit,
)
from tests.engine.elements import (
    CANCEL,
    COMPENSATION,
    TERMINATE,
    boundary,
    computed,
    condition,
    end,
    error,
    escalation,
    event_subprocess,
    gateway,
    handler,
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

# -- embedded ---------------------------------------------------------------------------------


def around(*inner, more="", **attributes):
    """A sub-process with this inside, and a task behind it."""
    return model(sequence(start(), subprocess("sub", more, *inner, **attributes), task("after")))


def test_a_subprocess_is_left_when_its_last_token_has_ended(engine):
    inner = sequence(start("i"), gateway("parallel", "fork"), task("a"), end("ea")) + sequence(
        task("b"), end("eb")
    )
    engine.start(engine.deploy(around(inner, flow("fork", "b"))))

    complete(engine, "a")
    assert at(engine) == ["b"]
    complete(engine, "b")

    assert at(engine) == ["after"]
    assert engine.visits().count("sub") == 1


def test_a_token_without_a_way_on_ends_its_subprocess_as_an_end_event_does(engine):
    engine.start(engine.deploy(around(sequence(start("i"), task("a")))))

    complete(engine, "a")

    assert at(engine) == ["after"]


def test_a_variable_of_a_subprocess_goes_with_it_and_one_of_the_instance_stays(engine):
    inner = sequence(start("i"), task("a"))
    given = parameters({"mine": "in"})
    instance = engine.start(engine.deploy(around(inner, more=given)), ours=1)

    complete(engine, "a", mine="changed", ours=2, other=3)
    assert variables_of(engine, instance) == {"ours": 2, "other": 3}

    assert engine.variables() == {"ours": 2, "other": 3}


def test_outputs_of_a_subprocess_are_read_inside_and_set_outside(engine):
    inner = sequence(start("i"), task("a"))
    mapped = parameters({"mine": "in"}, {"seen": "${mine}-${ours}"})
    engine.start(engine.deploy(around(inner, more=mapped)), ours=1)

    complete(engine, "a", mine="changed")

    assert engine.variables() == {"ours": 1, "seen": "changed-1"}


def test_the_execution_of_a_subprocess_stands_at_nothing_itself(engine):
    instance = engine.start(engine.deploy(around(sequence(start("i"), user("a")))))

    assert tree(engine, instance) == ["instance", "  scope sub at a"]
    around_it = visit(engine, "sub")
    assert visit(engine, "a").parent_activity_instance_id == around_it.id
    assert visit(engine, "i").parent_activity_instance_id == around_it.id


@pytest.mark.parametrize("depth", [1, 3, 40])
def test_subprocesses_inside_of_subprocesses_end_one_after_the_other(engine, depth):
    inner = sequence(start("s0"), task("deep"))
    for level in range(1, depth + 1):
        inner = sequence(start(f"s{level}"), subprocess(f"sub{level}", inner))
    engine.start(engine.deploy(model(inner)))

    complete(engine, "deep")

    assert engine.is_empty()
    assert [v for v in engine.visits() if v.startswith("sub")] == [
        f"sub{level}" for level in range(depth, 0, -1)
    ]


def test_a_terminate_end_event_ends_its_subprocess_and_not_the_process(engine):
    inner = (
        sequence(start("i"), gateway("parallel", "fork"), task("a"), end("stop", TERMINATE))
        + user("b")
        + flow("fork", "b")
    )
    engine.start(engine.deploy(around(inner)))

    complete(engine, "a")

    assert at(engine) == ["after"]
    assert "b (canceled)" in engine.visits()
    assert "sub" in engine.visits()


# -- event sub-processes ----------------------------------------------------------------------

TRIGGERS = [
    pytest.param(message("go"), lambda engine, _: engine.send("go"), id="message"),
    pytest.param(signal("go"), lambda engine, _: broadcast(engine, "go"), id="signal"),
    pytest.param(timer("PT1H"), lambda engine, _: advance(engine, hours=1), id="timer"),
    pytest.param(
        condition("${v == 1}"), lambda engine, i: set_variables(engine, i, v=1), id="conditional"
    ),
    pytest.param(escalation("L"), lambda engine, _: complete(engine, "escalates"), id="escalation"),
]


def with_event(definition, interrupts, *, in_subprocess):
    """A user task and one that leads to an escalation, with an event sub-process around them."""
    inner = (
        sequence(start("i"), gateway("parallel", "fork"), user("a"), end("ea"))
        + sequence(task("escalates"), end("up", escalation("L")))
        + flow("fork", "escalates")
        + event_subprocess(
            "aside", definition, sequence(task("handle"), end("he")), interrupts=interrupts
        )
    )
    if in_subprocess:
        return model(sequence(start(), subprocess("sub", inner), task("after"), end()))
    return model(inner)


@pytest.mark.parametrize("in_subprocess", [False, True], ids=["process", "sub-process"])
@pytest.mark.parametrize(("definition", "happen"), TRIGGERS)
def test_an_interrupting_event_takes_the_place_of_what_its_scope_does(
    engine, definition, happen, in_subprocess
):
    xml = with_event(definition, True, in_subprocess=in_subprocess)
    instance = engine.start(engine.deploy(xml))

    happen(engine, instance)

    assert at(engine) == ["handle"]
    assert {"a (canceled)", "event"} <= set(engine.visits())
    assert subscriptions(engine) == []
    assert not engine.rows[state.Job]
    complete(engine, "handle")
    assert at(engine) == (["after"] if in_subprocess else [])


@pytest.mark.parametrize("in_subprocess", [False, True], ids=["process", "sub-process"])
@pytest.mark.parametrize(("definition", "happen"), TRIGGERS)
def test_an_event_that_does_not_interrupt_runs_besides_what_its_scope_does(
    engine, definition, happen, in_subprocess
):
    xml = with_event(definition, False, in_subprocess=in_subprocess)
    instance = engine.start(engine.deploy(xml))

    happen(engine, instance)
    if engine.tasks("escalates"):
        complete(engine, "escalates")

    handling = len(engine.tasks("handle"))
    assert at(engine) == ["a"] + ["handle"] * handling
    assert handling >= 1
    complete(engine, "a")
    for _ in range(handling):
        assert not engine.tasks("after")
        complete(engine, "handle")
    assert at(engine) == (["after"] if in_subprocess else [])


@pytest.mark.parametrize(
    ("definition", "happen"),
    [trigger for trigger in TRIGGERS if trigger.id in ("message", "signal")],
)
def test_an_event_that_does_not_interrupt_may_happen_again(engine, definition, happen):
    instance = engine.start(engine.deploy(with_event(definition, False, in_subprocess=True)))

    for _ in range(3):
        happen(engine, instance)

    assert at(engine).count("handle") == 3
    assert engine.visits().count("aside …") == 3


def test_a_timer_that_does_not_interrupt_happens_once_unless_it_is_a_cycle(engine):
    engine.start(engine.deploy(with_event(timer("PT1H"), False, in_subprocess=False)))

    advance(engine, hours=1)

    assert not engine.rows[state.Job]


def test_a_cycle_makes_its_next_job_until_its_repetitions_are_used_up(engine):
    cycle = timer(cycle="R2/PT1H")
    engine.start(engine.deploy(with_event(cycle, False, in_subprocess=False)))

    advance(engine, hours=1)
    assert [job.due_date - engine.now for job in engine.rows[state.Job].values()] == [
        engine.now - engine.now.replace(hour=0)
    ]
    advance(engine, hours=1)

    assert not engine.rows[state.Job]
    assert at(engine).count("handle") == 2


def test_an_error_start_event_catches_what_is_thrown_in_its_scope(engine):
    aside = event_subprocess("aside", error("E"), sequence(task("handle"), end("he")))
    inner = sequence(start("i"), task("a")) + aside
    engine.start(engine.deploy(around(inner)))

    throw_error(engine, "a", "E")

    assert at(engine) == ["handle"]
    complete(engine, "handle")
    assert at(engine) == ["after"]


def test_an_event_subprocess_has_its_own_scope_inside_of_that_it_belongs_to(engine):
    xml = with_event(message("go"), False, in_subprocess=True)
    instance = engine.start(engine.deploy(xml))

    engine.send("go")

    assert [line.strip() for line in tree(engine, instance)] == [
        "instance",
        "scope sub",
        "concurrent token at a",
        "concurrent token",
        "scope escalates at escalates",
        "concurrent token",
        "scope aside",
        "scope handle at handle",
    ]
    aside = visit(engine, "aside")
    assert aside.activity_type == "subProcess"
    assert visit(engine, "handle").parent_activity_instance_id == aside.id


def test_a_terminate_end_event_in_an_event_subprocess_ends_that_alone(engine):
    aside = event_subprocess(
        "aside",
        message("go"),
        sequence(gateway("parallel", "af"), task("x"), end("stop", TERMINATE)),
        user("y"),
        flow("af", "y"),
        interrupts=False,
    )
    engine.start(engine.deploy(model(sequence(start(), user("a"), end()), aside)))
    engine.send("go")

    complete(engine, "x")

    assert at(engine) == ["a"]
    assert "y (canceled)" in engine.visits()


# -- transactions -----------------------------------------------------------------------------


def booking(*, boundary_events=""):
    inner = sequence(
        start("i"),
        task("hotel"),
        task("flight"),
        gateway("exclusive", "paid", default="paid_ok"),
        end("ok"),
    )
    handlers = handler("hotel") + handler("flight")
    cancel = end("cancel", CANCEL) + flow("paid", "cancel", "${!paid}")
    return model(
        sequence(start(), transaction("tx", inner, handlers, cancel), task("booked")),
        boundary("canceled", "tx", CANCEL) + task("sorry") + flow("canceled", "sorry"),
        boundary_events,
    )


def test_a_transaction_that_succeeds_is_left_by_its_flow(engine):
    engine.start(engine.deploy(booking()))

    complete(engine, "hotel")
    complete(engine, "flight", paid=True)

    assert at(engine) == ["booked"]
    assert visit(engine, "tx").activity_type == "transaction"
    assert not visit(engine, "tx").is_canceled


def test_a_canceled_transaction_is_undone_before_its_cancel_event_happens(engine):
    engine.start(engine.deploy(booking()))
    complete(engine, "hotel")

    complete(engine, "flight", paid=False)
    assert [t.activity_id for t in engine.tasks()] == ["undo_flight", "undo_hotel"]
    complete(engine, "undo_hotel")
    assert not engine.tasks("sorry")
    complete(engine, "undo_flight")

    assert at(engine) == ["sorry"]
    assert visit(engine, "tx").is_canceled
    complete(engine, "sorry")
    assert engine.is_empty()


def test_an_error_leaves_a_transaction_without_undoing_it(engine):
    failed = boundary("failed", "tx", error("E")) + task("look") + flow("failed", "look")
    engine.start(engine.deploy(booking(boundary_events=failed)))
    complete(engine, "hotel")

    throw_error(engine, "flight", "E")

    assert at(engine) == ["look"]
    assert subscriptions(engine) == []
    complete(engine, "look")
    assert engine.is_empty()


def test_what_a_transaction_has_done_may_be_compensated_after_it_has_succeeded(engine):
    inner = sequence(start("i"), task("hotel"), end("ok"))
    tx = transaction("tx", inner, handler("hotel"))
    throwing = throw("undo_all", COMPENSATION)
    engine.start(engine.deploy(model(sequence(start(), tx, throwing, task("after")))))

    complete(engine, "hotel")

    assert at(engine) == ["undo_all", "undo_hotel"]
    complete(engine, "undo_hotel")
    assert at(engine) == ["after"]


# -- what waits inside when the scope goes ----------------------------------------------------


@pytest.mark.parametrize("made", [subprocess, transaction])
def test_nothing_of_a_scope_is_left_when_its_instance_is_deleted(engine, made):
    inner = (
        sequence(start("i"), gateway("parallel", "fork"), task("a"), end("ea"))
        + user("b")
        + flow("fork", "b")
        + boundary("late", "b", timer("PT1H"))
        + event_subprocess("aside", message("go"), task("handle"))
    )
    instance = engine.start(
        engine.deploy(model(sequence(start(), made("scope", inner), task("after"))))
    )

    delete(engine, instance)

    assert engine.is_empty()
    assert {"a (canceled)", "b (canceled)", "scope (canceled)"} <= set(engine.visits())


def test_computed_values_inside_a_scope_go_to_the_instance_unless_the_scope_has_the_name(engine):
    inner = sequence(start("i"), computed("c", "${7}", "mine"), computed("d", "${8}", "new"))
    given = parameters({"mine": "1"})
    instance = engine.start(
        engine.deploy(around(inner + user("stay") + flow("d", "stay"), more=given))
    )

    assert local(engine, "sub") == {"mine": 7}
    assert variables_of(engine, instance) == {"new": 8}
