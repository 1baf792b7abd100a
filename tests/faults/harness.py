"""Drives many instances while things break; `audit` looks afterwards what became of them.

Workers repeat on any doubt: no answer, or a 5xx, and the same body goes again with the same
`Idempotency-Key` until an answer decides.
"""

import contextlib
import http.client
import itertools
import json
import threading
import time
from collections import Counter

from tests.models import HEAD, flow, flows, task

DOUBT = (OSError, http.client.HTTPException)
PACKS = 3
MODEL = (
    f'{HEAD}<process id="storm" isExecutable="true" camunda:historyTimeToLive="P30D">'
    '<startEvent id="start"/><parallelGateway id="fork"/><parallelGateway id="join"/>'
    + task("pick")
    + '<intermediateCatchEvent id="pause"><timerEventDefinition><timeDuration>PT0.2S</timeDuration>'
    "</timerEventDefinition></intermediateCatchEvent>"
    + task(
        "pack",
        inner="<multiInstanceLoopCharacteristics>"
        f"<loopCardinality>{PACKS}</loopCardinality></multiInstanceLoopCharacteristics>",
    )
    + '<callActivity id="call" calledElement="storm_child"/>'
    + task("ship", camunda_asyncBefore="true")
    + '<endEvent id="end"/>'
    + flows("start", "fork", "pick", "pause", "join", "ship", "end")
    + flows("fork", "pack", "join")
    + flows("fork", "call", "join")
    + '</process><process id="storm_child" isExecutable="true" camunda:historyTimeToLive="P30D">'
    '<startEvent id="child_start"/>'
    + task("check")
    + '<endEvent id="child_end"/>'
    + flow("child_start", "check")
    + flow("check", "child_end")
    + "</process></definitions>"
)
TOPICS = ("pick", "pack", "check", "ship")
COMPLETES = 3 + PACKS  # of an instance
BASE = "/engine-rest"
OF_STORMS = "processDefinitionKeyIn=storm,storm_child"


class Client:
    """A kept-alive connection of one thread; each call may go to another of the ports.

    Args:
        base: of the paths; an engine that has a name has its own.
    """

    def __init__(self, ports, base=BASE):
        self._ports, self._base = itertools.cycle(ports), base
        self._connections = {}

    def call(self, method, path, body=None, timeout=30, **headers):
        """Status, headers and JSON of an answer; raises one of `DOUBT` when there is none."""
        port = next(self._ports)
        connection = self._connections.pop(port, None)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body)
        try:
            connection.request(
                method, self._base + path, data, {"Content-Type": "application/json", **named}
            )
            answer = connection.getresponse()
            text = answer.read()
        except DOUBT:
            connection.close()
            raise
        self._connections[port] = connection
        return answer.status, answer.headers, json.loads(text) if text else None

    def close(self):
        for connection in self._connections.values():
            connection.close()


class Storm:
    """Starts instances and works at their tasks, in threads.

    Args:
        servers: the requests go round them.
        instances: how many are started.
        workers: threads that work at the tasks.
        base: of the paths of the engine.

    Attributes:
        done: by task, how often its complete was answered 204 for the first time.
        replays: how many repeats were answered as such.
        doubts: what made the workers repeat, by status or exception.
        refused: completes of tasks that somebody else has meanwhile.
        strange: answers that no fault explains.
        longest: seconds that the slowest answer took.
    """

    def __init__(self, servers, instances, *, workers=6, base=BASE):
        self._base = base
        self.ports = [server.port for server in servers]
        self.instances = instances
        self.started = set()
        self.done, self.doubts = Counter(), Counter()
        self.answered = set()
        self.strange = []
        self.replays = self.attempts = self.refused = 0
        self.longest = 0.0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._guarded, args=(self._work, f"worker-{n}"), daemon=True)
            for n in range(workers)
        ]
        self._threads.append(threading.Thread(target=self._guarded, args=(self._start,)))
        servers[0].deploy(MODEL, "storm.bpmn")

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """End the threads after the request at hand."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(40)
            assert not thread.is_alive(), "a request hangs"

    def reach(self, share, seconds=60):
        """Wait until so much of the work is done."""
        wanted = share * self.instances * COMPLETES
        self.wait_for(lambda: len(self.answered) >= wanted, seconds)

    def finish(self, seconds=60):
        """Wait until every instance has ended, then end the threads."""
        client = Client(self.ports, self._base)

        def ended():
            with contextlib.suppress(*DOUBT):
                path = f"/history/process-instance/count?unfinished=true&{OF_STORMS}"
                return not self._threads[-1].is_alive() and client.call("GET", path)[2] == {
                    "count": 0
                }

        with contextlib.closing(client):
            self.wait_for(ended, seconds)
        self.stop()

    def wait_for(self, condition, seconds=60):
        """Wait for a condition; it fails when no more was answered for so long."""
        seen, deadline = None, 0.0
        while not condition():
            if len(self.answered) != seen:
                seen, deadline = len(self.answered), time.monotonic() + seconds
            assert time.monotonic() < deadline, f"no progress: {self}"
            time.sleep(0.02)

    def __str__(self):
        return (
            f"{len(self.started)} started, {len(self.answered)} tasks answered 204, "
            f"{self.attempts} attempts, {self.replays} replays, {self.refused} refused, "
            f"doubts {dict(self.doubts)}, slowest answer {self.longest:.1f} s, "
            f"strange {self.strange[:3]}"
        )

    # -- threads --------------------------------------------------------------------

    def _guarded(self, work, *args):
        client = Client(self.ports, self._base)
        try:
            work(client, *args)
        except Exception as error:
            self.strange.append(repr(error))
        finally:
            client.close()

    def _start(self, client):
        """Start the instances; a start that was not answered may have made one more."""
        body = {"variables": {"number": {"value": 1}}}
        while len(self.started) < self.instances and not self._stopping.is_set():
            answer = self._ask(client, "/process-definition/key/storm/start", body)
            if answer is None:
                time.sleep(0.1)
            else:
                self.started.add(answer[2]["id"])

    def _work(self, client, worker_id):
        topics = [{"topicName": topic, "lockDuration": 2_000} for topic in TOPICS]
        body = {
            "workerId": worker_id,
            "maxTasks": 4,
            "asyncResponseTimeout": 500,
            "topics": topics,
        }
        while not self._stopping.is_set():
            answer = self._ask(client, "/external-task/fetchAndLock", body)
            if answer is None:
                time.sleep(0.1)
                continue
            for found in answer[2]:
                self._complete(client, worker_id, found["id"])

    def _complete(self, client, worker_id, task_id):
        """Complete a task, as often as it takes to know."""
        body = {"workerId": worker_id, "variables": {"by": {"value": worker_id}}}
        path = f"/external-task/{task_id}/complete"
        while not self._stopping.is_set():
            answer = self._ask(
                client, path, body, (204, 400, 404), Idempotency_Key=f"{worker_id}-{task_id}"
            )
            if answer is None:
                time.sleep(0.1)
                continue
            if answer[0] == 204:
                is_replay = answer[1].get("Idempotent-Replayed") == "true"
                with self._lock:
                    self.answered.add(task_id)
                    self.done[task_id] += not is_replay
                    self.replays += is_replay
            else:  # 400 and 404: the lock has expired, and another worker has the task or did it
                self.refused += 1
            return

    def _ask(self, client, path, body, expected=(200,), **headers):
        """A decisive answer; None when there is doubt."""
        started = time.monotonic()
        self.attempts += 1
        try:
            answer = client.call("POST", path, body, **headers)
        except DOUBT as error:
            if isinstance(error, TimeoutError):
                self.strange.append(f"{path}: no answer for 30 s")
            return self._doubt(type(error).__name__)
        finally:
            self.longest = max(self.longest, time.monotonic() - started)
        if answer[0] in expected:
            return answer
        if answer[0] != 503 or not is_unavailable(answer):
            self.strange.append(f"{path}: {answer[0]} {answer[2]}")
        return self._doubt(answer[0])

    def _doubt(self, reason):
        with self._lock:
            self.doubts[reason] += 1


def is_unavailable(answer):
    """Whether an answer says, as it should, that the database is away for a while."""
    status, headers, body = answer
    return (
        status == 503
        and int(headers["Retry-After"]) > 0
        and body["type"] == "ServiceUnavailableException"
    )
