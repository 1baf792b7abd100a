"""Which jobs an executor takes, and what it is told of the next timer.

Source: semantics 6.
"""

from datetime import timedelta

import pytest

from app.models.runtime import execution, job
from app.store.commands import jobs
from tests.store.rows import FAR_AWAY, LONG_AGO, column

MINUTE = timedelta(minutes=1)


def add(rows, job_id, **values):
    """A job that may be taken; its instance is there, for a run would load it."""
    instance = values.get("process_instance_id")
    if instance and all(row["id"] != instance for row in rows.of(execution)):
        of = {"process_instance_id": instance, "root_process_instance_id": instance}
        rows.add(execution, instance, **of)
    rows.add(job, job_id, **{"retries": 3, **values})


def acquire(store, owner="me", limit=10):
    with store.transaction() as tx:
        return [job_id for job_id, _ in jobs.acquire(tx, owner, limit, MINUTE)]


NOT_TAKEN = [
    pytest.param({"retries": 0}, id="no retries"),
    pytest.param({"is_suspended": True}, id="suspended"),
    pytest.param({"due_date": FAR_AWAY}, id="not yet due"),
    pytest.param({"lock_owner": "other", "lock_expiration_time": FAR_AWAY}, id="locked"),
]
TAKEN = [
    pytest.param({}, id="no date"),
    pytest.param({"due_date": LONG_AGO}, id="due"),
    pytest.param({"lock_owner": "other", "lock_expiration_time": LONG_AGO}, id="lock expired"),
    pytest.param({"retries": 1}, id="last retry"),
    pytest.param({"is_exclusive": True}, id="exclusive, of no instance"),
]


@pytest.mark.parametrize("values", NOT_TAKEN)
def test_a_job_is_left(shared, rows, values):
    add(rows, "j1", **values)
    rows.write(shared.engine)

    assert acquire(shared) == []


@pytest.mark.parametrize("values", TAKEN)
def test_a_job_is_taken_once(shared, rows, values):
    add(rows, "j1", **values)
    rows.write(shared.engine)

    assert acquire(shared) == ["j1"]
    assert acquire(shared, "another") == []
    assert column(shared, job, "lock_owner") == {"j1": "me"}


def test_a_job_that_is_given_back_can_be_taken_at_once(shared, rows):
    add(rows, "j1")
    add(rows, "j2")
    rows.write(shared.engine)
    assert acquire(shared, "me", 1) == ["j1"]
    assert acquire(shared, "another", 1) == ["j2"]

    with shared.transaction() as tx:
        jobs.release(tx, "me")

    # Only its own: the other executor keeps what it has.
    assert column(shared, job, "lock_owner") == {"j1": None, "j2": "another"}
    assert acquire(shared, "third") == ["j1"]


def test_of_the_jobs_that_are_named_an_executor_gives_its_own_back(shared, rows):
    for name in ("j1", "j2", "j3"):
        add(rows, name)
    rows.write(shared.engine)
    assert acquire(shared, "me", 2) == ["j1", "j2"]
    assert acquire(shared, "another", 1) == ["j3"]

    with shared.transaction() as tx:
        jobs.release(tx, "me", ["j2", "j3", "none"])

    assert column(shared, job, "lock_owner") == {"j1": "me", "j2": None, "j3": "another"}


def test_the_oldest_are_taken_first_and_no_more_than_asked_for(shared, rows):
    for number in (3, 1, 2):
        add(rows, f"j{number}", due_date=LONG_AGO + number * MINUTE)
    rows.write(shared.engine)

    assert acquire(shared, limit=2) == ["j1", "j2"]
    assert acquire(shared, limit=2) == ["j3"]


def test_of_an_instance_one_exclusive_job_runs(shared, rows):
    for name in ("j1", "j2"):
        add(rows, name, is_exclusive=True, process_instance_id="i1")
    add(rows, "j3", is_exclusive=True, process_instance_id="i2")
    add(rows, "j4", is_exclusive=False, process_instance_id="i1")
    rows.write(shared.engine)

    assert acquire(shared) == ["j1", "j3", "j4"]
    # Its lock blocks the other exclusive one until it is given back.
    assert acquire(shared) == []
    with shared.transaction() as tx:
        jobs.release(tx, "me")
    assert acquire(shared, limit=1) == ["j1"]


def test_an_exclusive_job_waits_for_no_lock_that_has_expired(shared, rows):
    locked = {"lock_owner": "lost", "lock_expiration_time": LONG_AGO, "retries": 0}
    add(rows, "j1", is_exclusive=True, process_instance_id="i1", **locked)
    add(rows, "j2", is_exclusive=True, process_instance_id="i1")
    rows.write(shared.engine)

    assert acquire(shared) == ["j2"]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        pytest.param([], None, id="none"),
        pytest.param([None], None, id="no date"),
        pytest.param([LONG_AGO, FAR_AWAY], timedelta(0), id="overdue"),
    ],
)
def test_the_time_to_the_next_timer(shared, rows, dates, expected):
    for number, due in enumerate(dates):
        add(rows, f"j{number}", due_date=due)
    rows.write(shared.engine)

    with shared.snapshot() as snapshot:
        assert jobs.time_to_next(snapshot) == expected


@pytest.mark.parametrize("values", [{"retries": 0}, {"is_suspended": True}])
def test_a_timer_that_may_not_run_is_not_waited_for(shared, rows, values):
    add(rows, "j1", due_date=LONG_AGO, **values)
    add(rows, "j2", due_date=FAR_AWAY)
    rows.write(shared.engine)

    with shared.snapshot() as snapshot:
        assert jobs.time_to_next(snapshot) > timedelta(days=1000)
