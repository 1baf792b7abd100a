"""The locks of a transaction.

A command locks the row at the top of its call hierarchy first, then the row that it is about,
and only then reads and compares (decisions 3 and 18). What follows is read without locks,
for no other transaction changes the hierarchy while its top row is held. A lock that finds no
row where the row that it is for still exists is a conflict: that one has changed its hierarchy.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from app.engine import state
from app.models.runtime import execution
from app.store.connections.dialects import Rows

from . import definition_reads, reads
from .guard import Found
from .hierarchy import Hierarchy, HierarchyChangedError
from .permits import Asking
from .statements import Statements

R = TypeVar("R")
_EXECUTION_WIDTH = len(execution.c)


class Locks:
    """Locks call hierarchies and single rows, and takes in the rows that they protect.

    Args:
        hierarchy: takes in rows of call hierarchies.
        claims: takes in rows that are locked without their hierarchy.
        asking: whether the user may do something with what is locked.
    """

    __slots__ = ("_asking", "_claims", "_hierarchy", "_records", "_sql")

    def __init__(
        self, sql: Statements, hierarchy: Hierarchy, claims: state.Records, asking: Asking
    ) -> None:
        self._asking = asking
        self._sql = sql
        self._hierarchy = hierarchy
        self._records = hierarchy.records
        self._claims = claims

    def lock_external_task(
        self, task_id: str, names: Iterable[str] = ()
    ) -> state.ExternalTask | None:
        """Lock the task's call hierarchy, then the task; None when there is no such task.

        Args:
            names: variables of its scopes to read along.
        """
        wanted = frozenset(names)
        # one round trip: under READ COMMITTED each statement sees what was committed while the
        # one before it waited for its lock
        roots, tasks, scopes, *grants = self._sql.rows_of(
            (reads.LOCK_ROOT_OF[state.ExternalTask], {"id": task_id}),
            (reads.LOCKED_EXTERNAL_TASK, {"id": task_id}),
            (reads.SCOPES_OF_TASK, {"id": task_id, "names": self._sql.listed(wanted)}),
            *self._asking.ahead(state.ExternalTask, task_id),
        )
        self._note_locked(roots)
        task: state.ExternalTask | None = self._hierarchy.load_with_flags(state.ExternalTask, tasks)
        if task is None:
            return None
        # Behind the lock, or what is asked about could have become another's meanwhile.
        self._asking.about(task, *grants)
        for row in scopes:
            self._records.load(state.Execution(*row[:_EXECUTION_WIDTH]))
            if row[_EXECUTION_WIDTH] is not None:  # an outer join: the scope has none of the names
                self._records.load(state.Variable(*row[_EXECUTION_WIDTH:]))
        self._hierarchy.read_ahead = frozenset(row[0] for row in scopes), wanted
        return task

    def lock_row(self, kind: type[R], record_id: str) -> R | None:
        """Lock the call hierarchy of a task, job or incident, if it has one; answer the row."""
        roots, rows = self._sql.rows_of(
            (reads.LOCK_ROOT_OF[kind], {"id": record_id}),
            (reads.BY_KEY[kind], {"id": record_id}),
        )
        self._note_locked(roots)
        if not rows:
            return None
        record: R | None = self._hierarchy.load(kind(*rows[0]))
        execution_id = getattr(record, "execution_id", None)
        if execution_id is not None:
            # a run needs the execution in any case: with it come the flags of the hierarchy
            seen = self._sql.rows(reads.EXECUTION_WITH_FLAGS, id=execution_id)
            self._hierarchy.load_with_flags(state.Execution, seen)
        self._asking.about(record)
        return record

    def lock_execution(self, execution_id: str) -> state.Execution | None:
        """Lock the call hierarchy of an execution; None when there is no such execution."""
        roots, rows = self._sql.rows_of(
            (reads.LOCK_ROOT_OF[state.Execution], {"id": execution_id}),
            (reads.EXECUTION_WITH_FLAGS, {"id": execution_id}),
        )
        self._note_locked(roots)
        found: state.Execution | None = self._hierarchy.load_with_flags(state.Execution, rows)
        self._asking.about(found)
        return found

    def lock_all(self, find: Callable[[], Sequence[Found]]) -> list[Found]:
        """Find rows, lock the call hierarchies that they belong to in one order, and find again.

        Returns:
            what is found again and locked; rows that came in between are left to a later command.

        Raises:
            HierarchyChangedError: a row has gone over to another hierarchy in between.
        """
        # Ids and roots alone: nothing that was read before the lock is used after it (decision 18).
        before = find()
        if not before:
            return []
        self.lock_roots(found.root_id for found in before)
        definitions = self._share_definitions({f.definition_id for f in before if f.definition_id})
        seen = {found.id for found in before}
        locked = []
        for row in find():
            if not self._records.is_locked(row.root_id):
                # Seen before, and under another root now: its instance was detached while we
                # waited.
                if row.id in seen:
                    raise HierarchyChangedError
            elif row.definition_id is None or row.definition_id in definitions:
                locked.append(row)
        return locked

    def _share_definitions(self, definition_ids: set[str]) -> set[str]:
        """Keep definitions from being deleted or suspended; returns those that are there."""
        if not definition_ids:
            return definition_ids
        ids = self._sql.listed(definition_ids)
        return {row[0] for row in self._sql.rows(definition_reads.SHARED_DEFINITIONS, ids=ids)}

    def lock_roots(self, roots: Iterable[str | None]) -> None:
        """Lock the call hierarchies of these roots, as far as they are there, in one order."""
        # Locked roots are left out: a signal that is thrown in a run asks for its own
        # root again and again.
        wanted = {root for root in roots if not self._records.is_locked(root)}
        if wanted:
            ids = self._sql.listed(filter(None, wanted))
            self._note_locked(self._sql.rows(reads.LOCK_ROOTS, ids=ids))
            # The flags come with single rows; here it is cheaper to look than to ask for each root.
            self._hierarchy.expect_all()

    def row(self, kind: type[R], record_id: str) -> R | None:
        """A row of a hierarchy that is locked, or of none, with a lock of its own."""
        rows = self._sql.rows(reads.BY_KEY[kind], id=record_id)
        return self._hierarchy.load(kind(*rows[0])) if rows else None

    def claim(self, kind: type[R], record_id: str) -> R | None:
        """Lock one row without its call hierarchy, for columns that no token depends on."""
        rows = self._sql.rows(reads.BY_KEY[kind], id=record_id)
        found: R | None = self._claims.load(kind(*rows[0])) if rows else None  # type: ignore[type-var]
        self._asking.about(found)
        return found

    def _note_locked(self, roots: Rows) -> None:
        for row in roots:
            self._records.locked(row[0])
