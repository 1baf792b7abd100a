"""The worker against answers that were recorded from the reference engine."""

import threading
import time
from datetime import timedelta

import pytest

from app.worker import BpmnError, Failure, Result, Worker

from .recorded import FOREIGN, GONE, TASK, UNRESUMABLE


def work(server, handler, *, task=TASK, **options):
    """Let a worker do one task with a handler."""
    server.answers.setdefault("fetchAndLock", [(200, [task])])
    worker = Worker(server.base_url, worker_id="w", wait=timedelta(seconds=1))
    worker.topic("charge", **options)(handler)
    assert worker.work(most=1) == 1
    return worker


def test_a_task_is_fetched_with_the_variables_that_the_function_names(recorded):
    server = recorded()

    work(server, lambda amount, currency="EUR": None, lock=timedelta(minutes=2), business_key="A")

    ((fetch, _),) = server.named("fetchAndLock")
    (topic,) = fetch["topics"]
    assert fetch["workerId"] == "w"
    assert fetch["asyncResponseTimeout"] == 1000
    assert topic["variables"] == ["amount", "currency"]
    assert topic["lockDuration"] == 120_000
    assert topic["businessKey"] == "A"


def test_what_the_function_returns_are_the_variables(recorded):
    server = recorded()

    work(server, lambda amount: {"receipt": f"R{amount}"})

    ((body, headers),) = server.named("complete")
    assert body["workerId"] == "w"
    assert body["variables"]["receipt"] == {"value": "R5", "type": "String", "valueInfo": {}}
    assert headers["Idempotency-Key"]


@pytest.mark.parametrize(
    ("handler", "options", "variables", "local"),
    [
        (lambda amount: None, {}, [], []),
        (lambda amount: amount * 2, {"result": "twice"}, ["twice"], []),
        (lambda amount: Result({"a": 1}, {"b": 2}), {}, ["a"], ["b"]),
    ],
)
def test_a_result_is_variables(recorded, handler, options, variables, local):
    server = recorded()

    work(server, handler, **options)

    ((body, _),) = server.named("complete")
    assert list(body["variables"]) == variables
    assert list(body["localVariables"]) == local


def test_a_function_with_open_ended_parameters_gets_all_variables(recorded):
    server, seen = recorded(), {}

    work(server, lambda task, **rest: seen.update(rest, key=task.business_key))

    assert seen == {"amount": 5, "key": "A-1"}
    assert "variables" not in server.named("fetchAndLock")[0][0]["topics"][0]


def test_an_exception_is_a_failure_with_a_retry_less(recorded):
    server = recorded()

    def handler(amount):
        raise RuntimeError("no money")

    work(server, handler, task={**TASK, "retries": 2}, backoff=timedelta(seconds=5))

    ((body, _),) = server.named("failure")
    assert body["errorMessage"] == "no money"
    assert "RuntimeError: no money" in body["errorDetails"]
    assert body["retries"] == 1
    assert body["retryTimeout"] == 20_000  # the second retry of three


def test_the_first_failure_starts_with_all_retries(recorded):
    server = recorded()

    def handler(amount):
        raise RuntimeError

    work(server, handler, retries=4, backoff=timedelta(seconds=5))

    ((body, _),) = server.named("failure")
    assert (body["retries"], body["retryTimeout"]) == (4, 5_000)
    assert body["errorMessage"] == "RuntimeError"


def test_the_time_to_a_late_retry_of_many_has_an_end(recorded):
    server = recorded()

    def handler(amount):
        raise RuntimeError("no money")

    work(server, handler, task={**TASK, "retries": 2}, retries=100, backoff=timedelta(days=1))

    ((body, _),) = server.named("failure")
    assert (body["retries"], body["retryTimeout"]) == (1, 3_600_000)


def test_a_failure_may_have_its_own_retries_and_time(recorded):
    server = recorded()

    def handler(amount):
        raise Failure("closed", "until Monday", retries=7, after=timedelta(hours=5))

    work(server, handler)

    ((body, _),) = server.named("failure")
    assert body["errorDetails"] == "until Monday"
    assert (body["retries"], body["retryTimeout"]) == (7, 18_000_000)


def test_a_missing_variable_is_a_failure_that_names_it(recorded):
    server = recorded()

    work(server, lambda amount, iban: None)

    assert "'iban' is missing" in server.named("failure")[0][0]["errorMessage"]


def test_a_result_that_is_no_mapping_is_a_failure(recorded):
    server = recorded()

    work(server, lambda amount: 5)

    assert "result=" in server.named("failure")[0][0]["errorMessage"]


def test_a_bpmn_error_goes_with_its_variables(recorded):
    server = recorded()

    def handler(amount):
        raise BpmnError("broke", "no money", {"missing": amount})

    work(server, handler)

    ((body, _),) = server.named("bpmnError")
    assert (body["errorCode"], body["errorMessage"]) == ("broke", "no money")
    assert body["variables"]["missing"]["value"] == 5


def test_a_lost_answer_is_repeated_with_the_same_key(recorded):
    server = recorded(complete=[None, (503, {"message": "wait"}), (204, None)])

    work(server, lambda amount: None)

    keys = [headers["Idempotency-Key"] for _, headers in server.named("complete")]
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_a_task_that_is_gone_is_no_failure(recorded):
    server = recorded(complete=[GONE])

    work(server, lambda amount: None)

    assert len(server.named("complete")) == 1
    assert not server.named("failure")


def test_a_lock_that_another_worker_holds_is_not_repeated(recorded):
    server = recorded(complete=[FOREIGN])

    work(server, lambda amount: None)

    assert len(server.named("complete")) == 1
    assert not server.named("failure")


def test_an_instance_that_cannot_be_resumed_leaves_the_reason_at_the_task(recorded):
    server = recorded(complete=[UNRESUMABLE])

    work(server, lambda amount: None)

    ((body, _),) = server.named("failure")
    assert "Unknown property" in body["errorMessage"]


def test_a_lock_is_extended_while_the_function_runs(recorded):
    server = recorded()

    work(server, lambda amount: time.sleep(0.5), lock=timedelta(milliseconds=200))

    assert len(server.named("extendLock")) >= 2
    assert server.named("extendLock")[0][0]["newDuration"] == 200


def test_a_lost_lock_is_noted_and_nothing_is_reported(recorded):
    server, seen = recorded(extendLock=[FOREIGN]), []

    work(server, lambda task: seen.append(task.lost.wait(30)), lock=timedelta(milliseconds=200))

    assert seen == [True]
    assert not server.named("complete")


def test_the_trace_of_the_process_goes_along(recorded):
    server = recorded()
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    work(server, lambda: None, task={**TASK, "extensionProperties": {"traceparent": trace}})

    assert server.named("complete")[0][1]["traceparent"] == trace


def test_a_fetch_that_fails_is_tried_again(recorded):
    server = recorded(fetchAndLock=[None, (500, {"message": "x"}), (200, [TASK])])
    worker = Worker(server.base_url, worker_id="w")
    worker.topic("charge")(lambda: None)
    waits = []
    worker._stopping.wait = waits.append

    worker.work(most=1)

    assert len(waits) == 2
    assert server.named("complete")


def test_a_stopped_worker_finishes_what_it_does(recorded):
    server = recorded(fetchAndLock=[(200, [TASK])])
    worker = Worker(server.base_url, worker_id="w", threads=1)
    started, go_on = threading.Event(), threading.Event()

    @worker.topic("charge")
    def charge():
        started.set()
        go_on.wait(30)

    thread = threading.Thread(target=worker.work)
    thread.start()
    assert started.wait(30)
    worker.stop()
    go_on.set()
    thread.join(30)

    assert not thread.is_alive()
    assert len(server.named("complete")) == 1


@pytest.mark.parametrize("url", ["ftp://x/engine-rest", "localhost:8080", ""])
def test_a_base_url_that_is_no_http_address_is_refused(url):
    with pytest.raises(ValueError, match="no HTTP address"):
        Worker(url)


def test_a_worker_without_topics_is_refused():
    with pytest.raises(ValueError, match="no topic"):
        Worker("http://127.0.0.1:1/engine-rest").work()


def test_a_function_with_positional_parameters_is_refused():
    worker = Worker("http://127.0.0.1:1/engine-rest")

    with pytest.raises(TypeError, match="given by name"):
        worker.topic("charge")(lambda *amounts: None)
