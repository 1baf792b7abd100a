"""The one time of a transaction."""

from collections.abc import Callable
from datetime import UTC, datetime

from . import reads
from .statements import Statements


class Clock:
    """The database's clock where all hosts share one (PostgreSQL), else the process's own.

    Args:
        own: the process's clock, for SQLite.

    Attributes:
        time: the time once it is known, in whole milliseconds; it does not change any more.
    """

    __slots__ = ("_own", "_sql", "time")

    def __init__(self, sql: Statements, own: Callable[[], datetime]) -> None:
        self._sql = sql
        self._own = own
        self.time: datetime | None = None

    def read(self) -> datetime:
        """The time, asked of the database if no statement has told it yet."""
        return self.time or self.set(self._sql.rows(reads.DATABASE_TIME)[0][0])

    def set(self, answered: datetime | None) -> datetime:
        """Take the time that a statement has answered, unless there is one already.

        Args:
            answered: the value of a `DatabaseClock`; None where the process's own clock counts.
        """
        # The first answer counts: locks, due dates and the history of one command have one time
        # (decision 8).
        if self.time is None:
            time = answered or self._own()
            # the columns and JSON keep milliseconds: finer ones would differ once read again
            whole = time.microsecond // 1000 * 1000
            self.time = time.astimezone(UTC).replace(microsecond=whole)
        return self.time
