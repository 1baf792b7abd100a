"""Subscriptions and timers of a migrated instance."""

import pytest

from app.engine import state
from tests.engine.commands import (
    advance,
    at,
    deploy,
    job_log,
    only_job,
    subscriptions,
)
from tests.engine.elements import (
    boundary,
    catch,
    end,
    event_subprocess,
    message,
    sequence,
    signal,
    start,
    task,
    timer,
    user,
)

from .models import line
from .steps import migrate, plan_of


def guarded(engine, definition=None, name="b", **how):
    event = "" if definition is None else boundary(name, "a", definition, **how)
    return deploy(engine, sequence(start(), task("a"), end()), event)


@pytest.mark.parametrize(
    ("ours", "theirs", "instructions", "expected"),
    [
        pytest.param(message("x"), message("y"), ["a", "b"], [("message", "x", "b")], id="kept"),
        pytest.param(
            message("x"),
            message("y"),
            ["a", ("b", "b", True)],
            [("message", "y", "b")],
            id="updated",
        ),
        pytest.param(message("x"), message("y"), ["a"], [("message", "y", "b")], id="made anew"),
        pytest.param(message("x"), None, ["a"], [], id="gone"),
        pytest.param(None, signal("y"), ["a"], [("signal", "y", "b")], id="new"),
    ],
)
def test_the_subscriptions_of_a_scope_are_those_of_the_target(
    engine, ours, theirs, instructions, expected
):
    source = guarded(engine, ours)
    instance = engine.start(source)

    migrate(engine, instance, plan_of(source, guarded(engine, theirs), *instructions))

    assert subscriptions(engine) == expected
    (subscription,) = engine.rows[state.EventSubscription].values() if expected else (None,)
    if subscription is not None:
        assert subscription.process_definition_id == "p:2:x"


@pytest.mark.parametrize(
    ("ours", "theirs", "instructions", "hours", "log"),
    [
        pytest.param("PT1H", "PT5H", ["a", "b"], 1, ["created"], id="kept"),
        pytest.param("PT1H", "PT5H", ["a", ("b", "b", True)], 7, ["created"], id="updated"),
        pytest.param("PT1H", "PT5H", ["a"], 7, ["created", "deleted", "created"], id="made anew"),
        pytest.param(None, "PT5H", ["a"], 7, ["created"], id="new"),
    ],
)
def test_the_timers_of_a_scope_are_those_of_the_target(
    engine, ours, theirs, instructions, hours, log
):
    source = guarded(engine, None if ours is None else timer(ours))
    instance = engine.start(source)
    begun = engine.now
    engine.now = begun.replace(hour=2)

    migrate(engine, instance, plan_of(source, guarded(engine, timer(theirs)), *instructions))

    job = only_job(engine)
    assert (job.due_date - begun).total_seconds() / 3600 == hours
    assert (job.process_definition_id, job.activity_id) == ("p:2:x", "b")
    assert job.job_definition_id == "p:2:x:b:timer"
    assert job_log(engine) == log


def test_a_mapped_timer_that_has_fired_is_not_made_again(engine):
    source = guarded(engine, timer("PT1H"), interrupts=False)
    instance = engine.start(source)
    advance(engine, hours=1)
    assert not engine.rows[state.Job]

    target = guarded(engine, timer("PT1H"), interrupts=False)
    migrate(engine, instance, plan_of(source, target, "a", "b"))

    assert not engine.rows[state.Job]


def test_an_event_subprocess_that_only_the_target_has_can_be_triggered(engine):
    source = line(engine, task("a"))
    instance = engine.start(source)
    aside = event_subprocess("aside", message("go"), user("handle"))
    target = deploy(engine, sequence(start(), task("a"), end()), aside)

    migrate(engine, instance, plan_of(source, target, "a"))
    engine.send("go")

    assert at(engine) == ["handle"]


def test_a_token_at_an_event_waits_for_what_the_target_says_where_that_is_asked_for(engine):
    source = line(engine, catch("a", message("x")))
    instance = engine.start(source)

    migrate(
        engine,
        instance,
        plan_of(source, line(engine, catch("b", message("y"))), ("a", "b", True)),
    )

    assert subscriptions(engine) == [("message", "y", "b")]
    engine.send("y")
    assert engine.is_empty()


TIMEOUT = (
    '<extensionElements><camunda:taskListener event="timeout" id="warn" expression="${1}">'
    + timer("PT1H")
    + "</camunda:taskListener></extensionElements>"
)


@pytest.mark.parametrize(
    ("ours", "theirs", "log"),
    [
        pytest.param(TIMEOUT, TIMEOUT, ["created"], id="kept"),
        pytest.param(TIMEOUT, "", ["created", "deleted"], id="gone"),
        pytest.param("", TIMEOUT, ["created"], id="new"),
    ],
)
def test_the_timeouts_of_a_task_are_those_of_the_target(engine, ours, theirs, log):
    source = line(engine, user("a", ours))
    instance = engine.start(source)

    migrate(engine, instance, plan_of(source, line(engine, user("a", theirs)), "a"))

    assert job_log(engine) == log
    assert len(engine.rows[state.Job]) == bool(theirs)
