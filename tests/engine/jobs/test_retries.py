"""Failures of jobs: retries, their cycles, incidents and the log (semantics 6)."""

from datetime import timedelta

import pytest

from app.engine import state
from app.engine.history.history_records import HistoricJobLog
from app.engine.jobs import jobs
from app.engine.jobs.jobs import MOST_RETRIES, initial_retries, parse_retry_cycle
from app.errors import EngineError
from app.expressions import parse
from tests.engine.commands import (
    at,
    fail_job,
    incidents,
    only_job,
    told,
)
from tests.engine.elements import (
    extensions,
    task,
)
from tests.models import flows, process

from .models import BEFORE, deploy


def failing(engine, cycle, **variables):
    """The only job of an instance whose task has a retry cycle."""
    graph = engine.deploy(
        process(
            '<startEvent id="s"/><task id="t" camunda:asyncBefore="true"><extensionElements>'
            f"<camunda:failedJobRetryTimeCycle>{cycle}</camunda:failedJobRetryTimeCycle>"
            "</extensionElements></task>" + flows("s", "t")
        )
    )
    engine.start(graph, **variables)
    return only_job(engine)


def fail(engine, job):
    error = EngineError("it fails")
    engine.command(lambda run, host: jobs.fail(run, host.load(state.Job, job.id), error, "", None))
    return only_job(engine)


def test_a_cycle_by_an_expression_gives_its_retries_with_the_first_failure(engine):
    job = failing(engine, "${times}", times="R5/PT10M")
    assert job.retries == 3

    job = fail(engine, job)
    assert (job.retries, job.due_date - engine.now) == (4, timedelta(minutes=10))

    assert fail(engine, job).retries == 3


def test_retries_set_by_hand_before_the_first_failure_give_way_to_the_cycle(engine):
    job = failing(engine, "R5/PT10M")
    engine.command(lambda run, host: jobs.set_retries(run, host.load(state.Job, job.id), 1))

    assert fail(engine, job).retries == 4


def test_a_list_of_intervals_is_used_up_and_its_last_one_repeated(engine):
    job = failing(engine, "PT1M,PT2M,PT3M")
    assert job.retries == 4

    waits = []
    for _ in range(4):
        job = fail(engine, job)
        waits.append((job.due_date - engine.now).seconds // 60)

    assert waits == [1, 2, 3, 3]
    assert job.retries == 0
    assert len(engine.rows[state.Incident]) == 1


@pytest.mark.parametrize("cycle", ["nonsense", "${7}", "${unknown}"])
def test_a_cycle_that_cannot_be_told_costs_one_retry_of_three(engine, cycle):
    job = fail(engine, failing(engine, cycle))

    assert (job.retries, job.due_date) == (2, None)


def test_the_next_job_of_a_timer_cycle_has_the_retries_that_are_left(engine):
    graph = engine.deploy(
        process(
            '<startEvent id="s"/><userTask id="t"/>'
            '<boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><timerEventDefinition>'
            "<timeCycle>R/PT1H</timeCycle></timerEventDefinition></boundaryEvent>" + flows("s", "t")
        )
    )
    engine.start(graph)
    job = fail(engine, only_job(engine))

    engine.execute(job)

    assert only_job(engine).id != job.id
    assert only_job(engine).retries == 2


def test_a_counted_cycle_without_length_fires_once(engine):
    graph = engine.deploy(
        process(
            '<startEvent id="s"/><userTask id="t"/>'
            '<boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><timerEventDefinition>'
            "<timeCycle>R3/PT0S</timeCycle></timerEventDefinition></boundaryEvent>"
            + flows("s", "t")
        )
    )
    engine.start(graph)

    engine.execute(only_job(engine))

    assert not engine.rows[state.Job]


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
