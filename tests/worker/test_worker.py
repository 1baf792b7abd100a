"""The worker against Baton."""

import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
import structlog

from app.worker import BpmnError, Worker

from ..models import TWO_TASKS, flows, process, task
from ..serving import ROOT, environment
from ..threaded import Threaded

pytestmark = pytest.mark.no_database

CATCHING = process(
    '<startEvent id="start"/>'
    + task("charge")
    + '<boundaryEvent id="caught" attachedToRef="charge"><errorEventDefinition errorRef="e"/>'
    '</boundaryEvent><endEvent id="broke"/><endEvent id="end"/>'
    + flows("start", "charge", "end")
    + flows("caught", "broke"),
    "catching",
).replace("<process", '<error id="e" errorCode="broke"/><process')


@pytest.fixture
def baton(app):
    """Baton at an address, in this process."""
    baton = Threaded(app)
    with structlog.testing.capture_logs():
        yield baton
    baton.close()


def test_a_worker_moves_an_instance_to_its_end(baton):
    baton.deploy(TWO_TASKS)
    instance = baton.start("two", amount=5)
    worker = Worker(baton.base_url, wait=timedelta(seconds=5))
    seen = []

    @worker.topic("check")
    def check(amount: int):
        return {"approved": amount > 3}

    @worker.topic("ship")
    def ship(approved: bool):
        seen.append(approved)

    worker.work(most=2)

    assert seen == [True]
    assert baton.call("GET", f"/history/process-instance/{instance}")[1]["state"] == "COMPLETED"


def test_a_bpmn_error_takes_the_flow_of_the_model(baton):
    baton.deploy(CATCHING)
    instance = baton.start("catching")
    worker = Worker(baton.base_url, wait=timedelta(seconds=5))

    @worker.topic("charge")
    def charge():
        raise BpmnError("broke", "no money")

    worker.work(most=1)

    path = f"/history/activity-instance?processInstanceId={instance}&activityId=broke"
    assert len(baton.call("GET", path)[1]) == 1


def test_an_exception_is_seen_by_the_operator(baton):
    baton.deploy(TWO_TASKS)
    baton.start("two")
    worker = Worker(baton.base_url, wait=timedelta(seconds=5))

    @worker.topic("check", retries=0)
    def check():
        raise RuntimeError("no money")

    worker.work(most=1)

    ((incident),) = baton.call("GET", "/incident")[1]
    assert incident["incidentMessage"] == "no money"


def test_what_an_answer_brought_that_nobody_has_read_is_given_back(baton):
    baton.deploy(TWO_TASKS)
    baton.start("two")
    worker = Worker(baton.base_url, worker_id="w", threads=1)
    worker.topic("check")(lambda: None)
    baton.fetch("check", "w")  # as if the answer of its poll had got lost
    worker.stop()

    worker.work()

    assert len(baton.fetch("check", "other")) == 1


PROGRAM = """
import sys
from app.worker import Worker

worker = Worker(sys.argv[1], worker_id="w")

@worker.topic("check")
def check():
    return {"approved": False}

print("ready", flush=True)
worker.run()
"""


def test_a_program_ends_at_sigterm_while_it_waits_for_tasks(server):
    server.deploy(TWO_TASKS)
    command = [sys.executable, "-c", PROGRAM, server.base_url]
    program = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE)
    with program.stdout as printed:
        assert printed.readline() == b"ready\n"
    instance = server.start("two")
    deadline = time.monotonic() + 60
    while server.call("GET", f"/history/process-instance/{instance}")[1]["state"] == "ACTIVE":
        assert time.monotonic() < deadline
        time.sleep(0.05)

    program.send_signal(signal.SIGTERM)

    assert program.wait(60) == 0
