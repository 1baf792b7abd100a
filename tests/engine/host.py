"""A transaction over rows that are kept in dictionaries."""

import dataclasses
from collections import Counter
from datetime import UTC

from app.bpmn.delegates import Delegates
from app.engine import state
from app.engine.history.history_records import (
    HistoricVariableInstance,
    HistoricVariableUpdate,
)
from app.errors import NullValueError

KINDS = (
    state.Execution,
    state.Variable,
    state.ExternalTask,
    state.Task,
    state.IdentityLink,
    state.Job,
    state.EventSubscription,
    state.Incident,
)


def fields_of(kind):
    """The fields of a record that are not its key."""
    return [field.name for field in dataclasses.fields(kind) if field.name != "id"]


class MemoryHost:
    """One transaction over the rows of a `MemoryEngine`."""

    hostname = "here$default"
    max_steps = 100_000
    traceparent = None
    max_records = 20_000
    max_seconds = 600
    zone = UTC
    user_id = None
    read_ahead = frozenset(), frozenset()
    passed = None

    def __init__(self, engine):
        self.engine = engine
        self.history_level = engine.history_level
        self.counts = Counter()
        self.records = state.Records()
        self.now = self.local_now = engine.now
        self.has_incidents = self.has_jobs = self.has_subscriptions = True
        self._sequence = 0
        self.swept = []
        self.cleared = []

    def seconds_spent(self):
        return 0

    def load(self, kind, key):
        known = self.records.get(kind, key)
        if known is not None or self.records.is_removed(kind, key):
            return known
        row = self.engine.rows[kind].get(key)
        return None if row is None else self.records.load(dataclasses.replace(row))

    def _all(self, kind, wanted):
        for key in list(self.engine.rows[kind]):
            if wanted(self.engine.rows[kind][key]):
                self.load(kind, key)
        return [r for r in self.records.of(kind) if wanted(r)]

    def commit(self):
        for key, variable in list(self.engine.rows[state.Variable].items()):
            if variable.execution_id in self.cleared:
                del self.engine.rows[state.Variable][key]
        for kind, change in self.records.changes().items():
            if kind not in KINDS:
                self._write_history(change)
                continue
            rows = self.engine.rows[kind]
            for key in change.removed:
                del rows[key]
            for record in (*change.added, *change.updated):
                rows[record.id] = record
        executions = self.engine.rows[state.Execution]
        for parent in self.swept:
            for key, execution in list(executions.items()):
                if execution.parent_id == parent and not execution.is_event_scope:
                    del executions[key]
        variables, tasks = self.engine.rows[state.Variable], self.engine.rows[state.Task]
        for key in [
            k for k, v in variables.items() if v.execution_id not in {**executions, **tasks}
        ]:
            del variables[key]
        links = self.engine.rows[state.IdentityLink]
        for key in [k for k, link in links.items() if link.task_id not in tasks]:
            del links[key]

    def _write_history(self, change):
        for record in (*change.added, *change.updated):
            kind = type(record)
            is_update = kind is HistoricVariableUpdate
            of = HistoricVariableInstance if is_update else getattr(kind, "amends", kind)
            key = of, record.id
            known = self.engine.history.get(key)
            if of is state.ExternalTask:
                known = self.engine.rows[state.ExternalTask][record.id]
            if of is not kind and known is not None:
                for name in kind.overwritten if is_update else fields_of(kind):
                    setattr(known, name, getattr(record, name))
            elif of is kind or is_update:
                self.engine.history[key] = record

    def new_id(self):
        return f"{self.engine.next_id()}-0000"  # the last four digits: see detail_id

    def next_sequence(self):
        return int(self.engine.next_id())

    def topic_available(self, topic_name):
        pass

    @property
    def delegates(self):
        return Delegates(self.engine.delegates, self.engine.connectors)

    def resource(self, deployment_id, name):
        return self.engine.files.get(name)

    def graph(self, definition_id):
        return self.engine.graphs[definition_id]

    def history_time_to_live(self, definition_id):
        return self.engine.graphs[definition_id].definition.history_time_to_live

    def definition(self, definition_id):
        return self.engine.graphs[definition_id].definition

    def called_graph(self, key, *, binding, version, deployment_id, tenant_id):
        found = [g for g in self.engine.graphs.values() if g.definition.key == key]
        if not found:
            raise NullValueError(f"no processes deployed with key '{key}'")
        return found[-1]

    def called_decision(self, key, *, binding, version, deployment_id, tenant_id):
        if key not in self.engine.decisions:
            raise NullValueError(f"no decision definition deployed with key '{key}'")
        self.engine.asked.append((key, binding, version, tenant_id))
        return self.engine.decisions[key]

    def execution(self, execution_id):
        found = self.load(state.Execution, execution_id)
        assert found is not None, f"execution {execution_id} is gone"
        return found

    def children_of(self, execution_id, at_most=None):
        return self._all(
            state.Execution, lambda e: e.parent_id == execution_id and not e.is_event_scope
        )

    def event_scopes_of(self, execution_id):
        tops = self._all(
            state.Execution, lambda e: e.parent_id == execution_id and e.is_event_scope
        )
        return [e for top in tops for e in (top, *self.tree_below(top.id))]

    def waiting_at(self, parent_id, activity_id):
        return [
            e
            for e in self.children_of(parent_id)
            if e.activity_id == activity_id and not e.is_active
        ]

    def some_below(self, execution_id, activity_id):
        children = self.children_of(execution_id)
        return [e for e in children if e.is_active or e.activity_id != activity_id][:2]

    def arrive(self, parent_id, activity_id):
        waiting = self.waiting_at(parent_id, activity_id)
        numbers = [e.arrival for e in waiting]
        return None if None in numbers else max(numbers, default=0) + 1

    def tree_below(self, execution_id):
        found, level = [], [execution_id]
        while level:
            below = self._all(state.Execution, lambda e, ids=tuple(level): e.parent_id in ids)
            found += below
            level = [e.id for e in below]
        return found

    def called_by(self, execution_ids):
        return self._all(state.Execution, lambda e: e.super_execution_id in execution_ids)

    def collect_children(self, execution_id):
        for child in self.children_of(execution_id):
            self.records.drop(child)
        self.swept.append(execution_id)

    def clear_variables(self, execution_id):
        self.cleared.append(execution_id)

    def variables_of(self, execution_ids, names):
        return self._all(
            state.Variable,
            lambda v: v.execution_id in execution_ids and (names is None or v.name in names),
        )

    def external_tasks_of(self, execution_ids):
        return self._all(state.ExternalTask, lambda t: t.execution_id in execution_ids)

    def tasks_of(self, execution_ids):
        return self._all(state.Task, lambda t: t.execution_id in execution_ids)

    def subtasks_of(self, task_id):
        return self._all(
            state.Task, lambda t: t.parent_task_id == task_id and t.execution_id is None
        )

    def links_of(self, task_id):
        return self._all(state.IdentityLink, lambda link: link.task_id == task_id)

    def jobs_of(self, execution_ids):
        return self._all(state.Job, lambda j: j.execution_id in execution_ids)

    def subscriptions_of(self, execution_ids):
        return self._all(state.EventSubscription, lambda s: s.execution_id in execution_ids)

    def incidents_of(self, execution_ids):
        return self._all(state.Incident, lambda i: i.execution_id in execution_ids)

    def incidents_about(self, configuration):
        about = {
            i.id for i in self._all(state.Incident, lambda i: i.configuration == configuration)
        }
        return self._all(state.Incident, lambda i: i.root_cause_incident_id in about)

    def conditional_subscriptions(self, process_instance_id):
        return self._all(
            state.EventSubscription,
            lambda s: (
                s.event_type == "conditional" and s.process_instance_id == process_instance_id
            ),
        )

    def job_definition(self, job_definition_id):
        return self.engine.job_definitions.get(job_definition_id)

    def user_groups(self):
        return None

    def make_root(self, instance):
        def put(execution, root_id):
            execution.root_process_instance_id = root_id
            for below in (*self.tree_below(execution.id), *self.called_by([execution.id])):
                put(below, root_id)

        put(instance, instance.id)

    def signal_subscriptions(self, name):
        return self._all(
            state.EventSubscription, lambda s: s.event_type == "signal" and s.event_name == name
        )
