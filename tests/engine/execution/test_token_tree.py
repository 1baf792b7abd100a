"""The token tree: its shape, and what moves along when tokens are parted and folded (2.1, 2.2)."""

import pytest

from app.engine import state
from tests.engine.commands import (
    advance,
    at,
    complete,
    fail_job,
    only_job,
    set_variables,
    tree,
    user_task,
)
from tests.engine.elements import (
    boundary,
    computed,
    end,
    event_subprocess,
    gateway,
    message,
    model,
    sequence,
    signal,
    start,
    subprocess,
    task,
    throw,
    timer,
    user,
)
from tests.models import flow

BEFORE = {"camunda_asyncBefore": "true"}


def forked(*branches, more=""):
    """A fork into branches, each with an end of its own."""
    first, *others = branches
    contents = sequence(start(), gateway("parallel", "fork"), first, end("e0"))
    for number, branch in enumerate(others, 1):
        written = sequence(branch, end(f"e{number}"))
        contents += written + flow("fork", written.split('id="')[1].split('"')[0])
    return model(contents, more)


def aside(definition, **how):
    return event_subprocess("aside", definition, user("handle"), **how)


# -- shapes -----------------------------------------------------------------------------------


def test_an_only_token_is_carried_by_its_scope(engine):
    instance = engine.start(engine.deploy(model(sequence(start(), user("a"), end()))))

    assert tree(engine, instance) == ["instance at a"]


def test_several_tokens_have_an_execution_each_and_the_last_is_folded_back(engine):
    instance = engine.start(engine.deploy(forked(user("a"), user("b"), user("c"))))
    assert tree(engine, instance) == [
        "instance",
        "  concurrent token at a",
        "  concurrent token at b",
        "  concurrent token at c",
    ]

    complete(engine, "b")
    assert len(tree(engine, instance)) == 3
    complete(engine, "a")

    assert tree(engine, instance) == ["instance at c"]


def test_the_scope_of_the_last_token_hangs_below_the_instance_again(engine):
    instance = engine.start(engine.deploy(forked(task("a"), task("b"))))
    (kept,) = (t.execution_id for t in engine.tasks("b"))

    complete(engine, "a")

    assert tree(engine, instance) == ["instance", "  scope b at b"]
    (found,) = engine.tasks("b")
    assert found.execution_id == kept  # it stays valid for its worker


def test_a_token_more_makes_room_for_itself(engine):
    xml = model(sequence(start(), user("a"), end()), aside(message("go"), interrupts=False))
    instance = engine.start(engine.deploy(xml))

    engine.send("go")

    assert tree(engine, instance) == [
        "instance",
        "  concurrent token at a",
        "  concurrent token",
        "    scope aside at handle",
    ]


def test_a_token_more_leaves_the_scope_of_the_other_with_its_id(engine):
    beside = boundary("b", "a", message("go"), interrupts=False) + user("x") + flow("b", "x")
    instance = engine.start(engine.deploy(model(sequence(start(), task("a"), end()), beside)))
    (found,) = engine.tasks()

    engine.send("go")

    assert tree(engine, instance) == [
        "instance",
        "  concurrent token",
        "    scope a at a",
        "  concurrent token at x",
    ]
    engine.complete(found)
    assert tree(engine, instance) == ["instance at x"]


def test_forks_in_forks_are_concurrent_in_the_same_scope(engine):
    contents = (
        sequence(start(), gateway("parallel", "one"), gateway("parallel", "two"), user("a"))
        + user("b")
        + user("c")
        + flow("two", "b")
        + flow("one", "c")
    )
    instance = engine.start(engine.deploy(model(contents)))

    assert sorted(tree(engine, instance)[1:]) == [
        "  concurrent token at a",
        "  concurrent token at b",
        "  concurrent token at c",
    ]


@pytest.mark.parametrize("count", [2, 3, 7])
def test_nothing_but_the_instance_is_left_when_all_but_one_have_ended(engine, count):
    instance = engine.start(engine.deploy(forked(*(user(f"u{n}") for n in range(count)))))

    for number in range(count - 1):
        complete(engine, f"u{number}")

    assert list(engine.rows[state.Execution]) == [instance]


# -- what moves along -------------------------------------------------------------------------


def test_a_user_task_goes_with_its_token_there_and_back(engine):
    xml = model(sequence(start(), user("a"), end()), aside(message("go"), interrupts=False))
    instance = engine.start(engine.deploy(xml))
    assert user_task(engine, "a").execution_id == instance

    engine.send("go")
    assert user_task(engine, "a").execution_id != instance
    complete(engine, "handle")

    assert user_task(engine, "a").execution_id == instance
    complete(engine, "a")
    assert engine.is_empty()


def test_a_job_and_its_incident_go_with_their_token_there_and_back(engine):
    xml = model(
        sequence(start(), user("a", **BEFORE), end()), aside(message("go"), interrupts=False)
    )
    instance = engine.start(engine.deploy(xml))
    for _ in range(3):
        fail_job(engine, only_job(engine))
    places = []

    def look():
        (incident,) = engine.rows[state.Incident].values()
        assert only_job(engine).execution_id == incident.execution_id
        places.append(incident.execution_id == instance)

    look()
    engine.send("go")
    look()
    complete(engine, "handle")
    look()

    assert places == [True, False, True]
    engine.execute(only_job(engine))
    assert at(engine) == ["a"]
    assert not engine.rows[state.Incident]


def test_timers_of_a_scope_stay_with_it_when_its_token_moves(engine):
    xml = model(
        sequence(start(), user("a", **BEFORE), end()),
        aside(message("go"), interrupts=False),
        event_subprocess("late", timer("PT1H"), user("rescue"), begin="over"),
    )
    instance = engine.start(engine.deploy(xml))

    engine.send("go")

    jobs = {job.activity_id: job.execution_id for job in engine.rows[state.Job].values()}
    assert jobs["over"] == instance
    assert jobs["a"] != instance
    advance(engine, hours=1)
    assert at(engine) == ["rescue"]


def test_variables_of_a_token_go_into_the_scope_that_takes_it_over(engine):
    local = "${execution.setVariableLocal('mine', 1)}"
    instance = engine.start(
        engine.deploy(
            model(
                sequence(start(), gateway("parallel", "fork"), computed("c", local), user("a")),
                user("b"),
                flow("fork", "b"),
            )
        )
    )
    (variable,) = engine.rows[state.Variable].values()
    assert variable.execution_id != instance

    complete(engine, "b")

    assert {v.execution_id for v in engine.rows[state.Variable].values()} == {instance}


def test_a_token_that_waits_at_a_join_may_be_carried_by_the_instance(engine):
    contents = (
        sequence(start(), gateway("parallel", "fork"), user("a"), gateway("parallel", "join"))
        + user("after")
        + flow("join", "after")
        + user("b")
        + flow("fork", "b")
        + flow("b", "join")
        + boundary("x", "b", message("stop"))
        + aside(signal("more"), interrupts=False)
    )
    instance = engine.start(engine.deploy(model(contents)))
    complete(engine, "a")

    engine.send("stop")

    assert tree(engine, instance) == ["instance at join (inactive)"]


def test_steps_of_a_token_go_on_when_its_scope_takes_it_over(engine):
    # the last branch folds the first one, whose steps are still ahead
    contents = (
        sequence(start(), gateway("parallel", "fork"), computed("one", "${1}", "x"), end("e1"))
        + sequence(computed("two", "${2}", "y"), user("after"))
        + flow("fork", "two")
    )

    instance = engine.start(engine.deploy(model(contents)))

    assert tree(engine, instance) == ["instance at after"]
    assert engine.variables() == {"x": 1, "y": 2}


def test_an_event_that_a_token_sets_off_itself_leaves_the_token_where_it_was(engine):
    contents = sequence(start(), throw("t", signal("go")), user("a"), end())
    xml = model(contents, aside(signal("go"), interrupts=False))

    instance = engine.start(engine.deploy(xml))

    assert at(engine) == ["a", "handle"]
    assert len(tree(engine, instance)) == 4


def test_executions_of_a_scope_inside_fold_into_it_and_not_into_the_instance(engine):
    inner = (
        sequence(start("i"), gateway("parallel", "fork"), user("a"), end("ae"))
        + user("b")
        + flow("fork", "b")
    )
    contents = (
        sequence(start(), gateway("parallel", "outer"), subprocess("sub", inner), end())
        + user("x")
        + flow("outer", "x")
    )
    instance = engine.start(engine.deploy(model(contents)))

    complete(engine, "a")

    assert tree(engine, instance) == [
        "instance",
        "  concurrent token",
        "    scope sub at b",
        "  concurrent token at x",
    ]
    complete(engine, "x")
    assert tree(engine, instance) == ["instance", "  scope sub at b"]


def test_a_variable_is_seen_by_all_tokens_below_its_scope(engine):
    instance = engine.start(engine.deploy(forked(user("a"), user("b"))))

    set_variables(engine, instance, n=1)

    for name in ("a", "b"):
        (token,) = (e for e in engine.rows[state.Execution].values() if e.activity_id == name)
        seen = engine.command(
            lambda run, host, token=token: run.variables.find(host.execution(token.id), "n")
        )
        assert seen.value == 1
