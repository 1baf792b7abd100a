"""Reports of what became of a task, each repeated until it has arrived.

A report carries an idempotency key, so that its repeat after a lost answer is not a second report.
A server that does not know the key answers the repeat of a report that had arrived with 404.
"""

import logging
import random
import time
import uuid
from collections.abc import Callable

from .connection import AnswerError, Connection
from .task import Task

LOG = logging.getLogger("baton.worker")
FIRST_WAIT = 0.2
LONGEST_WAIT = 10.0
_MOST_DOUBLINGS = 10  # by then the wait is the longest; without a bound it would leave the floats
_PASSING = frozenset((408, 429, 502, 503, 504))  # statuses that a later attempt may not meet


class Reporter:
    """Sends reports of one worker.

    Args:
        patience: seconds for which a report is repeated.
        sleep: waits between two attempts.
    """

    def __init__(
        self,
        connection: Connection,
        worker_id: str,
        *,
        patience: float = 60.0,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._connection = connection
        self._worker_id = worker_id
        self._patience = patience
        self._sleep = sleep

    def report(self, task: Task, action: str, **fields: object) -> bool:
        """Send a report; tells whether the server has taken it.

        Args:
            action: ``complete``, ``failure`` or ``bpmnError``.
            fields: of the body.

        Raises:
            AnswerError: the server refuses it: 400 for a lock that is lost or values that are
                wrong, 500 when the instance cannot be resumed.
            OSError: the server could not be reached until the patience was over.
        """
        body = {"workerId": self._worker_id, **fields}
        # One key for all attempts; made here, so that two reports of one task have two.
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        if task.traceparent is not None:
            headers["traceparent"] = task.traceparent
        path = f"/external-task/{task.id}/{action}"
        deadline = time.monotonic() + self._patience
        attempts = 0
        while True:
            attempts += 1
            try:
                self._connection.call("POST", path, body, headers=headers)
            except (AnswerError, OSError) as error:
                if isinstance(error, AnswerError) and error.status == 404:
                    LOG.info("the task %s is gone (%s, attempt %s)", task.id, action, attempts)
                    # On a repeat the first attempt had arrived; on the first the task was gone
                    # before.
                    return attempts > 1
                wait = waiting_time(error, attempts)
                if wait is None or time.monotonic() + wait > deadline:
                    raise
                self._sleep(wait)
            else:
                return True


def waiting_time(error: Exception, attempts: int) -> float | None:
    """Seconds until the next attempt; None where another one would meet the same answer."""
    if isinstance(error, AnswerError):
        if error.status not in _PASSING:
            return None
        if error.retry_after is not None:
            return error.retry_after
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts, _MOST_DOUBLINGS))
    # Spread, or all workers would come back together to a server that has just recovered.
    return random.uniform(longest / 2, longest)
