"""Scopes of a migrated instance: kept, opened and left out, with their variables."""

import pytest

from tests.engine.commands import (
    complete,
    deploy,
    local,
    subscriptions,
    tree,
    visit,
)
from tests.engine.elements import (
    boundary,
    end,
    gateway,
    message,
    parameters,
    sequence,
    start,
    subprocess,
    task,
    user,
)
from tests.models import flow

from .models import in_scopes, line
from .steps import migrate, plan_of


@pytest.mark.parametrize("made", [task, user], ids=["external task", "user task"])
@pytest.mark.parametrize(
    ("before", "after", "instructions"),
    [
        pytest.param([], ["x"], ["a"], id="into a scope"),
        pytest.param(["x"], [], ["a"], id="out of a scope"),
        pytest.param(["x"], ["x"], ["x", "a"], id="with its scope"),
        pytest.param(["x"], ["y"], [("x", "y"), "a"], id="its scope becomes another"),
        pytest.param(["x"], ["y"], ["a"], id="from one scope to another"),
        pytest.param([], ["x", "y", "z"], ["a"], id="into scopes in each other"),
        pytest.param(["x", "y", "z"], [], ["a"], id="out of scopes in each other"),
        pytest.param(["x", "y"], ["x"], ["x", "a"], id="out of the inner one"),
        pytest.param(["x"], ["x", "y"], ["x", "a"], id="into an inner one"),
    ],
)
def test_a_token_goes_into_the_scopes_of_its_target(engine, made, before, after, instructions):
    source = in_scopes(engine, *before, inner=made("a"))
    instance = engine.start(source)
    visited = visit(engine, "a").id
    target = in_scopes(engine, *after, inner=made("a"))

    migrate(engine, instance, plan_of(source, target, *instructions))

    scopes = [
        line.split("scope ")[1].split(" ")[0]
        for line in tree(engine, instance)
        if "scope" in line and not line.strip().startswith("scope a")
    ]
    assert scopes == after
    assert visit(engine, "a").id == visited
    complete(engine, "a")
    assert engine.is_empty()
    assert not [v for v in engine.visits() if v.endswith("…")]


def test_a_scope_that_only_the_source_has_is_canceled_in_the_history(engine):
    source = in_scopes(engine, "x")
    instance = engine.start(source)

    migrate(engine, instance, plan_of(source, in_scopes(engine), "a"))

    assert "x (canceled)" in engine.visits()
    assert visit(engine, "a").parent_activity_instance_id == instance


def test_a_scope_that_only_the_target_has_is_opened_once_for_all_inside(engine):
    branches = (
        sequence(gateway("parallel", "fork"), task("a"), end("ae"))
        + sequence(task("b"), end("be"))
        + flow("fork", "b")
    )
    source = deploy(engine, start() + branches + flow("s", "fork"))
    instance = engine.start(source)
    inside = subprocess("x", start("i") + branches + flow("i", "fork"))
    target = deploy(engine, sequence(start("outer_s"), inside, end()))

    migrate(engine, instance, plan_of(source, target, "a", "b"))

    assert sum("scope x" in line for line in tree(engine, instance)) == 1
    complete(engine, "a")
    complete(engine, "b")
    assert engine.is_empty()


@pytest.mark.parametrize("waits", [True, False])
def test_variables_of_a_scope_stay_with_it(engine, waits):
    given = parameters({"mine": "x"})
    inner = subprocess("x", given, sequence(start("i"), task("a")))
    source = deploy(engine, sequence(start(), inner, end()))
    instance = engine.start(source)
    target = source if not waits else deploy(engine, sequence(start(), inner, end()))

    migrate(engine, instance, plan_of(source, target, "x", "a"))

    assert local(engine, "x") == {"mine": "x"}


def test_a_task_that_gets_a_scope_of_its_own_keeps_its_work(engine):
    source = line(engine, user("a"))
    instance = engine.start(source)
    assert tree(engine, instance) == ["instance at a"]
    target = deploy(engine, sequence(start(), user("a"), end()), boundary("b", "a", message("go")))

    migrate(engine, instance, plan_of(source, target, "a"))

    assert tree(engine, instance) == ["instance", "  scope a at a"]
    assert subscriptions(engine) == [("message", "go", "b")]
    engine.send("go")
    assert engine.is_empty()
    assert "a (canceled)" in engine.visits()


def test_a_task_that_loses_its_scope_keeps_its_work(engine):
    source = deploy(engine, sequence(start(), user("a"), end()), boundary("b", "a", message("go")))
    instance = engine.start(source)

    migrate(engine, instance, plan_of(source, line(engine, user("a")), "a"))

    assert tree(engine, instance) == ["instance at a"]
    assert subscriptions(engine) == []
    complete(engine, "a")
    assert engine.is_empty()
