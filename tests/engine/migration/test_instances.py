"""Instances that go over to another definition (semantics 2.15)."""

import pytest

from app.engine import state
from app.engine.history.history_records import HistoricActivityInstance
from app.engine.migration.checks import UnmigratableInstanceError
from app.engine.state.conversion import from_object
from tests.engine.commands import (
    at,
    complete,
    deploy,
    fail_task,
    instance_of,
    only_job,
    told,
    tree,
    user_task,
    variables_of,
    visit,
)
from tests.engine.elements import (
    call,
    end,
    gateway,
    loop,
    model,
    parameters,
    sequence,
    start,
    task,
    user,
)
from tests.models import flow

from .models import in_scopes, line
from .steps import migrate, plan_of


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


def choosing(engine, *names, **attributes):
    contents = sequence(start(), task("a", **attributes))
    contents += "".join(user(name) + flow("a", name, f"${{way == '{name}'}}") for name in names)
    return deploy(engine, contents)


@pytest.mark.parametrize(
    ("ours", "theirs", "problem"),
    [
        pytest.param(["x", "y"], ["x", "y"], None, id="the same flows"),
        pytest.param(["x", "y"], ["z"], None, id="the only flow"),
        pytest.param(["x", "y"], ["y", "z"], "cannot be matched in the target", id="others"),
    ],
)
def test_a_token_behind_an_activity_takes_a_flow_of_the_target(engine, ours, theirs, problem):
    source = choosing(engine, *ours, camunda_asyncAfter="true")
    instance = engine.start(source, way="x")
    complete(engine, "a")
    plan = plan_of(source, choosing(engine, *theirs, camunda_asyncAfter="true"), "a")

    if problem is not None:
        with pytest.raises(UnmigratableInstanceError, match=problem):
            migrate(engine, instance, plan)
        return
    migrate(engine, instance, plan)
    engine.execute(only_job(engine))

    assert at(engine) == [theirs[0]]


def test_a_scope_that_goes_must_not_overwrite_a_variable_of_its_token(engine):
    branches = sequence(start(), gateway("parallel", "fork"), user("b")) + flow("fork", "a")
    scoped = deploy(engine, branches, user("a", parameters({"n": "inner"})))
    instance = engine.start(scoped)
    (scope,) = (e for e in engine.rows[state.Execution].values() if e.scope_activity_id == "a")
    engine.command(
        lambda run, host: run.variables.set_local(
            host.execution(scope.parent_id), "n", from_object("token")
        )
    )
    plan = plan_of(scoped, deploy(engine, branches, user("a")), "a", "b")

    with pytest.raises(UnmigratableInstanceError, match="The variable 'n' exists in both"):
        migrate(engine, instance, plan)


def test_a_token_that_waits_for_a_listener_of_a_worker_stays_where_it_is(engine):
    engine.delegates = {"org.X": "x"}
    listening = (
        '<extensionElements><camunda:executionListener event="start" class="org.X"/>'
        "</extensionElements>"
    )
    source = line(engine, user("a", listening))
    instance = engine.start(source)

    with pytest.raises(UnmigratableInstanceError, match="A listener that a worker does cannot"):
        migrate(engine, instance, plan_of(source, line(engine, user("a")), "a"))
