"""Jobs: where tokens wait for them, what their execution and their failure do (semantics 6)."""

from datetime import timedelta

import pytest

from app.engine import state
from app.engine.events.timers import TimerError
from app.engine.history.history_records import HistoricJobLog
from app.engine.jobs import continuations, definitions, jobs
from app.engine.jobs.jobs import MOST_RETRIES, initial_retries, parse_retry_cycle, whole_priority
from app.errors import EngineError, SuspendedEntityInteractionError
from app.expressions import parse
from app.expressions.values import Integer, Short
from tests.engine.commands import (
    advance,
    at,
    complete,
    fail_job,
    incidents,
    job_log,
    only_job,
    set_variables,
    suspend,
    told,
)
from tests.engine.elements import (
    boundary,
    catch,
    end,
    error,
    event_subprocess,
    extensions,
    gateway,
    loop,
    message,
    model,
    sequence,
    start,
    subprocess,
    task,
    timer,
    user,
)
from tests.models import flow

BEFORE = {"camunda_asyncBefore": "true"}
AFTER = {"camunda_asyncAfter": "true"}


def deploy(engine, activity, *more):
    return engine.deploy(model(sequence(start(), activity, task("after"), end()), *more))


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


# -- failures ---------------------------------------------------------------------------------


def test_each_failure_costs_a_retry_and_the_last_one_is_an_incident(engine):
    engine.start(deploy(engine, task("a", **BEFORE)))
    left = []

    for number in range(4):
        fail_job(engine, only_job(engine), f"failure {number}")
        left.append((only_job(engine).retries, len(engine.rows[state.Incident])))

    assert left == [(2, 0), (1, 0), (0, 1), (0, 1)]
    (incident,) = engine.rows[state.Incident].values()
    assert (incident.incident_type, incident.incident_message) == ("failedJob", "failure 2")
    assert (incident.configuration, incident.activity_id) == (only_job(engine).id, "a")


def test_a_failure_notes_its_message_and_its_trace_and_gives_the_lock_back(engine):
    engine.start(deploy(engine, task("a", **BEFORE)))
    only_job(engine).lock_owner = "me"

    fail_job(engine, only_job(engine), "x" * 1000 + "\x00")

    job = only_job(engine)
    assert job.exception_message == "x" * 666
    assert (job.exception_stacktrace, job.lock_owner) == ("trace", None)
    assert job.failed_activity_id == "a"


def test_the_log_of_a_failure_has_the_retries_from_before(engine):
    engine.start(deploy(engine, task("a", **BEFORE)))

    fail_job(engine, only_job(engine), "broken")

    (_, entry) = told(engine, HistoricJobLog)
    assert (entry.state, entry.retries, entry.exception_message) == (1, 3, "broken")


def test_an_incident_of_a_job_is_resolved_by_its_execution(engine):
    engine.start(deploy(engine, task("a", **BEFORE)))
    for _ in range(3):
        fail_job(engine, only_job(engine))

    engine.execute(only_job(engine))

    assert incidents(engine) == [("a", "resolved")]
    assert at(engine) == ["a"]


def test_retries_that_are_given_again_resolve_the_incident(engine):
    engine.start(deploy(engine, task("a", **BEFORE)))
    for _ in range(3):
        fail_job(engine, only_job(engine))

    engine.command(
        lambda run, host: jobs.set_retries(run, host.load(state.Job, only_job(engine).id), 1)
    )

    assert incidents(engine) == [("a", "resolved")]
    fail_job(engine, only_job(engine))
    assert incidents(engine) == [("a", "resolved"), ("a", "open")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("R5/PT5M", (5, [5]), id="so many"),
        pytest.param("R0/PT5M", (0, [5]), id="none"),
        pytest.param("R/PT5M", (MOST_RETRIES, [5]), id="for ever"),
        pytest.param("PT5M", (2, [5]), id="one interval is two tries"),
        pytest.param("PT1M,PT2M,PT3M", (4, [1, 2, 3]), id="a list"),
        pytest.param(" PT1M , PT2M ", (3, [1, 2]), id="blanks"),
        pytest.param("R3/PT1M,PT2M", None, id="a list with a number"),
        pytest.param("R1234567890/PT1M", None, id="more than there are"),
        pytest.param("R-1/PT1M", None, id="less than none"),
        pytest.param("5", None, id="a number"),
        pytest.param("", None, id="nothing"),
        pytest.param("PT1M,", None, id="an empty interval"),
        pytest.param("P1W2D", None, id="no duration"),
    ],
)
def test_what_a_retry_cycle_says(text, expected):
    found = parse_retry_cycle(text)

    told = found and (found[0], [int(p.rest.total_seconds()) // 60 for p in found[1]])
    assert told == expected


@pytest.mark.parametrize(
    ("cycle", "retries"),
    [
        pytest.param(None, 3, id="none"),
        pytest.param("R7/PT1M", 7, id="a constant"),
        pytest.param("nonsense", 3, id="none that can be read"),
        pytest.param("${cycle}", 3, id="an expression, which is read at the first failure"),
    ],
)
def test_the_retries_that_a_job_is_made_with(cycle, retries):
    assert initial_retries(None if cycle is None else parse(cycle)) == retries


def test_the_cycle_of_a_loop_is_that_of_its_instances(engine):
    cycle = extensions("<camunda:failedJobRetryTimeCycle>R9/PT1M</camunda:failedJobRetryTimeCycle>")
    how = (
        '<multiInstanceLoopCharacteristics camunda:asyncBefore="true">'
        f"{cycle}<loopCardinality>1</loopCardinality></multiInstanceLoopCharacteristics>"
    )

    engine.start(deploy(engine, task("a", inner=how)))

    assert only_job(engine).retries == 9


# -- priorities and definitions ---------------------------------------------------------------


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
