"""The limits of one transaction until every token waits.

A model is untrusted input: one that doubles its tokens, or never waits, is stopped before it has
taken the process's memory or the database's only writer.
"""

from typing import TYPE_CHECKING

from app.errors import EndlessRunError, TooManyRecordsError, TooManyTokensError, TooSlowRunError

if TYPE_CHECKING:
    from .host import Host

RECORDS_OF_A_TOKEN = 10  # its execution, its task, its variables, and the history of each
STEPS_BETWEEN_LOOKS = 64


class Limits:
    """Counts what a run does."""

    __slots__ = ("_host", "_steps", "_tokens")

    def __init__(self, host: "Host") -> None:
        self._host = host
        self._steps = 0
        self._tokens = 0

    def step(self) -> None:
        """Count a step of the agenda.

        Raises:
            EndlessRunError: there were too many.
            TooManyRecordsError: the transaction has made too many records of any kind.
            TooSlowRunError: it has computed for too long.
        """
        host = self._host
        self._steps += 1
        if self._steps > host.max_steps:
            raise EndlessRunError(host.max_steps)
        # Now and then only: to ask for the processor time is a system call, many steps are less.
        if self._steps % STEPS_BETWEEN_LOOKS == 0:
            if host.records.made > host.max_records * RECORDS_OF_A_TOKEN:
                raise TooManyRecordsError(host.max_records * RECORDS_OF_A_TOKEN)
            if host.seconds_spent() > host.max_seconds:
                raise TooSlowRunError(host.max_seconds)

    def token(self) -> None:
        """Count a token that is about to be made: a branch, a parallel instance, a called process.

        Raises:
            TooManyTokensError: there were too many.
        """
        self._tokens += 1
        if self._tokens > self._host.max_records:
            raise TooManyTokensError(self._host.max_records)
