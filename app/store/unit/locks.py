"""What a transaction asks for and locks, and its one time.

A command locks the row at the top of its call hierarchy first, then the row that it is about,
and only then reads and compares (decisions 3 and 18). What follows is read without locks,
for nobody else changes the hierarchy while its top row is held. A lock that finds no row where
the row that it is for still exists is a conflict: the row belongs to another hierarchy by now.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from uuid_utils import uuid7

from app.engine import state
from app.models.runtime import execution
from app.store.connections.database import moment
from app.store.connections.dialects import Compiled, Rows, list_parameter
from app.store.connections.faults import TransactionConflictError
from app.store.connections.sessions import Session

from . import reads
from .guard import Found, LockedRecords

if TYPE_CHECKING:
    from app.store.store import Store

R = TypeVar("R")
_EXECUTION_WIDTH = len(execution.c)
_FLAGS = 3


class Locks:
    """The statements of one transaction, and the locks that it takes."""

    def __init__(self, store: "Store", session: Session) -> None:
        self._store = store
        self._session = session
        self._dialect = store.dialect
        self.records = LockedRecords()
        self.claims = state.Records()  # rows that are locked alone, which no run sees
        self.has_incidents = self.has_jobs = self.has_subscriptions = False
        self.read_ahead: tuple[frozenset[str], frozenset[str]] = frozenset(), frozenset()
        self._now: datetime | None = None
        self._sequence = 0

    # -- statements ---------------------------------------------------------------

    def rows(self, statement: Compiled, **parameters: object) -> Rows:
        """What a statement answers."""
        return self._session.rows(statement, parameters)

    def run(self, statement: Compiled, **parameters: object) -> int:
        """Carry out a statement that answers no rows; returns how many it touched."""
        return self._session.run(statement, parameters)

    def defer(self, statement: Compiled, **parameters: object) -> None:
        """Carry out a statement at the latest just before the next one; nobody needs its answer."""
        self._session.defer(statement, parameters)

    def listed(self, values: Iterable[str]) -> object:
        """Values as the list parameter of a statement."""
        return list_parameter(self._dialect, values)

    # -- time and ids -------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The transaction's one moment: the database's, where it has a clock that all share."""
        if self._now is None:
            self._set_now(self.rows(reads.CLOCK)[0][0])
        assert self._now is not None
        return self._now

    def told_time(self, told: datetime | None) -> None:
        """Take the time that a statement has read as this transaction's."""
        self._set_now(told)

    def _set_now(self, told: datetime | None) -> None:
        if self._now is None:
            moment = told or self._store.clock()
            whole = moment.microsecond // 1000 * 1000
            self._now = moment.astimezone(UTC).replace(microsecond=whole)

    def new_id(self) -> str:
        return str(uuid7())

    def next_sequence(self) -> int:
        self._sequence += 1
        return int(self.now.timestamp() * 1000) * 1_000_000 + self._sequence

    # -- locking ------------------------------------------------------------------

    def lock_external_task(
        self, task_id: str, names: Iterable[str] = ()
    ) -> state.ExternalTask | None:
        """Lock the task's call hierarchy, then the task; None when there is no such task.

        Args:
            names: variables of its scopes to read along.
        """
        wanted = frozenset(names)
        roots, tasks, scopes = self._session.rows_of(
            (reads.LOCK_ROOT_OF[state.ExternalTask], {"id": task_id}),
            (reads.LOCKED_EXTERNAL_TASK, {"id": task_id}),
            (reads.SCOPES_OF_TASK, {"id": task_id, "names": self.listed(wanted)}),
        )
        self._note_locked(roots)
        if not tasks:
            return None
        task: state.ExternalTask | None = self._load_own(
            state.ExternalTask(*tasks[0][1 + _FLAGS :])
        )
        self._set_flags(tasks[0])
        for row in scopes:
            self.records.load(state.Execution(*row[:_EXECUTION_WIDTH]))
            if row[_EXECUTION_WIDTH] is not None:
                self.records.load(state.Variable(*row[_EXECUTION_WIDTH:]))
        self.read_ahead = frozenset(row[0] for row in scopes), wanted
        return task

    def lock_row(self, kind: type[R], record_id: str) -> R | None:
        """Lock the call hierarchy of a task, job or incident, if it has one; answer the row."""
        roots, rows = self._session.rows_of(
            (reads.LOCK_ROOT_OF[kind], {"id": record_id}),
            (reads.BY_KEY[kind], {"id": record_id}),
        )
        self._note_locked(roots)
        if not rows:
            return None
        record: R | None = self._load_own(kind(*rows[0]))
        execution_id = getattr(record, "execution_id", None)
        if execution_id is not None:
            self._load_with_flags(self.rows(reads.EXECUTION_WITH_FLAGS, id=execution_id))
        return record

    def lock_execution(self, execution_id: str) -> state.Execution | None:
        """Lock the call hierarchy of an execution; None when there is no such execution."""
        roots, rows = self._session.rows_of(
            (reads.LOCK_ROOT_OF[state.Execution], {"id": execution_id}),
            (reads.EXECUTION_WITH_FLAGS, {"id": execution_id}),
        )
        self._note_locked(roots)
        return self._load_with_flags(rows)

    def lock_all(self, look: Callable[[], Sequence[Found]]) -> list[Found]:
        """Look for rows, lock what they belong to in one order, and look anew.

        Returns:
            what the second look finds in what is locked; what came in between is not for us.

        Raises:
            TransactionConflictError: a row has gone over to another hierarchy in between.
        """
        before = look()
        if not before:
            return []
        self.lock_roots(found.root_id for found in before)
        definitions = self.share_definitions(f.definition_id for f in before if f.definition_id)
        seen = {found.id for found in before}
        found = []
        for one in look():
            if not self.records.is_locked(one.root_id):
                if one.id in seen:
                    raise _moved()
            elif one.definition_id is None or one.definition_id in definitions:
                found.append(one)
        return found

    def share_definitions(self, definition_ids: Iterable[str]) -> set[str]:
        """Let nobody delete or suspend some definitions for now; answers those that are there."""
        wanted = set(definition_ids)
        if not wanted:
            return wanted
        return {row[0] for row in self.rows(reads.SHARED_DEFINITIONS, ids=self.listed(wanted))}

    def lock_roots(self, roots: Iterable[str | None]) -> None:
        """Lock the call hierarchies of these roots, as far as they are there, in one order."""
        wanted = {root for root in roots if not self.records.is_locked(root)}
        if wanted:
            self._note_locked(self.rows(reads.LOCK_ROOTS, ids=self.listed(filter(None, wanted))))
            self.note_everything()

    def tasks_found(self, task_ids: Iterable[str]) -> list[Found]:
        """Where external tasks are."""
        rows = self.rows(reads.TASKS_FOUND, ids=self.listed(task_ids))
        return [Found(*row) for row in rows]

    def row(self, kind: type[R], record_id: str) -> R | None:
        """A row of a hierarchy that is locked, or of none, with a lock of its own."""
        rows = self.rows(reads.BY_KEY[kind], id=record_id)
        return self._load_own(kind(*rows[0])) if rows else None

    def claim(self, kind: type[R], record_id: str) -> R | None:
        """Lock one row and not its call hierarchy: for what no token has to do with."""
        rows = self.rows(reads.BY_KEY[kind], id=record_id)
        return self.claims.load(kind(*rows[0])) if rows else None  # type: ignore[type-var]

    @property
    def is_postgresql(self) -> bool:
        """Whether the database is PostgreSQL."""
        return self._dialect.name == "postgresql"

    @staticmethod
    def moment(value: int) -> datetime:
        """A moment that SQLite has computed, where the driver knows no type."""
        return moment(str(value).encode())

    def _note_locked(self, roots: Rows) -> None:
        for row in roots:
            self.records.locked(row[0])

    def _load_own(self, record: Any) -> Any:
        """Take in the row that was to be locked; its hierarchy is another one by now, or is gone.

        Raises:
            TransactionConflictError: the lock has found no row.
        """
        if not self.records.is_locked(getattr(record, "root_process_instance_id", None)):
            raise _moved()
        return self.records.load(record)

    def note_everything(self) -> None:
        """Expect incidents, jobs and subscriptions everywhere: several hierarchies are locked."""
        self.has_incidents = self.has_jobs = self.has_subscriptions = True

    def _load_with_flags(self, rows: Rows) -> state.Execution | None:
        if not rows:
            return None
        self._set_flags(rows[0])
        found: state.Execution | None = self._load_own(state.Execution(*rows[0][1 + _FLAGS :]))
        return found

    def _set_flags(self, row: tuple[Any, ...]) -> None:
        self._set_now(row[0])
        incidents, jobs, subscriptions = row[1 : 1 + _FLAGS]
        self.has_incidents = bool(self.has_incidents or incidents)
        self.has_jobs = bool(self.has_jobs or jobs)
        self.has_subscriptions = bool(self.has_subscriptions or subscriptions)


def _moved() -> TransactionConflictError:
    return TransactionConflictError("a row has changed its call hierarchy while it was locked")
