"""The rows that a run asks for: loaded by key, within call hierarchies that are locked."""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from uuid_utils import uuid7

from app.bpmn.delegates import Delegates
from app.engine import state
from app.engine.graph.graph import Graph
from app.engine.state.coverage import Passed
from app.errors import NullValueError
from app.origin import origin
from app.store.commands import groups
from app.store.commands.decisions import DECISION_BY_ID, DECISIONS_OF_FILE, LATEST_DECISION
from app.store.commands.definitions import RESOURCE_CONTENT
from app.store.connections.dialects import Compiled, Rows

from . import joins, reads, task_reads
from .clock import Clock
from .definition_reads import DEFINITION, TIME_TO_LIVE
from .guard import Found, LockedRecords
from .hierarchy import Hierarchy
from .settings import Settings
from .statements import Statements


class Loading:
    """The part of `engine.execution.host.Host` that only loads.

    Each answer joins the rows of the database with the changes of the transaction: a query
    finds rows that are removed here already, and not those that are new.

    Attributes:
        asked: the user whose permissions count; None where nobody is asked for any.
        sql: the statements of the transaction.
        clock: its one time.
        hierarchy: the flags of its call hierarchies.
        records: those that it has loaded and made.
        claims: rows that are locked alone, which no run sees.
    """

    def __init__(self, settings: Settings, sql: Statements, records: LockedRecords) -> None:
        self.user_id = settings.user_id
        self.asked = settings.asked
        self._caller = settings.caller
        self.history_level = settings.history_level
        self.hostname = settings.hostname
        # handed to the meters behind the commit
        self.counts: defaultdict[str, int] = defaultdict(int)
        self.traceparent = origin.traceparent
        self.max_steps = settings.max_steps
        self.max_records = settings.max_records
        self.max_seconds = settings.max_seconds
        self.zone = settings.zone
        self.passed: list[Passed] | None = None if settings.coverage is None else []
        self.sql = sql
        self.clock = Clock(sql, settings.clock)
        self.records = records
        self.claims = state.Records()
        self.hierarchy = Hierarchy(records, self.clock)
        self._settings = settings
        self._executions_here = records.by_id(state.Execution)
        self._began = time.thread_time()
        self._sequence = 0
        self._job_definitions: dict[str, state.JobDefinition | None] = {}
        self._operation_id: str | None = None
        self._arrivals = joins.Arrivals(sql)

    def user_groups(self) -> list[str] | None:
        return None if self._caller is None else groups.of_caller(self.sql, self._caller)

    # -- time, ids, flags ---------------------------------------------------------

    @property
    def operation_id(self) -> str:
        """The operation id that the entries of this transaction share in the user operation log."""
        if self._operation_id is None:
            self._operation_id = self.new_id()
        return self._operation_id

    @cached_property
    def now(self) -> datetime:
        """The time of the transaction."""
        # Mostly known by now: the first locking statement answers it along with its row.
        return self.clock.time or self.clock.read()

    @property
    def local_now(self) -> datetime:
        """The same time in the zone of texts that name none."""
        return self.now.astimezone(self.zone)

    def seconds_spent(self) -> float:
        # of this thread: on a busy machine the clock on the wall would refuse short runs
        return time.thread_time() - self._began

    def new_id(self) -> str:
        # version 7 grows with time: inserts go to the end of the index of the primary key
        return str(uuid7())

    def next_sequence(self) -> int:
        # the time in front, so that transactions one after the other need no shared counter
        self._sequence += 1
        return int(self.now.timestamp() * 1000) * 1_000_000 + self._sequence

    @property
    def has_incidents(self) -> bool:
        return self.hierarchy.has_incidents

    @has_incidents.setter
    def has_incidents(self, value: bool) -> None:
        self.hierarchy.has_incidents = value

    @property
    def has_jobs(self) -> bool:
        return self.hierarchy.has_jobs

    @has_jobs.setter
    def has_jobs(self, value: bool) -> None:
        self.hierarchy.has_jobs = value

    @property
    def has_subscriptions(self) -> bool:
        return self.hierarchy.has_subscriptions

    @has_subscriptions.setter
    def has_subscriptions(self, value: bool) -> None:
        self.hierarchy.has_subscriptions = value

    @property
    def read_ahead(self) -> tuple[frozenset[str], frozenset[str]]:
        return self.hierarchy.read_ahead

    # -- executions ---------------------------------------------------------------

    def _executions(self, statement: Compiled, **parameters: object) -> list[state.Execution]:
        rows = self.sql.rows(statement, **parameters)
        return self.records.load_all(state.Execution(*row) for row in rows)

    def execution(self, execution_id: str) -> state.Execution:
        if execution_id not in self._executions_here:
            # with its ancestors, which a run needs next: for variables, and to leave the scope
            self._executions(reads.ANCESTORS, id=execution_id)
        if (known := self._executions_here.get(execution_id)) is None:
            raise NullValueError(f"execution {execution_id} doesn't exist: execution is null")
        return known

    def children_of(self, execution_id: str, at_most: int | None = None) -> list[state.Execution]:
        if not self._is_new(execution_id):
            if at_most is None:
                self._executions(reads.CHILDREN, id=execution_id)
            else:
                known = self._seen_below(execution_id)
                self._executions(reads.SOME_CHILDREN, id=execution_id, ids=known)
        return self._known_below(execution_id)

    def _seen_below(self, execution_id: str) -> object:
        """The children that need not be read again, as a list parameter."""
        known = [e.id for e in self._known_below(execution_id)]
        # a removed child is still in the database, and would use up a limit
        return self.sql.listed([*known, *self.records.removed_ids(state.Execution)])

    def _known_below(self, execution_id: str) -> list[state.Execution]:
        return [
            e
            for e in self.records.of(state.Execution)
            if e.parent_id == execution_id and not e.is_event_scope
        ]

    # A record that this transaction has made has no row: a new instance's tree needs no query.
    def _is_new(self, execution_id: str) -> bool:
        known = self._executions_here.get(execution_id)
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
        return self._known_at(parent_id, activity_id)

    def _known_at(self, parent_id: str, activity_id: str) -> list[state.Execution]:
        return [
            e
            for e in self._known_below(parent_id)
            if e.activity_id == activity_id and not e.is_active
        ]

    def some_below(self, execution_id: str, activity_id: str) -> list[state.Execution]:
        if self._is_new(execution_id):
            return []
        wanted = {"id": execution_id, "activity_id": activity_id}
        return self._executions(joins.SOME_BELOW, **wanted, ids=self._seen_below(execution_id))

    def arrive(self, parent_id: str, activity_id: str) -> int | None:
        is_new = self._is_new(parent_id)
        return self._arrivals.number(parent_id, activity_id, self._known_at, is_new=is_new)

    def tree_below(self, execution_id: str) -> list[state.Execution]:
        if not self._is_new(execution_id):
            self._executions(reads.TREE_BELOW, id=execution_id)
        # over the records and not the rows: the run may have moved and made some of them
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
            self._executions(reads.CALLED_BY, ids=self.sql.listed(asked))
        wanted = set(execution_ids)
        return [e for e in self.records.of(state.Execution) if e.super_execution_id in wanted]

    # -- rows that belong to executions ---------------------------------------------

    def variables_of(
        self, execution_ids: Sequence[str], names: Sequence[str] | None
    ) -> list[state.Variable]:
        # an execution of this transaction has no rows yet: most of a run saves the query
        asked = [i for i in execution_ids if not self._is_new(i)]
        if not asked:
            return []
        if names is None:
            rows = self.sql.rows(reads.VARIABLES, ids=self.sql.listed(asked))
        else:
            rows = self.sql.rows(
                reads.NAMED_VARIABLES, ids=self.sql.listed(asked), names=self.sql.listed(names)
            )
        return self.records.load_all(state.Variable(*row) for row in rows)

    def _belonging(self, kind: type[Any], execution_ids: Sequence[str]) -> list[Any]:
        asked = [i for i in execution_ids if not self._is_new(i)]
        if asked:
            rows = self.sql.rows(reads.BY_EXECUTION[kind], ids=self.sql.listed(asked))
            self.records.load_all(kind(*row) for row in rows)
        wanted = set(execution_ids)
        return [r for r in self.records.of(kind) if r.execution_id in wanted]

    def external_tasks_of(self, execution_ids: Sequence[str]) -> list[state.ExternalTask]:
        return self._belonging(state.ExternalTask, execution_ids)

    def tasks_found(self, task_ids: Iterable[str]) -> list[Found]:
        """Where external tasks are."""
        rows = self.sql.rows(reads.TASKS_FOUND, ids=self.sql.listed(task_ids))
        return [Found(*row) for row in rows]

    def tasks_of(self, execution_ids: Sequence[str]) -> list[state.Task]:
        return self._belonging(state.Task, execution_ids)

    def subtasks_of(self, task_id: str) -> list[state.Task]:
        rows = self.sql.rows(task_reads.SUBTASKS_OF_TASK, id=task_id)
        return self.records.load_all(state.Task(*row) for row in rows)

    def links_of(self, task_id: str) -> list[state.IdentityLink]:
        known = self.records.get(state.Task, task_id)
        if known is None or not self.records.is_new(known):
            rows = self.sql.rows(task_reads.LINKS_OF_TASK, id=task_id)
            self.records.load_all(state.IdentityLink(*row) for row in rows)
        return [link for link in self.records.of(state.IdentityLink) if link.task_id == task_id]

    def jobs_of(self, execution_ids: Sequence[str]) -> list[state.Job]:
        return self._belonging(state.Job, execution_ids)

    def subscriptions_of(self, execution_ids: Sequence[str]) -> list[state.EventSubscription]:
        return self._belonging(state.EventSubscription, execution_ids)

    def incidents_of(self, execution_ids: Sequence[str]) -> list[state.Incident]:
        found = self._belonging(state.Incident, execution_ids)
        # Those at callers, too: they end with the one that has caused them (semantics 4.4).
        roots = [i.id for i in found if i.root_cause_incident_id == i.id]
        return self._with_caused(found, roots)

    def incidents_about(self, configuration: str) -> list[state.Incident]:
        self._load_incidents(self.sql.rows(reads.INCIDENTS_ABOUT, id=configuration))
        known = list(self.records.of(state.Incident))
        roots = {i.id for i in known if i.configuration == configuration}
        return [i for i in known if i.root_cause_incident_id in roots]

    def _load_incidents(self, rows: Rows) -> list[state.Incident]:
        """Take in incidents of the hierarchies that are locked.

        A client may create an incident with any configuration, also one that another hierarchy's
        incident has.
        """
        found = (state.Incident(*row) for row in rows)
        return self.records.load_all(
            i for i in found if self.records.is_locked(i.root_process_instance_id)
        )

    def with_caused(self, incident: state.Incident) -> list[state.Incident]:
        """An incident with those at the callers that it has caused."""
        return self._with_caused([incident], [incident.id])

    def _with_caused(self, found: list[state.Incident], roots: list[str]) -> list[state.Incident]:
        if roots:
            rows = self.sql.rows(reads.INCIDENTS_CAUSED, ids=self.sql.listed(roots))
            found += [i for i in self._load_incidents(rows) if i not in found]
        return found

    def conditional_subscriptions(self, process_instance_id: str) -> list[state.EventSubscription]:
        if not self._is_new(process_instance_id):
            rows = self.sql.rows(reads.CONDITIONAL_SUBSCRIPTIONS, id=process_instance_id)
            self.records.load_all(state.EventSubscription(*row) for row in rows)
        return [
            s
            for s in self.records.of(state.EventSubscription)
            if s.event_type == "conditional" and s.process_instance_id == process_instance_id
        ]

    def load_subscriptions(self, found: Sequence[Found]) -> list[state.EventSubscription]:
        """The subscriptions that were found and are locked, oldest first."""
        if not found:
            return []
        rows = self.sql.rows(reads.SUBSCRIPTIONS_BY_ID, ids=self.sql.listed(f.id for f in found))
        return self.records.load_all(state.EventSubscription(*row) for row in rows)

    # -- definitions --------------------------------------------------------------

    def graph(self, process_definition_id: str) -> Graph:
        return self._settings.definitions.graph(process_definition_id, self._deployed, self._model)

    def history_time_to_live(self, process_definition_id: str) -> int | None:
        # Not from the graph, which outlives the transaction: operators change the number.
        known = self.hierarchy.times_to_live
        if process_definition_id not in known:
            rows = self.sql.rows(TIME_TO_LIVE, id=process_definition_id)
            known[process_definition_id] = rows[0][0] if rows else None
        return known[process_definition_id]

    def resource(self, deployment_id: str, name: str) -> bytes | None:
        rows = self.sql.rows(RESOURCE_CONTENT, deployment_id=deployment_id, name=name)
        return bytes(rows[0][0]) if rows else None

    def _model(self, definition: state.ProcessDefinition) -> bytes:
        """The deployed file that a definition was read from."""
        return self._content(definition.deployment_id, definition.resource_name)

    def _content(self, deployment_id: str, name: str) -> bytes:
        return bytes(self.sql.rows(RESOURCE_CONTENT, deployment_id=deployment_id, name=name)[0][0])

    def _deployed(self, process_definition_id: str) -> state.ProcessDefinition | None:
        """A definition by its id, without a lock: its model never changes."""
        return self._definition_from(self.sql.rows(DEFINITION, id=process_definition_id))

    def _definition_from(self, rows: Rows) -> state.ProcessDefinition | None:
        if not rows:
            return None
        self.clock.set(rows[0][0])
        return state.ProcessDefinition(*rows[0][1:])

    def job_definition(self, job_definition_id: str) -> state.JobDefinition | None:
        if job_definition_id not in self._job_definitions:
            rows = self.sql.rows(reads.BY_KEY[state.JobDefinition], id=job_definition_id)
            found = self.records.load(state.JobDefinition(*rows[0])) if rows else None
            self._job_definitions[job_definition_id] = found
        return self._job_definitions[job_definition_id]

    # -- decisions ----------------------------------------------------------------

    def decision(self, definition_id: str) -> state.DeployedDecision | None:
        """A decision by the id of its definition."""
        rows = self.sql.rows(DECISION_BY_ID, id=definition_id)
        return self.deployed(state.DecisionDefinition(*rows[0])) if rows else None

    def latest_decision(self, key: str, tenant_id: str | None) -> state.DeployedDecision | None:
        """The newest version of a decision, of this tenant or of none."""
        rows = self.sql.rows_given(LATEST_DECISION, key=key, tenant_id=tenant_id)
        return self.deployed(state.DecisionDefinition(*rows[0])) if rows else None

    def deployed(self, definition: state.DecisionDefinition) -> state.DeployedDecision:
        """The deployed decision of a definition, for its evaluation."""
        return self._settings.decisions.deployed(definition, self._file)

    def _file(self, deployment_id: str, name: str) -> tuple[bytes, list[state.DecisionDefinition]]:
        rows = self.sql.rows(DECISIONS_OF_FILE, deployment_id=deployment_id, name=name)
        content = self._content(deployment_id, name)
        return content, [state.DecisionDefinition(*row) for row in rows]

    @property
    def delegates(self) -> Delegates:
        return self._settings.delegates
