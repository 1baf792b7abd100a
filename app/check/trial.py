"""Processes played in an engine of their own, with a scenario in place of workers and people."""

import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog

from app import create_app
from app.store.connections.database import create_engine
from app.store.connections.schema import migrate
from config import Config

from .findings import REFUSED, File
from .outcomes import Outcome

# A process may turn in a circle for ever; this many answers are beyond any that was meant to end.
ROUNDS = 200
WORKER = "check"


class CallError(Exception):
    """The engine refuses something; the message is its own."""


def play(
    files: Sequence[File], scenario: Mapping[str, Any], delegates: Mapping[str, Any]
) -> list[Outcome]:
    """Start each process of the files that are not refused, and let the scenario answer.

    Args:
        scenario: ``variables`` by process, ``topics``, ``tasks`` and ``messages`` with the
            variables that complete them; of a topic also ``{"error": code}``.
    """
    # no log: the report has the errors of the engine
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        url = f"sqlite:///{Path(folder) / 'check.db'}"
        migrate(create_engine(url))
        app = create_app(
            Config(
                database_url=url,
                # Jobs are run by the play itself, so that a timer of a year is over at once.
                has_job_executor=False,
                log_level="critical",
                delegates=dict(delegates),
            )
        )
        try:
            return list(_play(_Engine(app.test_client(), scenario), files))
        finally:
            app.extensions["baton"].store.close()


def _play(engine: "_Engine", files: Sequence[File]) -> Iterator[Outcome]:
    accepted = [file for file in files if file.status != REFUSED]
    # Numbered, for two folders may have a file of one name, which would be one resource.
    names = {f"{number}-{file.path.name}": file.path for number, file in enumerate(accepted)}
    refused: dict[Path, str] = {}
    for name, path in names.items():
        try:
            engine.deploy(name, path.read_bytes())
        except CallError as error:
            refused[path] = str(error)
    # Only when all are deployed: a process may call one of a later file.
    for file in accepted:
        for key in file.processes:
            reason = refused.get(file.path)
            yield engine.play(key) if reason is None else Outcome(key, "failed", [reason])


class _Engine:
    """The calls of a client."""

    def __init__(self, client: Any, scenario: Mapping[str, Any]) -> None:
        self._client = client
        self._scenario = scenario

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        return self._json_of(self._client.open(f"/engine-rest{path}", method=method, json=body))

    @staticmethod
    def _json_of(answer: Any) -> Any:
        if answer.status_code >= 400:
            raise CallError((answer.get_json(silent=True) or {}).get("message") or answer.status)
        return answer.get_json(silent=True)

    def deploy(self, name: str, content: bytes) -> None:
        """Deploy a file.

        Raises:
            CallError: it is refused: for what is deployed already, or `check` has missed something.
        """
        data = {"deployment-name": name, "file": (io.BytesIO(content), name)}
        self._json_of(self._client.post("/engine-rest/deployment/create", data=data))

    def play(self, key: str) -> Outcome:
        """Start a process and answer whatever its instances wait for, until nothing moves."""
        variables = self._values(self._of("variables").get(key) or {})
        try:
            started = self._call(
                "POST", f"/process-definition/key/{key}/start", {"variables": variables}
            )
        except CallError as error:
            return Outcome(key, "failed", [str(error)])
        failures: list[str] = []
        for _ in range(ROUNDS):
            if not self._step(failures):
                break
        outcome = self._outcome(key, started["id"], failures)
        # Instances that still wait would answer to the messages of the next process.
        self._clear()
        return outcome

    def _of(self, kind: str) -> Mapping[str, Any]:
        found = self._scenario.get(kind)
        return found if isinstance(found, dict) else {}

    @staticmethod
    def _values(variables: Mapping[str, Any]) -> dict[str, Any]:
        return {name: {"value": value} for name, value in variables.items()}

    def _step(self, failures: list[str]) -> bool:
        """Answer everything that waits, once; returns whether anything moved."""
        moved = False
        for answer in (self._work, self._complete, self._execute, self._correlate):
            try:
                # Without `or`, which would leave the others out once one has moved.
                moved |= answer()
            except CallError as error:
                if str(error) not in failures:
                    # Once each: the same task is tried in every round.
                    failures.append(str(error))
        return moved

    def _work(self) -> bool:
        topics = [{"topicName": name, "lockDuration": 3_600_000} for name in self._of("topics")]
        body = {"workerId": WORKER, "maxTasks": 50, "topics": topics}
        found = self._call("POST", "/external-task/fetchAndLock", body) if topics else []
        for task in found:
            answer = self._of("topics")[task["topicName"]] or {}
            path, report = f"/external-task/{task['id']}", {"workerId": WORKER}
            # That word alone: a variable may be called so too.
            if set(answer) == {"error"}:
                self._call("POST", f"{path}/bpmnError", {**report, "errorCode": answer["error"]})
            else:
                values = self._values(answer)
                self._call("POST", f"{path}/complete", {**report, "variables": values})
        return bool(found)

    def _complete(self) -> bool:
        known = self._of("tasks")
        # Only those that the scenario names: what it does not know is what the process waits for.
        found = [t for t in self._call("GET", "/task") if t["taskDefinitionKey"] in known]
        for task in found:
            values = self._values(known[task["taskDefinitionKey"]] or {})
            self._call("POST", f"/task/{task['id']}/complete", {"variables": values})
        return bool(found)

    def _execute(self) -> bool:
        waiting = self._call("GET", "/job?withRetriesLeft=true&active=true&maxResults=2000")
        # Not the timers that start processes: those are of no instance that is played.
        found = [job for job in waiting if job["processInstanceId"]][:20]
        for job in found:
            self._call("POST", f"/job/{job['id']}/execute")
        return bool(found)

    def _correlate(self) -> bool:
        waiting = self._call("GET", "/event-subscription?eventType=message")
        found = [
            s for s in waiting if s["processInstanceId"] and s["eventName"] in self._of("messages")
        ]
        for subscription in found:
            values = self._values(self._of("messages")[subscription["eventName"]] or {})
            body = {
                "messageName": subscription["eventName"],
                "processInstanceId": subscription["processInstanceId"],
                "processVariables": values,
            }
            self._call("POST", "/message", body)
        return bool(found)

    def _outcome(self, key: str, instance_id: str, failures: list[str]) -> Outcome:
        query = f"processInstanceId={instance_id}&sortBy=occurrence&sortOrder=asc"
        found = self._call("GET", f"/history/activity-instance?{query}")
        path = [one["activityId"] for one in found]
        history = self._call("GET", f"/history/process-instance/{instance_id}")
        if history["endTime"] is not None:
            return Outcome(key, "ended", [], path)
        reasons = failures + [f"topic {t}" for t in self._open("/external-task", "topicName")]
        reasons += [f"user task {t}" for t in self._open("/task", "taskDefinitionKey")]
        waiting = self._call("GET", "/event-subscription")
        reasons += [
            f"{s['eventType']} {s['eventName'] or s['activityId']}"
            for s in waiting
            if s["processInstanceId"] and s["eventType"] != "compensate"
        ]
        return Outcome(key, "failed" if failures else "waits", reasons, path)

    def _open(self, path: str, name: str) -> list[str]:
        return sorted({found[name] for found in self._call("GET", path) if found[name]})

    def _clear(self) -> None:
        for instance in self._call("GET", "/process-instance?rootProcessInstances=true"):
            query = "skipCustomListeners=true&skipIoMappings=true"
            self._call("DELETE", f"/process-instance/{instance['id']}?{query}")
