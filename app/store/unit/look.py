"""A look at what runs: loads as a transaction does, locks nothing and writes nothing."""

from typing import TYPE_CHECKING, Any

from app.engine import state
from app.errors import EngineError
from app.store.connections.dialects import Compiled
from app.store.connections.sessions import Session

from . import reads
from .guard import LockedRecords
from .transaction import Transaction

if TYPE_CHECKING:
    from app.store.store import Store


class _Seen(LockedRecords):
    """Records that nobody acts on, so that no lock is asked for."""

    __slots__ = ()

    def is_locked(self, root_id: str | None) -> bool:
        del root_id
        return True

    def load(self, record: Any) -> Any:
        return state.Records.load(self, record)


class Look(Transaction):
    """One state of the database, to be read by what a run reads with."""

    def __init__(self, store: "Store", session: Session) -> None:
        super().__init__(store, session)
        self.records = _Seen()

    def execution_seen(self, execution_id: str) -> state.Execution | None:
        """An execution as it is, if it is there."""
        return self._load_with_flags(self.rows(reads.EXECUTION_WITH_FLAGS, id=execution_id))

    def task_seen(self, task_id: str) -> state.Task | None:
        """A user task as it is, if it is there."""
        rows = self.rows(reads.BY_KEY[state.Task], id=task_id)
        return self.records.load(state.Task(*rows[0])) if rows else None

    def definition(self, process_definition_id: str) -> state.ProcessDefinition | None:
        return self._deployed(process_definition_id)

    def latest_definition(self, key: str, tenant_id: str | None) -> state.ProcessDefinition | None:
        parameters = {"key": key} if tenant_id is None else {"key": key, "tenant_id": tenant_id}
        statement = reads.LATEST_DEFINITION[tenant_id is not None]
        return self._definition_from(self.rows(statement, **parameters))

    def run(self, statement: Compiled, **parameters: object) -> int:
        raise AssertionError("a look writes nothing")

    def commit(self) -> None:
        """End the look.

        Raises:
            EngineError: something was changed, as an expression of a form may do; it is lost.
        """
        if self.records.changes() or self.claims.changes():
            raise EngineError("An expression that is evaluated for an answer must change nothing.")
        self._session.commit({}, [])
