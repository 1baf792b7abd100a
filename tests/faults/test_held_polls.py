"""Waiting polls hold no thread: far more of them than threads, and whatever their clients do."""

import contextlib
import http.client
import json
import select
import shutil
import signal
import socket
import time

import pytest

from tests.models import MANY, TWO_TASKS
from tests.serving import LARGE, Server

POLLS, THREADS = 200, "4"
ANSWER_SECONDS = 60  # which no answer takes
ASK = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


def fetch_of(topic, timeout):
    topics = [{"topicName": topic, "lockDuration": 60_000}]
    return {"maxTasks": 1, "asyncResponseTimeout": timeout, "topics": topics}


def request(topic="check", worker="w", timeout=600_000, headers="", engine="", **more):
    """A poll as bytes."""
    body = {"workerId": worker, **fetch_of(topic, timeout), **more}
    return post(f"{engine}/external-task/fetchAndLock", body, headers)


def post(path, body, headers=""):
    data = json.dumps(body).encode()
    head = (
        f"POST /engine-rest{path} HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n{headers}\r\n"
    )
    return head.encode() + data


def completes(server, count, topic="check", timeout=600_000, headers=""):
    """Completes that wait for the next task, as bytes."""
    server.start("many", n=count)
    body = {"workerId": "w", "fetchNext": fetch_of(topic, timeout)}
    tasks = server.fetch("each", "w", count)
    return [post(f"/external-task/{own['id']}/complete", body, headers) for own in tasks]


class Links:
    """Connections that send requests and read answers."""

    def __init__(self, port):
        self._port = port
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()

    def send(self, data):
        link = self._stack.enter_context(socket.create_connection(("127.0.0.1", self._port), 60))
        link.sendall(data)
        return link


def read(link):
    """Status, headers and JSON of an answer."""
    answer = http.client.HTTPResponse(link)
    answer.begin()
    data = answer.read()
    return answer.status, answer.headers, json.loads(data) if data else None


def answered(links):
    """Those that have something to read, at least one."""
    found = select.select(links, [], [], ANSWER_SECONDS)[0]
    assert found, "nobody is answered"
    return found


def waiting(server):
    """How many polls wait, as the metrics say."""
    text = server.raw("GET", f"{server.root}/metrics")[2].decode()
    lines = [line for line in text.splitlines() if line.startswith("baton_waiting_polls")]
    return sum(int(float(line.split()[-1])) for line in lines)


def wait_for(condition):
    until = time.monotonic() + ANSWER_SECONDS
    while not condition():
        assert time.monotonic() < until, "it does not come about"
        time.sleep(0.01)


def remove(server, task):
    """Remove a task with its instance."""
    assert server.call("DELETE", f"/process-instance/{task['processInstanceId']}")[0] == 204


@pytest.fixture(scope="module")
def calm(sqlite_template, tmp_path_factory):
    """A server that the tests below share; none of them leaves a poll or a task."""
    folder = tmp_path_factory.mktemp("held")
    for name in ("own", "billing"):
        shutil.copy(sqlite_template, folder / f"{name}.db")
    settings = {
        "BATON_ENGINES": f"billing=sqlite:///{folder}/billing.db",
        "GUNICORN_CMD_ARGS": "--access-logfile - --access-logformat 'access %(s)s %(r)s %(M)s'",
        "LOG_REQUESTS": "on",
        "LOG_LEVEL": "info",
    }
    server = Server(f"sqlite:///{folder}/own.db", THREADS=THREADS, **settings)
    server.deploy(TWO_TASKS)
    server.deploy(MANY)
    yield server
    server.stop()


@pytest.fixture
def links(calm):
    wait_for(lambda: waiting(calm) == 0)
    with Links(calm.port) as links:
        yield links


def test_two_hundred_polls_wait_in_a_process_of_four_threads(serve, database_url):
    server = serve(database_url, WEB_CONCURRENCY="1", THREADS=THREADS)
    server.deploy(TWO_TASKS)
    server.start("two")
    (own,) = server.fetch("check")
    with Links(server.port) as links:
        polls = [links.send(request(worker=f"w{n}")) for n in range(POLLS)]
        wait_for(lambda: waiting(server) == POLLS)

        health = server.raw("GET", f"{server.root}/health")[0]
        completed = server.complete(own["id"], approved=True)[0]
        made, handed_out = [], []
        for _ in range(10):
            made += [server.start("two"), server.start("two")]
            while len(handed_out) < len(made):
                for link in answered(polls):
                    handed_out.append(read(link)[2])
                    polls.remove(link)
        still_waiting = waiting(server)
        server.process.send_signal(signal.SIGTERM)
        rest = [read(link) for link in polls]
        code = server.stop()

    assert (health, completed) == (200, 204)
    assert sorted(task["processInstanceId"] for (task,) in handed_out) == sorted(made)
    assert still_waiting == POLLS - len(made)
    assert {(status, str(tasks)) for status, _, tasks in rest} == {(200, "[]")}
    assert code == 0


def test_polls_wait_in_line_and_the_first_has_the_first_task(calm, links):
    polls = []
    for number in range(5):
        polls.append(links.send(request(worker=f"w{number}")))
        wait_for(lambda: waiting(calm) == len(polls))
    workers = []
    for _ in range(5):
        calm.start("two")
        (link,) = answered(polls)
        (task,) = read(link)[2]
        workers.append(task["workerId"])
        remove(calm, task)
        polls.remove(link)

    assert workers == ["w0", "w1", "w2", "w3", "w4"]


def test_a_client_that_hangs_up_leaves_the_line_and_takes_no_task(calm, links):
    gone = links.send(request(worker="gone"))
    wait_for(lambda: waiting(calm) == 1)
    gone.close()
    wait_for(lambda: waiting(calm) == 0)

    calm.start("two")
    (task,) = calm.fetch("check", "here")

    assert task["workerId"] == "here"
    remove(calm, task)


def test_a_poll_that_was_held_ends_at_its_time_with_what_every_answer_has(calm, links):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    headers = f"traceparent: {trace}\r\nX-Request-Id: held-1\r\n"
    started = time.monotonic()
    link = links.send(request("none", worker="logged", timeout=400, headers=headers))
    status, heads, tasks = read(link)
    seconds = time.monotonic() - started
    link.sendall(ASK)
    following = read(link)[0]
    wait_for(lambda: "request_id=held-1" in calm.log)

    (line,) = [line for line in calm.log.splitlines() if "request_id=held-1" in line]
    assert (status, tasks, following) == (200, [], 200)
    assert seconds >= 0.35
    assert (heads["X-Request-Id"], heads["traceparent"]) == ("held-1", trace)
    assert heads["Content-Type"] == "application/json"
    assert "worker_id=logged" in line
    assert "route=/engine-rest/external-task/fetchAndLock" in line
    assert float(line.partition(" ms=")[2].split()[0]) >= 350


def test_the_access_log_has_a_poll_once_with_the_time_that_it_took(calm, links):
    path = "/external-task/fetchAndLock?once"
    link = links.send(
        request("none", timeout=300).replace(b"/fetchAndLock ", b"/fetchAndLock?once ")
    )
    assert read(link)[0] == 200
    wait_for(lambda: path in calm.log)

    (line,) = [line for line in calm.log.splitlines() if path in line]
    status, *_, took = line.partition("access ")[2].split()
    assert status == "200"
    assert int(took) >= 250


def test_a_poll_of_another_engine_is_held_there(calm, links):
    engine = "/engine/billing"
    link = links.send(request("none", timeout=300, engine=engine))
    wait_for(lambda: waiting(calm) == 1)
    status, heads, tasks = read(link)
    wait_for(lambda: heads["X-Request-Id"] in calm.log)

    (line,) = [line for line in calm.log.splitlines() if heads["X-Request-Id"] in line]
    assert (status, tasks) == (200, [])
    assert "engine=billing" in line


@pytest.mark.parametrize("size", [1, len(ASK)])
def test_a_request_behind_one_that_waits_is_answered_after_it(calm, links, size):
    link = links.send(request("none", timeout=300) + ASK[:size])
    time.sleep(0.05)
    link.sendall(ASK[size:])
    file = link.makefile("rb")
    found = []
    for _ in range(2):
        status = int(file.readline().split()[1])
        head = http.client.parse_headers(file)
        found.append((status, file.read(int(head["Content-Length"]))))

    assert found[0] == (200, b"[]")
    assert found[1][0] == 200


def test_a_large_request_waits_in_a_thread_and_few_of_them_may(calm, links):
    first = links.send(request("none", "large", 600_000, more="x" * LARGE))
    wait_for(lambda: waiting(calm) == 1)

    refused = read(links.send(request("none", "larger", 600_000, more="x" * LARGE)))
    held = read(links.send(request("none", "small", 100)))

    assert (refused[0], refused[2]) == (200, [])
    assert (held[0], held[2]) == (200, [])
    first.close()


def test_a_lock_that_expires_is_found_by_a_poll_that_is_held(calm, links):
    calm.start("two")
    (task,) = calm.fetch("check", "late", lockDuration=200)
    link = links.send(request(worker="next"))
    status, _, tasks = read(link)

    assert status == 200
    assert [one["id"] for one in tasks] == [task["id"]]
    remove(calm, task)


def test_two_hundred_completes_wait_for_the_next_task_without_a_thread(calm, links):
    polls = []
    for number, data in enumerate(completes(calm, POLLS), 1):
        polls.append(links.send(data))
        if number % 2 == 0:  # one of two engines has no more than three of the threads
            wait_for(lambda expected=number: waiting(calm) == expected)
    done = calm.call("GET", "/external-task/count?topicName=each")[1]

    health = calm.raw("GET", f"{calm.root}/health")[0]
    made = [calm.start("two") for _ in range(3)]
    handed_out = []
    while len(handed_out) < len(made):
        for link in answered(polls):
            handed_out.append(read(link))
            polls.remove(link)

    assert (done, health) == ({"count": 0}, 200)
    assert {status for status, *_ in handed_out} == {200}
    found = [task for _, _, (task,) in handed_out]
    assert sorted(one["processInstanceId"] for one in found) == sorted(made)
    for one in found:
        remove(calm, one)


def test_a_complete_that_has_waited_in_vain_is_answered_as_the_repeat_that_it_is(calm, links):
    (data,) = completes(calm, 1, "none", timeout=100, headers="Idempotency-Key: held-2\r\n")
    (status, first, tasks), (again, second, _) = (read(links.send(data)) for _ in range(2))

    assert (status, tasks, again) == (200, [], 200)
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"


def test_many_completes_of_one_request_wait_for_the_next_task_together(calm, links):
    body = {"workerId": "w", "tasks": [], "fetchNext": fetch_of("check", 600_000)}
    link = links.send(post("/external-task/complete", body))
    wait_for(lambda: waiting(calm) == 1)

    instance = calm.start("two")
    status, _, answer = read(link)

    assert (status, answer["results"]) == (200, [])
    assert [one["processInstanceId"] for one in answer["next"]] == [instance]
    remove(calm, answer["next"][0])


def test_a_client_that_hangs_up_after_its_complete_takes_no_task(calm, links):
    (data,) = completes(calm, 1)
    gone = links.send(data)
    wait_for(lambda: waiting(calm) == 1)
    gone.close()
    wait_for(lambda: waiting(calm) == 0)

    calm.start("two")
    (task,) = calm.fetch("check", "here")

    assert task["workerId"] == "here"
    remove(calm, task)
