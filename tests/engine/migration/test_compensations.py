"""Compensations of a migrated instance."""

import pytest

from app.engine import state
from app.engine.migration.checks import UnmigratableInstanceError
from tests.engine.commands import (
    at,
    complete,
    deploy,
)
from tests.engine.elements import (
    COMPENSATION,
    compensated,
    end,
    handler,
    sequence,
    start,
    subprocess,
    task,
    user,
)
from tests.models import flow

from .models import line
from .steps import migrate, plan_of


def undoable(engine, extra=""):
    contents = sequence(start(), task("a"), task("b"), end("e", COMPENSATION)) + handler("a")
    return deploy(engine, contents, extra)


def test_what_can_be_compensated_for_is_so_in_the_target(engine):
    source = undoable(engine)
    instance = engine.start(source)
    complete(engine, "a")

    migrate(engine, instance, plan_of(source, undoable(engine), "b", "a", "of_a"))
    complete(engine, "b")

    assert at(engine) == ["e", "undo_a"]
    complete(engine, "undo_a")
    assert engine.is_empty()


def test_a_compensation_that_the_plan_forgets_prevents_the_migration(engine):
    source = undoable(engine)
    instance = engine.start(source)
    complete(engine, "a")

    with pytest.raises(UnmigratableInstanceError, match="compensation handler 'undo_a'"):
        migrate(engine, instance, plan_of(source, undoable(engine), "b"))

    assert at(engine) == ["b"]


def test_compensated_and_plain_activities_are_alike(engine):
    source = line(engine, task("a"), user("b"))
    instance = engine.start(source)
    target = deploy(engine, sequence(start(), task("a"), user("b"), end("e", COMPENSATION)))
    with_handler = deploy(
        engine,
        compensated("a") + start() + flow("s", "a") + sequence(user("b"), end("e", COMPENSATION)),
        flow("a", "b"),
    )
    migrate(engine, instance, plan_of(source, target, "a"))
    migrate(engine, instance, plan_of(target, with_handler, "a"))

    complete(engine, "a")
    complete(engine, "b")

    assert at(engine) == ["e", "undo_a"]


def kept_scope(engine, name="sub", undo="undo_a"):
    """A sub-process with something to compensate for, a task behind it, and an end that does so."""
    inner = start("i") + task("a") + handler("a", task(undo, isForCompensation="true"))
    contents = subprocess(name, inner, flow("i", "a"))
    return deploy(engine, sequence(start(), contents, user("b"), end("e", COMPENSATION)))


@pytest.mark.parametrize("target", ["sub", "other"])
def test_what_was_kept_of_a_scope_goes_along(engine, target):
    source = kept_scope(engine)
    instance = engine.start(source, n=1)
    complete(engine, "a")
    goal = kept_scope(engine, target, undo="undo_it")

    migrate(engine, instance, plan_of(source, goal, "b", ("sub", target), "a", ("of_a", "of_a")))
    complete(engine, "b")

    assert [t.activity_id for t in engine.tasks()] == ["undo_it"]
    complete(engine, "undo_it")
    assert engine.is_empty()


def test_what_was_kept_of_a_scope_that_is_not_mapped_is_forgotten(engine):
    source = kept_scope(engine)
    instance = engine.start(source)
    complete(engine, "a")

    # the event at the border is mapped, its scope is not: nothing can reach what is inside
    migrate(engine, instance, plan_of(source, kept_scope(engine), "b", "of_a", "a"))

    assert not any(e.is_event_scope for e in engine.rows[state.Execution].values())
    complete(engine, "b")
    assert engine.is_empty()
