"""Fetches tasks, lets functions do them, and reports what became of them."""

import os
import random
import signal
import socket
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from .connection import AnswerError, Connection
from .handlers import Handler, Topic, camel, milliseconds, named_variables
from .keeping import LockKeeper
from .outcomes import BpmnError, Failure
from .polling import Poll
from .reporting import LOG, Reporter, waiting_time
from .task import Task
from .values import to_wire

MINUTE = timedelta(minutes=1)
LONGEST_BACKOFF = timedelta(hours=1)
MOST_DOUBLINGS = 64  # a microsecond doubled so often is longer than any backoff


class Worker:
    """Does the external tasks of one or more topics.

    Args:
        base_url: of the server, up to and including ``/engine-rest``.
        worker_id: unique among all workers; made from host and process by default.
        threads: how many tasks are done at once.
        wait: how long a fetch waits at the server for a task.
        user: name and password, for HTTP Basic.
        token: for a bearer token.
    """

    def __init__(
        self,
        base_url: str,
        *,
        worker_id: str | None = None,
        threads: int = 4,
        wait: timedelta = timedelta(seconds=20),
        user: tuple[str, str] | None = None,
        token: str | None = None,
    ) -> None:
        # The random part tells apart the processes that a container gives the same number.
        self.id = worker_id or f"{socket.gethostname()}-{os.getpid()}-{random.randrange(16**6):06x}"
        self.connection = Connection(base_url, user=user, token=token)
        self.topics: dict[str, Topic] = {}
        self._threads = threads
        self._stopping = threading.Event()
        self._slots = threading.Semaphore(threads)
        self._keeper: LockKeeper
        self._reporter = Reporter(self.connection, self.id)
        self._poll = Poll(self.connection, self.id, wait)
        self._arrived: set[str] = set()

    def topic(
        self,
        name: str,
        *,
        lock: timedelta = MINUTE,
        retries: int = 3,
        backoff: timedelta = timedelta(seconds=10),
        result: str | None = None,
        **filters: object,
    ) -> Callable[[Handler], Handler]:
        """Make a function the handler of a topic.

        Args:
            lock: how long a task is locked; it is extended while the function runs.
            retries: how often a task is tried again after an exception.
            backoff: until the first retry; doubled for each further one, an hour at most.
            result: the variable for a result that is no mapping of variables.
            filters: further fields of the topic in a fetch, such as ``business_key="A-1"``.
        """
        fields = {camel(field): value for field, value in filters.items()}

        def register(handler: Handler) -> Handler:
            names = named_variables(handler)
            self.topics[name] = Topic(name, handler, lock, retries, backoff, result, names, fields)
            return handler

        return register

    # -- running ------------------------------------------------------------------

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; tasks that are being done are finished."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        self.work()

    def stop(self) -> None:
        """Fetch no more; `work` returns when what is being done is done."""
        self._stopping.set()
        self._poll.stop()

    def work(self, most: int | None = None) -> int:
        """Fetch and do tasks until `stop` is called, or some were done.

        Args:
            most: how many tasks to do.

        Returns:
            how many tasks were done.
        """
        if not self.topics:
            raise ValueError("the worker has no topic")
        self._keeper = LockKeeper(self.connection, self.id)
        self._keeper.start()
        done = failures = 0
        with ThreadPoolExecutor(self._threads, thread_name_prefix="baton-worker") as pool:
            while not self._stopping.is_set() and (most is None or done < most):
                # Before the fetch: a task that is locked and waits for a thread uses up its lock.
                free = self._take_slots(self._threads if most is None else most - done)
                try:
                    tasks = self._poll.fetch(self.topics.values(), free)
                    failures = 0
                except (AnswerError, OSError) as error:
                    self._slots.release(free)
                    failures += 1
                    self._pause(error, failures)
                    continue
                if len(tasks) < free:
                    self._slots.release(free - len(tasks))
                self._arrived.update(task.id for task in tasks)
                for task in tasks:
                    pool.submit(self._do, task)
                done += len(tasks)
            if self._stopping.is_set():
                self._poll.give_back(self._arrived)
        self._keeper.stop()
        self.connection.close()
        return done

    def _take_slots(self, most: int) -> int:
        """Wait for a free thread, and take all that are free; tells how many."""
        self._slots.acquire()
        taken = 1
        while taken < most and self._slots.acquire(blocking=False):
            taken += 1
        return taken

    def _pause(self, error: Exception, failures: int) -> None:
        """Wait after a fetch that has failed, longer each time."""
        LOG.warning("cannot fetch tasks: %s", error)
        self._stopping.wait(waiting_time(error, failures) or 10.0)

    # -- one task -----------------------------------------------------------------

    def _do(self, task: Task) -> None:
        """Do a task, and report what became of it."""
        topic = self.topics[task.topic]
        try:
            self._keeper.hold(task, topic)
            action, fields = self._outcome(task, topic)
            # A report without the lock would be refused, or complete what another worker does.
            if not task.lost.is_set():
                self._reporter.report(task, action, **fields)
            if action != "failure":  # a failure keeps its lock until the next retry
                self._arrived.discard(task.id)
        except Exception as error:
            LOG.error("the task %s of the topic %s: %s", task.id, task.topic, error)
            # 500 is the instance's own failure, as a condition that cannot be evaluated; others are
            # of the report.
            if isinstance(error, AnswerError) and error.status == 500:
                self._report_refusal(task, topic, error)
        finally:
            self._keeper.release(task)
            self._slots.release()

    def _outcome(self, task: Task, topic: Topic) -> tuple[str, dict[str, Any]]:
        """The outcome of the function for the task: an action with the fields of its body."""
        try:
            result = topic.call(task)
            return "complete", {
                "variables": _wire(result.variables),
                "localVariables": _wire(result.local_variables),
            }
        except BpmnError as error:
            return "bpmnError", {
                "errorCode": error.code,
                "errorMessage": error.message,
                "variables": _wire(error.variables),
            }
        except Exception as error:
            LOG.exception("the task %s of the topic %s has failed", task.id, task.topic)
            return "failure", failure_of(task, topic, error)

    def _report_refusal(self, task: Task, topic: Topic, error: AnswerError) -> None:
        """The instance cannot be resumed: leave the reason at the task, where operators look."""
        try:
            self._reporter.report(task, "failure", **failure_of(task, topic, error))
        except (AnswerError, OSError) as again:
            LOG.error("the failure of the task %s could not be reported: %s", task.id, again)


def failure_of(task: Task, topic: Topic, error: Exception) -> dict[str, Any]:
    """The fields of a failure: one retry less than there was, after a time that doubles."""
    left = topic.retries if task.retries is None else task.retries - 1
    # The exponent has a limit: a topic of many retries would double beyond what timedelta holds.
    doublings = min(max(0, topic.retries - left), MOST_DOUBLINGS)
    seconds = topic.backoff.total_seconds() * 2.0**doublings
    after = timedelta(seconds=min(LONGEST_BACKOFF.total_seconds(), seconds))
    details: str | None = "".join(traceback.format_exception(error))
    if isinstance(error, Failure):
        details = error.details
        left = left if error.retries is None else error.retries
        after = after if error.after is None else error.after
    return {
        "errorMessage": str(error) or type(error).__name__,
        "errorDetails": details,
        "retries": max(0, left),
        "retryTimeout": milliseconds(after),
    }


def _wire(variables: Any) -> dict[str, Any]:
    return {name: to_wire(value) for name, value in variables.items()}
