"""Compensation: what is undone, in which order, with which variables (semantics 2.13)."""

import pytest

from app.engine import state
from tests.engine.commands import (
    advance,
    at,
    complete,
    delete,
    set_variables,
    subscriptions,
    throw_error,
    tree,
    variables_of,
    visit,
)
from tests.engine.elements import (
    COMPENSATION,
    boundary,
    call,
    compensated,
    compensation_of,
    computed,
    end,
    error,
    event_subprocess,
    gateway,
    handler,
    loop,
    message,
    model,
    parameters,
    sequence,
    start,
    subprocess,
    task,
    throw,
    timer,
    user,
)
from tests.models import flow, flows


def undoable(*names, behind=()):
    """Tasks one behind the other, each with what undoes it, and elements behind them."""
    chain = sequence(*(task(name) for name in names), *behind)
    return chain + "".join(handler(name) for name in names)


def run(engine, contents, first="a", **variables):
    xml = model(start(), contents, flow("s", first))
    return engine.start(engine.deploy(xml), **variables)


def waiting(engine):
    """The tasks that are open, in the order in which they were made."""
    return [t.activity_id for t in engine.tasks()]


THROW = throw("undo", COMPENSATION)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_handlers_start_in_the_reverse_order_of_what_they_undo(engine, count):
    names = [f"t{number}" for number in range(count)]
    run(engine, undoable(*names, behind=(THROW, user("after"))), "t0")

    for name in names:
        complete(engine, name)

    assert waiting(engine) == [f"undo_{name}" for name in reversed(names)]
    for name in names:
        assert "after" not in at(engine)
        complete(engine, f"undo_{name}")
    assert at(engine) == ["after"]


def test_without_anything_to_undo_the_event_is_passed(engine):
    run(engine, sequence(task("a"), THROW, user("after")) + compensated("never"))

    complete(engine, "a")

    assert at(engine) == ["after"]
    assert "undo" in engine.visits()


def test_what_has_not_completed_is_not_undone(engine):
    contents = (
        gateway("parallel", "fork")
        + undoable("a", behind=(THROW, end("e")))
        + compensated("b")
        + flow("fork", "a")
        + flow("fork", "b")
    )
    run(engine, contents, "fork")

    complete(engine, "a")

    assert waiting(engine) == ["b", "undo_a"]


@pytest.mark.parametrize(
    "leave",
    [
        pytest.param(lambda engine: throw_error(engine, "a", "E"), id="by an error"),
        pytest.param(lambda engine: engine.send("go"), id="by a message"),
    ],
)
def test_what_was_canceled_is_not_undone(engine, leave):
    events = boundary("caught", "a", error()) + boundary("asked", "a", message("go"))
    contents = undoable("a", behind=(end("e"),)) + events
    contents += THROW + user("after") + flow("caught", "undo") + flow("asked", "undo")
    run(engine, contents + flow("undo", "after"))

    leave(engine)

    assert at(engine) == ["after"]


def test_each_round_of_a_loop_is_undone(engine):
    contents = (
        gateway("exclusive", "again")
        + compensated("a")
        + gateway("exclusive", "more", default="more_undo")
        + THROW
        + end()
        + flows("again", "a", "more")
        + flow("more", "again", "${n < 3}")
        + flow("more", "undo")
        + flow("undo", "e")
    )
    run(engine, contents, "again", n=0)

    for number in (1, 2, 3):
        complete(engine, "a", n=number)

    assert waiting(engine) == ["undo_a"] * 3


def test_what_was_undone_is_not_undone_again(engine):
    again = throw("again", COMPENSATION)
    run(engine, undoable("a", behind=(THROW, again, user("after"))))
    complete(engine, "a")

    complete(engine, "undo_a")

    assert at(engine) == ["after"]


def test_a_throw_that_names_an_activity_undoes_that_alone(engine):
    named = throw("undo", compensation_of("b"))
    run(engine, undoable("a", "b", "c", behind=(named, THROW.replace("undo", "rest"), end())))
    for name in "abc":
        complete(engine, name)

    assert waiting(engine) == ["undo_b"]
    complete(engine, "undo_b")
    assert waiting(engine) == ["undo_c", "undo_a"]


def test_the_throwing_event_waits_as_long_as_a_handler_does(engine):
    instance = run(engine, undoable("a", "b", behind=(THROW, user("after"))))
    complete(engine, "a")
    complete(engine, "b")

    assert visit(engine, "undo").end_time is None
    lines = [line.strip() for line in tree(engine, instance)]
    assert lines[:2] == ["instance", "scope undo at undo (inactive)"]
    assert {"scope undo_a at undo_a", "scope undo_b at undo_b"} <= set(lines)
    complete(engine, "undo_a")
    assert visit(engine, "undo").end_time is None
    complete(engine, "undo_b")
    assert visit(engine, "undo").end_time == engine.now


def test_a_compensation_end_event_ends_its_token_when_all_is_undone(engine):
    instance = run(engine, undoable("a", behind=(end("e", COMPENSATION),)))
    complete(engine, "a")
    assert engine.instances() == {instance: "ACTIVE"}

    complete(engine, "undo_a")

    assert engine.is_empty()
    assert engine.instances() == {instance: "COMPLETED"}


# -- variables --------------------------------------------------------------------------------


def in_scope(*inner, more="", **attributes):
    """A sub-process with something to undo, and a general throw behind it."""
    contents = subprocess("sub", more, start("i"), *inner, flow("i", "a"), **attributes)
    return contents + sequence(user("between"), THROW, user("after")) + flow("sub", "between")


def test_a_handler_sees_the_scope_as_it_was_when_it_ended(engine):
    given = parameters({"kept": "${n}"})
    seen = computed("undo_a", "${kept}", "seen", isForCompensation="true")
    contents = in_scope(task("a"), handler("a", seen), more=given)
    instance = run(engine, contents, "sub", n=1)
    complete(engine, "a", kept=2)
    set_variables(engine, instance, n=9, kept=8)

    complete(engine, "between")

    assert variables_of(engine, instance)["seen"] == 2


def test_a_handler_of_the_process_sees_the_variables_of_now(engine):
    seen = computed("undo_a", "${n}", "seen", isForCompensation="true")
    contents = task("a") + handler("a", seen) + sequence(THROW, user("after")) + flow("a", "undo")
    instance = run(engine, contents, n=1)

    complete(engine, "a", n=2)

    assert variables_of(engine, instance) == {"n": 2, "seen": 2}


def test_what_was_kept_of_a_scope_goes_when_the_instance_ends_without_undoing_it(engine):
    contents = subprocess("sub", start("i"), compensated("a"), flow("i", "a"))
    run(engine, contents + user("after") + flow("sub", "after"), "sub", n=1)
    complete(engine, "a")
    assert [s[0] for s in subscriptions(engine)] == ["compensate", "compensate"]

    complete(engine, "after")

    assert engine.is_empty()


def test_what_was_kept_goes_with_an_instance_that_is_deleted(engine):
    contents = subprocess("sub", start("i"), compensated("a"), flow("i", "a"))
    instance = run(engine, contents + user("after") + flow("sub", "after"), "sub")
    complete(engine, "a")

    delete(engine, instance)

    assert engine.is_empty()


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_scopes_in_scopes_are_undone_from_outside(engine, depth):
    inner = start("i0") + compensated("a") + flow("i0", "a")
    for level in range(1, depth):
        scope = subprocess(f"sub{level}", inner)
        inner = sequence(start(f"i{level}"), scope)
    outer = subprocess("sub", inner)
    run(engine, sequence(outer, THROW, user("after")), "sub")

    complete(engine, "a")

    assert waiting(engine) == ["undo_a"]
    complete(engine, "undo_a")
    assert at(engine) == ["after"]
    assert not any(e.is_event_scope for e in engine.rows[state.Execution].values())


# -- who undoes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("undoing", "waits"),
    [
        pytest.param(user("undo_a", isForCompensation="true"), "undo_a", id="user task"),
        pytest.param(task("undo_a", isForCompensation="true"), "undo_a", id="external task"),
        pytest.param(
            subprocess(
                "undo_a", sequence(start("u"), user("deep"), end("ue")), isForCompensation="true"
            ),
            "deep",
            id="sub-process",
        ),
        pytest.param(call("undo_a", "called", isForCompensation="true"), "work", id="call"),
    ],
)
def test_an_activity_of_any_kind_may_undo_another(engine, undoing, waits):
    engine.deploy(model(sequence(start("cs"), user("work"), end("ce")), key="called"))
    contents = task("a") + handler("a", undoing) + sequence(THROW, user("after"))
    run(engine, contents + flow("a", "undo"))
    complete(engine, "a")
    assert "after" not in at(engine)

    complete(engine, waits)

    assert at(engine) == ["after"]
    assert "undo_a" in engine.visits()


@pytest.mark.parametrize("sequential", [False, True])
def test_a_call_activity_may_be_undone(engine, sequential):
    engine.deploy(model(sequence(start("cs"), user("work"), end("ce")), key="called"))
    calling = call("a", "called", inner=loop(2, sequential=sequential))
    run(engine, calling + handler("a") + sequence(THROW, user("after")) + flow("a", "undo"))
    complete(engine, "work")
    complete(engine, "work")

    assert waiting(engine) == ["undo_a", "undo_a"]


def test_a_handler_that_fails_by_an_error_is_caught_around_the_throw(engine):
    inner = undoable("a", behind=(THROW, end("ie"))) + start("i") + flow("i", "a")
    caught = boundary("b", "sub", error("E")) + user("handle") + flow("b", "handle")
    run(engine, subprocess("sub", inner) + caught, "sub")
    complete(engine, "a")

    throw_error(engine, "undo_a", "E")

    assert at(engine) == ["handle"]


def test_what_undoes_is_interrupted_with_the_scope_around_the_throw(engine):
    inner = undoable("a", "b", behind=(THROW, end("ie"))) + start("i") + flow("i", "a")
    late = boundary("late", "sub", timer("PT1H")) + user("rescue") + flow("late", "rescue")
    run(engine, subprocess("sub", inner) + late, "sub")
    complete(engine, "a")
    complete(engine, "b")

    advance(engine, hours=1)

    assert at(engine) == ["rescue"]
    assert {"undo_a (canceled)", "undo_b (canceled)", "undo (canceled)"} <= set(engine.visits())
    complete(engine, "rescue")
    assert engine.is_empty()


def test_a_throw_in_an_event_subprocess_undoes_the_scope_around(engine):
    aside = event_subprocess("aside", message("go"), THROW, user("after"), flow("undo", "after"))
    run(engine, undoable("a", behind=(user("between"),)) + aside)
    complete(engine, "a")

    engine.send("go")

    assert waiting(engine) == ["undo_a"]
    complete(engine, "undo_a")
    assert at(engine) == ["after"]


def test_branches_are_undone_with_what_completed_last_at_the_front(engine):
    contents = (
        gateway("parallel", "fork")
        + compensated("a")
        + compensated("b")
        + gateway("parallel", "join")
        + flows("fork", "a", "join")
        + flows("fork", "b", "join")
        + sequence(THROW, end())
        + flow("join", "undo")
    )
    run(engine, contents, "fork")
    complete(engine, "b")
    engine.now = engine.now.replace(hour=1)

    complete(engine, "a")

    assert waiting(engine) == ["undo_a", "undo_b"]
