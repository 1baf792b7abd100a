"""Whether a user may do what a transaction does: asked when that is locked, or at its end."""

from collections.abc import Sequence
from typing import Any, Protocol

from app.store.connections.dialects import Compiled, Parameters, Rows

from .statements import Statements


class Guard(Protocol):
    """Says whether a user may do one operation."""

    def is_about(self, record: Any) -> bool:
        """Whether the operation is about a record."""
        ...

    def ahead(
        self, sql: Statements, kind: type, record_id: str
    ) -> Sequence[tuple[Compiled, Parameters]]:
        """The statements to send along with the lock of a record; none where none can be."""
        ...

    def check(self, sql: Statements, record: Any | None, answer: Rows | None = None) -> None:
        """Refuse the operation, unless the user may do it.

        Args:
            record: what it is about, locked; None where the transaction has loaded no such record.
            answer: the answer to what was asked ahead.

        Raises:
            EngineError: the user may not.
        """
        ...


class Asking:
    """Asks a guard once in a transaction."""

    __slots__ = ("_guard", "_sql")

    def __init__(self, guard: Guard | None, sql: Statements) -> None:
        self._guard = guard
        self._sql = sql

    def ahead(self, kind: type, record_id: str) -> Sequence[tuple[Compiled, Parameters]]:
        """The statements to send along with the lock of a record, whose answer `about` takes."""
        return () if self._guard is None else self._guard.ahead(self._sql, kind, record_id)

    def about(self, record: Any | None, answer: Rows | None = None) -> None:
        """Ask, if a record that was locked is what the operation is about."""
        guard = self._guard
        if guard is not None and record is not None and guard.is_about(record):
            self._guard = None
            guard.check(self._sql, record, answer)

    def finish(self) -> None:
        """Ask, if that was not done yet: nothing is committed before."""
        if self._guard is not None:
            # A record that does not exist is asked about all the same: who may not, learns of no
            # difference.
            self._guard.check(self._sql, None)
