"""A transaction that only reads: it locks nothing, waits for no writer and writes nothing."""

from typing import Any, NoReturn

from sqlalchemy.engine import Dialect

from app.engine import state
from app.errors import EngineError
from app.store.connections.sessions import Session

from . import reads, task_reads
from .guard import LockedRecords
from .loading import Loading
from .settings import Settings
from .statements import Queries


class _UnlockedRecords(LockedRecords):
    """Records that are never written, so that none needs the lock of its call hierarchy."""

    __slots__ = ()

    def is_locked(self, root_id: str | None) -> bool:
        del root_id
        return True

    def load(self, record: Any) -> Any:
        return state.Records.load(self, record)


class Snapshot(Loading):
    """One state of the database, which only answers are made of."""

    def __init__(self, settings: Settings, session: Session, dialect: Dialect) -> None:
        super().__init__(settings, Queries(session, dialect), _UnlockedRecords())
        self._session = session

    def execution_seen(self, execution_id: str) -> state.Execution | None:
        """An execution as it is, if it is there."""
        rows = self.sql.rows(reads.EXECUTION_WITH_FLAGS, id=execution_id)
        found: state.Execution | None = self.hierarchy.load_with_flags(state.Execution, rows)
        return found

    def task_seen(self, task_id: str) -> state.Task | None:
        """A user task as it is, if it is there."""
        rows = self.sql.rows(task_reads.TASK_SEEN, id=task_id)
        return self.records.load(state.Task(*rows[0])) if rows else None

    def definition(self, process_definition_id: str) -> state.ProcessDefinition | None:
        """A definition by its id, which may be gone soon."""
        return self._deployed(process_definition_id)

    def commit(self) -> None:
        """End the transaction.

        Raises:
            EngineError: something was changed, as an expression of a form may do; it is lost.
        """
        if self.records.changes() or self.claims.changes():
            raise EngineError("An expression that is evaluated for an answer must change nothing.")
        # Committed, not rolled back: it ends a transaction of which nothing is to be undone.
        self._session.commit({}, [])

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise AssertionError("a snapshot locks and writes nothing")

    # the rest of the host of a run, which no run asks for that only reads
    called_decision = called_graph = make_root = signal_subscriptions = collect_children = (
        clear_variables
    ) = topic_available = _refuse
