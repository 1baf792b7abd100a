"""The background work of a process: jobs, removal, counts, and an engine that opens later."""

import threading
import time
from datetime import timedelta

import pytest
import structlog

from app.background import cleanup, job_executor, metering, opening
from app.errors import ConflictError, UnavailableError
from app.services import jobs
from app.services.cleanup_window import Window
from tests.local import Local
from tests.models import flows, process, task

pytestmark = pytest.mark.no_database
SECONDS = 30
LATER = process(
    '<startEvent id="s"/>'
    + task("t", camunda_asyncBefore="true")
    + '<endEvent id="e"/>'
    + flows("s", "t", "e"),
    "later",
)
AWAY = UnavailableError("away")


def until(holds):
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it does not come to that"
        time.sleep(0.005)


@pytest.fixture
def api(client):
    api = Local(client)
    api.deploy(LATER)
    return api


@pytest.fixture
def logged():
    """The log entries of the test, as dictionaries."""
    with structlog.testing.capture_logs() as lines:
        yield lines


def left(api):
    return api.call("GET", "/job/count")[1]["count"]


# -- jobs -------------------------------------------------------------------------------------


@pytest.fixture
def executor(store, monkeypatch, logged):
    """An executor that hardly pauses; it ends with the test."""
    monkeypatch.setattr(job_executor, "PAUSE_AFTER_FAILURE", 0.01)
    found = job_executor.JobExecutor(store)
    yield found
    found.stop()
    if found._thread.is_alive():
        found.wait(SECONDS)


def fail_once(monkeypatch, name, error):
    """Let a service fail the first time; how often it was asked."""
    real, asked = getattr(jobs, name), []

    def failing(*values, **options):
        asked.append(name)
        if len(asked) == 1:
            raise error
        return real(*values, **options)

    monkeypatch.setattr(jobs, name, failing)
    return asked


def note_releases(monkeypatch):
    """The ids with which executors release jobs from now on; None for all of an executor."""
    real, found = jobs.release, []

    def release(store, owner, job_ids):
        found.append(job_ids)
        return real(store, owner, job_ids)

    monkeypatch.setattr(jobs, "release", release)
    return found


def test_jobs_that_are_due_are_run(api, executor):
    for _ in range(3):
        api.start("later")

    executor.start()
    until(lambda: left(api) == 0)

    assert len(api.fetch("t")) == 3


def test_a_job_that_is_made_later_is_run_at_once(api, executor, monkeypatch):
    monkeypatch.setattr(job_executor, "LONGEST_PAUSE", 3_600.0)
    executor.start()
    until(lambda: not executor._store.jobs_made.is_set())

    api.start("later")

    until(lambda: left(api) == 0)


def test_an_executor_that_is_stopped_runs_nothing_more(api, executor):
    executor.start()
    executor.stop()
    executor.wait(SECONDS)

    api.start("later")

    assert not executor._thread.is_alive()
    assert left(api) == 1


@pytest.mark.parametrize(
    ("error", "level"),
    [
        pytest.param(AWAY, "warning", id="away"),
        pytest.param(ConflictError("somebody else"), "warning", id="a conflict"),
        pytest.param(RuntimeError("a mistake"), "error", id="a mistake"),
    ],
)
def test_an_executor_that_could_not_acquire_tries_again(
    api, executor, logged, monkeypatch, error, level
):
    asked = fail_once(monkeypatch, "acquire", error)
    released = note_releases(monkeypatch)
    api.start("later")

    executor.start()
    until(lambda: left(api) == 0)

    assert len(asked) > 1
    assert released == [None]  # it does not know which
    assert level in [line["log_level"] for line in logged]


@pytest.mark.parametrize("error", [AWAY, ConflictError("somebody else")], ids=["away", "conflict"])
def test_a_job_that_has_to_wait_is_given_back_and_run(api, executor, logged, monkeypatch, error):
    asked = fail_once(monkeypatch, "execute", error)
    released = note_releases(monkeypatch)
    api.start("later")
    (waiting,) = api.call("GET", "/job")[1]

    executor.start()
    until(lambda: left(api) == 0)

    assert len(asked) == 2
    assert "job has to wait" in [line["event"] for line in logged]
    assert released == [(waiting["id"],)]


def test_a_mistake_in_one_job_keeps_no_other_from_running(api, executor, logged, monkeypatch):
    fail_once(monkeypatch, "execute", RuntimeError("a mistake"))
    for _ in range(4):
        api.start("later")

    executor.start()
    until(lambda: left(api) == 1)

    assert [line["event"] for line in logged if line["log_level"] == "error"] == ["job"]


def test_what_was_acquired_and_not_run_is_free_for_others_at_the_end(api, executor, monkeypatch):
    started, may_go = threading.Event(), threading.Event()
    real = jobs.execute

    def execute(*values, **options):
        started.set()
        assert may_go.wait(SECONDS)
        return real(*values, **options)

    monkeypatch.setattr(jobs, "execute", execute)
    for _ in range(job_executor.WORKERS + 3):
        api.start("later")
    executor.start()
    assert started.wait(SECONDS)

    executor.stop()
    may_go.set()
    executor.wait(SECONDS)
    monkeypatch.setattr(jobs, "execute", real)

    waiting = left(api)
    assert waiting >= 1
    found = jobs.acquire(executor._store, "other", limit=20, lock_duration=timedelta(minutes=5))
    assert len(found) == waiting


# -- removal ----------------------------------------------------------------------------------


def cleaner(store, **options):
    return cleanup.Cleaner(store, timedelta(hours=24), **options)


@pytest.fixture
def batches(monkeypatch):
    """A removal of so many batches of ten; what was gone on with."""

    def removal(count):
        asked = []

        def remove(store, goes_on):
            removed = 0
            for _ in range(count):
                removed += 10
                asked.append(goes_on(10))
                if not asked[-1]:
                    break
            return removed

        monkeypatch.setattr(cleanup.history, "remove_expired", remove)
        return asked

    return removal


def test_what_was_removed_is_logged_once(store, batches, logged):
    batches(3)

    cleaner(store).run()

    (line,) = [line for line in logged if line["event"] == "cleanup"]
    assert (line["instances"], line["receipts"]) == (30, 0)


def test_nothing_is_said_where_nothing_was_removed(store, logged):
    cleaner(store).run()

    assert [line for line in logged if line["event"] == "cleanup"] == []


def test_after_it_was_stopped_no_other_batch_is_begun(store, batches):
    asked = batches(3)
    found = cleaner(store)
    found.stop()

    found.run()

    assert asked == [False]


def test_outside_of_its_window_no_other_batch_is_begun(store, batches):
    asked = batches(3)
    now = store.clock()
    begin, end = (now + timedelta(hours=h) for h in (2, 3))

    cleaner(store, window=Window(f"{begin:%H:%M}-{end:%H:%M}")).run()

    assert asked == [False]


@pytest.mark.parametrize(
    ("error", "level"), [(AWAY, "warning"), (RuntimeError("a mistake"), "error")], ids=str
)
def test_a_removal_that_fails_is_told_and_the_next_one_comes(
    store, monkeypatch, logged, error, level
):
    def remove(*_):
        raise error

    monkeypatch.setattr(cleanup.history, "remove_expired", remove)

    cleaner(store).run()

    assert [line["log_level"] for line in logged] == [level]


def test_a_cleaner_goes_round_until_it_is_stopped(store, monkeypatch):
    monkeypatch.setattr(cleanup, "EVERY_SECONDS", 0.01)
    rounds = threading.Semaphore(0)
    found = cleaner(store)
    monkeypatch.setattr(found, "run", rounds.release)

    found.start()
    for _ in range(3):
        assert rounds.acquire(timeout=SECONDS)
    found.stop()
    found._thread.join(SECONDS)

    assert not found._thread.is_alive()


# -- counts -----------------------------------------------------------------------------------


def test_what_was_counted_is_written_at_the_end(client, store):
    api = Local(client)
    api.deploy(LATER)
    api.start("later")
    reporter = metering.Reporter(store)
    reporter.start()

    reporter.stop()
    reporter._thread.join(SECONDS)

    assert not reporter._thread.is_alive()
    assert api.call("GET", "/metrics/root-process-instance-start/sum")[1] == {"result": 1}


def test_counts_that_cannot_be_written_wait_for_the_next_report(store, monkeypatch, logged):
    def report(_):
        raise AWAY

    monkeypatch.setattr(metering.metrics, "report", report)

    metering.Reporter(store).stop()

    assert [line["event"] for line in logged] == ["metrics have to wait"]


# -- an engine that opens later ---------------------------------------------------------------


class Preparing:
    """Prepares an engine; fails with what it is told to first."""

    def __init__(self, *errors):
        self.errors, self.count = list(errors), 0

    def __call__(self):
        self.count += 1
        if self.errors:
            raise self.errors.pop(0)


def test_an_engine_is_open_once_nothing_keeps_it(store, logged):
    opened = []
    found = opening.Opening(store, Preparing(OSError("away")), lambda: opened.append(1))

    assert [found.run(), found.run()] == [False, True]

    assert opened == [1]
    assert [line["event"] for line in logged] == [
        "the engine cannot be opened",
        "the engine is open",
    ]


def test_a_reason_is_told_once_in_one_line(store, logged):
    errors = [OSError("away\nfar away"), OSError("away\nstill"), OSError("broken"), OSError("away")]
    found = opening.Opening(store, Preparing(*errors), list)

    for _ in errors:
        found.run()

    assert [line["reason"] for line in logged] == ["away", "broken", "away"]


def test_an_engine_is_tried_again_and_again(store, monkeypatch, logged):
    monkeypatch.setattr(opening, "EVERY_SECONDS", 0.0)
    opened = []
    found = opening.Opening(store, Preparing(*[OSError("away")] * 5), lambda: opened.append(1))

    found._work()

    assert opened == [1]


def test_nobody_tries_any_more_once_the_process_ends(store):
    store.wakeups.stop()
    prepare = Preparing(OSError("away"))

    opening.Opening(store, prepare, list)._work()

    assert prepare.count == 0
