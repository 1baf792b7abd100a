"""Modifications of every kind of place: events, bodies, parked tokens, called instances (2.15)."""

import pytest

from app.engine import state
from app.engine.modification import places
from app.engine.modification.instructions import AFTER, BEFORE, TRANSITION, Cancel, Start
from app.errors import EngineError
from tests.engine.commands import (
    at,
    complete,
    deploy,
    instance_of,
    local,
    only_job,
    subscriptions,
    suspend,
    tree,
    typed,
    variables_of,
    visit,
)
from tests.engine.elements import (
    boundary,
    call,
    catch,
    end,
    event_subprocess,
    gateway,
    message,
    parameters,
    sequence,
    signal,
    start,
    subprocess,
    task,
    timer,
    user,
)
from tests.models import flow

from .steps import modify

BEFORE_JOB = {"camunda_asyncBefore": "true"}
AFTER_JOB = {"camunda_asyncAfter": "true"}


def two_tasks(engine):
    contents = sequence(start(), user("a"), user("b"), end())
    return engine.start(deploy(engine, contents))


# -- before, after, on a flow -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        pytest.param(Start(BEFORE, "b"), ["a", "b"], id="before"),
        pytest.param(Start(AFTER, "a"), ["a", "b"], id="after"),
        pytest.param(Start(TRANSITION, "a_b"), ["a", "b"], id="on the flow"),
        pytest.param(Start(BEFORE, "s"), ["a", "a"], id="before the start event"),
        pytest.param(Start(AFTER, "s"), ["a", "a"], id="after the start event"),
        pytest.param(Start(BEFORE, "e"), ["a"], id="before the end event"),
        pytest.param(Start(AFTER, "b"), ["a"], id="after the last task"),
    ],
)
def test_a_token_is_started_where_the_instruction_says(engine, instruction, expected):
    instance = two_tasks(engine)

    modify(engine, instance, instruction)

    assert at(engine) == expected
    assert engine.instances() == {instance: "ACTIVE"}


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        pytest.param(task("a"), "no outgoing sequence flow to take", id="none"),
        pytest.param(
            task("a") + task("b") + task("c") + flow("a", "b") + flow("a", "c"),
            "more than one outgoing sequence flow",
            id="several",
        ),
    ],
)
def test_a_token_starts_after_an_activity_that_one_flow_leaves(engine, contents, problem):
    instance = engine.start(deploy(engine, start(), contents, flow("s", "a")))

    with pytest.raises(EngineError, match=f"Cannot start after activity a; activity has {problem}"):
        modify(engine, instance, Start(AFTER, "a"))

    assert at(engine) == ["a"]


def test_variables_of_an_instruction_go_outwards_and_local_ones_stay_at_the_token(engine):
    instance = two_tasks(engine)
    given = Start(BEFORE, "b", variables=typed({"ours": 1}), local_variables=typed({"mine": 2}))

    modify(engine, instance, given)

    assert variables_of(engine, instance) == {"ours": 1}
    assert local(engine, "b") == {"mine": 2}


def test_instructions_are_followed_one_after_the_other(engine):
    instance = two_tasks(engine)

    modify(engine, instance, Cancel("a"), Start(BEFORE, "a"), Cancel("a"), Start(BEFORE, "b"))

    assert at(engine) == ["b"]
    assert engine.visits().count("a (canceled)") == 2


def test_only_what_was_there_before_is_canceled_where_that_is_asked_for(engine):
    instance = two_tasks(engine)

    modify(engine, instance, Start(BEFORE, "a"), Cancel("a", is_only_current=True))

    assert at(engine) == ["a"]
    assert engine.visits().count("a (canceled)") == 1


@pytest.mark.parametrize(
    ("instructions", "told"),
    [
        pytest.param([Cancel("a")], "EXTERNALLY_TERMINATED", id="canceled"),
        pytest.param([Cancel("a"), Start(BEFORE, "e")], "COMPLETED", id="led to its end"),
        pytest.param(
            [Start(BEFORE, "e"), Cancel("a")], "EXTERNALLY_TERMINATED", id="last canceled"
        ),
    ],
)
def test_how_an_instance_ends_of_which_nothing_is_left(engine, instructions, told):
    instance = two_tasks(engine)

    modify(engine, instance, *instructions)

    assert engine.is_empty()
    assert instance_of(engine, instance).state == told


# -- events -----------------------------------------------------------------------------------


@pytest.mark.parametrize("interrupts", [True, False])
def test_an_event_at_the_border_that_is_started_does_what_its_trigger_does(engine, interrupts):
    event = boundary("b", "a", message("go"), interrupts=interrupts) + user("x") + flow("b", "x")
    instance = engine.start(deploy(engine, sequence(start(), user("a"), end()), event))

    modify(engine, instance, Start(BEFORE, "b"))

    assert at(engine) == (["x"] if interrupts else ["a", "x"])
    assert subscriptions(engine) == ([] if interrupts else [("message", "go", "b")])


def test_an_event_at_the_border_of_what_does_not_run_is_passed(engine):
    event = boundary("b", "late", message("go")) + user("x") + flow("b", "x")
    contents = sequence(start(), user("a"), user("late"), end())
    instance = engine.start(deploy(engine, contents, event))

    modify(engine, instance, Start(BEFORE, "b"))

    assert at(engine) == ["a", "x"]


@pytest.mark.parametrize("interrupts", [True, False])
@pytest.mark.parametrize("where", ["aside", "event", "handle"])
def test_an_event_subprocess_is_started_by_itself_or_its_event_or_inside(engine, where, interrupts):
    aside = event_subprocess("aside", message("go"), user("handle"), interrupts=interrupts)
    instance = engine.start(deploy(engine, sequence(start(), user("a"), end()), aside))

    modify(engine, instance, Start(BEFORE, where))

    is_replaced = interrupts and where != "handle"  # a token inside interrupts nothing
    assert at(engine) == (["handle"] if is_replaced else ["a", "handle"])
    assert visit(engine, "aside").end_time is None
    complete(engine, "handle")
    assert at(engine) == ([] if is_replaced else ["a"])


@pytest.mark.parametrize("is_async", [False, True])
def test_an_event_behind_a_gateway_has_happened_when_it_is_started(engine, is_async):
    attributes = BEFORE_JOB if is_async else {}
    contents = sequence(
        start(), gateway("eventBased", "g"), catch("c", message("go"), **attributes), user("x")
    )
    other = catch("d", signal("other")) + flow("g", "d")
    instance = engine.start(deploy(engine, contents, other))

    modify(engine, instance, Start(BEFORE, "c"))

    assert subscriptions(engine) == []
    if is_async:
        engine.execute(only_job(engine))
    assert at(engine) == ["x"]
    assert "g (canceled)" in engine.visits()


# -- parked tokens ----------------------------------------------------------------------------


@pytest.mark.parametrize("by_id", [True, False])
@pytest.mark.parametrize("attributes", [BEFORE_JOB, AFTER_JOB], ids=["before", "after"])
def test_a_token_that_waits_for_a_job_is_canceled_by_its_id_or_with_its_activity(
    engine, attributes, by_id
):
    contents = sequence(start(), user("a", **attributes), user("b"), end())
    instance = engine.start(deploy(engine, contents))
    if attributes is AFTER_JOB:
        complete(engine, "a")

    modify(engine, instance, Cancel(transition_instance_id=instance) if by_id else Cancel("a"))

    assert engine.is_empty()
    assert instance_of(engine, instance).state == "EXTERNALLY_TERMINATED"


def test_an_activity_that_starts_asynchronously_is_started_by_a_job(engine):
    contents = sequence(start(), user("a"), user("b", **BEFORE_JOB), end())
    instance = engine.start(deploy(engine, contents))

    modify(engine, instance, Start(BEFORE, "b"))
    assert not [t for t in engine.rows[state.Task].values() if t.task_definition_key == "b"]
    engine.execute(only_job(engine))

    assert at(engine) == ["a", "b"]


def test_the_places_of_an_activity_are_its_instances_then_what_waits(engine):
    contents = (
        sequence(start(), gateway("parallel", "fork"), user("a", **BEFORE_JOB), end())
        + gateway("exclusive", "again")
        + flow("fork", "again")
        + flow("again", "a")
    )
    instance = engine.start(deploy(engine, contents))
    first = min(engine.rows[state.Job].values(), key=lambda job: job.id)
    engine.execute(first)

    found = engine.command(lambda run, host: places.places_of(run, host.execution(instance), "a"))

    assert [place.activity_instance_id is None for place in found] == [False, True]
    assert [place.execution.activity_id for place in found] == ["a", "a"]


# -- called instances, suspension --------------------------------------------------------------


def test_a_canceled_call_activity_ends_what_it_has_called_as_it_is_told(engine):
    deploy(engine, sequence(start("cs"), user("work")), key="called")
    contents = sequence(start(), call("call", "called"), user("after"), end())
    instance = engine.start(deploy(engine, contents))

    modify(
        engine,
        instance,
        Start(BEFORE, "after"),
        Cancel("call"),
        end_state="INTERNALLY_TERMINATED",
    )

    assert at(engine) == ["after"]
    assert sorted(engine.instances().values()) == ["ACTIVE", "INTERNALLY_TERMINATED"]


def test_nothing_is_started_in_a_suspended_instance(engine):
    instance = two_tasks(engine)
    suspend(engine)

    with pytest.raises(EngineError, match="is suspended"):
        modify(engine, instance, Start(BEFORE, "b"))

    assert at(engine) == ["a"]


def test_timers_and_subscriptions_of_scopes_that_are_opened_are_made(engine):
    inner = sequence(start("i"), user("x"), end("ie"))
    late = boundary("late", "sub", timer("PT1H"))
    contents = sequence(start(), user("a"), subprocess("sub", inner), end())
    instance = engine.start(deploy(engine, contents, late))

    modify(engine, instance, Cancel("a"), Start(BEFORE, "x"))

    assert only_job(engine).activity_id == "late"
    assert tree(engine, instance) == ["instance", "  scope sub at x"]
    assert visit(engine, "x").parent_activity_instance_id is not None


def test_inputs_of_a_scope_that_is_opened_are_mapped(engine):
    inner = subprocess("sub", parameters({"mine": "${n + 1}"}), sequence(start("i"), user("x")))
    instance = engine.start(deploy(engine, sequence(start(), user("a"), inner, end())), n=1)

    modify(engine, instance, Start(BEFORE, "x"))

    assert local(engine, "sub") == {"mine": 2}
