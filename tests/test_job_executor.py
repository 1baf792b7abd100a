"""The job executor: due jobs run once, those of a dead process again, failures cost retries."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from tests.models import flows, process, task
from tests.serving import ROOT

TIMER = process(
    '<startEvent id="s"/>'
    '<intermediateCatchEvent id="wait"><timerEventDefinition><timeDuration>PT0.3S</timeDuration>'
    '</timerEventDefinition></intermediateCatchEvent><endEvent id="e"/>' + flows("s", "wait", "e"),
    "timer",
)
LATER = process(
    '<startEvent id="s"/>'
    + task("t", camunda_asyncBefore="true")
    + '<endEvent id="e"/>'
    + flows("s", "t", "e"),
    "later",
)
FAILING = process(
    '<startEvent id="s"/><serviceTask id="t" camunda:asyncBefore="true" '
    'camunda:expression="${missing}"><extensionElements><camunda:failedJobRetryTimeCycle>R2/PT0.1S'
    "</camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>"
    '<endEvent id="e"/>' + flows("s", "t", "e"),
    "failing",
)


def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def state(server, instance):
    return server.call("GET", f"/history/process-instance/{instance}")[1]["state"]


@pytest.fixture
def working(serve, database_url):
    return serve(database_url, BATON_JOB_EXECUTOR="on")


def test_a_timer_fires_when_it_is_due(working):
    working.deploy(TIMER)
    instance = working.start("timer")

    until(lambda: state(working, instance) == "COMPLETED")

    assert working.call("GET", "/job/count")[1] == {"count": 0}


def test_an_asynchronous_continuation_runs_at_once(working):
    working.deploy(LATER)
    started = time.monotonic()
    working.start("later")

    until(lambda: working.call("GET", "/external-task/count")[1] == {"count": 1})

    assert time.monotonic() - started < 30


def test_a_job_that_fails_uses_up_its_retries_and_raises_an_incident(working):
    working.deploy(FAILING)
    instance = working.start("failing")

    until(lambda: working.call("GET", "/incident/count")[1] == {"count": 1})

    (job,) = working.call("GET", f"/job?processInstanceId={instance}")[1]
    assert job["retries"] == 0
    assert "Cannot resolve identifier 'missing'" in job["exceptionMessage"]
    assert job["failedActivityId"] == "t"


def test_jobs_run_once_with_several_executors(serve, postgres_url):
    servers = [serve(postgres_url, BATON_JOB_EXECUTOR="on") for _ in range(2)]
    servers[0].deploy(TIMER)
    instances = [servers[n % 2].start("timer") for n in range(30)]

    until(lambda: all(state(servers[0], i) == "COMPLETED" for i in instances), 20)

    for instance in instances:
        path = f"/history/activity-instance/count?processInstanceId={instance}&activityId=e"
        assert servers[1].call("GET", path)[1] == {"count": 1}


def test_the_executor_runs_alone(serve, database_url):
    server = serve(database_url, BATON_JOB_EXECUTOR="off")
    server.deploy(TIMER)
    instance = server.start("timer")
    alone = subprocess.Popen(
        [sys.executable, "-m", "app.job_executor"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url},
    )
    try:
        until(lambda: state(server, instance) == "COMPLETED")
    finally:
        alone.send_signal(signal.SIGTERM)
        assert alone.wait(20) == 0


def test_the_jobs_of_a_dead_process_are_taken_over_when_their_lock_expires(serve, postgres_url):
    server = serve(postgres_url, BATON_JOB_EXECUTOR="off")
    server.deploy(TIMER)
    instance = server.start("timer")
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE job SET lock_owner = 'dead', "
            "lock_expiration_time = now() + interval '4 seconds'"
        )
    survivor = serve(postgres_url, BATON_JOB_EXECUTOR="on")
    assert state(survivor, instance) == "ACTIVE"

    until(lambda: state(survivor, instance) == "COMPLETED")
