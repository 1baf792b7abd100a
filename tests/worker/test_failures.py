"""The failure that is reported for a task whose function has failed."""

from datetime import timedelta

import hypothesis
import pytest
from hypothesis import strategies as st

from app.worker import BpmnError, Failure, Task
from app.worker.handlers import Topic
from app.worker.worker import LONGEST_BACKOFF, failure_of

from .recorded import TASK

HOUR = 3_600_000


def failure(error, *, left=None, retries=3, backoff=10):
    """The fields of a failure.

    Args:
        left: the retries of the task; None before its first failure.
        retries: of the topic.
        backoff: of the topic, in seconds.
    """
    minute = timedelta(minutes=1)
    topic = Topic("t", None, minute, retries, timedelta(seconds=backoff), None, None, {})
    return failure_of(Task({**TASK, "retries": left}, None), topic, error)


@pytest.mark.parametrize(
    ("left", "then", "after"),
    [
        pytest.param(None, 3, 10_000, id="the first failure has all its retries before it"),
        pytest.param(3, 2, 20_000, id="the first retry"),
        pytest.param(2, 1, 40_000, id="the second"),
        pytest.param(1, 0, 80_000, id="the last, which makes an incident"),
        pytest.param(0, 0, 160_000, id="never less than none"),
        pytest.param(5, 4, 10_000, id="more than the topic has: somebody has given some"),
    ],
)
def test_retries_count_down_and_the_time_between_them_doubles(left, then, after):
    found = failure(RuntimeError("no"), left=left)

    assert (found["retries"], found["retryTimeout"]) == (then, after)


@pytest.mark.parametrize("backoff", [3_600, 3_601, 10**9])
def test_nobody_waits_longer_than_an_hour(backoff):
    assert failure(RuntimeError("no"), backoff=backoff)["retryTimeout"] == HOUR


def test_a_failure_that_says_how_long_may_wait_longer():
    found = failure(Failure("closed", after=timedelta(days=3)))

    assert found["retryTimeout"] == 72 * HOUR


@pytest.mark.parametrize(
    ("error", "retries", "after"),
    [
        pytest.param(Failure("x"), 1, 40_000, id="neither"),
        pytest.param(Failure("x", retries=9), 9, 40_000, id="retries"),
        pytest.param(Failure("x", retries=0), 0, 40_000, id="no retries: an incident at once"),
        pytest.param(Failure("x", retries=-1), 0, 40_000, id="never less than none"),
        pytest.param(Failure("x", after=timedelta(0)), 1, 0, id="at once"),
        pytest.param(Failure("x", retries=2, after=timedelta(seconds=1)), 2, 1_000, id="both"),
    ],
)
def test_a_failure_of_ones_own_overrules_what_it_says(error, retries, after):
    found = failure(error, left=2)

    assert (found["retries"], found["retryTimeout"]) == (retries, after)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (RuntimeError("no money"), "no money"),
        (RuntimeError(), "RuntimeError"),
        (KeyError("iban"), "'iban'"),
        (Failure("closed"), "closed"),
        (Failure(""), "Failure"),
    ],
    ids=repr,
)
def test_a_failure_has_a_message_even_if_its_error_has_none(error, message):
    assert failure(error)["errorMessage"] == message


def test_the_details_of_an_error_are_where_it_was_raised():
    try:
        raise RuntimeError("no money") from KeyError("iban")
    except RuntimeError as error:
        details = failure(error)["errorDetails"]

    assert "test_failures.py" in details
    assert details.index("KeyError: 'iban'") < details.index("RuntimeError: no money")


@pytest.mark.parametrize("details", [None, "", "closed until Monday"])
def test_the_details_of_a_failure_are_those_that_it_names(details):
    assert failure(Failure("closed", details))["errorDetails"] == details


@hypothesis.settings(max_examples=30)
@hypothesis.given(
    left=st.none() | st.integers(-5, 10**9),
    retries=st.integers(0, 10**9),
    backoff=st.floats(0, 10**9),
)
def test_any_topic_and_task_have_a_failure_that_the_server_takes(left, retries, backoff):
    found = failure(RuntimeError("no"), left=left, retries=retries, backoff=backoff)

    assert found["retries"] >= 0
    assert 0 <= found["retryTimeout"] <= LONGEST_BACKOFF / timedelta(milliseconds=1)


# -- errors of the business -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "text", "message", "variables"),
    [
        pytest.param(BpmnError("broke"), "broke", None, {}, id="a code"),
        pytest.param(BpmnError("broke", "no money"), "no money", "no money", {}, id="a message"),
        pytest.param(BpmnError("b", None, {"a": 1}), "b", None, {"a": 1}, id="variables"),
        pytest.param(BpmnError("b", "", {}), "b", "", {}, id="empty ones"),
    ],
)
def test_an_error_of_the_business_has_a_code_and_what_goes_with_it(error, text, message, variables):
    assert str(error) == text
    assert (error.message, error.variables) == (message, variables)
