"""Processes that die: what was answered is kept, the rest is repeated, and everything ends."""

import os
import signal
import time
from pathlib import Path

from .audit import audit
from .harness import Storm


def until_gone(pids, seconds=60):
    """Wait until orphans have ended by themselves."""
    deadline = time.monotonic() + seconds
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < deadline, "a worker outlives its master"
        time.sleep(0.05)


def test_nothing_is_lost_or_doubled_when_gunicorn_workers_are_killed(
    working, database_url, instances
):
    server = working(database_url)

    with Storm([server], instances) as storm:
        for share in (0.2, 0.5, 0.8):
            storm.reach(share)
            os.kill(server.workers()[0], signal.SIGKILL)
        storm.finish()

    audit(storm, server)
    assert storm.doubts


def test_nothing_is_lost_or_doubled_when_the_master_is_killed(working, database_url, instances):
    server = working(database_url)

    with Storm([server], instances) as storm:
        storm.reach(0.4)
        workers = server.workers()
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        until_gone(workers)
        server.launch()
        storm.finish()

    audit(storm, server)


def test_nothing_is_lost_or_doubled_when_all_processes_are_killed(working, database_url, instances):
    server = working(database_url)

    with Storm([server], instances) as storm:
        for share in (0.3, 0.6):
            storm.reach(share)
            server.kill()
            server.launch()
        storm.finish()

    audit(storm, server)
    assert storm.doubts


def test_every_token_is_where_the_history_says_when_all_is_killed_for_good(
    working, serve, database_url, instances
):
    server = working(database_url)

    with Storm([server], instances) as storm:
        storm.reach(0.5)
        server.kill()

    audit(storm, serve(database_url), all_ended=False)
