"""SIGTERM: what has reached the process is answered, polls at once, and it ends with 0."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

from tests.models import TWO_TASKS
from tests.serving import processes

from .audit import audit
from .harness import Client, Storm

FETCH = "/external-task/fetchAndLock"
POLL = {
    "workerId": "p",
    "maxTasks": 1,
    "asyncResponseTimeout": 30_000,
    "topics": [{"topicName": "check", "lockDuration": 1_000}],
}


def terminate(server, seconds=60):
    """Send SIGTERM; returns the exit status, and the seconds until the end."""
    started = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    return server.process.wait(seconds), time.monotonic() - started


def ask(server, path, body):
    client = Client([server.port])
    try:
        return client.call("POST", path, body)[0]
    finally:
        client.close()


def test_sigterm_under_load_loses_no_answer_and_leaves_no_job_locked(
    working, database_url, instances
):
    server = working(database_url, BATON_JOB_LOCK_SECONDS="600")  # jobs must be given back

    with Storm([server], instances) as storm:
        storm.reach(0.4)
        status, seconds = terminate(server)
        server.launch()
        storm.finish()

    audit(storm, server)
    assert status == 0
    assert seconds < 20  # the grace time; what waits is let go at once
    assert storm.replays == 0  # or something was done and not answered
    assert "IncompleteRead" not in storm.doubts


def test_a_request_in_flight_is_finished_after_sigterm(serve, postgres_url):
    server = serve(postgres_url)
    server.deploy(TWO_TASKS)
    instance = server.start("two")
    (task,) = server.fetch("check")
    body = {"workerId": "w", "variables": {"approved": {"value": True}}}

    with psycopg.connect(postgres_url) as holder, ThreadPoolExecutor(2) as pool:
        holder.execute("SELECT 1 FROM execution WHERE id = %s FOR UPDATE", (instance,))
        complete = pool.submit(ask, server, f"/external-task/{task['id']}/complete", body)
        time.sleep(0.5)
        ended = pool.submit(terminate, server)
        time.sleep(1)
        holder.rollback()

        assert complete.result() == 204
        assert ended.result()[0] == 0


def test_polls_that_wait_are_answered_at_sigterm(serve, database_url):
    server = serve(database_url, WEB_CONCURRENCY=processes(database_url))
    server.deploy(TWO_TASKS)

    with ThreadPoolExecutor(20) as pool:
        polls = [pool.submit(ask, server, FETCH, POLL) for _ in range(20)]
        time.sleep(0.7)
        status, seconds = terminate(server)

        assert [poll.result() for poll in polls] == [200] * 20
    assert status == 0
    assert seconds < 20  # the polls would wait for longer
