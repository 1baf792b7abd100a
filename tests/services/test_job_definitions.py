"""Job definitions: suspension, retries and priorities of the jobs of an activity."""

from datetime import timedelta

import pytest

from app.services import job_definitions, jobs, lists
from app.services.job_definitions import PriorityResetError, UnknownJobDefinitionError

from .conftest import is_suspended


def test_a_definition_of_jobs_suspends_those_that_come(alone):
    engine, _, instance = alone
    job = engine.one("job", process_instance_id=instance)

    job_definitions.set_suspended(
        engine.store, suspended=True, job_definition_id=job["job_definition_id"]
    )
    later = engine.one("job", process_instance_id=engine.start("queued", missing=False))

    assert is_suspended(engine, "job", job["id"]) is False
    assert later["is_suspended"] is True


@pytest.mark.parametrize("later", [True, False])
def test_those_that_are_there_follow_where_it_is_told(alone, later):
    engine, _, instance = alone
    job = engine.one("job", process_instance_id=instance)
    when = engine.clock() + timedelta(hours=1) if later else None

    job_definitions.set_suspended(
        engine.store,
        suspended=True,
        include_jobs=True,
        process_definition_key="queued",
        execution_date=when,
    )
    if later:
        assert is_suspended(engine, "job", job["id"]) is False
        (planned,) = (j for j in engine.find("job") if j["process_instance_id"] is None)
        jobs.execute(engine.store, planned["id"])

    assert is_suspended(engine, "job", job["id"]) is True
    assert is_suspended(engine, "job_definition", job["job_definition_id"]) is True


def test_retries_go_to_the_jobs_that_have_none(alone):
    engine, _, instance = alone
    failed = engine.one("job", process_instance_id=instance)
    fresh = engine.one("job", process_instance_id=engine.start("queued", missing=False))
    jobs.set_retries(engine.store, failed["id"], retries=0, due_date=None, sets_due_date=False)

    job_definitions.set_retries(
        engine.store,
        failed["job_definition_id"],
        retries=7,
        due_date=None,
        sets_due_date=False,
    )

    assert [lists.get(engine.store, "job", j["id"])["retries"] for j in (failed, fresh)] == [7, 3]


def test_a_priority_is_of_the_jobs_that_are_there_and_of_those_that_come(alone):
    engine, _, instance = alone
    job = engine.one("job", process_instance_id=instance)

    job_definitions.set_priority(
        engine.store, job["job_definition_id"], priority=9, include_jobs=False
    )
    new = engine.one("job", process_instance_id=engine.start("queued", missing=False))
    assert (lists.get(engine.store, "job", job["id"])["priority"], new["priority"]) == (9, 9)
    job_definitions.set_priority(
        engine.store, job["job_definition_id"], priority=None, include_jobs=False
    )
    last = engine.one("job", process_instance_id=engine.start("queued", missing=False))

    assert (lists.get(engine.store, "job", job["id"])["priority"], last["priority"]) == (9, 0)


def test_a_priority_is_not_taken_back_from_jobs(alone):
    with pytest.raises(PriorityResetError) as caught:
        job_definitions.set_priority(alone[0].store, "d", priority=None, include_jobs=True)

    assert str(caught.value) == "Cannot reset priority for job definition d with includeJobs=true"


def test_of_unknown_definitions_of_jobs_only_the_priority_is_missed(alone):
    engine, _, _ = alone
    job_definitions.set_suspended(engine.store, suspended=True, job_definition_id="x")
    job_definitions.set_retries(engine.store, "x", retries=1, due_date=None, sets_due_date=False)

    with pytest.raises(UnknownJobDefinitionError) as caught:
        job_definitions.set_priority(engine.store, "x", priority=1, include_jobs=False)

    assert str(caught.value) == ("Job definition with id 'x' does not exist: jobDefinition is null")
