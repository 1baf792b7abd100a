"""Reports: which are repeated, how long, and what becomes of those that arrive twice."""

import pytest

from app.worker.connection import AnswerError
from app.worker.reporting import FIRST_WAIT, LONGEST_WAIT, Reporter, waiting_time
from app.worker.task import Task

from .recorded import FOREIGN, GONE, TASK, UNRESUMABLE

PASSING = [408, 429, 502, 503, 504]
FINAL = [400, 401, 403, 413, 500]


class Reporting:
    """A reporter of a server, whose waits are noted and not waited for."""

    def __init__(self, connection, **options):
        self.waits = []
        self._reporter = Reporter(connection, "w", sleep=self.waits.append, **options)
        self._task = Task(TASK, connection)

    def complete(self, **fields):
        return self._reporter.report(self._task, "complete", **fields)


@pytest.fixture
def reporting(connect):
    def reporting(server, **options):
        return Reporting(connect(server), **options)

    return reporting


def busy(status=503, **headers):
    return status, {"message": "wait"}, {k.replace("_", "-"): v for k, v in headers.items()}


def test_a_report_says_whose_it_is_and_what_became_of_the_task(recorded, reporting):
    server = recorded()

    is_taken = reporting(server).complete(variables={"a": {"value": 1}})

    assert is_taken
    assert server.lines == [("POST", "/engine-rest/external-task/t1/complete")]
    ((body, _),) = server.named("complete")
    assert body == {"workerId": "w", "variables": {"a": {"value": 1}}}


@pytest.mark.parametrize("status", PASSING)
def test_what_passes_is_waited_for_and_the_report_repeated(recorded, reporting, status):
    server = recorded(complete=[busy(status)] * 3)
    made = reporting(server)

    is_taken = made.complete()

    assert is_taken
    assert len(server.named("complete")) == 4
    assert len(made.waits) == 3


def test_a_repeat_is_the_same_report(recorded, reporting):
    server = recorded(complete=[None, busy(), None])

    reporting(server).complete(variables={"a": {"value": 1}})

    sent = server.named("complete")
    assert [body for body, _ in sent] == [sent[0][0]] * 4
    assert len({headers["Idempotency-Key"] for _, headers in sent}) == 1


def test_two_reports_of_one_task_are_two(recorded, reporting):
    server = recorded()
    made = reporting(server)

    made.complete()
    made.complete()

    assert len({headers["Idempotency-Key"] for _, headers in server.named("complete")}) == 2


@pytest.mark.parametrize("status", FINAL)
def test_what_another_attempt_would_meet_again_is_not_repeated(recorded, reporting, status):
    server = recorded(complete=[(status, {"message": "no"})])
    made = reporting(server)

    with pytest.raises(AnswerError) as caught:
        made.complete()

    assert caught.value.status == status
    assert made.waits == []
    assert len(server.named("complete")) == 1


@pytest.mark.parametrize("answer", [FOREIGN, UNRESUMABLE], ids=["foreign", "unresumable"])
def test_a_refusal_after_a_lost_answer_is_a_refusal(recorded, reporting, answer):
    server = recorded(complete=[None, answer])

    with pytest.raises(AnswerError):
        reporting(server).complete()

    assert len(server.named("complete")) == 2


def test_a_task_that_was_gone_before_was_not_completed_by_us(recorded, reporting):
    assert not reporting(recorded(complete=[GONE])).complete()


@pytest.mark.parametrize("first", [None, busy()], ids=["lost answer", "busy"])
def test_a_task_that_is_gone_at_the_repeat_was_completed_by_the_first_attempt(
    recorded, reporting, first
):
    assert reporting(recorded(complete=[first, GONE])).complete()


@pytest.mark.parametrize("answer", [None, busy()], ids=["lost answer", "busy"])
def test_a_report_is_given_up_when_the_patience_is_over(recorded, reporting, answer):
    server = recorded(complete=[answer] * 3)
    made = reporting(server, patience=0.0)

    with pytest.raises((AnswerError, OSError)):
        made.complete()

    assert len(server.named("complete")) == 1
    assert made.waits == []


def test_a_wait_that_the_server_names_is_waited(recorded, reporting):
    made = reporting(recorded(complete=[busy(Retry_After="3"), busy(429, Retry_After="0")]))

    made.complete()

    assert made.waits == [3.0, 0.0]


def test_a_wait_beyond_the_patience_is_not_begun(recorded, reporting):
    server = recorded(complete=[busy(Retry_After="3600")])
    made = reporting(server, patience=60.0)

    with pytest.raises(AnswerError):
        made.complete()

    assert made.waits == []


# -- how long to wait -------------------------------------------------------------------------


@pytest.mark.parametrize("attempts", range(1, 12))
def test_waits_double_up_to_a_limit_and_are_spread(attempts):
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2**attempts)

    waits = [waiting_time(ConnectionError(), attempts) for _ in range(50)]

    assert all(longest / 2 <= wait <= longest for wait in waits)
    assert len(set(waits)) > 1  # not all workers at once


def test_the_wait_has_its_limit_after_very_many_attempts_too():
    # a server that is away for half a day, asked every ten seconds
    assert waiting_time(ConnectionError(), 5_000) <= LONGEST_WAIT


@pytest.mark.parametrize("status", FINAL)
def test_there_is_no_wait_where_nothing_would_change(status):
    assert waiting_time(AnswerError(status, "no", retry_after=3.0), 1) is None


@pytest.mark.parametrize("status", PASSING)
def test_the_servers_own_time_counts_whatever_the_attempt(status):
    assert [waiting_time(AnswerError(status, "", 3.0), n) for n in (1, 20)] == [3.0, 3.0]
