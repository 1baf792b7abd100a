"""Long polls: woken in milliseconds, by whoever makes a task available, and never in the way."""

import http.client
import io
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.models import TWO_TASKS
from tests.serving import Server, is_woken, polls_that_fill

FETCH = "/engine-rest/external-task/fetchAndLock"


@pytest.fixture(scope="module")
def running(database, request, tmp_path_factory):
    """A server on each database: who waits for an answer needs one that answers others too."""
    if database == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('polling') / 'baton.db'}"
    else:
        postgres = request.getfixturevalue("postgres")
        postgres.drop("baton_polling")
        url = postgres.create("baton_polling", request.getfixturevalue("postgres_template"))
    server = Server(url)
    yield server
    server.stop()


@pytest.fixture
def server(running):
    """The server, with nothing in it."""
    yield running
    for deployment in running.call("GET", "/deployment")[1]:
        assert running.call("DELETE", f"/deployment/{deployment['id']}?cascade=true")[0] == 204
    assert running.call("GET", "/external-task")[1] == []


def deploy(client, xml):
    data = {"data": (io.BytesIO(xml.encode()), "model.bpmn")}
    assert client.post("/engine-rest/deployment/create", data=data).status_code == 200


def poll(server, topic="check", timeout=10_000, worker="w", duration=60_000):
    body = {
        "workerId": worker,
        "maxTasks": 1,
        "asyncResponseTimeout": timeout,
        "topics": [{"topicName": topic, "lockDuration": duration}],
    }
    return server.call("POST", "/external-task/fetchAndLock", body)


def test_a_task_that_is_created_wakes_the_poll(server):
    server.deploy(TWO_TASKS)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(poll, server, timeout=120_000)
        time.sleep(0.3)
        started = time.monotonic()
        server.start("two")
        status, tasks = waiting.result()

    assert status == 200
    assert len(tasks) == 1
    assert time.monotonic() - started < 60  # or it was its time that ended it


def test_a_poll_ends_empty_at_its_time(server):
    started = time.monotonic()

    status, tasks = poll(server, timeout=400)

    assert (status, tasks) == (200, [])
    assert 0.35 < time.monotonic() - started < 20


def test_a_task_created_in_another_process_wakes_the_poll(serve, postgres_url):
    here, there = serve(postgres_url), serve(postgres_url)
    here.deploy(TWO_TASKS)

    assert is_woken(here, there)


def test_more_polls_than_may_wait_are_answered_at_once(serve, sqlite_url):
    server = serve(sqlite_url, MAX_POLLS="2")
    server.deploy(TWO_TASKS)
    with ThreadPoolExecutor(3) as pool:
        waiting = polls_that_fill(pool, server, 2, "check")
        started = time.monotonic()
        status, tasks = poll(server, "none", 120_000, "late")
        took = time.monotonic() - started
        for _ in waiting:
            server.start("two")
        for one in waiting:
            one.result()

    assert (status, tasks) == (200, [])
    assert took < 60  # it would have waited for twice as long
    assert "too many waiting polls" in server.log


def test_a_newer_poll_of_a_worker_takes_the_place_of_its_older_one(serve, sqlite_url):
    server = serve(sqlite_url, BATON_UNIQUE_WORKER="on")
    with ThreadPoolExecutor(1) as pool:
        older = pool.submit(poll, server, "none", 600_000)
        newer = poll(server, "none", 300)
        while not older.done():  # it had not come yet
            newer = poll(server, "none", 300)
        status, answer = older.result()

    assert (status, answer) == (503, None)
    assert newer == (200, [])


def test_a_poll_whose_client_has_gone_takes_no_task(server):
    server.deploy(TWO_TASKS)
    topics = [{"topicName": "check", "lockDuration": 60_000}]
    body = {"workerId": "gone", "maxTasks": 1, "asyncResponseTimeout": 60_000, "topics": topics}
    client = http.client.HTTPConnection("127.0.0.1", server.port)
    client.request("POST", FETCH, json.dumps(body), {"Content-Type": "application/json"})
    time.sleep(0.5)
    client.close()

    server.start("two")
    time.sleep(0.5)

    assert len(server.fetch("check", "here")) == 1


def test_a_thread_waits_where_the_server_cannot_hold_a_request(client):
    deploy(client, TWO_TASKS)
    topics = [{"topicName": "check", "lockDuration": 60_000}]
    body = {"workerId": "w", "maxTasks": 1, "topics": topics}

    started = time.monotonic()
    none = client.post(FETCH, json={**body, "asyncResponseTimeout": 80})
    took = time.monotonic() - started
    client.post("/engine-rest/process-definition/key/two/start", json={})
    one = client.post(FETCH, json={**body, "asyncResponseTimeout": 60_000})

    assert (none.status_code, none.json, one.status_code, len(one.json)) == (200, [], 200, 1)
    assert took >= 0.08


def test_tasks_of_an_answer_that_could_not_be_written_are_free_again(client):
    deploy(client, TWO_TASKS)
    client.post("/engine-rest/process-definition/key/two/start", json={})
    topics = [{"topicName": "check", "lockDuration": 60_000}]
    body = {"workerId": "gone", "maxTasks": 1, "topics": topics}

    unwritten = client.post(FETCH, json=body, buffered=False)
    next(unwritten.iter_encoded())
    unwritten.close()
    written = client.post(FETCH, json={**body, "workerId": "here"})
    locked = client.get("/engine-rest/external-task?locked=true")

    assert [task["workerId"] for task in written.json] == ["here"]
    assert [task["workerId"] for task in locked.json] == ["here"]


@pytest.mark.parametrize("rounds", [3])
def test_a_lock_is_free_when_it_has_expired_and_not_before(server, rounds):
    server.deploy(TWO_TASKS)
    server.start("two")
    for _ in range(rounds):
        started = time.monotonic()
        (task,) = server.fetch("check", "first", lockDuration=400)
        fetched = time.monotonic()
        held = {"workerId": "other", "lockDuration": 1}
        early = server.call("POST", f"/external-task/{task['id']}/lock", held)[0]
        is_early = time.monotonic() < started + 0.4  # it may take longer on a busy machine
        while time.monotonic() < started + 0.35:
            found = server.fetch("check", "second")
            assert found == [] or time.monotonic() >= started + 0.4
        time.sleep(max(0, fetched + 0.45 - time.monotonic()))

        assert early == 400 or not is_early
        assert early == 204 or len(server.fetch("check", "second", lockDuration=1)) == 1
        time.sleep(0.02)
