"""Commands of workers on external tasks: in which order each checks, and what it leaves."""

from datetime import timedelta

import pytest

from app.errors import (
    BadUserRequestError,
    EngineError,
    LockedByAnotherWorkerError,
    LockExpiredError,
    LockTokenError,
    NotFoundError,
    NullValueError,
    SuspendedEntityInteractionError,
)
from app.services import external_tasks, lists, locks, process_instances, suspension

from .conftest import MINUTE, ONE, values


@pytest.fixture
def instance(engine):
    return engine.start()


@pytest.fixture
def held(engine, instance):
    """The task of an instance, locked for ``w``."""
    task_id = engine.work_of(instance)
    locks.lock(engine.store, task_id, worker_id="w", lock_duration=MINUTE)
    return task_id


def complete(engine, task_id, **options):
    return engine.complete(task_id, **options)


def fail(engine, task_id, **options):
    arguments = {
        "worker_id": "w",
        "error_message": "no",
        "error_details": None,
        "retries": 2,
        "retry_timeout": timedelta(0),
        "variables": {},
        "local_variables": {},
        **options,
    }
    return external_tasks.handle_failure(engine.store, task_id, **arguments)


def throw(engine, task_id, **options):
    arguments = {
        "worker_id": "w",
        "error_code": "no",
        "error_message": None,
        "variables": {},
        **options,
    }
    return external_tasks.handle_bpmn_error(engine.store, task_id, **arguments)


COMMANDS = pytest.mark.parametrize(
    ("command", "refused"),
    [
        pytest.param(complete, "External Task {} cannot be completed by worker", id="complete"),
        pytest.param(
            fail, "Failure of External Task {} cannot be reported by worker", id="failure"
        ),
        pytest.param(
            throw, "Bpmn error of External Task {} cannot be reported by worker", id="bpmnError"
        ),
    ],
)


# -- what every command of a worker checks ---------------------------------------------------------


@COMMANDS
def test_a_worker_is_missed_before_the_task(engine, command, refused):
    with pytest.raises(NullValueError, match=r"^workerId is null$"):
        command(engine, "unknown", worker_id=None)


@COMMANDS
def test_an_unknown_task_is_named(engine, command, refused):
    with pytest.raises(NotFoundError, match=r"^External task with id unknown does not exist$"):
        command(engine, "unknown")


@COMMANDS
def test_another_worker_is_told_whose_the_task_is(engine, held, command, refused):
    with pytest.raises(LockedByAnotherWorkerError) as caught:
        command(engine, held, worker_id="other")

    assert str(caught.value) == f"{refused.format(held)} 'other'. It is locked by worker 'w'."


@COMMANDS
def test_a_task_that_nobody_has_locked_is_nobodys(engine, instance, command, refused):
    with pytest.raises(LockedByAnotherWorkerError, match="locked by worker 'null'"):
        command(engine, engine.work_of(instance))


@COMMANDS
def test_an_expired_lock_is_its_workers_until_another_takes_it(engine, held, command, refused):
    engine.later(minutes=2)

    assert command(engine, held) is False


@COMMANDS
def test_a_suspended_task_is_refused(engine, instance, held, command, refused):
    suspension.set_instances(engine.store, [instance], suspended=True)

    with pytest.raises(SuspendedEntityInteractionError) as caught:
        command(engine, held)

    assert str(caught.value) == f"ENGINE-03043 ExternalTask with id '{held}' is suspended."


@COMMANDS
def test_the_owner_is_checked_before_the_suspension(engine, instance, held, command, refused):
    suspension.set_instances(engine.store, [instance], suspended=True)

    with pytest.raises(LockedByAnotherWorkerError):
        command(engine, held, worker_id="other")


@COMMANDS
def test_a_token_of_an_earlier_lock_is_refused(engine, held, command, refused):
    token = locks.lock(engine.store, held, worker_id="w", lock_duration=MINUTE)

    with pytest.raises(LockTokenError):
        command(engine, held, lock_token="1")
    assert command(engine, held, lock_token=token) is False


@COMMANDS
def test_a_task_is_gone_for_a_second_command(engine, instance, held, command, refused):
    process_instances.delete(engine.store, instance)

    with pytest.raises(NotFoundError):
        command(engine, held)


# -- completion ------------------------------------------------------------------------------------


def test_a_completion_moves_the_instance_to_its_end(engine, instance, held):
    complete(engine, held)

    assert engine.find("process_instance", process_instance_ids=[instance]) == []
    ended = lists.get(engine.store, "historic_process_instance", instance)
    assert ended["state"] == "COMPLETED"


def test_variables_of_a_completion_go_to_the_scope_that_has_them(engine):
    instance = engine.start(known=1)
    task_id = engine.work_of(instance)
    locks.lock(engine.store, task_id, worker_id="w", lock_duration=MINUTE)

    complete(engine, task_id, variables=values(known=2, new="n"), local_variables=values(own=3))

    kept = {
        found["name"]: (found["type"], found["long_value"], found["text_value"])
        for found in engine.find("historic_variable_instance", process_instance_id=instance)
    }
    assert kept["known"][:2] == ("Integer", 2)
    assert kept["new"] == ("String", None, "n")


def test_with_strict_locks_an_expired_lock_is_over(make_engine):
    strict = make_engine(has_strict_locks=True)
    strict.deploy(ONE)
    task_id = strict.work_of(strict.start())
    locks.lock(strict.store, task_id, worker_id="w", lock_duration=MINUTE)
    strict.later(seconds=60)

    # at its very end a lock still holds
    with pytest.raises(LockTokenError):
        complete(strict, task_id, lock_token="0")
    strict.later(milliseconds=1)
    with pytest.raises(LockExpiredError):
        complete(strict, task_id)


# -- failure ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"retries": -1}, "retries is not greater than or equal to 0", id="retries"),
        pytest.param(
            {"retry_timeout": timedelta(milliseconds=-1)},
            "retryDuration is not greater than or equal to 0",
            id="timeout",
        ),
    ],
)
def test_negative_numbers_of_a_failure_are_no_bad_requests(engine, options, message):
    with pytest.raises(EngineError) as caught:
        fail(engine, "unknown", **options)

    assert str(caught.value) == message
    assert not isinstance(caught.value, BadUserRequestError)


def test_a_failure_hides_the_task_for_its_timeout_and_keeps_the_worker(engine, held):
    fail(engine, held, retries=1, retry_timeout=MINUTE, error_message="broken")

    task = lists.get(engine.store, "external_task", held)
    assert (task["worker_id"], task["retries"], task["error_message"]) == ("w", 1, "broken")
    assert task["lock_expiration_time"] == engine.clock() + MINUTE


def test_details_of_a_failure_survive_one_without(engine, held):
    fail(engine, held, error_message="first", error_details="line 1")
    fail(engine, held, error_message=None, error_details=None)

    assert external_tasks.error_details(engine.store, held) == "line 1"
    assert lists.get(engine.store, "external_task", held)["error_message"] is None


def test_details_that_are_empty_are_details(engine, held):
    fail(engine, held, error_details="line 1")
    fail(engine, held, error_details="")

    assert external_tasks.error_details(engine.store, held) == ""


def test_there_are_no_details_before_a_failure(engine, held):
    assert external_tasks.error_details(engine.store, held) is None


def test_details_of_an_unknown_task_are_an_error(engine):
    with pytest.raises(NullValueError) as caught:
        external_tasks.error_details(engine.store, "unknown")

    assert str(caught.value) == ("No external task found with id unknown: externalTask is null")


def test_a_message_is_cut_at_666_characters(engine, held):
    fail(engine, held, error_message="x" * 667)

    assert lists.get(engine.store, "external_task", held)["error_message"] == "x" * 666


def test_the_last_retry_raises_one_incident_that_new_retries_end(engine, instance, held):
    def incidents():
        return [
            (found["incident_type"], found["configuration"], found["incident_message"])
            for found in engine.find("incident", process_instance_id=instance)
        ]

    fail(engine, held, retries=0, error_message="first")
    fail(engine, held, retries=0, error_message="second")
    assert incidents() == [("failedExternalTask", held, "first")]

    external_tasks.set_retries(engine.store, held, retries=1)
    assert incidents() == []


def test_the_log_has_the_retries_before_a_failure(engine, held):
    fail(engine, held, retries=5)
    fail(engine, held, retries=4)

    entries = engine.find("historic_external_task_log", external_task_id=held, failure_log=True)
    assert sorted(entry["retries"] or 0 for entry in entries) == [0, 5]


# -- BPMN errors -----------------------------------------------------------------------------------


def test_a_missing_code_is_refused_before_the_task_is_looked_for(engine):
    with pytest.raises(NullValueError, match=r"^errorCode is null$"):
        throw(engine, "unknown", error_code=None)


@pytest.mark.parametrize("code", ["", " \t"])
def test_an_empty_code_is_refused_behind_the_owner_of_the_task(engine, held, code):
    with pytest.raises(NotFoundError):
        throw(engine, "unknown", error_code=code)
    with pytest.raises(EngineError, match="cannot be reported by worker 'other'"):
        throw(engine, held, worker_id="other", error_code=code)
    with pytest.raises(EngineError, match=r"^Error Code is empty$"):
        throw(engine, held, error_code=code)


def test_an_error_that_nobody_catches_ends_the_instance_as_completed(engine, instance, held):
    throw(engine, held)

    assert engine.find("incident", process_instance_id=instance) == []
    ended = lists.get(engine.store, "historic_process_instance", instance)
    assert ended["state"] == "COMPLETED"


# -- retries and priority --------------------------------------------------------------------------


def test_retries_are_set_whoever_has_the_lock(engine, held):
    external_tasks.set_retries(engine.store, held, retries=7)

    task = lists.get(engine.store, "external_task", held)
    assert (task["retries"], task["worker_id"]) == (7, "w")


def test_negative_retries_are_a_bad_request(engine, held):
    with pytest.raises(BadUserRequestError, match=r"^The number of retries cannot be negative: "):
        external_tasks.set_retries(engine.store, held, retries=-1)


@pytest.mark.parametrize("priority", [0, -5, 2**63 - 1, -(2**63)])
def test_a_priority_is_any_number_of_64_bits(engine, held, priority):
    external_tasks.set_priority(engine.store, held, priority=priority)

    assert lists.get(engine.store, "external_task", held)["priority"] == priority


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(lambda s: external_tasks.set_retries(s, "x", retries=1), id="retries"),
        pytest.param(lambda s: external_tasks.set_priority(s, "x", priority=1), id="priority"),
        pytest.param(lambda s: locks.unlock(s, "x"), id="unlock"),
    ],
)
def test_what_has_no_worker_names_an_unknown_task_alike(engine, command):
    with pytest.raises(NotFoundError, match=r"^External task with id x does not exist$"):
        command(engine.store)
