"""A PostgreSQL that dies, and connections that are cut: 503, and then everything goes on."""

import contextlib
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.models import TWO_TASKS
from tests.postgres import cut
from tests.serving import is_woken

from .audit import audit
from .harness import Client, Storm, is_unavailable


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@contextlib.contextmanager
def cutting_what_waits(url):
    """Cut the first connection that waits for a lock."""
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(wait_for, lambda: cut(url, "wait_event_type = 'Lock'"))
        yield
        done.result()


def use_many_connections(servers):
    """Let each server open connections that it keeps."""
    with ThreadPoolExecutor(16) as pool:
        for server in servers:
            list(pool.map(lambda _: server.call("GET", "/external-task"), range(64)))  # noqa: B023


def test_nothing_is_lost_or_doubled_when_the_database_is_stopped_at_once(
    working, fragile_postgres, fragile_url, instances
):
    server = working(fragile_url)

    with Storm([server], instances) as storm:
        for share in (0.3, 0.7):
            storm.reach(share)
            fragile_postgres.stop(signal.SIGQUIT)
            time.sleep(0.5)
            fragile_postgres.start()
        storm.finish()

    audit(storm, server)
    assert storm.doubts[503]
    assert 'event="the database is away"' in server.log
    assert 'event="the database is back"' in server.log


def test_nothing_is_lost_or_doubled_when_a_session_of_the_database_is_killed(
    working, fragile_url, instances
):
    server = working(fragile_url)

    with Storm([server], instances) as storm:
        for share in (0.3, 0.7):
            storm.reach(share)
            with psycopg.connect(fragile_url) as connection:  # all others are dropped with it
                os.kill(connection.info.backend_pid, signal.SIGKILL)
                with pytest.raises(psycopg.OperationalError):
                    connection.execute("SELECT 1")
        storm.finish()

    audit(storm, server)


def test_nothing_is_lost_or_doubled_when_connections_are_cut(working, postgres_url, instances):
    server = working(postgres_url)

    with Storm([server], instances) as storm:
        for percent in range(10, 100, 10):
            storm.reach(percent / 100)
            cut(postgres_url)
        storm.finish()

    audit(storm, server)
    assert storm.doubts[503]


def test_a_complete_that_is_cut_in_the_middle_is_503_and_changes_nothing(serve, postgres_url):
    server = serve(postgres_url)
    server.deploy(TWO_TASKS)
    instance = server.start("two")
    (task,) = server.fetch("check")
    body = {"workerId": "w", "variables": {"approved": {"value": True}}}

    with psycopg.connect(postgres_url) as holder:
        holder.execute("SELECT 1 FROM execution WHERE id = %s FOR UPDATE", (instance,))
        with cutting_what_waits(postgres_url):
            client = Client([server.port])
            answer = client.call("POST", f"/external-task/{task['id']}/complete", body)
    client.close()

    assert is_unavailable(answer)
    assert server.call("GET", f"/external-task/{task['id']}")[1]["workerId"] == "w"
    assert server.call("GET", f"/process-instance/{instance}/variables")[1] == {}
    assert server.complete(task["id"], approved=True)[0] == 204


def test_after_a_restart_of_the_database_requests_are_answered_and_polls_are_woken(
    serve, fragile_postgres, fragile_url
):
    servers = [serve(fragile_url, WEB_CONCURRENCY="1") for _ in range(2)]
    servers[0].deploy(TWO_TASKS)
    use_many_connections(servers)
    fragile_postgres.stop(signal.SIGQUIT)
    away = servers[0].raw("GET", "/external-task/count")
    fragile_postgres.start()

    answers = [
        server.raw("GET", "/external-task/count")[0] for server in servers for _ in range(20)
    ]
    listening = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    with psycopg.connect(fragile_url, autocommit=True) as connection:
        wait_for(lambda: connection.execute(listening).fetchone()[0] == len(servers))
    woken = is_woken(servers[1], servers[0])

    assert away[0] == 503
    assert answers.count(503) <= len(servers)
    assert woken
