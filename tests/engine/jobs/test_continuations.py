"""The stored form of a parked token's continuation, which databases of older versions have."""

import pytest

from app.engine.jobs.continuations import AFTER, BEFORE, STARTING, Continuation

STORED = {
    "transition-create-scope": Continuation(BEFORE),
    "transition-create-scope$happened": Continuation(BEFORE, has_happened=True),
    "process-start": Continuation(STARTING),
    "transition-notify-listener-take": Continuation(AFTER),
    "transition-notify-listener-take$a": Continuation(AFTER, ("a",)),
    "transition-notify-listener-take$a$happened": Continuation(AFTER, ("a", "happened")),
}


@pytest.mark.parametrize(("text", "continuation"), STORED.items(), ids=STORED)
def test_a_continuation_is_read_as_it_is_stored(text, continuation):
    assert Continuation.parse(text) == continuation
    assert continuation.text == text


@pytest.mark.parametrize("text", [None, ""])
def test_a_job_without_configuration_is_before_its_activity(text):
    assert Continuation.parse(text) == Continuation(BEFORE)


@pytest.mark.parametrize(("step", "is_after"), [(BEFORE, False), (STARTING, False), (AFTER, True)])
def test_only_a_step_behind_an_activity_is_after_it(step, is_after):
    assert Continuation(step).is_after is is_after
