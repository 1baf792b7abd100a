"""The unit of work of one command: locks, loads, and writes the difference."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.engine import Dialect

from app.engine import state
from app.engine.graph.graph import Graph
from app.engine.history import amendments
from app.engine.history import history_records as history
from app.engine.history.decisions import HistoricDecisionInstance
from app.engine.migration.records import ProcessInstanceMoved
from app.errors import EngineError
from app.store.commands import decisions
from app.store.commands.definitions import find_called
from app.store.connections.faults import TransactionConflictError
from app.store.connections.sessions import Session

from . import creations, definition_reads, narrowing, reads, roots
from .assumptions import Assumptions
from .guard import Found, LockedRecords
from .lasting import Folding
from .loading import Loading
from .locks import Locks
from .permits import Asking
from .settings import Settings
from .statements import Statements
from .sweeps import (
    CLEAR_VARIABLES,
    DELETE_CHILDREN,
    DELETE_LINKS_OF_TASKS,
    DELETE_VARIABLES_OF_CHILDREN,
    DELETE_VARIABLES_OF_EXECUTIONS,
    KEEP_CREATIONS,
    KEEP_DETAILS_OF_MOVED,
    KEEP_HISTORY,
    KEEP_LASTING_DETAILS,
    Swept,
)

_WITH_ROOT: tuple[type[Any], ...] = (
    state.Execution,
    state.ExternalTask,
    state.Task,
    state.IdentityLink,
    state.Job,
    state.EventSubscription,
    state.Incident,
    history.HistoricActivityInstance,
    history.HistoricVariableInstance,
    history.HistoricVariableUpdate,
    history.HistoricDetail,
    history.HistoricFormField,
    history.HistoricExternalTaskLog,
    history.HistoricIncident,
    history.HistoricTask,
    history.HistoricIdentityLink,
    HistoricDecisionInstance,
)
MOST_ASSUMED = 8  # decisions of one transaction whose newest version is not asked for


class Transaction(Loading):
    """A transaction that writes; implements `engine.execution.host.Host`.

    Attributes:
        asking: whether the user may do it.
        locks: locks call hierarchies and rows.
        unreadable: the external tasks of which a fetch has failed already.
        topics: how many external tasks of each become free with the commit.
        has_made_jobs: whether the commit brought new jobs.
        incidents: that the commit brought.
        after_commit: called when the commit is done.
    """

    def __init__(self, settings: Settings, session: Session, dialect: Dialect) -> None:
        super().__init__(settings, Statements(session, dialect), LockedRecords())
        self.asking = Asking(settings.guard, self.sql)
        self.locks = Locks(self.sql, self.hierarchy, self.claims, self.asking)
        self.unreadable = settings.unreadable
        self.has_strict_locks = settings.has_strict_locks
        self.topics: Counter[str] = Counter()
        self.has_made_jobs = False
        self.incidents: Sequence[state.Incident] = ()
        self.after_commit: list[Callable[[], None]] = []
        self._session = session
        self._sweeps: list[Swept] = []
        self._cleared: list[str] = []  # executions that have lost all variables they had
        self._assumed: dict[decisions.Wanted, str] = {}  # newest versions that were not asked for

    def commit(self) -> None:
        """Write everything that has changed, and end the transaction."""
        changes = self.records.changes()
        gone = changes.get(state.Execution)
        self.has_made_jobs = state.Job in changes and bool(changes[state.Job].added)
        if state.Incident in changes:
            self.incidents = changes[state.Incident].added
        done = changes.get(state.Task)
        owners = [*(gone.removed if gone else ()), *(done.removed if done else ()), *self._cleared]
        if owners:
            # A variable that a fold has moved is still at the old owner in the database: it would
            # be deleted by that one's id.
            left = self._left(changes.get(state.Variable))
            owners = [owner for owner in owners if owner not in left]
        if owners:
            # a run loads few of the variables of a scope, so they go by its id
            self._sweeps.append(Swept(DELETE_VARIABLES_OF_EXECUTIONS, owners))
        if done and done.removed:
            self._sweeps.append(Swept(DELETE_LINKS_OF_TASKS, done.removed))
        # claims only ever change rows: adding and removing them takes the lock of the hierarchy
        for kind, claimed in self.claims.changes().items():
            known = changes.setdefault(kind, state.Change([], [], []))
            known.added += claimed.added  # patches of rows
            known.updated += claimed.updated
        # Behind everything that reads the records: from here on they are shorter than what they
        # say.
        self._narrow(changes)
        self._fold(changes)
        self._session.commit(changes, self._sweeps, self._assumptions())

    def _narrow(self, changes: dict[type, state.Change]) -> None:
        """Leave to the instances what their history says as well."""
        if tasks := creations.fold(changes, self.records):
            self._sweeps.insert(0, Swept(KEEP_CREATIONS, tasks))
        if moved := changes.get(ProcessInstanceMoved):
            ids = self.sql.listed(record.id for record in moved.added)
            # First, by their old instance: rows that left its definition out would follow it to the
            # target.
            for statement in roots.KEEP_DEFINITION:
                self.sql.defer(statement, ids=ids)
        narrowing.narrow(changes)

    def _fold(self, changes: dict[type, state.Change]) -> None:
        """Leave to the rows of variables what their history says as well."""
        cleared = [owner for owner in self._cleared if self._is_instance(owner)]
        folding = Folding(changes, self.records, cleared)
        folding.fold()
        # In front, where SQLite still finds the rows.
        if cleared:
            self._sweeps[:0] = [
                Swept(KEEP_HISTORY, cleared, list(folding.rows)),
                Swept(CLEAR_VARIABLES, cleared),
            ]
        if folding.overwritten:
            is_moved = ProcessInstanceMoved in changes
            keep = KEEP_DETAILS_OF_MOVED if is_moved else KEEP_LASTING_DETAILS
            self._sweeps.insert(0, Swept(keep, folding.overwritten))

    def _is_instance(self, execution_id: str) -> bool:
        execution = self.records.loaded(state.Execution, execution_id)
        return execution is None or execution.parent_id is None

    def _left(self, variables: state.Change | None) -> set[str]:
        """The executions whose variables have gone over to others, all of them by their ids."""
        updated = variables.updated if variables else ()
        pairs = ((self.records.before(v), v) for v in updated)
        return {
            old.execution_id
            for old, new in pairs
            if old is not None and old.execution_id != new.execution_id
        }

    def failed(self, error: BaseException) -> None:
        """Note that all has been rolled back.

        Raises:
            TransactionConflictError: the error may come of what was taken for granted; a repeat
                asks for it.
        """
        if self._assumed:
            self._settings.decisions.forget_latest(self._assumed)
            if isinstance(error, EngineError):
                # Only an error that the decision may have caused: the repeat asks, and fails for
                # good if it has not.
                raise TransactionConflictError("a decision may not be the latest") from error

    # -- call hierarchies -----------------------------------------------------------

    def make_root(self, instance: state.Execution) -> None:
        instances = [instance.id]
        below = [instance.id, *(e.id for e in self.tree_below(instance.id))]
        while called := [e for e in self.called_by(below) if e.id not in instances]:
            instances += [e.id for e in called]
            below = [c.id for e in called for c in (e, *self.tree_below(e.id))]
        # no other transaction knows it as a root yet: they all wait for the lock of the old one
        self.records.locked(instance.id)
        for kind in _WITH_ROOT:
            for found in self.records.of(kind):
                if found.process_instance_id in instances:
                    found.root_process_instance_id = instance.id
        # by instance and not by record: most rows of the hierarchy are not loaded
        for statement in roots.NEW_ROOT:
            self.sql.run(statement, root=instance.id, ids=self.sql.listed(instances))
        self.sql.run(roots.NO_CALLER, id=instance.id)

    def collect_children(self, execution_id: str) -> None:
        gone = {child.id for child in self._known_below(execution_id)}
        for kind in (state.Execution, state.Variable):
            for record in self.records.of(kind):
                owner = record.execution_id if isinstance(record, state.Variable) else record.id
                if owner in gone:  # what was made in this transaction has no row that could go
                    self.records.drop(record)
        # a multi-instance body may have thousands, of which the run has loaded some
        self._sweeps += [
            Swept(DELETE_VARIABLES_OF_CHILDREN, [execution_id]),
            Swept(DELETE_CHILDREN, [execution_id]),
        ]

    def clear_variables(self, execution_id: str) -> None:
        self._cleared.append(execution_id)

    def signal_subscriptions(self, name: str) -> list[state.EventSubscription]:
        def find() -> list[Found]:
            rows = self.sql.rows(reads.SIGNAL_RECEIVERS, name=name)
            return [Found(key, root, None if root else start) for key, root, start in rows]

        self.load_subscriptions(self.locks.lock_all(find))
        return [
            s
            for s in self.records.of(state.EventSubscription)
            if s.event_type == "signal" and s.event_name == name
        ]

    def annotate_history(self, incident: state.Incident) -> None:
        """Put the note of an incident into its history."""
        if self.history_level == "full":
            self.records.add(amendments.IncidentAnnotation(incident.id, incident.annotation))

    # -- definitions --------------------------------------------------------------

    def definition(self, process_definition_id: str) -> state.ProcessDefinition | None:
        """A definition by its id; until the end it is neither deleted nor suspended."""
        rows = self.sql.rows(definition_reads.SHARED_DEFINITION, id=process_definition_id)
        return self._definition_from(rows)

    def latest_definition(self, key: str, tenant_id: str | None) -> state.ProcessDefinition | None:
        """The newest version of a key, of this tenant or of none, with a lock as `definition`."""
        names = ("key",) if tenant_id is None else ("key", "tenant_id")
        newest = definition_reads.SHARED_LATEST_DEFINITION.given(names)
        rows, *grants = self.sql.rows_of(
            (newest, {"key": key, "tenant_id": tenant_id}),
            *self.asking.ahead(state.ProcessDefinition, key),
        )
        found = self._definition_from(rows)
        self.asking.about(found, *grants)
        return found

    def called_graph(
        self,
        key: str,
        *,
        binding: str,
        version: str | None,
        deployment_id: str,
        tenant_id: str | None,
    ) -> Graph:
        wanted = deployment_id if binding == "deployment" else version
        return self.graph(find_called(self.sql, key, binding, wanted, tenant_id))

    def called_decision(
        self,
        key: str,
        *,
        binding: str,
        version: str | None,
        deployment_id: str,
        tenant_id: str | None,
    ) -> state.DeployedDecision:
        known, wanted = self._settings.decisions, (key, tenant_id)
        if binding == "deployment":  # which never changes
            found = known.of_deployment(deployment_id, key)
        # On SQLite a query is a call within the process: nothing is saved by not asking.
        elif binding == "latest" and self.sql.is_postgresql:
            found = self._assumed_latest(wanted)
        else:
            found = None
        if found is not None:
            return found
        version = deployment_id if binding == "deployment" else version
        definition = decisions.find_called(self.sql, key, binding, version, tenant_id)
        if binding == "latest":
            known.note_latest(definition)
        return self.deployed(definition)

    def _assumed_latest(self, wanted: decisions.Wanted) -> state.DeployedDecision | None:
        """The newest version as last known; the commit makes sure that it still is."""
        known = self._settings.decisions.latest(wanted)
        if known is None or (wanted not in self._assumed and len(self._assumed) >= MOST_ASSUMED):
            return None
        self._assumed[wanted] = known.definition.id
        return known

    def _assumptions(self) -> Assumptions:
        return [
            (decisions.STILL_LATEST_OF_NONE, (key, definition_id))
            if tenant_id is None
            else (decisions.STILL_LATEST_OF_TENANT, (key, tenant_id, definition_id))
            for (key, tenant_id), definition_id in self._assumed.items()
        ]

    # -- after the commit -----------------------------------------------------------

    def topic_available(self, topic_name: str | None) -> None:
        if topic_name is not None:
            self.topics[topic_name] += 1
