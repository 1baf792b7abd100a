"""Jobs: where tokens wait for them, what their execution and their failure do (semantics 6)."""

from datetime import timedelta

import pytest

from app.engine import state
from app.engine.events.timers import TimerError
from app.engine.jobs import definitions, jobs
from app.errors import EngineError, SuspendedEntityInteractionError
from tests.engine.commands import (
    advance,
    at,
    complete,
    job_log,
    only_job,
    set_variables,
    suspend,
)
from tests.engine.elements import (
    boundary,
    catch,
    end,
    error,
    event_subprocess,
    gateway,
    loop,
    model,
    sequence,
    start,
    subprocess,
    task,
    timer,
    user,
)
from tests.models import flow

from .models import AFTER, BEFORE, deploy

# -- asynchronous continuations ---------------------------------------------------------------


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


def test_a_start_event_may_wait_for_a_job(engine):
    instance = engine.start(
        engine.deploy(model(sequence(start(camunda_asyncBefore="true"), task("a"))))
    )
    assert engine.visits() == []

    engine.execute(only_job(engine))

    assert at(engine) == ["a"]
    assert engine.instances() == {instance: "ACTIVE"}


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


# -- timers -----------------------------------------------------------------------------------


def test_a_timer_is_due_when_its_text_says_and_not_before(engine):
    engine.start(deploy(engine, catch("wait", timer("PT1H"))))
    assert only_job(engine).due_date == engine.now + timedelta(hours=1)

    advance(engine, minutes=59)
    assert at(engine) == ["wait"]
    advance(engine, minutes=1)

    assert at(engine) == ["after"]


@pytest.mark.parametrize("text", ["${when}", "${when.toString()}", "PT${hours}H"])
def test_a_timer_reads_variables(engine, text):
    engine.start(deploy(engine, catch("wait", timer(text))), when="PT3H", hours=3)

    assert only_job(engine).due_date == engine.now + timedelta(hours=3)


def test_a_timer_that_says_nothing_undoes_what_leads_to_it(engine):
    engine.start(
        engine.deploy(model(sequence(start(), task("a"), catch("wait", timer("${n}")), end())))
    )

    with pytest.raises(TimerError, match="was not configured with a valid duration/time"):
        complete(engine, "a", n=5)

    assert at(engine) == ["a"]


@pytest.mark.parametrize(
    ("is_creation_based", "hours"),
    [
        pytest.param(True, 5, id="from its creation"),
        pytest.param(False, 5 + 2, id="from now"),
    ],
)
def test_a_timer_may_be_worked_out_anew(engine, is_creation_based, hours):
    instance = engine.start(deploy(engine, catch("wait", timer("${d}"))), d="PT1H")
    begun = engine.now
    engine.now += timedelta(hours=2)
    set_variables(engine, instance, d="PT5H")

    engine.command(
        lambda run, host: jobs.recalculate(
            run,
            host.load(state.Job, only_job(engine).id),
            is_creation_based=is_creation_based,
        )
    )

    assert only_job(engine).due_date == begun + timedelta(hours=hours)


def test_only_timers_are_worked_out_anew(engine):
    engine.start(deploy(engine, task("a", **BEFORE)))

    with pytest.raises(jobs.NoTimerError, match="Only timer jobs can be recalculated"):
        engine.command(
            lambda run, host: jobs.recalculate(
                run, host.load(state.Job, only_job(engine).id), is_creation_based=False
            )
        )


@pytest.mark.parametrize(
    ("event", "fires"),
    [
        pytest.param(lambda cycle: boundary("b", "u", cycle), 1, id="interrupting boundary"),
        pytest.param(
            lambda cycle: boundary("b", "u", cycle, interrupts=False), 3, id="boundary besides"
        ),
        pytest.param(
            lambda cycle: event_subprocess("aside", cycle, user("x")), 1, id="interrupting start"
        ),
        pytest.param(
            lambda cycle: event_subprocess("aside", cycle, user("x"), interrupts=False),
            3,
            id="start besides",
        ),
    ],
)
def test_only_events_that_do_not_interrupt_repeat(engine, event, fires):
    contents = sequence(start(), user("u"), end())
    engine.start(engine.deploy(model(contents, event(timer(cycle="R3/PT1H")))))
    fired = 0

    while engine.rows[state.Job]:
        advance(engine, hours=1)
        fired += 1

    assert fired == fires


def test_the_next_job_of_a_cycle_goes_with_a_scope_that_its_own_event_ends(engine):
    aside = event_subprocess(
        "aside",
        timer(cycle="R5/PT1H"),
        end("stop", error("E")),
        interrupts=False,
    )
    scope = subprocess("sub", sequence(start("i"), user("u")), aside)
    caught = boundary("b", "sub", error("E"))
    contents = sequence(start(), scope, end()) + caught + user("handle") + flow("b", "handle")
    engine.start(engine.deploy(model(contents)))

    advance(engine, hours=1)

    assert at(engine) == ["handle"]
    assert not engine.rows[state.Job]
