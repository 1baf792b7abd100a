"""The client of an engine for tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from app.ctl.calls import Server
from app.worker.connection import Connection
from app.worker.handlers import Topic, named_variables
from app.worker.outcomes import BpmnError, Failure
from app.worker.task import Task
from app.worker.values import to_wire

from .instance import Instance

WORKER = "test"
LOCK = timedelta(minutes=5)  # of the engine's clock
Job = dict[str, Any]


@dataclass(frozen=True)
class Ran:
    """The jobs that were run.

    Attributes:
        jobs: those that did what they should, as the wire has them, in their order.
        failed: the runs that failed, each with a ``message``.
    """

    jobs: list[Job]
    failed: list[Job]


class Engine:
    """Deploys, starts, works and moves the clock.

    Args:
        url: of a server that was started with ``--test``, up to and including ``/engine-rest``.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = Connection(url)
        self._server = Server(self._connection)

    def close(self) -> None:
        """Close the connections."""
        self._connection.close()

    # -- models and instances -----------------------------------------------------

    def deploy(self, *paths: str | Path) -> None:
        """Deploy files together.

        Raises:
            AnswerError: the engine refuses one.
        """
        # One deployment: scripts and forms are looked for beside the model that names them.
        files = [Path(path) for path in paths]
        self._server.deploy(files[0].name, files, None)

    def start(self, key: str, business_key: str | None = None, **variables: object) -> Instance:
        """Start an instance of the latest version of a process.

        Raises:
            AnswerError: there is no such process, or the start fails.
        """
        body = {"businessKey": business_key, "variables": _wire(variables)}
        path = f"/process-definition/key/{quote(key, safe='')}/start"
        return Instance(self._server, self._server.post(path, body)["id"])

    def instances(self, key: str | None = None) -> list[Instance]:
        """The instances that run, perhaps of one process: those that a message has started, too."""
        found = self._server.listed("/process-instance", processDefinitionKey=key)
        return [Instance(self._server, one["id"]) for one in found]

    # -- what instances wait for --------------------------------------------------

    def work(
        self,
        topic: str,
        handler: Callable[..., object] | Mapping[str, object] | None = None,
        *,
        result: str | None = None,
        most: int = 100,
    ) -> int:
        """Do the external tasks of a topic that are open, and those that follow from them.

        Args:
            handler: a function whose parameters are variables and whose result is the result, as
                a worker has them; or the result itself.
            result: the variable for a result that is no mapping of variables.
            most: how many tasks to do.

        Returns:
            how many were done.

        Raises:
            AssertionError: there is none.
            AnswerError: the engine refuses a result.
            Exception: of the handler, but for `BpmnError` and `Failure`, which are reported.
        """
        function = handler if callable(handler) else lambda: handler
        # As the worker asks for them, so that a handler under test sees what it would see there.
        names = named_variables(function)
        asked = Topic(topic, function, LOCK, 3, timedelta(0), result, names, {})
        done = 0
        # One at a time: what follows from a task may be of the same topic.
        while done < most and (task := self._fetch(asked)) is not None:
            self._do(asked, task)
            done += 1
        assert done, f"No external task of the topic {topic!r} is open; {self._open_topics()}."
        return done

    def _fetch(self, topic: Topic) -> Task | None:
        body = {"workerId": WORKER, "maxTasks": 1, "topics": [topic.asked()]}
        found = self._server.post("/external-task/fetchAndLock", body)
        return Task(found[0], self._connection) if found else None

    def _do(self, topic: Topic, task: Task) -> None:
        try:
            outcome = topic.call(task)
        except BpmnError as error:
            fields = {"errorCode": error.code, "errorMessage": error.message}
            self._report(task, "bpmnError", **fields, variables=_wire(error.variables))
        except Failure as error:
            # No retry unless it is asked for: a test wants the incident, and not to wait.
            left = 0 if error.retries is None else error.retries
            after = 0 if error.after is None else round(error.after.total_seconds() * 1000)
            fields = {"errorMessage": str(error), "errorDetails": error.details}
            self._report(task, "failure", **fields, retries=left, retryTimeout=after)
        except BaseException:
            # So that the test, which fails here, leaves nothing locked to those behind it.
            self._server.post(f"/external-task/{task.id}/unlock", {})
            raise
        else:
            variables, local = _wire(outcome.variables), _wire(outcome.local_variables)
            self._report(task, "complete", variables=variables, localVariables=local)

    def _report(self, task: Task, action: str, **fields: object) -> None:
        self._server.post(f"/external-task/{task.id}/{action}", {"workerId": WORKER, **fields})

    def _open_topics(self) -> str:
        found = sorted({task["topicName"] for task in self._server.listed("/external-task")})
        return f"open are tasks of {', '.join(found)}" if found else "there are no others either"

    def complete(self, task_key: str, **variables: object) -> None:
        """Complete the one user task that is open at an activity.

        Raises:
            AssertionError: there is none, or several.
        """
        found = self._server.listed("/task", taskDefinitionKey=task_key)
        if len(found) != 1:
            others = sorted(task["taskDefinitionKey"] for task in self._server.listed("/task"))
            raise AssertionError(
                f"{len(found)} user tasks are open at {task_key!r}; all that are open: {others}"
            )
        body = {"variables": _wire(variables)}
        self._server.post(f"/task/{found[0]['id']}/complete", body)

    def correlate(
        self,
        message: str,
        business_key: str | None = None,
        keys: Mapping[str, object] | None = None,
        **variables: object,
    ) -> None:
        """Deliver a message to the one instance that waits for it, or start one.

        Args:
            keys: variables that the instance must have.

        Raises:
            AnswerError: none waits, or several.
        """
        body = {
            "messageName": message,
            "businessKey": business_key,
            "correlationKeys": _wire(keys or {}),
            "processVariables": _wire(variables),
        }
        self._server.post("/message", body)

    def signal(self, name: str, **variables: object) -> None:
        """Deliver a signal to all that wait for it."""
        self._server.post("/signal", {"name": name, "variables": _wire(variables)})

    # -- time ---------------------------------------------------------------------

    def advance(self, duration: str | timedelta, *, may_fail: bool = False) -> Ran:
        """Let time pass, then run what is due.

        Args:
            duration: in ISO 8601, such as ``P3D``, or as Python has it.
            may_fail: jobs that fail are only answered.

        Raises:
            AssertionError: a job has failed.
        """
        if isinstance(duration, timedelta):
            # In seconds: days of a duration would follow the clocks of the engine's zone.
            duration = f"PT{duration.total_seconds():f}S"
        return self._clock({"advance": duration, "run": True}, may_fail)

    def run_due(self, *, may_fail: bool = False) -> Ran:
        """Run what is due now: asynchronous continuations, timers."""
        return self._clock({"run": True}, may_fail)

    def _clock(self, body: dict[str, object], may_fail: bool) -> Ran:
        found = self._server.post("/test/clock", body)
        ran = Ran(found["ran"], found["failed"])
        # A timer that repeats within the time would go on for ever.
        if not found["done"]:
            raise AssertionError(f"{len(ran.jobs)} jobs have run, and others are still due")
        if ran.failed and not may_fail:
            texts = [f"{job['activityId']}: {job['message']}" for job in ran.failed]
            raise AssertionError("Jobs have failed:\n" + "\n".join(texts))
        return ran

    # -- the engine ---------------------------------------------------------------

    def coverage(self) -> list[dict[str, Any]]:
        """For each definition, how often each activity and flow was gone through."""
        found: list[dict[str, Any]] = self._server.get("/test/coverage")
        return found

    def reset(self) -> None:
        """Empty the engine; its clock shows the real time again."""
        self._server.post("/test/reset", {})


def _wire(variables: Mapping[str, object]) -> dict[str, Any]:
    return {name: to_wire(value) for name, value in variables.items()}
