"""Every connection in use: others are told so, and nothing hangs."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

from tests.models import TWO_TASKS

from .audit import audit
from .harness import Client, Storm, is_unavailable


def ask(server, path, body):
    client = Client([server.port])
    started = time.monotonic()
    try:
        return client.call("POST", path, body), time.monotonic() - started
    finally:
        client.close()


def test_requests_beyond_the_pool_are_refused_in_time_and_others_go_on(serve, postgres_url):
    server = serve(postgres_url, WEB_CONCURRENCY="1", POOL_SIZE="2", POOL_TIMEOUT="1")
    server.deploy(TWO_TASKS)
    instance = server.start("two")
    (task,) = server.fetch("check")
    complete = f"/external-task/{task['id']}/complete", {"workerId": "w"}

    with psycopg.connect(postgres_url) as holder, ThreadPoolExecutor(2) as pool:
        holder.execute("SELECT 1 FROM execution WHERE id = %s FOR UPDATE", (instance,))
        blocked = [pool.submit(ask, server, *complete) for _ in range(2)]
        time.sleep(0.5)
        refused = [
            ask(server, path, body)
            for path, body in (
                complete,
                (FETCH, POLL),
                ("/process-definition/key/two/start", {}),
                ("/external-task", {}),
            )
        ]
        health, ready = (server.raw("GET", server.root + name)[0] for name in ("/health", "/ready"))
        holder.rollback()

    assert all(is_unavailable(answer) for answer, _ in refused), refused
    assert max(seconds for _, seconds in refused) < 20
    assert (health, ready) == (200, 200)
    assert {answer.result()[0][0] for answer in blocked} <= {204, 404, 500}
    assert server.call("GET", "/external-task/count")[0] == 200


FETCH = "/external-task/fetchAndLock"
POLL = {
    "workerId": "p",
    "maxTasks": 1,
    "asyncResponseTimeout": 5_000,
    "topics": [{"topicName": "check", "lockDuration": 1_000}],
}


def test_nothing_is_lost_or_doubled_by_many_workers_over_a_tiny_pool(
    working, database_url, instances
):
    server = working(database_url, WEB_CONCURRENCY="1", POOL_SIZE="1", POOL_TIMEOUT="1")

    with Storm([server], instances, workers=12) as storm:
        storm.finish()

    audit(storm, server)


def test_polls_that_wait_hold_no_connection(serve, database_url):
    server = serve(database_url, WEB_CONCURRENCY="1", POOL_SIZE="1", POOL_TIMEOUT="1")
    server.deploy(TWO_TASKS)
    polls = [threading.Thread(target=ask, args=(server, FETCH, POLL)) for _ in range(20)]

    for poll in polls:
        poll.start()
    time.sleep(0.5)
    started = time.monotonic()
    statuses = [server.call("GET", "/external-task/count")[0] for _ in range(20)]
    seconds = time.monotonic() - started
    server.start("two")
    for poll in polls:
        poll.join()

    assert set(statuses) == {200}
    assert seconds < 20
