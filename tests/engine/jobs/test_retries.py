"""How often a job is tried, and when again."""

from datetime import timedelta

import pytest

from app.engine import state
from app.engine.jobs import jobs
from app.errors import EngineError
from tests.models import flows, process


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


def only_job(engine):
    (job,) = engine.rows[state.Job].values()
    return job


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
