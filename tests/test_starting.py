"""Output and behavior of ``python wsgi.py`` at its start."""

import contextlib
import socket
import subprocess
import sys
import time

import pytest

from tests.postgres import free_port
from tests.serving import GUNICORN, ROOT, WSGI, environment

GOAL_SECONDS = 1.5  # from the start of the program to the first 200, on a migrated database


def start(*command, **settings):
    """Run a program that is expected to end by itself."""
    return subprocess.run(
        command, cwd=ROOT, env=environment(**settings), capture_output=True, text=True, timeout=60
    )


def test_it_says_where_it_listens_and_what_to_try(serve, sqlite_url):
    server = serve(sqlite_url)

    lines = server.log.splitlines()

    assert f"Baton listens on {server.base_url}" in lines
    assert sum(line.startswith("  curl ") for line in lines) == 3
    assert "Warning" not in server.log


def test_it_warns_where_other_machines_can_call(serve, sqlite_url):
    server = serve(sqlite_url, HOST="0.0.0.0", BATON_AUTH="none")

    assert "Warning: 0.0.0.0 can be reached from other machines" in server.log
    assert f"Baton listens on {server.base_url}" in server.log


def test_it_answers_within_a_timestamp_on_a_migrated_database(serve, sqlite_url):
    started = time.monotonic()
    server = serve(sqlite_url)
    status, _ = server.call("GET", "/engine")
    took = time.monotonic() - started

    print(f"first answer after {took:.2f} s, goal {GOAL_SECONDS} s")
    assert status == 200
    assert took < 10 * GOAL_SECONDS


def test_a_database_that_cannot_be_reached_is_one_line():
    refused = start(*WSGI, DATABASE_URL=f"postgresql://nobody:secret@127.0.0.1:{free_port()}/baton")

    assert refused.returncode == 1
    assert refused.stderr.startswith("baton: the database of DATABASE_URL cannot be used: ")
    assert "Traceback" not in refused.stderr
    assert "secret" not in refused.stderr


def test_a_worker_that_starts_without_its_database_answers_503_until_it_is_there(serve):
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/baton"
    server = serve(url, command=GUNICORN, WEB_CONCURRENCY="1")

    status, answer = server.call("GET", "/process-instance")

    assert (status, answer["type"]) == (503, "ServiceUnavailableException")
    assert server.raw("GET", f"{server.root}/ready")[0] == 503


def test_gunicorn_alone_serves_a_migrated_database(serve, sqlite_url):
    server = serve(sqlite_url, command=GUNICORN)

    assert server.call("GET", "/engine") == (200, [{"name": "default"}])


GUARDED = {
    "BATON_AUTH": "basic",
    "BATON_AUTHORIZATION": "on",
    "BATON_ADMIN_USER": "admin",
    "BATON_ADMIN_PASSWORD": "geheim",
}


@pytest.mark.parametrize("settings", [{}, GUARDED], ids=["open", "guarded"])
def test_the_demo_shows_a_worker_to_the_end_of_an_instance(serve, sqlite_url, settings):
    server = serve(sqlite_url, command=(*WSGI, "--demo"), BATON_JOB_EXECUTOR="on", **settings)
    deadline = time.monotonic() + 300

    while "has ended: COMPLETED" not in server.log and time.monotonic() < deadline:
        time.sleep(0.1)

    shown = server.log
    assert "got the task 'check' with item='tea' and count=2" in shown
    assert "got the task 'ship'" in shown
    assert "has ended: COMPLETED" in shown
    assert "geheim" not in shown


def test_other_machines_are_served_only_where_that_was_said(sqlite_url):
    port = str(free_port())
    refused = start(*WSGI, DATABASE_URL=sqlite_url, HOST="0.0.0.0", PORT=port)
    assert refused.returncode == 1
    assert "set BATON_AUTH" in refused.stderr

    plain = start(
        *(sys.executable, "-m", "gunicorn", "-b", f"0.0.0.0:{port}", "wsgi:app"),
        DATABASE_URL=sqlite_url,
    )
    assert plain.returncode != 0
    assert "set BATON_AUTH" in plain.stderr
    assert "Traceback" not in plain.stderr


def test_the_demo_touches_no_other_server(serve, sqlite_url, tmp_path):
    other = serve(sqlite_url)
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/mine.db", "PORT": str(other.port)}
    command = (*WSGI, "--demo")

    program = subprocess.Popen(
        command, cwd=ROOT, env=environment(**settings), stderr=subprocess.DEVNULL
    )
    with contextlib.suppress(subprocess.TimeoutExpired):
        program.wait(60)  # it gives up, for the port is in use
    program.kill()

    assert program.wait() != 0
    assert other.call("GET", "/process-definition") == (200, [])


def test_health_and_readiness_answer_when_one_thread_is_left(serve, database_url):
    server = serve(database_url, THREADS="9", WEB_CONCURRENCY="1")
    half = b"POST /engine-rest/external-task/x/complete HTTP/1.1\r\nHost: localhost\r\n"
    half += b"Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    with contextlib.ExitStack() as stack:
        for _ in range(8):  # each holds a thread, which waits for the rest of the body
            sender = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            sender.sendall(half)
        time.sleep(0.3)

        started = time.monotonic()
        answers = [server.raw("GET", f"{server.root}/{name}")[0] for name in ("health", "ready")]
        took = time.monotonic() - started

    assert answers == [200, 200]
    assert took < 20
