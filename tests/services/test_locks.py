"""The lock of an external task: who may take, lengthen and give it up, to the millisecond."""

from datetime import timedelta

import pytest

from app.errors import (
    BadUserRequestError,
    LockedByAnotherWorkerError,
    LockTokenError,
    NotFoundError,
    NullValueError,
    SuspendedEntityInteractionError,
)
from app.services import lists, locks, suspension

from .conftest import MINUTE

SHORT = timedelta(milliseconds=1)


@pytest.fixture
def task_id(engine):
    return engine.work_of(engine.start())


def lock(engine, task_id, worker_id="w", duration=MINUTE):
    return locks.lock(engine.store, task_id, worker_id=worker_id, lock_duration=duration)


def extend(engine, task_id, worker_id="w", duration=MINUTE, **options):
    locks.extend_lock(engine.store, task_id, worker_id=worker_id, new_duration=duration, **options)


def shown(engine, task_id):
    """The worker of an external task, and the time that is left of its lock; None without one."""
    found = lists.get(engine.store, "external_task", task_id)
    until = found["lock_expiration_time"]
    return found["worker_id"], None if until is None else until - engine.clock()


# -- taking ----------------------------------------------------------------------------------------


def test_a_lock_counts_from_now(engine, task_id):
    lock(engine, task_id)

    assert shown(engine, task_id) == ("w", MINUTE)


def test_a_worker_may_lock_its_own_task_anew_and_for_a_shorter_time(engine, task_id):
    first = lock(engine, task_id)
    second = lock(engine, task_id, duration=SHORT)

    assert shown(engine, task_id) == ("w", SHORT)
    assert int(second) == int(first) + 1


@pytest.mark.parametrize(
    ("passed", "is_free"),
    [
        pytest.param(MINUTE - SHORT, False, id="before its end"),
        pytest.param(MINUTE, False, id="at its end"),
        pytest.param(MINUTE + SHORT, True, id="after its end"),
    ],
)
def test_the_lock_of_another_holds_to_its_end(engine, task_id, passed, is_free):
    lock(engine, task_id)
    engine.clock.move(engine.clock() + passed)

    if is_free:
        lock(engine, task_id, "other")
        assert shown(engine, task_id) == ("other", MINUTE)
    else:
        with pytest.raises(LockedByAnotherWorkerError) as caught:
            lock(engine, task_id, "other")
        assert str(caught.value) == (
            f"External Task {task_id} cannot be locked by worker 'other'. "
            "It is locked by worker 'w'."
        )


def test_a_suspended_task_can_be_locked(engine):
    instance = engine.start()
    suspension.set_instances(engine.store, [instance], suspended=True)
    task_id = engine.work_of(instance)

    lock(engine, task_id)

    assert shown(engine, task_id) == ("w", MINUTE)


@pytest.mark.parametrize(
    ("worker_id", "duration", "error", "message"),
    [
        pytest.param(None, timedelta(0), NullValueError, "workerId is null", id="worker first"),
        pytest.param(
            "w", timedelta(0), BadUserRequestError, "lockDuration is not greater than 0", id="zero"
        ),
        pytest.param(
            "w", -SHORT, BadUserRequestError, "lockDuration is not greater than 0", id="negative"
        ),
        pytest.param(
            "w", MINUTE, NotFoundError, "External task with id unknown does not exist", id="unknown"
        ),
    ],
)
def test_what_taking_refuses_in_its_order(engine, worker_id, duration, error, message):
    with pytest.raises(error) as caught:
        lock(engine, "unknown", worker_id, duration)

    assert str(caught.value) == message


# -- lengthening -----------------------------------------------------------------------------------


@pytest.mark.parametrize("duration", [SHORT, MINUTE, 3 * MINUTE])
def test_a_lock_ends_so_long_from_now(engine, task_id, duration):
    lock(engine, task_id, duration=2 * MINUTE)
    engine.later(seconds=30)

    extend(engine, task_id, duration=duration)

    assert shown(engine, task_id) == ("w", duration)


@pytest.mark.parametrize(
    ("worker_id", "duration", "error", "message"),
    [
        pytest.param(
            None,
            timedelta(0),
            BadUserRequestError,
            "lockTime is not greater than 0",
            id="time first",
        ),
        pytest.param(None, MINUTE, NullValueError, "workerId is null", id="worker"),
        pytest.param(
            "w", MINUTE, NotFoundError, "External task with id unknown does not exist", id="unknown"
        ),
    ],
)
def test_what_lengthening_refuses_in_its_order(engine, worker_id, duration, error, message):
    with pytest.raises(error) as caught:
        extend(engine, "unknown", worker_id, duration)

    assert str(caught.value) == message


def test_another_worker_is_answered_with_one_apostrophe_too_many(engine, task_id):
    lock(engine, task_id)

    with pytest.raises(LockedByAnotherWorkerError) as caught:
        extend(engine, task_id, "other")

    assert str(caught.value) == (
        f"The lock of the External Task {task_id} cannot be extended by worker 'other''. "
        "It is locked by worker 'w'."
    )


def test_a_lock_can_be_lengthened_at_its_end_and_not_after_it(engine, task_id):
    lock(engine, task_id)
    engine.later(minutes=1)
    extend(engine, task_id)
    engine.later(minutes=1, milliseconds=1)

    with pytest.raises(BadUserRequestError) as caught:
        extend(engine, task_id)

    now = int(engine.clock().timestamp() * 1000)
    assert str(caught.value) == (
        "Cannot extend a lock that expired: lockExpirationTime is not greater than or equal to "
        f"{now}"
    )


def test_a_suspended_task_keeps_the_end_of_its_lock(engine):
    instance = engine.start()
    task_id = engine.work_of(instance)
    lock(engine, task_id)
    suspension.set_instances(engine.store, [instance], suspended=True)

    with pytest.raises(SuspendedEntityInteractionError):
        extend(engine, task_id, duration=2 * MINUTE)
    assert shown(engine, task_id) == ("w", MINUTE)


def test_a_lock_that_was_taken_anew_is_not_lengthened_by_its_old_token(engine, task_id):
    token = lock(engine, task_id)
    lock(engine, task_id)

    with pytest.raises(LockTokenError):
        extend(engine, task_id, lock_token=token)


# -- giving up -------------------------------------------------------------------------------------


def test_anybody_may_unlock_a_task_also_one_that_is_free(engine, task_id):
    lock(engine, task_id)

    locks.unlock(engine.store, task_id)
    locks.unlock(engine.store, task_id)

    assert shown(engine, task_id) == (None, None)


def test_an_old_token_unlocks_nothing(engine, task_id):
    token = lock(engine, task_id)
    lock(engine, task_id)

    with pytest.raises(LockTokenError):
        locks.unlock(engine.store, task_id, lock_token=token)
    assert shown(engine, task_id) == ("w", MINUTE)


def test_tasks_are_given_back_where_their_lock_still_holds(engine):
    kept, taken = (engine.work_of(engine.start()) for _ in range(2))
    counts = {task_id: int(lock(engine, task_id)) for task_id in (kept, taken)}
    engine.later(minutes=2)
    lock(engine, taken, "other")

    locks.give_back(engine.store, {**counts, "unknown": 1})

    assert shown(engine, kept) == (None, None)
    assert shown(engine, taken) == ("other", MINUTE)
