"""Starting: the schema, two processes at once, and answers while everything is busy."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.models import TWO_TASKS
from tests.postgres import free_port
from tests.serving import GUNICORN, WSGI, environment, polls_that_fill

ROOT = Path(__file__).resolve().parents[1]
ALEMBIC = (sys.executable, "-m", "alembic", "-c", "migrations/alembic.ini")


def run(*command, **environ):
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment(**environ),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_schema_that_is_behind_is_a_clear_error_that_alembic_mends(tmp_path):
    url = f"sqlite:///{tmp_path}/empty.db"

    refused = run(*GUNICORN, DATABASE_URL=url, PORT=str(free_port()))
    mended = run(*ALEMBIC, "upgrade", "head", DATABASE_URL=url)

    assert refused.returncode != 0
    assert "upgrade head" in refused.stderr
    assert mended.returncode == 0, mended.stderr


def test_a_wrong_setting_is_named(tmp_path):
    refused = run(*WSGI, THREADS="many", DATABASE_URL=f"sqlite:///{tmp_path}/x.db")

    assert refused.returncode != 0
    assert "THREADS" in refused.stderr


def test_two_processes_may_start_on_one_new_database(serve, postgres, tmp_path):
    for url in (postgres.create("two_at_once"), f"sqlite:///{tmp_path}/new.db"):
        with ThreadPoolExecutor(2) as pool:
            servers = list(pool.map(serve, [url, url]))

        assert len(servers) == 2
        for server in servers:
            assert server.raw("GET", f"{server.root}/ready")[0] == 200


def test_health_and_readiness_answer_while_all_threads_but_one_are_busy(serve, postgres_url):
    server = serve(postgres_url, WEB_CONCURRENCY="1", THREADS="10")
    server.deploy(TWO_TASKS)
    with ThreadPoolExecutor(3) as pool:
        polls = polls_that_fill(pool, server, 2, "check", holds_threads=True)
        started = time.monotonic()
        health = server.raw("GET", f"{server.root}/health")[0]
        ready = server.raw("GET", f"{server.root}/ready")[0]
        took = time.monotonic() - started
        for _ in polls:
            server.start("two")

    assert (health, ready) == (200, 200)
    assert took < 60  # or they waited for the polls


def test_the_base_path_of_an_engine_serves_the_same(server):
    assert server.call("GET", "/engine")[1] == [{"name": "default"}]
    status, _, answer = server.raw("GET", f"{server.base_url}/engine/default/version")
    assert status == 200
    assert b"version" in answer


def test_sigterm_answers_waiting_polls_and_ends_in_time(serve, sqlite_url):
    server = serve(sqlite_url, MAX_POLLS="1")
    with ThreadPoolExecutor(2) as pool:
        (poll,) = polls_that_fill(pool, server, 1, "none")
        started = time.monotonic()
        code = server.stop()

    assert poll.result() == (200, [])
    assert code == 0
    assert time.monotonic() - started < 300  # or it waited for the poll
