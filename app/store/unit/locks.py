"""What a transaction asks for and locks, and its one time.

A command locks the row at the top of its call hierarchy first, then the row that it is about,
and only then reads and compares (design, decision 3). What follows is read without locks, for
nobody else changes the hierarchy while its top row is held.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from uuid_utils import uuid7

from app.engine import state
from app.models.runtime import execution
from app.store.connections.database import moment
from app.store.connections.dialects import Compiled, Rows, list_parameter
from app.store.connections.sessions import Session

from . import reads

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
        self.records = state.Records()
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
        self.defer(reads.LOCK_ROOT_OF[state.ExternalTask], id=task_id)
        tasks, scopes = self._session.rows_of(
            (reads.LOCKED_EXTERNAL_TASK, {"id": task_id}),
            (reads.SCOPES_OF_TASK, {"id": task_id, "names": self.listed(wanted)}),
        )
        if not tasks:
            return None
        self._set_flags(tasks[0])
        for row in scopes:
            self.records.load(state.Execution(*row[:_EXECUTION_WIDTH]))
            if row[_EXECUTION_WIDTH] is not None:
                self.records.load(state.Variable(*row[_EXECUTION_WIDTH:]))
        self.read_ahead = frozenset(row[0] for row in scopes), wanted
        return self.records.load(state.ExternalTask(*tasks[0][1 + _FLAGS :]))

    def lock_row(self, kind: type[R], record_id: str) -> R | None:
        """Lock the call hierarchy of a task, job, incident or subscription; answer the row."""
        self.defer(reads.LOCK_ROOT_OF[kind], id=record_id)
        rows = self.rows(reads.BY_KEY[kind], id=record_id)
        if not rows:
            return None
        record = self.records.load(kind(*rows[0]))  # type: ignore[type-var]
        execution_id = getattr(record, "execution_id", None)
        if execution_id is not None:
            self._load_with_flags(execution_id)
        return record

    def lock_execution(self, execution_id: str) -> state.Execution | None:
        """Lock the call hierarchy of an execution; None when there is no such execution."""
        self.defer(reads.LOCK_ROOT_OF[state.Execution], id=execution_id)
        return self._load_with_flags(execution_id)

    @property
    def is_postgresql(self) -> bool:
        """Whether the database is PostgreSQL."""
        return self._dialect.name == "postgresql"

    def peek(self, kind: type[R], record_id: str) -> R | None:
        """A row and its execution as they are, without a lock: for reading."""
        rows = self.rows(reads.SEEN[kind], id=record_id)
        return self.records.load(kind(*rows[0])) if rows else None  # type: ignore[type-var]

    def peek_execution(self, execution_id: str) -> state.Execution | None:
        """An execution as it is, without a lock: for reading."""
        return self._load_with_flags(execution_id)

    def lock_only(self, kind: type[R], record_id: str) -> R | None:
        """Lock one row, and not its call hierarchy: for what moves no token."""
        rows = self.rows(reads.BY_KEY[kind], id=record_id)
        return self.records.load(kind(*rows[0])) if rows else None  # type: ignore[type-var]

    def lock_job(self, job_id: str) -> state.Job | None:
        """Lock a job's call hierarchy, if it has one, then the job."""
        self.defer(reads.LOCK_ROOT_OF[state.Job], id=job_id)
        job = self.lock_only(state.Job, job_id)
        if job is not None and job.execution_id is not None:
            self._load_with_flags(job.execution_id)
        return job

    @staticmethod
    def moment(value: int) -> datetime:
        """A moment that SQLite has computed, where the driver knows no type."""
        return moment(str(value).encode())

    def lock_roots(self, roots: Iterable[str]) -> None:
        """Lock several call hierarchies by the ids of their roots, in the order of the ids."""
        for root in sorted(set(roots)):
            self.defer(reads.LOCK_ROOT_OF[state.Execution], id=root)

    def roots_of_tasks(self, task_ids: Iterable[str]) -> list[str]:
        """The ids of the call hierarchies that external tasks belong to."""
        return [row[0] for row in self.rows(reads.ROOTS_OF_TASKS, ids=self.listed(task_ids))]

    def note_everything(self) -> None:
        """Expect incidents, jobs and subscriptions everywhere: several hierarchies are locked."""
        self.has_incidents = self.has_jobs = self.has_subscriptions = True

    def _load_with_flags(self, execution_id: str) -> state.Execution | None:
        rows = self.rows(reads.EXECUTION_WITH_FLAGS, id=execution_id)
        if not rows:
            return None
        self._set_flags(rows[0])
        return self.records.load(state.Execution(*rows[0][1 + _FLAGS :]))

    def _set_flags(self, row: tuple[Any, ...]) -> None:
        self._set_now(row[0])
        incidents, jobs, subscriptions = row[1 : 1 + _FLAGS]
        self.has_incidents = bool(self.has_incidents or incidents)
        self.has_jobs = bool(self.has_jobs or jobs)
        self.has_subscriptions = bool(self.has_subscriptions or subscriptions)
