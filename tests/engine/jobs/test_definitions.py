"""The definitions of jobs and the priorities that follow from them (contract 10.5)."""

import pytest

from app.engine import state
from app.engine.jobs import continuations, definitions
from app.engine.jobs.jobs import whole_priority
from app.errors import EngineError
from app.expressions.values import Integer, Short
from tests.engine.commands import (
    only_job,
)
from tests.engine.elements import (
    boundary,
    catch,
    end,
    event_subprocess,
    extensions,
    loop,
    message,
    model,
    sequence,
    start,
    task,
    timer,
    user,
)

from .models import AFTER, BEFORE, deploy


@pytest.mark.parametrize("value", [Integer(7), Short(7), 7])
def test_a_priority_is_a_whole_number(value):
    assert whole_priority(value, "here") == 7


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("7", "here: Priority value is not an Integer"),
        (True, "here: Priority value is not an Integer"),
        (None, "here: Priority value is not an Integer"),
        (7.0, "here: Priority value must be either Short, Integer, or Long"),
    ],
)
def test_what_is_no_whole_number_is_no_priority(value, message):
    with pytest.raises(EngineError, match=message):
        whole_priority(value, "here")


@pytest.mark.parametrize(
    ("own", "of_process", "expected"),
    [
        pytest.param(None, None, 0, id="none"),
        pytest.param("7", "3", 7, id="its own first"),
        pytest.param(None, "3", 3, id="that of the process"),
        pytest.param("${n}", None, 5, id="an expression"),
        pytest.param("${unknown}", "3", 0, id="a failing expression is 0"),
    ],
)
def test_the_priority_of_a_job(engine, own, of_process, expected):
    attributes = {} if own is None else {"camunda_jobPriority": own}
    xml = model(sequence(start(), task("a", **BEFORE, **attributes)))
    if of_process is not None:
        xml = xml.replace("<process ", f'<process camunda:jobPriority="{of_process}" ', 1)

    engine.start(engine.deploy(xml), n=5)

    assert only_job(engine).priority == expected


def test_a_new_job_is_as_its_definition_says_that_jobs_are_now(engine):
    graph = deploy(engine, task("a", **BEFORE))
    (declared,) = definitions.declared(graph.model, graph.definition)
    declared.is_suspended, declared.overriding_job_priority = True, 99
    engine.job_definitions[declared.id] = declared

    engine.start(graph)

    job = only_job(engine)
    assert (job.job_definition_id, job.is_suspended, job.priority) == (declared.id, True, 99)


DECLARING = model(
    sequence(
        start("s", timer(date="2026-05-01")),
        task("both", **BEFORE, **AFTER),
        user(
            "u",
            extensions(
                '<camunda:taskListener event="timeout" id="warn" expression="${1}">'
                + timer("PT2H")
                + "</camunda:taskListener>"
            ),
        ),
        catch("wait", timer("PT5M")),
        task("many", inner=loop(2, camunda_asyncAfter="true"), **BEFORE),
        end(),
    ),
    boundary("late", "u", timer(cycle="R/PT1H"), interrupts=False),
    event_subprocess("aside", timer("P1D"), user("handle")),
    event_subprocess("other", message("go"), user("hear"), begin="heard"),
)


def test_each_place_of_a_model_that_makes_jobs_is_declared(engine):
    graph = engine.deploy(DECLARING)

    found = {
        (d.activity_id, d.job_type, d.job_configuration)
        for d in definitions.declared(graph.model, graph.definition)
    }

    assert found == {
        ("s", "timer-start-event", "DATE: 2026-05-01"),
        ("both", "async-continuation", "async-before"),
        ("both", "async-continuation", "async-after"),
        ("u", "timer-task-listener", "DURATION: PT2H"),
        ("wait", "timer-intermediate-transition", "DURATION: PT5M"),
        ("many#multiInstanceBody", "async-continuation", "async-before"),
        ("many", "async-continuation", "async-after"),
        ("late", "timer-transition", "CYCLE: R/PT1H"),
        ("event", "timer-start-event-subprocess", "DURATION: P1D"),
    }


def test_each_job_that_a_run_makes_is_of_a_declared_place(engine):
    graph = engine.deploy(DECLARING)
    declared = {d.id for d in definitions.declared(graph.model, graph.definition)}
    engine.start(graph)
    seen = set()

    for _ in range(40):
        found = sorted(engine.rows[state.Job].values(), key=lambda j: j.id)
        seen.update(job.job_definition_id for job in found)
        parked = [j for j in found if j.kind == "async-continuation"]
        waiting = [j for j in found if j.activity_id == "wait"]
        if parked or waiting:
            engine.execute((parked or waiting)[0])
        elif engine.tasks():
            engine.complete(engine.tasks()[0])
        elif engine.rows[state.Task]:
            engine.complete_user_task(next(iter(engine.rows[state.Task].values())))

    assert engine.is_empty()
    assert seen < declared
    assert {d.rpartition(":")[2] for d in declared - seen} == {"timer"}  # the start event's


@pytest.mark.parametrize("is_after", [True, False])
def test_the_configuration_of_a_place_is_found_by_its_job(engine, is_after):
    graph = engine.deploy(DECLARING)
    step = continuations.AFTER if is_after else continuations.BEFORE
    continuation = continuations.Continuation(step, ("f",) * is_after)
    job = state.Job(
        "1",
        "async-continuation",
        engine.now,
        3,
        0,
        configuration=continuation.text,
        activity_id="both",
        process_definition_id=graph.definition.id,
    )

    assert definitions.configuration_of(graph.model, job) == (
        "async-after" if is_after else "async-before"
    )


def test_a_batch_declares_its_seed_its_monitor_and_its_own_jobs(engine):
    batch = state.Batch("b", "set-retries", engine.now, 1, 0, True, "{}", deployment_id="d")

    found = definitions.of_batch(batch)

    assert [(d.id, d.deployment_id) for d in found] == [
        ("b:batch-seed-job", "d"),
        ("b:batch-monitor-job", None),
        ("b:set-retries", None),
    ]
    assert all(d.is_suspended for d in found)
