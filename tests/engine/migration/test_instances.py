"""What becomes of an instance that goes over to another definition (semantics 2.15)."""

import pytest

from app.engine import state
from app.engine.history.history_records import HistoricActivityInstance
from app.engine.migration.checks import UnmigratableInstanceError
from tests.engine.commands import (
    advance,
    at,
    complete,
    fail_task,
    instance_of,
    job_log,
    local,
    only_job,
    subscriptions,
    told,
    tree,
    user_task,
    variables_of,
    visit,
)
from tests.engine.elements import (
    COMPENSATION,
    boundary,
    call,
    catch,
    compensated,
    end,
    event_subprocess,
    gateway,
    handler,
    loop,
    message,
    model,
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

from .steps import migrate, plan_of


def deploy(engine, *contents):
    return engine.deploy(model(*contents))


def line(engine, *activities):
    return deploy(engine, sequence(start(), *activities, end()))


def test_an_instance_goes_on_as_the_target_says(engine):
    source = line(engine, task("a"))
    instance = engine.start(source)
    target = line(engine, task("a", "another"), user("more"))

    migrate(engine, instance, plan_of(source, target, "a"))
    complete(engine, "a")

    assert at(engine) == ["more"]
    complete(engine, "more")
    assert engine.instances() == {instance: "COMPLETED"}


@pytest.mark.parametrize("made", [task, user], ids=["external task", "user task"])
def test_what_waits_keeps_its_id_and_has_those_of_the_target(engine, made):
    source = line(engine, made("a"))
    instance = engine.start(source)
    before = (engine.tasks() or list(engine.rows[state.Task].values()))[0]
    visited = visit(engine, "a").id
    target = line(engine, made("b"))

    migrate(engine, instance, plan_of(source, target, ("a", "b")))

    after = (engine.tasks() or list(engine.rows[state.Task].values()))[0]
    assert after.id == before.id
    assert after.process_definition_id == target.definition.id
    assert after.activity_instance_id == visited  # it goes on; it is not another visit
    assert at(engine) == ["b"]
    assert {e.process_definition_id for e in engine.rows[state.Execution].values()} == {
        target.definition.id
    }
    complete(engine, "b")
    assert engine.is_empty()


def test_the_history_tells_the_new_definition_and_the_new_activity(engine):
    source = line(engine, task("a"))
    instance = engine.start(source)
    target = line(engine, task("b"))

    migrate(engine, instance, plan_of(source, target, ("a", "b")))

    assert instance_of(engine, instance).process_definition_id == target.definition.id
    assert instance_of(engine, instance).process_definition_version == 2
    assert visit(engine, "b").process_definition_id == target.definition.id
    assert visit(engine, "s").process_definition_id == source.definition.id  # it has ended


def test_variables_of_the_migration_are_set_when_all_has_arrived(engine):
    source = line(engine, task("a"))
    instance = engine.start(source, n=1)

    migrate(engine, instance, plan_of(source, line(engine, task("a")), "a"), n=2, m=3)

    assert variables_of(engine, instance) == {"n": 2, "m": 3}


# -- scopes -----------------------------------------------------------------------------------


def in_scopes(engine, *names, inner=None):
    """A process with sub-processes one inside the other, and a task in the last of them."""
    content = inner or task("a")
    for number, name in enumerate(reversed(names)):
        content = subprocess(name, sequence(start(f"s{number}"), content))
    return deploy(engine, sequence(start(), content, end()))


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


# -- events -----------------------------------------------------------------------------------


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


# -- jobs, gateways, calls, bodies -------------------------------------------------------------


@pytest.mark.parametrize("place", ["Before", "After"])
def test_a_token_that_waits_for_a_job_goes_on_in_the_target(engine, place):
    attributes = {f"camunda_async{place}": "true"}
    source = line(engine, task("a", **attributes))
    instance = engine.start(source)
    if place == "After":
        complete(engine, "a")
    target = line(engine, task("b", **attributes), user("more"))

    migrate(engine, instance, plan_of(source, target, ("a", "b")))

    job = only_job(engine)
    assert (job.activity_id, job.process_definition_id) == ("b", target.definition.id)
    engine.execute(job)
    assert at(engine) == (["b"] if place == "Before" else ["more"])


@pytest.mark.parametrize("place", ["Before", "After"])
def test_a_token_that_waits_for_a_job_needs_a_target_that_has_such_jobs(engine, place):
    source = line(engine, task("a", **{f"camunda_async{place}": "true"}))
    instance = engine.start(source)
    if place == "After":
        complete(engine, "a")

    with pytest.raises(UnmigratableInstanceError, match=f"Target activity is not async{place}"):
        migrate(engine, instance, plan_of(source, line(engine, task("a")), "a"))

    assert only_job(engine).process_definition_id == source.definition.id


def joining(engine, count=2):
    names = [f"t{n}" for n in range(count)]
    return deploy(
        engine,
        sequence(start(), gateway("parallel", "fork"))
        + sequence(gateway("parallel", "join"), task("after"), end())
        + "".join(task(n) + flow("fork", n) + flow(n, "join") for n in names),
    )


def test_tokens_that_wait_at_a_join_wait_at_that_of_the_target(engine):
    source = joining(engine)
    instance = engine.start(source)
    complete(engine, "t0")

    migrate(engine, instance, plan_of(source, joining(engine, 3), "join", "t1"))
    complete(engine, "t1")

    assert at(engine) == ["join", "join"]  # the target's join waits for three


def test_a_call_activity_keeps_what_it_has_called(engine):
    engine.deploy(model(sequence(start("cs"), task("work"), end("ce")), key="called"))
    source = line(engine, call("a", "called"))
    instance = engine.start(source)
    target = line(engine, call("b", "called"), user("more"))

    migrate(engine, instance, plan_of(source, target, ("a", "b")))
    complete(engine, "work")

    assert at(engine) == ["more"]


@pytest.mark.parametrize("sequential", [False, True])
def test_the_instances_of_a_body_go_on_in_that_of_the_target(engine, sequential):
    repeated = task("a", inner=loop(3, sequential=sequential))
    source = line(engine, repeated)
    instance = engine.start(source)
    complete(engine, "a")
    target = line(engine, repeated, user("more"))

    migrate(engine, instance, plan_of(source, target, "a#multiInstanceBody", "a"))
    complete(engine, "a")
    complete(engine, "a")

    assert at(engine) == ["more"]


def test_an_incident_goes_along(engine):
    source = line(engine, task("a"))
    instance = engine.start(source)
    fail_task(engine, engine.tasks()[0], 0)
    target = line(engine, task("b"))

    migrate(engine, instance, plan_of(source, target, ("a", "b")))

    (incident,) = engine.rows[state.Incident].values()
    assert (incident.activity_id, incident.process_definition_id) == ("b", target.definition.id)
    complete(engine, "b")
    assert not engine.rows[state.Incident]


# -- compensations ----------------------------------------------------------------------------


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


# -- what cannot migrate ----------------------------------------------------------------------


def test_every_activity_that_runs_needs_an_instruction(engine):
    source = joining(engine)
    instance = engine.start(source)
    complete(engine, "t0")

    with pytest.raises(UnmigratableInstanceError) as refused:
        migrate(engine, instance, plan_of(source, joining(engine)))

    error = refused.value
    assert {r.scope_id for r in error.activity_instances} == {"join", "t1"}
    assert all(
        r.failures == ["There is no migration instruction for this instance's activity"]
        for r in error.activity_instances
    )
    assert f"ENGINE-23004 Cannot migrate process instance '{instance}':" in str(error)
    assert at(engine) == ["join", "t1"]


def test_nothing_has_changed_when_an_instance_is_refused(engine):
    source = line(engine, task("a"))
    instance = engine.start(source, n=1)
    visits = engine.visits()

    with pytest.raises(UnmigratableInstanceError):
        migrate(engine, instance, plan_of(source, line(engine, task("a"))), n=2)

    assert variables_of(engine, instance) == {"n": 1}
    assert engine.visits() == visits
    assert instance_of(engine, instance).process_definition_id == source.definition.id


def test_an_instance_may_go_there_and_back(engine):
    plain = line(engine, user("a"))
    instance = engine.start(plain, n=1)
    scoped = in_scopes(engine, "x", "y", inner=user("a"))
    task_id = user_task(engine, "a").id

    for _ in range(3):
        migrate(engine, instance, plan_of(plain, scoped, "a"))
        migrate(engine, instance, plan_of(scoped, plain, "a"))

    assert tree(engine, instance) == ["instance at a"]
    assert user_task(engine, "a").id == task_id
    complete(engine, "a")
    assert engine.is_empty()
    visits = [v for v in told(engine, HistoricActivityInstance) if v.activity_id in ("x", "y")]
    assert len(visits) == 6
    assert all(v.is_canceled for v in visits)


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
