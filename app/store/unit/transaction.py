"""One transaction: locks an instance, loads what a run asks for, writes back the difference."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from app.engine import state
from app.engine.graph.graph import Graph
from app.engine.history.history_records import IncidentAnnotation
from app.errors import NullValueError
from app.store.commands.definitions import CALLED, MODEL, CalledDefinitionMissingError
from app.store.connections.dialects import Compiled, Rows
from app.store.connections.sessions import Session

from . import reads
from .locks import Locks
from .writing import Sweep

if TYPE_CHECKING:
    from app.store.store import Store


class Transaction(Locks):
    """The unit of work of one command; implements `engine.host.Host`."""

    def __init__(self, store: "Store", session: Session) -> None:
        super().__init__(store, session)
        self.history_level = store.history_level
        self.max_steps = store.max_steps
        self.has_strict_locks = store.has_strict_locks
        self._sweeps: list[Sweep] = []
        self.topics: set[str] = set()
        self.has_made_jobs = False
        self.after_commit: list[Callable[[], None]] = []

    def commit(self) -> None:
        """Write everything that has changed, and end the transaction."""
        changes = self.records.changes()
        gone = changes.get(state.Execution)
        self.has_made_jobs = state.Job in changes and bool(changes[state.Job].added)
        done = changes.get(state.Task)
        owners = [*(gone.removed if gone else ()), *(done.removed if done else ())]
        if owners:
            self._sweeps.append(("variable WHERE execution_id {among}", owners))
        self._session.commit(changes, self._sweeps)

    # -- executions ---------------------------------------------------------------

    def _executions(self, statement: Compiled, **parameters: object) -> list[state.Execution]:
        rows = self.rows(statement, **parameters)
        return self.records.load_all(state.Execution(*row) for row in rows)

    def execution(self, execution_id: str) -> state.Execution:
        known = self.records.get(state.Execution, execution_id)
        if known is None:
            self._executions(reads.ANCESTORS, id=execution_id)
            known = self.records.get(state.Execution, execution_id)
        if known is None:
            raise NullValueError(f"execution {execution_id} doesn't exist: execution is null")
        return known

    def children_of(self, execution_id: str, at_most: int | None = None) -> list[state.Execution]:
        if not self._is_new(execution_id):
            if at_most is None:
                self._executions(reads.CHILDREN, id=execution_id)
            else:
                known = [e.id for e in self._known_below(execution_id)]
                known += self.records.removed_ids(state.Execution)
                self._executions(reads.SOME_CHILDREN, id=execution_id, ids=self.listed(known))
        return self._known_below(execution_id)

    def _known_below(self, execution_id: str) -> list[state.Execution]:
        return [
            e
            for e in self.records.of(state.Execution)
            if e.parent_id == execution_id and not e.is_event_scope
        ]

    def _is_new(self, execution_id: str) -> bool:
        known = self.records.get(state.Execution, execution_id)
        return known is not None and self.records.is_new(known)

    def event_scopes_of(self, execution_id: str) -> list[state.Execution]:
        if not self._is_new(execution_id):
            for scope in self._executions(reads.EVENT_SCOPES, id=execution_id):
                self.tree_below(scope.id)
        tops = [
            e
            for e in self.records.of(state.Execution)
            if e.parent_id == execution_id and e.is_event_scope
        ]
        return [e for top in tops for e in (top, *self.tree_below(top.id))]

    def waiting_at(self, parent_id: str, activity_id: str) -> list[state.Execution]:
        if not self._is_new(parent_id):
            self._executions(reads.WAITING_AT, id=parent_id, activity_id=activity_id)
        return [
            e
            for e in self._known_below(parent_id)
            if e.activity_id == activity_id and not e.is_active
        ]

    def tree_below(self, execution_id: str) -> list[state.Execution]:
        if not self._is_new(execution_id):
            self._executions(reads.TREE_BELOW, id=execution_id)
        children: dict[str | None, list[state.Execution]] = {}
        for found_execution in self.records.of(state.Execution):
            children.setdefault(found_execution.parent_id, []).append(found_execution)
        found: list[state.Execution] = []
        level = children.get(execution_id, [])
        while level:
            found += level
            level = [c for parent in level for c in children.get(parent.id, [])]
        return found

    def called_by(self, execution_ids: Sequence[str]) -> list[state.Execution]:
        asked = [i for i in execution_ids if not self._is_new(i)]
        if asked:
            self._executions(reads.CALLED_BY, ids=self.listed(asked))
        wanted = set(execution_ids)
        return [e for e in self.records.of(state.Execution) if e.super_execution_id in wanted]

    def make_root(self, instance: state.Execution) -> None:
        instances = [instance.id]
        below = [instance.id, *(e.id for e in self.tree_below(instance.id))]
        while called := [e for e in self.called_by(below) if e.id not in instances]:
            instances += [e.id for e in called]
            below = [c.id for e in called for c in (e, *self.tree_below(e.id))]
        for found in self.records.of(state.Execution):
            if found.process_instance_id in instances:
                found.root_process_instance_id = instance.id
        for statement in reads.NEW_ROOT:
            self.run(statement, root=instance.id, ids=self.listed(instances))

    def sweep_children(self, execution_id: str) -> None:
        for child in self._known_below(execution_id):
            self.records.drop(child)
        swept = "execution WHERE NOT is_event_scope AND parent_id {among}"
        within = f"variable WHERE execution_id IN (SELECT id FROM {swept})"
        self._sweeps += [(within, [execution_id]), (swept, [execution_id])]

    # -- what belongs to executions -------------------------------------------------

    def variables_of(
        self, execution_ids: Sequence[str], names: Sequence[str] | None
    ) -> list[state.Variable]:
        asked = [i for i in execution_ids if not self._is_new(i)]
        if not asked:
            return []
        if names is None:
            rows = self.rows(reads.VARIABLES, ids=self.listed(asked))
        else:
            rows = self.rows(
                reads.NAMED_VARIABLES, ids=self.listed(asked), names=self.listed(names)
            )
        return self.records.load_all(state.Variable(*row) for row in rows)

    def _belonging(self, kind: type[Any], execution_ids: Sequence[str]) -> list[Any]:
        asked = [i for i in execution_ids if not self._is_new(i)]
        if asked:
            rows = self.rows(reads.BY_EXECUTION[kind], ids=self.listed(asked))
            self.records.load_all(kind(*row) for row in rows)
        wanted = set(execution_ids)
        return [r for r in self.records.of(kind) if r.execution_id in wanted]

    def external_tasks_of(self, execution_ids: Sequence[str]) -> list[state.ExternalTask]:
        return self._belonging(state.ExternalTask, execution_ids)

    def tasks_of(self, execution_ids: Sequence[str]) -> list[state.Task]:
        return self._belonging(state.Task, execution_ids)

    def jobs_of(self, execution_ids: Sequence[str]) -> list[state.Job]:
        return self._belonging(state.Job, execution_ids)

    def subscriptions_of(self, execution_ids: Sequence[str]) -> list[state.EventSubscription]:
        return self._belonging(state.EventSubscription, execution_ids)

    def incidents_of(self, execution_ids: Sequence[str]) -> list[state.Incident]:
        found = self._belonging(state.Incident, execution_ids)
        roots = [i.id for i in found if i.root_cause_incident_id == i.id]
        return self._with_caused(found, roots)

    def incidents_about(self, configuration: str) -> list[state.Incident]:
        rows = self.rows(reads.INCIDENTS_ABOUT, id=configuration)
        self.records.load_all(state.Incident(*row) for row in rows)
        known = list(self.records.of(state.Incident))
        roots = {i.id for i in known if i.configuration == configuration}
        return [i for i in known if i.root_cause_incident_id in roots]

    def with_caused(self, incident: state.Incident) -> list[state.Incident]:
        """An incident with those at the callers that it has caused."""
        return self._with_caused([incident], [incident.id])

    def annotate_history(self, incident: state.Incident) -> None:
        """Put the note of an incident into its history."""
        if self.history_level == "full":
            self.records.add(IncidentAnnotation(incident.id, incident.annotation))

    def _with_caused(self, found: list[state.Incident], roots: list[str]) -> list[state.Incident]:
        if roots:
            rows = self.rows(reads.INCIDENTS_CAUSED, ids=self.listed(roots))
            for incident in self.records.load_all(state.Incident(*row) for row in rows):
                if incident not in found:
                    found.append(incident)
        return found

    def conditional_subscriptions(self, process_instance_id: str) -> list[state.EventSubscription]:
        if not self._is_new(process_instance_id):
            rows = self.rows(reads.CONDITIONAL_SUBSCRIPTIONS, id=process_instance_id)
            self.records.load_all(state.EventSubscription(*row) for row in rows)
        return [
            s
            for s in self.records.of(state.EventSubscription)
            if s.event_type == "conditional" and s.process_instance_id == process_instance_id
        ]

    def signal_subscriptions(self, name: str) -> list[state.EventSubscription]:
        def rows() -> Rows:
            return self.rows(reads.SIGNAL_SUBSCRIPTIONS, name=name)

        roots = {s.root_process_instance_id for s in (state.EventSubscription(*r) for r in rows())}
        self.lock_roots(r for r in roots if r is not None)
        self.records.load_all(state.EventSubscription(*r) for r in rows())
        found = [
            s
            for s in self.records.of(state.EventSubscription)
            if s.event_type == "signal" and s.event_name == name
        ]
        if found:
            self.note_everything()
        return found

    # -- definitions --------------------------------------------------------------

    def graph(self, process_definition_id: str) -> Graph:
        return self._store.definitions.graph(process_definition_id, self.definition, self._model)

    def _model(self, definition: state.ProcessDefinition) -> bytes:
        """The deployed file that a definition was read from."""
        source, name = definition.deployment_id, definition.resource_name
        return bytes(self.rows(MODEL, deployment_id=source, name=name)[0][0])

    def definition(self, process_definition_id: str) -> state.ProcessDefinition | None:
        """A definition by its id, as it is in the database now."""
        rows = self.rows(reads.DEFINITION, id=process_definition_id)
        return self._definition_from(rows)

    def latest_definition(self, key: str, tenant_id: str | None) -> state.ProcessDefinition | None:
        """The newest version of a key, of this tenant or of none."""
        if tenant_id is None:
            rows = self.rows(reads.LATEST_DEFINITION, key=key)
        else:
            rows = self.rows(reads.LATEST_DEFINITION_OF_TENANT, key=key, tenant_id=tenant_id)
        return self._definition_from(rows)

    def _definition_from(self, rows: Rows) -> state.ProcessDefinition | None:
        if not rows:
            return None
        self._set_now(rows[0][0])
        return state.ProcessDefinition(*rows[0][1:])

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
        parameters: dict[str, object] = {"key": key}
        if binding != "latest":
            parameters["wanted"] = wanted
        if tenant_id is not None:
            parameters["tenant_id"] = tenant_id
        rows = self.rows(CALLED[binding, tenant_id is not None], **parameters)
        if not rows:
            raise CalledDefinitionMissingError(binding, key, wanted, tenant_id)
        return self.graph(rows[0][0])

    # -- what follows the commit ----------------------------------------------------

    def topic_available(self, topic_name: str | None) -> None:
        if topic_name is not None:
            self.topics.add(topic_name)

    def delegate_topic(self, name: str) -> str | None:
        return self._store.delegates.get(name)
