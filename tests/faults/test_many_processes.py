"""Several servers over one PostgreSQL behind one load generator, with no sticky sessions."""

import contextlib
import os
import signal

import pytest

from tests.models import TWO_TASKS, flows, process, task
from tests.serving import Server, is_woken

from .audit import audit
from .harness import Storm

NEWER = process(
    '<startEvent id="start"/>'
    + task("newer")
    + '<endEvent id="e"/>'
    + flows("start", "newer", "e"),
    "two",
)


SETTINGS = {"WEB_CONCURRENCY": "1", "BATON_JOB_EXECUTOR": "on", "BATON_JOB_LOCK_SECONDS": "1"}


@pytest.fixture(scope="module")
def servers(postgres, postgres_template):
    """Three servers for all tests, which leave them running."""
    name = f"many_processes_{os.getpid()}"
    url = postgres.create(name, postgres_template)
    with contextlib.ExitStack() as stack:
        stack.callback(postgres.drop, name)
        found = []
        for _ in range(3):
            found.append(Server(url, **SETTINGS))
            stack.callback(found[-1].stop)
        yield found


@pytest.fixture
def three(servers):
    """The servers with nothing deployed, and so with no instance and no history of one."""
    for server in servers:
        if server.process.poll() is not None:  # a test that failed has left it so
            server.launch()
    for one in servers[0].call("GET", "/deployment")[1]:
        status, answer = servers[0].call("DELETE", f"/deployment/{one['id']}?cascade=true")
        assert status == 204, answer
    return servers


def test_a_deployment_is_seen_by_all_processes_at_once(three):
    for number in range(5):
        three[number % 3].deploy(TWO_TASKS.replace('id="check"', f'id="check" name="{number}"'))
        started = [server.call("POST", "/process-definition/key/two/start", {}) for server in three]

        versions = {answer["definitionId"].split(":")[1] for _, answer in started}
        assert versions == {str(number + 1)}
    three[1].deploy(NEWER)
    three[2].start("two")

    assert len(three[0].fetch("newer")) == 1


def test_a_poll_is_woken_by_a_start_in_another_process(three):
    three[0].deploy(TWO_TASKS)

    assert all(is_woken(three[number], three[(number + 1) % 3], 3) for number in range(3))


def test_nothing_is_lost_or_doubled_by_three_processes(three, instances):
    with Storm(three, instances) as storm:
        storm.finish()

    audit(storm, three[0])
    assert storm.doubts == {}
    assert storm.refused == 0


def test_a_rolling_restart_under_load_loses_no_answer(three, instances):
    with Storm(three, instances) as storm:
        for number, server in enumerate(three):
            storm.reach(0.2 * (number + 1))
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(20) == 0
            server.launch()
        storm.finish()

    audit(storm, three[0])
    assert storm.replays == 0  # or something was done and not answered
    assert set(storm.doubts) <= {
        "BrokenPipeError",
        "ConnectionRefusedError",
        "ConnectionResetError",
        "RemoteDisconnected",
    }


def test_nothing_is_lost_or_doubled_when_one_of_three_processes_is_killed(three, instances):
    with Storm(three, instances) as storm:
        storm.reach(0.3)
        three[1].kill()
        storm.reach(0.6)
        three[1].launch()
        storm.finish()

    audit(storm, three[0])
