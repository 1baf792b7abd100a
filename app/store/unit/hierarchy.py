"""The call hierarchies that a transaction has loaded."""

from typing import Any

from app.store.connections.dialects import Rows
from app.store.connections.faults import TransactionConflictError

from .clock import Clock
from .guard import LockedRecords

AHEAD = 5  # columns in front of a row: see `reads`


class HierarchyChangedError(TransactionConflictError):
    """A row belongs to another call hierarchy than the one that was locked for it, or is gone."""

    def __init__(self) -> None:
        super().__init__("a row has changed its call hierarchy while it was locked")


class Hierarchy:
    """Takes in rows, and the flags of the call hierarchies that they belong to.

    Attributes:
        has_incidents, has_jobs, has_subscriptions: whether any of the hierarchies has such rows;
            where none has, a run saves the query for them.
        times_to_live: days, of the definitions of what was loaded; none: kept for ever.
        read_ahead: executions, and names of variables that are loaded for each of them.
    """

    __slots__ = (
        "_clock",
        "has_incidents",
        "has_jobs",
        "has_subscriptions",
        "read_ahead",
        "records",
        "times_to_live",
    )

    def __init__(self, records: LockedRecords, clock: Clock) -> None:
        self.records = records
        self._clock = clock
        self.has_incidents = self.has_jobs = self.has_subscriptions = False
        self.times_to_live: dict[str, int | None] = {}
        self.read_ahead: tuple[frozenset[str], frozenset[str]] = frozenset(), frozenset()

    def load(self, record: Any) -> Any:
        """Take in a row whose hierarchy was to be locked.

        Raises:
            HierarchyChangedError: the lock has found no row.
        """
        if not self.records.is_locked(getattr(record, "root_process_instance_id", None)):
            raise HierarchyChangedError
        return self.records.load(record)

    def load_with_flags(self, kind: type[Any], rows: Rows) -> Any:
        """Take in the row of a query that answers what it is about in front of it."""
        if not rows:
            return None
        self._set_flags(rows[0])
        found = self.load(kind(*rows[0][AHEAD:]))
        self.times_to_live[found.process_definition_id] = rows[0][AHEAD - 1]
        return found

    def expect_all(self) -> None:
        """Expect incidents, jobs and subscriptions: several hierarchies are locked, unread."""
        self.has_incidents = self.has_jobs = self.has_subscriptions = True

    def _set_flags(self, row: tuple[Any, ...]) -> None:
        self._clock.set(row[0])
        incidents, jobs, subscriptions = row[1 : AHEAD - 1]
        # a flag is never taken back: another hierarchy of this transaction may have set it
        self.has_incidents = bool(self.has_incidents or incidents)
        self.has_jobs = bool(self.has_jobs or jobs)
        self.has_subscriptions = bool(self.has_subscriptions or subscriptions)
