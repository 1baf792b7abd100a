"""Modifications of repeated activities: instances are added to a body and taken from it."""

import pytest

from app.engine import state
from app.engine.graph.graph import BODY
from app.engine.modification.instructions import BEFORE, Cancel, Start
from tests.engine.commands import (
    at,
    complete,
    deploy,
    tree,
)
from tests.engine.elements import (
    end,
    loop,
    sequence,
    start,
    user,
)

from .steps import modify


def repeated(engine, *, sequential=False):
    activity = user("a", loop(3, sequential=sequential))
    return engine.start(deploy(engine, sequence(start(), activity, user("after"), end())))


def counted(engine):
    names = ("nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances")
    found = {v.name: v.long_value for v in engine.rows[state.Variable].values()}
    return tuple(found[name] for name in names)


def test_one_more_instance_is_counted_and_numbered(engine):
    instance = repeated(engine)

    modify(engine, instance, Start(BEFORE, "a"))

    assert at(engine) == ["a"] * 4
    assert counted(engine) == (4, 4, 0)
    numbers = [
        v.long_value for v in engine.rows[state.Variable].values() if v.name == "loopCounter"
    ]
    assert sorted(numbers) == [0, 1, 2, 3]
    for _ in range(4):
        complete(engine, "a")
    assert at(engine) == ["after"]


def test_a_body_is_started_as_a_whole_besides_one_that_runs(engine):
    instance = repeated(engine)

    modify(engine, instance, Start(BEFORE, "a" + BODY))

    assert at(engine) == ["a"] * 6
    assert sum("scope a" + BODY in line for line in tree(engine, instance)) == 2


def test_an_instance_of_a_body_that_is_canceled_is_counted_down(engine):
    instance = repeated(engine)
    (first, *_) = sorted(
        e.activity_instance_id
        for e in engine.rows[state.Execution].values()
        if e.activity_id == "a"
    )

    modify(engine, instance, Cancel(activity_instance_id=first))

    assert at(engine) == ["a", "a"]
    assert counted(engine) == (3, 2, 0)


@pytest.mark.parametrize("sequential", [False, True])
def test_a_body_is_canceled_with_all_its_instances(engine, sequential):
    instance = repeated(engine, sequential=sequential)

    modify(engine, instance, Start(BEFORE, "after"), Cancel("a" + BODY))

    assert at(engine) == ["after"]
    assert f"a{BODY} (canceled)" in engine.visits()
    complete(engine, "after")
    assert engine.is_empty()


def test_a_body_that_is_opened_for_one_instance_has_one(engine):
    activity = user("b", loop(5))
    graph = deploy(engine, sequence(start(), user("a"), activity, user("after"), end()))
    instance = engine.start(graph)

    modify(engine, instance, Cancel("a"), Start(BEFORE, "b"))

    assert at(engine) == ["b"]
    assert counted(engine) == (1, 1, 0)
    complete(engine, "b")
    assert at(engine) == ["after"]
