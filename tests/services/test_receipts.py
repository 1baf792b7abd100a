"""Repeats of commands: known by their key or, where the task is gone, by their body."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import IdempotencyConflictError, NotFoundError
from app.services import external_tasks, lists, locks, receipts
from app.services.receipts import Repeat

from .conftest import MINUTE, ONE


def repeat(key=None, body=b"{}", operation="complete"):
    return Repeat(operation, key, body)


@pytest.fixture
def held(engine):
    task_id = engine.work_of(engine.start())
    locks.lock(engine.store, task_id, worker_id="w", lock_duration=MINUTE)
    return task_id


def fail(engine, task_id, **options):
    return external_tasks.handle_failure(
        engine.store,
        task_id,
        worker_id="w",
        error_message="no",
        error_details=None,
        retry_timeout=timedelta(0),
        variables={},
        local_variables={},
        **options,
    )


@pytest.mark.parametrize("key", [None, "k"])
def test_a_completion_that_is_repeated_is_answered_as_the_first(engine, held, key):
    assert engine.complete(held, repeat=repeat(key)) is False
    assert engine.complete(held, repeat=repeat(key)) is True


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(None, id="one that knows no repeats"),
        pytest.param(repeat(None, b"other"), id="another body without a key"),
        pytest.param(repeat("k"), id="a key that the first had not"),
        pytest.param(repeat(None, b"{}", "bpmnError"), id="another operation"),
    ],
)
def test_what_is_no_repeat_misses_the_task(engine, held, other):
    engine.complete(held, repeat=repeat())

    with pytest.raises(NotFoundError):
        engine.complete(held, repeat=other)


def test_a_key_is_of_one_body(engine, held):
    engine.complete(held, repeat=repeat("k", b"first"))

    with pytest.raises(IdempotencyConflictError):
        engine.complete(held, repeat=repeat("k", b"second"))


def test_a_command_that_fails_leaves_no_receipt(engine, held):
    with pytest.raises(Exception, match="locked by worker"):
        engine.complete(held, worker_id="other", repeat=repeat("k", b"other"))

    assert engine.complete(held, repeat=repeat("k", b"own")) is False


def test_the_same_failure_may_be_reported_twice_without_a_key(engine, held):
    assert fail(engine, held, retries=3) is False
    assert fail(engine, held, retries=2) is False

    assert lists.get(engine.store, "external_task", held)["retries"] == 2


def test_a_failure_with_a_key_is_reported_once(engine, held):
    assert fail(engine, held, retries=3, repeat=repeat("k", operation="failure")) is False
    assert fail(engine, held, retries=3, repeat=repeat("k", operation="failure")) is True

    entries = engine.find("historic_external_task_log", external_task_id=held, failure_log=True)
    assert len(entries) == 1


def test_receipts_are_kept_for_their_time(make_engine):
    own = make_engine()
    own.deploy(("a.bpmn", ONE.encode()))
    task_id = own.work_of(own.start())
    locks.lock(own.store, task_id, worker_id="w", lock_duration=MINUTE)
    own.complete(task_id, repeat=repeat("k"))

    own.later(hours=1)
    assert receipts.remove_expired(own.store, timedelta(hours=2)) == 0
    assert own.complete(task_id, repeat=repeat("k")) is True
    assert receipts.remove_expired(own.store, timedelta(minutes=59)) == 1
    with pytest.raises(NotFoundError):
        own.complete(task_id, repeat=repeat("k"))


# -- laws ------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(key=st.none() | st.text(), task_id=st.text(max_size=64))
def test_the_id_of_a_receipt_is_bounded_whatever_a_client_sends(key, task_id):
    found = repeat(key).receipt_id(task_id)

    assert len(found) <= len("complete") + len(task_id) + 18


@settings(max_examples=30)
@given(first=st.text(), second=st.text())
def test_two_keys_are_one_only_where_they_are_equal(first, second):
    same = repeat(first).receipt_id("t") == repeat(second).receipt_id("t")

    assert same == (first == second)


@settings(max_examples=30)
@given(first=st.binary(), second=st.binary())
def test_two_bodies_are_alike_only_where_they_are_equal(first, second):
    assert (repeat(body=first).fingerprint == repeat(body=second).fingerprint) == (first == second)
