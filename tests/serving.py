"""Starts Baton as a separate program, and talks to it."""

import contextlib
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

from .postgres import free_port

ROOT = Path(__file__).resolve().parents[1]
WSGI = (sys.executable, "wsgi.py")
GUNICORN = (sys.executable, "-m", "gunicorn", "-c", "python:app.server.settings", "wsgi:app")
LARGE = 20_000  # characters, with which a request that waits keeps its thread
UNFORESEEN = ("InternalServerError", "Traceback (most recent call last)", "[CRITICAL]")
OURS = (
    "BATON_",
    "DATABASE_",
    "GUNICORN_",
    "HEAD_",
    "HOST",
    "LOG_",
    "MAX_",
    "POOL_",
    "PROMETHEUS_",
    "READ_",
    "STATEMENT_",
    "THREADS",
    "WEB_",
    "WRITE_",
)


def processes(database_url):
    """How many processes tests of several have: on SQLite there is but one."""
    return "1" if database_url.startswith("sqlite") else "2"


def environment(**settings):
    """The environment of a program: ours without its settings, and those that are given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**inherited, "PYTHONUNBUFFERED": "1", **settings}


class Api:
    """Requests of tests to Baton; subclasses implement the transport in `raw`."""

    def call(self, method, path, body=None, **headers):
        """Status and JSON of an answer."""
        status, _, answer = self.raw(
            method, path, None if body is None else json.dumps(body), **headers
        )
        return status, json.loads(answer) if answer else None

    def raw(self, method, path, data=None, content_type="application/json", **headers):
        """Status, headers and bytes of an answer."""
        raise NotImplementedError

    def deploy(self, xml, name="model.bpmn"):
        data, content_type = form({"deployment-name": name}, {name: xml})
        status, _, answer = self.raw("POST", "/deployment/create", data, content_type)
        assert status == 200, answer
        return json.loads(answer)

    def start(self, key, **variables):
        body = {"variables": {n: {"value": v} for n, v in variables.items()}}
        status, answer = self.call("POST", f"/process-definition/key/{key}/start", body)
        assert status == 200, answer
        return answer["id"]

    def fetch(self, topic, worker_id="w", most=10, **options):
        topics = [{"topicName": topic, "lockDuration": 60_000, **options}]
        body = {"workerId": worker_id, "maxTasks": most, "topics": topics}
        return self.call("POST", "/external-task/fetchAndLock", body)[1]

    def complete(self, task_id, worker_id="w", **variables):
        body = {"workerId": worker_id, "variables": {n: {"value": v} for n, v in variables.items()}}
        return self.call("POST", f"/external-task/{task_id}/complete", body)


class Server(Api):
    """Baton on a free port; its log is checked for unforeseen errors at the end.

    Args:
        command: `WSGI`, which migrates the database first, or `GUNICORN`.
        environ: settings.
    """

    def __init__(self, database_url, *, command=WSGI, **environ):
        self.port = free_port()
        self.headers = {}  # of each request
        self.root = f"http://127.0.0.1:{self.port}"
        self.base_url = f"{self.root}/engine-rest"
        self.log_file = tempfile.NamedTemporaryFile(prefix="baton-", suffix=".log", delete=False)
        settings = {
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "BATON_JOB_EXECUTOR": "off",
            **environ,
        }
        self._command, self._environment = command, environment(**settings)
        self.launch()

    def launch(self):
        """Start the program and wait until it answers."""
        self.process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log_file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            self._wait()
        except BaseException:
            self.kill()
            self._read_log()
            raise

    def kill(self):
        """End the program and its workers with no chance to tidy up."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def workers(self):
        """The process ids of the workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def _wait(self):
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{self.root}/health", timeout=2).close()
                return
            except (OSError, http.client.HTTPException):
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise RuntimeError(self.log) from None
                time.sleep(0.05)

    def _read_log(self):
        """The log, which is removed."""
        text = self.log
        self.log_file.close()
        os.unlink(self.log_file.name)
        return text

    @property
    def log(self):
        return Path(self.log_file.name).read_text()

    def stop(self, *, how=signal.SIGTERM, allows_unforeseen=False):
        if self.process.poll() is None:
            self.process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(90)
        self.kill()
        if self.log_file.closed:
            return self.process.returncode
        text = self._read_log()
        assert allows_unforeseen or not any(mark in text for mark in UNFORESEEN), text[-6000:]
        return self.process.returncode

    def raw(self, method, path, data=None, content_type="application/json", **headers):
        url = path if path.startswith("http") else self.base_url + path
        data = data.encode() if isinstance(data, str) else data
        request = urllib.request.Request(url, data, method=method)
        if data is not None:
            request.add_header("Content-Type", content_type)
        for name, value in {**self.headers, **headers}.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()


def form(fields, files):
    """A multipart body and its content type."""
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    parts += [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        f"Content-Type: text/xml\r\n\r\n{content}\r\n"
        for name, content in files.items()
    ]
    parts.append(f"--{mark}--\r\n")
    return "".join(parts).encode(), f"multipart/form-data; boundary={mark}"


def polls_that_fill(pool, server, most, topic, *, holds_threads=False):
    """Polls that take every place for those that wait.

    One more than may wait is sent: that one is answered is the sign that all others wait.

    Args:
        most: how many may wait at once in the server.
        holds_threads: they are too large to be held without one.

    Returns:
        a future of the status and answer of each that waits.
    """
    topics = [{"topicName": topic, "lockDuration": 60_000}]
    body = {"maxTasks": 1, "asyncResponseTimeout": 600_000, "topics": topics}
    if holds_threads:
        body["more"] = "x" * LARGE
    bodies = [{**body, "workerId": f"waiting-{number}"} for number in range(most + 1)]
    polls = [pool.submit(server.call, "POST", "/external-task/fetchAndLock", b) for b in bodies]
    refused, waiting = wait(polls, return_when=FIRST_COMPLETED)
    assert [poll.result() for poll in refused] == [(200, [])]
    return list(waiting)


def seconds_until_woken(asked, starter, topic="check", key="two"):
    """How long after a start by one server a poll at another has its task."""
    topics = [{"topicName": topic, "lockDuration": 3_600_000}]
    body = {"workerId": "p", "maxTasks": 1, "asyncResponseTimeout": 60_000, "topics": topics}
    with ThreadPoolExecutor(1) as pool:
        poll = pool.submit(asked.call, "POST", "/external-task/fetchAndLock", body)
        time.sleep(0.3)
        assert not poll.done(), "there was a task before one was made"
        instance = starter.start(key)
        started = time.monotonic()
        (found,) = poll.result()[1]
        took = time.monotonic() - started
    assert found["processInstanceId"] == instance
    return took


def is_woken(asked, starter, tries=9):
    """Whether a start in one process wakes a poll in another.

    A poll that nothing wakes looks each second, so half a second passes in the middle. What a busy
    machine adds is known from polls that wait in the process that starts.
    """
    within = statistics.median(seconds_until_woken(asked, asked) for _ in range(tries))
    across = statistics.median(seconds_until_woken(asked, starter) for _ in range(tries))
    print(f"woken across processes after {across * 1000:.1f} ms, within after {within * 1000:.1f}")
    return across < max(0.3, 10 * within)
