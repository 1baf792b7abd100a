"""Jobs one by one: failures, executors, retries and due dates."""

from datetime import timedelta

import pytest

from app.services import jobs, lists
from app.services.jobs import UnknownJobError

from .conftest import QUEUED


def test_a_failure_costs_a_retry_and_the_last_one_raises_an_incident(queued):
    instance = queued.start("queued", missing=True)
    job_id = queued.one("job", process_instance_id=instance)["id"]

    for left in (2, 1, 0):
        with pytest.raises(Exception, match="nothing"):
            jobs.execute(queued.store, job_id)
        assert lists.get(queued.store, "job", job_id)["retries"] == left
        incidents = queued.find("incident", process_instance_id=instance)
        assert len(incidents) == (0 if left else 1)

    assert incidents[0]["incident_type"] == "failedJob"
    assert incidents[0]["failed_activity_id"] == "work"


def test_a_job_of_another_executor_is_left_alone(queued, job):
    jobs.execute(queued.store, job["id"], owner="me")

    assert lists.get(queued.store, "job", job["id"])["retries"] == 3


def test_an_executor_takes_no_more_than_it_is_told_and_gives_it_back(make_engine):
    engine = make_engine()
    engine.deploy(QUEUED)
    for _ in range(3):
        engine.start("queued", missing=False)
    minute = timedelta(minutes=1)

    assert len(jobs.acquire(engine.store, "me", limit=2, lock_duration=minute)) == 2
    assert len(jobs.acquire(engine.store, "you", limit=2, lock_duration=minute)) == 1
    jobs.release(engine.store, "me")
    assert len(jobs.acquire(engine.store, "you", limit=5, lock_duration=minute)) == 2
    engine.later(minutes=1, milliseconds=1)
    assert len(jobs.acquire(engine.store, "me", limit=5, lock_duration=minute)) == 3


def test_the_next_job_says_when_it_is_due(make_engine):
    engine = make_engine()
    engine.deploy(QUEUED)
    assert jobs.next_due(engine.store) is None
    instance = engine.start("queued", missing=False)
    job_id = engine.one("job", process_instance_id=instance)["id"]

    jobs.set_due_date(engine.store, job_id, due_date=engine.clock() + timedelta(hours=1))

    assert jobs.next_due(engine.store) == timedelta(hours=1)


@pytest.mark.parametrize("sets_due_date", [True, False])
def test_retries_leave_the_due_date_unless_it_is_given(queued, job, sets_due_date):
    before = queued.clock() + timedelta(days=1)
    jobs.set_due_date(queued.store, job["id"], due_date=before)

    jobs.set_retries(queued.store, job["id"], retries=5, due_date=None, sets_due_date=sets_due_date)

    found = lists.get(queued.store, "job", job["id"])
    assert (found["retries"], found["due_date"]) == (5, None if sets_due_date else before)


@pytest.mark.parametrize(
    ("command", "error", "words"),
    [
        pytest.param(
            lambda s: jobs.execute(s, "x"),
            UnknownJobError,
            "ENGINE-14026 No job found with id 'x'",
            id="execute",
        ),
        pytest.param(
            lambda s: jobs.set_retries(s, "x", retries=1, due_date=None, sets_due_date=False),
            Exception,
            "ENGINE-13053 No job found with id 'x'.'",
            id="retries",
        ),
        pytest.param(
            lambda s: jobs.set_retries(s, "x", retries=-1, due_date=None, sets_due_date=False),
            Exception,
            "ENGINE-13054 The number of job retries must be a non-negative Integer, but '-1' has "
            "been provided.",
            id="negative retries",
        ),
        pytest.param(
            lambda s: jobs.set_due_date(s, "x", due_date=None),
            Exception,
            "No job found with id 'x'.",
            id="due date",
        ),
        pytest.param(
            lambda s: jobs.recalculate_due_date(s, "x", is_creation_based=True),
            UnknownJobError,
            "No job found with id 'x': job is null",
            id="recalculate",
        ),
        pytest.param(
            lambda s: jobs.set_priority(s, "x", priority=1),
            UnknownJobError,
            "No job found with id 'x': job is null",
            id="priority",
        ),
        pytest.param(
            lambda s: jobs.delete(s, "x"),
            UnknownJobError,
            "No job found with id 'x': job is null",
            id="delete",
        ),
    ],
)
def test_each_command_has_words_of_its_own_for_a_job_that_is_not_there(
    queued, command, error, words
):
    with pytest.raises(error) as caught:
        command(queued.store)

    assert str(caught.value) == words


def test_a_job_that_is_deleted_leaves_its_activity_waiting(queued, job):
    jobs.delete(queued.store, job["id"])

    assert lists.get(queued.store, "process_instance", job["process_instance_id"]) is not None
    (entry,) = queued.find("historic_job_log", job_id=job["id"], deletion_log=True)
    assert entry["job_id"] == job["id"]
