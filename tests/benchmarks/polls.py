"""Polls that wait, many of them: memory, hand-out, and what they cost those who complete tasks."""

import contextlib
import http.client
import json
import re
import select
import socket
import statistics
import time
from pathlib import Path

from tests.models import TWO_TASKS
from tests.serving import Server

from .load import drive, prepared

WAIT = 1_800_000  # milliseconds: longer than the measurement
COMPLETE = {"workerId": "w", "variables": {"approved": {"value": True}}}


def megabytes(server):
    """The memory of a server's processes in MiB; pages that they share count once."""
    pids = (server.process.pid, *server.workers())
    texts = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
    return sum(int(re.search(r"Pss:\s+(\d+) kB", text)[1]) for text in texts) / 1024


def threads(server):
    """How many threads a server's workers have."""
    return sum(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in server.workers())


def waiting(server):
    """How many polls wait, in all processes."""
    text = server.raw("GET", f"{server.root}/metrics")[2].decode()
    return sum(float(found) for found in re.findall(r"^baton_waiting_polls\S* (\S+)", text, re.M))


@contextlib.contextmanager
def polling(server, topic, count):
    """So many polls that wait for a topic, as sockets."""
    topics = [{"topicName": topic, "lockDuration": 3_600_000}]
    body = {"maxTasks": 1, "asyncResponseTimeout": WAIT, "topics": topics}
    path = "/external-task/fetchAndLock"
    before = waiting(server)
    with contextlib.ExitStack() as stack:
        links = []
        for number in range(count):
            link = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 60))
            link.sendall(prepared(server.base_url, path, {**body, "workerId": f"p{number}"}))
            links.append(link)
        while waiting(server) < before + count:
            time.sleep(0.05)
        yield links


def _read(link):
    """The JSON of an answer."""
    answer = http.client.HTTPResponse(link)
    answer.begin()
    return json.loads(answer.read())


def hand_outs(server, links, tries):
    """Milliseconds from the sending of a start to the task at one of the polls."""
    by_number = {link.fileno(): link for link in links}
    start = prepared(server.base_url, "/process-definition/key/two/start", {})
    found = []
    with (
        socket.create_connection(("127.0.0.1", server.port)) as starter,
        contextlib.closing(select.epoll()) as poller,
    ):
        for number in by_number:
            poller.register(number, select.EPOLLIN)
        for _ in range(tries):
            started = time.perf_counter()
            starter.sendall(start)
            ((number, _),) = poller.poll(60, maxevents=1)
            found.append((time.perf_counter() - started) * 1000)
            assert len(_read(by_number[number])) == 1
            assert _read(starter)["id"]
            poller.unregister(number)
    return found


def completes(server, count):
    """Tasks completed a second."""
    for _ in range(count):
        server.start("other")
    ids = []
    while len(ids) < count:
        ids += [task["id"] for task in server.fetch("away", most=20, lockDuration=3_600_000)]
    paths = [f"/external-task/{task}/complete" for task in ids]
    return drive(server.base_url, [prepared(server.base_url, path, COMPLETE) for path in paths])[0]


def measure(url, count, *, tries=100, rounds=5, tasks=200):
    """Memory in MB and threads with and without polls, milliseconds of a hand-out, and the rate of
    completes with polls to that without, the median of rounds in turn.
    """
    other = TWO_TASKS.replace('id="two"', 'id="other"').replace('"check"', '"away"')
    server = Server(url, WEB_CONCURRENCY="2", LOG_LEVEL="warning")
    try:
        for name, model in (("two", TWO_TASKS), ("other", other)):
            server.deploy(model, f"{name}.bpmn")
        completes(server, tasks)
        found = {"memory_without": megabytes(server)}
        ratios = []
        for _ in range(rounds):
            alone = completes(server, tasks)
            with polling(server, "check", count):
                ratios.append(completes(server, tasks) / alone)
            while waiting(server):
                time.sleep(0.05)
        with polling(server, "check", count) as links:
            found["memory"], found["threads"] = megabytes(server), threads(server)
            found["hand_out"] = statistics.median(hand_outs(server, links, tries))
        return {**found, "completes": statistics.median(ratios)}
    finally:
        server.stop()
