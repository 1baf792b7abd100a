"""The measurements: throughput, start, memory, wake-ups, and whether all of them stay flat."""

import base64
import contextlib
import re
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg

from app.engine import state
from app.services import process_definitions
from app.store import Store
from app.store.commands.external_tasks import _claim
from app.store.unit import definition_reads, reads
from tests.models import TWO_TASKS
from tests.postgres import free_port
from tests.serving import ROOT, Server
from tests.store.plans import OPTIONS, Prepared, pages

from . import filled
from .load import drive, listening, prepared

VALUES = {
    "approved": {"value": True},
    "amount": {"value": 42},
    "note": {"value": "text"},
}
COMPLETE = {"workerId": "w", "variables": VALUES}
START = {"businessKey": "b", "variables": {"order": {"value": "o"}, "count": {"value": 1}}}


def ceiling(count):
    """Requests a second that Flask and gunicorn answer on this machine when they do nothing."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "-w", "2", "--threads", "8"]
    command += ["-b", f"127.0.0.1:{port}", "tests.benchmarks.bare:app"]
    server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        with listening(port):
            url = f"http://127.0.0.1:{port}"
            request = prepared(url, "/external-task/x/complete", COMPLETE)
            drive(url, [request] * 300)
            return drive(url, [request] * count)[0]
    finally:
        server.terminate()
        server.wait()


def serve(url, **settings):
    """A server of two processes, as the figures are for."""
    return Server(url, **{"WEB_CONCURRENCY": "2", "LOG_LEVEL": "warning", **settings})


def fetch_all(server, topic, count):
    """Lock so many tasks, twenty at a time; returns their ids and how many a second it were."""
    found, started = [], time.perf_counter()
    while len(found) < count:
        some = server.fetch(topic, most=min(20, count - len(found)), lockDuration=3_600_000)
        assert some, f"{len(found)} of {count} tasks were there"
        found += [task["id"] for task in some]
    return found, count / (time.perf_counter() - started)


def phases(server, count):
    """Start, lock and complete so many instances of two tasks; how many a second of each."""
    url, headers = server.base_url, server.headers
    start = prepared(url, "/process-definition/key/two/start", START, headers)
    figures = {"start": drive(url, [start] * count)[0]}
    for topic, name in (("check", "complete-first"), ("ship", "complete-last")):
        ids, figures[f"lock-{topic}"] = fetch_all(server, topic, count)
        paths = [f"/external-task/{task}/complete" for task in ids]
        bodies = [prepared(url, path, COMPLETE, headers) for path in paths]
        figures[name] = drive(url, bodies)[0]
    return figures


@contextlib.contextmanager
def serving(url):
    server = serve(url)
    try:
        yield server
    finally:
        server.stop()


def round_trips(url, count):
    """How many tasks a second one worker does that asks for each, and in fewer requests."""
    found = {}
    with serving(url) as server:
        server.deploy(TWO_TASKS)
        fetch = {"maxTasks": 1, "topics": [{"topicName": "check", "lockDuration": 3_600_000}]}
        for name in ("a fetch and a complete for each", "fetchNext", "20 a request"):
            for _ in range(count):
                server.start("two")
            started = time.perf_counter()
            if name == "20 a request":
                for _ in range(count // 20):
                    tasks = server.fetch("check", most=20)
                    several = [{"id": t["id"], "variables": VALUES} for t in tasks]
                    body = {"workerId": "w", "tasks": several}
                    server.call("POST", "/external-task/complete", body)
            else:
                wanted = {"fetchNext": fetch} if name == "fetchNext" else {}
                tasks = server.fetch("check", most=1)
                for _ in range(count):
                    path = f"/external-task/{tasks[0]['id']}/complete"
                    _, tasks = server.call("POST", path, {**COMPLETE, **wanted})
                    tasks = tasks or server.fetch("check", most=1)
            found[name] = count / (time.perf_counter() - started)
    return found


def throughput(url, count):
    """The figures of `phases`, the ceiling around them, and the memory of the larger worker."""
    tops = [ceiling(count)]
    server = serve(url)
    try:
        server.deploy(TWO_TASKS)
        phases(server, max(60, count // 5))
        tops.append(ceiling(count))
        figures = phases(server, count)
        figures["memory"] = max(resident(pid) for pid in server.workers())
    finally:
        server.stop()
    tops.append(ceiling(count))
    figures["ceiling"] = statistics.median(tops)
    return figures


ADMIN = {"BATON_ADMIN_USER": "admin", "BATON_ADMIN_PASSWORD": "admin"}
ACCESS = {  # how it is said who asks, and whether anybody asks what that user may
    "none": {},
    "basic": {"BATON_AUTH": "basic", **ADMIN},
    "authorization": {"BATON_AUTH": "basic", "BATON_AUTHORIZATION": "on", **ADMIN},
}


def credentials(user, password):
    """The header of HTTP Basic."""
    word = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {word}"}


def admit_worker(server):
    """A user who may do what workers do, and nothing else; the server is asked in its name."""
    server.headers = credentials("admin", "admin")
    profile = {"profile": {"id": "worker"}, "credentials": {"password": "pw"}}
    assert server.call("POST", "/user/create", profile)[0] == 204
    own = ["READ_INSTANCE", "UPDATE_INSTANCE", "CREATE_INSTANCE", "READ"]
    for kind, key, names in ((6, "two", own), (8, "*", ["CREATE"])):
        grant = {"type": 1, "permissions": names, "userId": "worker"}
        grant |= {"resourceType": kind, "resourceId": key}
        assert server.call("POST", "/authorization/create", grant)[0] == 200
    server.headers = credentials("worker", "pw")


def access(urls, count, rounds=3):
    """The figures of `phases` by how access is guarded, the medians of rounds in turn.

    Args:
        urls: of a migrated database for each of `ACCESS`.
    """
    servers = {name: serve(url, **ACCESS[name]) for name, url in zip(ACCESS, urls, strict=True)}
    found = {name: [] for name in ACCESS}
    try:
        for name, server in servers.items():
            if name != "none":
                server.headers = credentials("admin", "admin")
            server.deploy(TWO_TASKS)
            if name != "none":
                admit_worker(server)
            phases(server, max(60, count // 5))
        for _ in range(rounds):
            for name, server in servers.items():
                found[name].append(phases(server, count))
    finally:
        for server in servers.values():
            server.stop()
    return {
        name: {phase: statistics.median(one[phase] for one in some) for phase in some[0]}
        for name, some in found.items()
    }


def resident(pid):
    """Megabytes of memory that a process holds."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024


def start_seconds(url):
    """Seconds from the execution of ``wsgi.py`` to the first 200."""
    started = time.perf_counter()
    server = serve(url)
    seconds = time.perf_counter() - started
    server.stop()
    return seconds


def computed(server):
    """The seconds that all threads of a server's processes have computed."""
    tasks = [
        t
        for p in (server.process.pid, *server.workers())
        for t in Path(f"/proc/{p}/task").iterdir()
    ]
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def idle_share(server, seconds):
    """How much of a core a process of a server takes while nothing is asked, in percent."""
    before = computed(server)
    time.sleep(seconds)
    return (computed(server) - before) / seconds / len(server.workers()) * 100


def idle(url, seconds):
    """The share of a core that a process takes which has nothing to do, in percent."""
    server = serve(url, BATON_JOB_EXECUTOR="on")
    try:
        time.sleep(min(5, seconds))  # what the start leaves to do
        return idle_share(server, seconds)
    finally:
        server.stop()


def wake_up(url, tries):
    """Milliseconds from a start in one process to the answer of a poll in another, the median."""
    servers = [serve(url, WEB_CONCURRENCY="1") for _ in range(2)]
    try:
        servers[0].deploy(TWO_TASKS)
        return statistics.median(_wake_up(*servers) for _ in range(tries))
    finally:
        for server in servers:
            server.stop()


def _wake_up(starting, polling):
    answered = []
    thread = threading.Thread(target=_long_poll, args=(polling, answered))
    thread.start()
    time.sleep(0.05)
    started = time.perf_counter()
    starting.start("two")
    thread.join()
    return (answered[0] - started) * 1000


def _long_poll(server, answered):
    topics = [{"topicName": "check", "lockDuration": 3_600_000}]
    body = {"workerId": "w", "maxTasks": 1, "topics": topics, "asyncResponseTimeout": 20_000}
    assert server.call("POST", "/external-task/fetchAndLock", body)[1]
    answered.append(time.perf_counter())


def flat(urls, pairs, count, share):
    """How fast a filled database is beside an empty one: the ratio of the medians of each phase.

    Args:
        urls: of two migrated databases; the second one is filled.
        pairs: of alternating measurements.
        share: of the rows of `filled`.
    """
    servers = [serve(url) for url in urls]
    try:
        definitions = [server.deploy(TWO_TASKS)["deployedProcessDefinitions"] for server in servers]
        (definition_id,) = definitions[1]
        filled.fill(urls[1], {definition_id: "two"}, share)
        found = [[], []]
        for server in servers:
            phases(server, max(60, count // 5))
        for _ in range(pairs):
            for figures, server in zip(found, servers, strict=True):
                figures.append(phases(server, count))
    finally:
        for server in servers:
            server.stop()
    medians = [
        {name: statistics.median(figures[name] for figures in some) for name in some[0]}
        for some in found
    ]
    return {name: medians[1][name] / medians[0][name] for name in medians[0]}


def buffers(url):
    """The pages that each hot read touches, for tasks that were just made."""
    store = Store(url)
    for _ in range(20):
        process_definitions.start(store, key="two", variables={})
    names = {"names": [*VALUES]}
    with psycopg.connect(url, options=OPTIONS) as connection:
        task = connection.execute(
            "SELECT id FROM external_task WHERE topic_name = 'check' ORDER BY id DESC LIMIT 1"
        ).fetchone()[0]
        claim = {"limit": 20, "topic_name_0": "check"}
        statements = {
            "lock the instance": (reads.LOCK_ROOT_OF[state.ExternalTask], {"id": task}),
            "lock the task": (reads.LOCKED_EXTERNAL_TASK, {"id": task}),
            "read the scopes": (reads.SCOPES_OF_TASK, {"id": task, **names}),
            "find the definition": (
                definition_reads.SHARED_LATEST_DEFINITION.given(["key"]),
                {"key": "two"},
            ),
            "fetch and lock": (_claim(((),), True, False), claim),
        }
        found = {}
        for number, (name, (statement, parameters)) in enumerate(statements.items()):
            prepared = Prepared(connection, f"s{number}", statement, store.dialect, parameters)
            found[name] = pages(prepared.plan())
        connection.rollback()
    store.close()
    return found
