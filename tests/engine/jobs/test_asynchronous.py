"""Asynchronous continuations: the jobs that tokens wait for, and their execution (semantics 6)."""

import pytest

from app.engine import state
from app.engine.jobs import definitions
from app.errors import EngineError, SuspendedEntityInteractionError
from tests.engine.commands import (
    at,
    complete,
    job_log,
    only_job,
    set_variables,
    suspend,
)
from tests.engine.elements import (
    gateway,
    loop,
    model,
    sequence,
    start,
    task,
)
from tests.models import flow, flows, process

from .models import AFTER, BEFORE, WAIT, deploy, receiving


@pytest.mark.parametrize(("interrupts", "left"), [("true", ["handle"]), ("false", ["handle", "t"])])
def test_a_boundary_event_may_wait_for_a_job(engine, interrupts, left):
    graph = engine.deploy(
        receiving(
            '<startEvent id="s"/>'
            + task("t")
            + f'<boundaryEvent id="b" attachedToRef="t" cancelActivity="{interrupts}" {WAIT}>'
            '<messageEventDefinition messageRef="go"/></boundaryEvent>'
            + task("handle")
            + flows("s", "t")
            + flows("b", "handle")
        )
    )
    engine.start(graph)

    engine.send("go")
    assert only_job(engine).activity_id == "b"
    assert not engine.tasks("handle")

    engine.execute(only_job(engine))
    assert sorted(t.activity_id for t in engine.tasks()) == left


@pytest.mark.parametrize("interrupts", ["true", "false"])
def test_an_event_subprocess_and_its_start_event_may_wait_for_jobs(engine, interrupts):
    graph = engine.deploy(
        receiving(
            '<startEvent id="s"/>'
            + task("t")
            + flows("s", "t")
            + f'<subProcess id="sub" triggeredByEvent="true" {WAIT}>'
            f'<startEvent id="i" isInterrupting="{interrupts}" {WAIT}>'
            '<messageEventDefinition messageRef="go"/></startEvent>'
            + task("handle")
            + flows("i", "handle")
            + "</subProcess>"
        )
    )
    engine.start(graph)

    engine.send("go")
    assert only_job(engine).activity_id == "sub"
    engine.execute(only_job(engine))
    assert only_job(engine).activity_id == "i"
    engine.execute(only_job(engine))

    assert len(engine.tasks("handle")) == 1
    assert len(engine.tasks("t")) == (interrupts == "false")


def test_a_compensation_handler_may_wait_for_a_job(engine):
    graph = engine.deploy(
        receiving(
            '<startEvent id="s"/>'
            + task("t")
            + '<boundaryEvent id="b" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>'
            + task("undo", isForCompensation="true", camunda_asyncBefore="true")
            + '<association id="a" sourceRef="b" targetRef="undo"/>'
            '<endEvent id="e"><compensateEventDefinition/></endEvent>' + flows("s", "t", "e")
        )
    )
    engine.start(graph)

    engine.complete(engine.tasks("t")[0])
    assert not engine.tasks()

    engine.execute(only_job(engine))
    engine.complete(engine.tasks("undo")[0])
    assert engine.is_empty()


def test_an_event_behind_a_gateway_that_starts_asynchronously_has_happened_already(engine):
    content = (
        f'<eventBasedGateway id="gate"/><intermediateCatchEvent id="hear" {WAIT}>'
        '<messageEventDefinition messageRef="go"/></intermediateCatchEvent>'
        + task("after")
        + flows("s", "gate", "hear", "after")
    )
    engine.start(engine.deploy(receiving(f'<startEvent id="s"/>{content}')))

    engine.send("go")

    job = only_job(engine)
    assert (job.activity_id, engine.tasks()) == ("hear", [])
    engine.execute(job)
    assert [t.activity_id for t in engine.tasks()] == ["after"]


@pytest.mark.parametrize(("attribute", "is_exclusive"), [("", True), ("false", False)])
def test_the_job_of_a_timer_is_exclusive_unless_its_definition_says_otherwise(
    engine, attribute, is_exclusive
):
    said = f'camunda:exclusive="{attribute}"' if attribute else ""
    timer = f"<timerEventDefinition {said}><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    late = f'<camunda:taskListener event="timeout" id="late" expression="${{1}}">{timer}'
    user = f"<extensionElements>{late}</camunda:taskListener></extensionElements>"
    graph = engine.deploy(
        receiving(
            f'<startEvent id="s"/><userTask id="u">{user}</userTask>'
            f'<boundaryEvent id="b" attachedToRef="u">{timer}</boundaryEvent>' + flows("s", "u")
        )
    )

    engine.start(graph)

    found = [(job.activity_id, job.is_exclusive) for job in engine.rows[state.Job].values()]
    assert sorted(found) == [("b", is_exclusive), ("u", is_exclusive)]


@pytest.mark.parametrize("element", ["parallelGateway", "inclusiveGateway", "manualTask"])
def test_each_flow_out_of_what_ends_asynchronously_has_a_job_of_its_own(engine, element):
    graph = engine.deploy(
        process(
            f'<startEvent id="s"/><{element} id="g" camunda:asyncAfter="true"/>'
            + task("a")
            + task("b")
            + flows("s", "g", "a")
            + flows("g", "b")
        )
    )
    engine.start(graph)

    jobs = list(engine.rows[state.Job].values())
    assert [j.activity_id for j in jobs] == ["g", "g"]
    assert len({j.execution_id for j in jobs}) == 2
    assert engine.visits() == ["s", "g"]

    engine.execute(jobs[0])
    assert [t.activity_id for t in engine.tasks()] == ["a"]
    engine.execute(jobs[1])
    assert sorted(t.activity_id for t in engine.tasks()) == ["a", "b"]
    assert engine.visits() == ["s", "g", "a …", "b …"]


def test_an_old_job_for_several_flows_becomes_one_for_each(engine):
    graph = engine.deploy(
        process(
            '<startEvent id="s"/><manualTask id="g" camunda:asyncAfter="true"/>'
            + task("a")
            + task("b")
            + flows("s", "g", "a")
            + flows("g", "b")
        )
    )
    engine.start(graph)
    first, second = engine.rows[state.Job].values()
    engine.execute(first)
    second.configuration += "$g_a"

    engine.execute(second)

    assert [j.activity_id for j in engine.rows[state.Job].values()] == ["g", "g"]


@pytest.mark.parametrize(
    ("around", "event"),
    [("subProcess", "terminate"), ("transaction", "cancel")],
)
def test_an_end_that_interrupts_its_scope_does_so_before_its_job(engine, around, event):
    border = (
        f'<boundaryEvent id="border" attachedToRef="sub"><{event}EventDefinition/></boundaryEvent>'
    )
    late = (
        '<boundaryEvent id="late" attachedToRef="sub"><timerEventDefinition>'
        "<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>"
    )
    inside = (
        '<startEvent id="in"/><parallelGateway id="fork"/>'
        + "".join(task(name) + flows("fork", name) for name in ("a", "b"))
        + f'<endEvent id="last" {WAIT}><{event}EventDefinition/></endEvent>'
        + flows("in", "fork")
        + flows("a", "last")
    )
    contents = f'<{around} id="sub">{inside}</{around}>' + late
    behind = "border" if event == "cancel" else "sub"
    contents += border * (event == "cancel") + task("after") + flows(behind, "after")
    engine.start(engine.deploy(receiving('<startEvent id="s"/>' + contents + flows("s", "sub"))))

    engine.complete(engine.tasks("a")[0])

    assert not engine.tasks()
    job = only_job(engine)
    assert job.activity_id == "last"
    engine.execute(job)
    assert [t.activity_id for t in engine.tasks()] == ["after"]


def test_a_token_waits_in_front_of_an_activity_and_is_in_no_scope_of_it(engine):
    instance = engine.start(deploy(engine, task("a", **BEFORE)))

    job = only_job(engine)

    assert (job.kind, job.activity_id, job.execution_id) == ("async-continuation", "a", instance)
    assert (job.due_date, job.retries, job.is_exclusive) == (None, 3, True)
    assert len(engine.rows[state.Execution]) == 1
    assert not engine.tasks()


def test_a_job_is_gone_once_it_was_executed(engine):
    engine.start(deploy(engine, task("a", **BEFORE)))

    engine.execute(only_job(engine))

    assert not engine.rows[state.Job]
    assert at(engine) == ["a"]
    assert job_log(engine) == ["created", "successful"]


def test_the_flows_behind_an_activity_are_chosen_before_the_token_waits(engine):
    contents = sequence(start(), task("a", **AFTER)) + task("b") + task("c")
    contents += flow("a", "b", "${n == 1}") + flow("a", "c", "${n == 2}")
    instance = engine.start(engine.deploy(model(contents)), n=1)
    complete(engine, "a")

    set_variables(engine, instance, n=2)
    engine.execute(only_job(engine))

    assert at(engine) == ["b"]


def test_an_activity_may_wait_in_front_and_behind(engine):
    engine.start(deploy(engine, task("a", **BEFORE, **AFTER)))
    places = []

    for _ in range(2):
        places.append(definitions.id_of(only_job(engine)).rpartition(":")[2])
        engine.execute(only_job(engine))
        if engine.tasks("a"):
            complete(engine, "a")

    assert places == ["async-before", "async-after"]
    assert at(engine) == ["after"]


def test_a_fork_makes_a_job_for_each_branch_that_starts_asynchronously(engine):
    contents = sequence(start(), gateway("parallel", "fork"), task("a", **BEFORE)) + task("b")
    engine.start(engine.deploy(model(contents, flow("fork", "b"))))
    assert at(engine) == ["a", "b"]
    assert [t.activity_id for t in engine.tasks()] == ["b"]

    engine.execute(only_job(engine))

    assert sorted(t.activity_id for t in engine.tasks()) == ["a", "b"]


@pytest.mark.parametrize(
    ("attributes", "inner", "count"),
    [
        pytest.param(BEFORE, {}, 1, id="one for the body"),
        pytest.param({}, {"camunda_asyncBefore": "true"}, 3, id="one for each instance"),
    ],
)
def test_jobs_of_a_repeated_activity(engine, attributes, inner, count):
    how = loop(3, **inner)
    engine.start(deploy(engine, task("a", inner=how, **attributes)))

    assert len(engine.rows[state.Job]) == count
    for job in list(engine.rows[state.Job].values()):
        engine.execute(job)

    assert len(engine.tasks("a")) == 3


def test_a_job_of_a_suspended_instance_is_refused_and_stays(engine):
    engine.start(deploy(engine, task("a", **BEFORE)))
    suspend(engine)

    with pytest.raises(SuspendedEntityInteractionError, match="ENGINE-03043 Execution with id"):
        engine.execute(only_job(engine))

    assert only_job(engine).retries == 3
    assert job_log(engine) == ["created"]


def test_a_job_that_fails_leaves_its_token_where_it_was(engine):
    instance = engine.start(
        deploy(engine, task("a", topic="${unknown}", **BEFORE)),
    )

    with pytest.raises(EngineError, match="Cannot resolve identifier 'unknown'"):
        engine.execute(only_job(engine))

    assert at(engine) == ["a"]
    assert engine.visits() == ["s"]
    assert list(engine.rows[state.Execution]) == [instance]
