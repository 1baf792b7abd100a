"""A database that says nothing any more, and one whose file is gone: 503, and never a 204."""

import os
import signal

import psycopg
import pytest

from tests.models import TWO_TASKS


def backends(url):
    with psycopg.connect(url, autocommit=True) as link:
        rows = link.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE application_name = 'baton' AND datname = current_database()"
        )
        return [pid for (pid,) in rows]


def frozen(url):
    """Stop the backends of our servers; returns their process ids."""
    pids = backends(url)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    return pids


def test_a_database_that_falls_silent_is_answered_503(serve, fragile_url):
    server = serve(fragile_url, WEB_CONCURRENCY="1", STATEMENT_TIMEOUT="1")
    server.deploy(TWO_TASKS)
    server.start("two")
    (task,) = server.fetch("check")

    pids = frozen(fragile_url)
    try:
        status, headers, _ = server.raw(
            "POST", f"/external-task/{task['id']}/complete", '{"workerId": "w"}'
        )
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)

    assert status == 503
    assert headers["Retry-After"]
    assert server.call("GET", "/external-task/count")[0] == 200


def test_a_statement_that_waits_too_long_for_a_lock_is_answered_503(serve, fragile_url):
    server = serve(fragile_url, WEB_CONCURRENCY="1", STATEMENT_TIMEOUT="1")
    server.deploy(TWO_TASKS)

    with psycopg.connect(fragile_url) as link:
        link.execute("LOCK TABLE external_task")
        status = server.call("GET", "/external-task/count")[0]

    assert status == 503
    assert server.call("GET", "/external-task/count")[0] == 200


@pytest.mark.parametrize("is_replaced", [False, True], ids=["removed", "replaced"])
def test_nothing_is_written_to_a_file_that_is_gone(serve, sqlite_url, is_replaced):
    server = serve(sqlite_url, THREADS="4")
    server.deploy(TWO_TASKS)
    for _ in range(4):
        server.start("two")
    tasks = server.fetch("check")
    path = sqlite_url.removeprefix("sqlite:///")

    for name in (path, path + "-wal", path + "-shm"):
        if os.path.exists(name):
            os.unlink(name)
    if is_replaced:
        open(path, "w").close()
    statuses = [server.complete(task["id"], approved=True)[0] for task in tasks]
    ready = server.raw("GET", f"{server.root}/ready")[0]

    assert len(tasks) == 4
    assert 204 not in statuses
    assert is_replaced or statuses == [503] * 4
    assert ready == 503
    assert is_replaced or not os.path.exists(path)
    server.stop(allows_unforeseen=is_replaced)
