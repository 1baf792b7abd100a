"""An engine whose rows are kept in dictionaries: for tests without a database."""

from datetime import UTC, datetime

from app.bpmn import reader
from app.dmn.evaluation import CompiledDecisions
from app.dmn.reader import read as read_decisions
from app.engine import state
from app.engine.events import triggers
from app.engine.execution import external_tasks, starting, user_tasks
from app.engine.execution.run import Run
from app.engine.execution.variables import value_of
from app.engine.graph.compiler import compile_graph
from app.engine.history.history_records import (
    HistoricActivityInstance,
    HistoricProcessInstance,
)
from app.engine.jobs import execution as jobs
from app.engine.state.conversion import from_object, to_object
from app.engine.state.values import TypedValue
from app.expressions.values import from_json

from .host import KINDS, MemoryHost


class MemoryEngine:
    """Deploys models, keeps rows, and runs one command after the other."""

    def __init__(self):
        self.rows = {kind: {} for kind in KINDS}
        self.history = {}
        self.graphs = {}
        self.decisions, self.asked = {}, []
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.history_level = "full"
        self.job_definitions = {}
        self.delegates, self.connectors = {}, {}
        self.files = {}
        self._count = 0

    def next_id(self):
        self._count += 1
        return f"{self._count:08d}"

    def deploy(self, xml):
        parsed = reader.read("model.bpmn", xml.encode(), require_history_time_to_live=False)
        for model in parsed.processes:
            version = 1 + sum(g.definition.key == model.id for g in self.graphs.values())
            definition = state.ProcessDefinition(
                f"{model.id}:{version}:x", model.id, version, "deployment", "model.bpmn"
            )
            graph = self.graphs[definition.id] = compile_graph(model, definition)
        return graph

    def deploy_decisions(self, xml):
        file = CompiledDecisions(
            read_decisions("m.dmn", xml.encode(), require_history_time_to_live=False)
        )
        definitions = {
            key: state.DecisionDefinition(f"{key}:1:x", key, 1, "deployment", "m.dmn", d.name)
            for key, d in file.definitions.decisions.items()
        }
        for key, definition in definitions.items():
            self.decisions[key] = state.DeployedDecision(definition, file, definitions)

    def command(self, do):
        """Run one transaction; an exception leaves the rows as they were."""
        host = MemoryHost(self)
        result = do(Run(host), host)
        host.commit()
        return result

    def start(self, graph, **variables):
        values = {name: _typed(value) for name, value in variables.items()}
        return self.command(lambda run, host: starting.start(run, graph, values).id)

    def tasks(self, activity_id=None):
        found = sorted(self.rows[state.ExternalTask].values(), key=lambda t: t.id)
        return [t for t in found if activity_id in (None, t.activity_id)]

    def complete(self, task, local=None, **variables):
        values = {name: _typed(value) for name, value in variables.items()}
        local_values = {name: _typed(value) for name, value in (local or {}).items()}
        self.command(
            lambda run, host: external_tasks.complete(
                run, host.load(state.ExternalTask, task.id), values, local_values
            )
        )

    def bpmn_error(self, task, code, message=None):
        self.command(
            lambda run, host: external_tasks.handle_bpmn_error(
                run, host.load(state.ExternalTask, task.id), code, message, {}
            )
        )

    def complete_user_task(self, task):
        self.command(lambda run, host: user_tasks.complete(run, host.load(state.Task, task.id), {}))

    def execute(self, job):
        self.command(lambda run, host: jobs.execute(run, host.load(state.Job, job.id)))

    def send(self, name):
        """Deliver a message to the first that waits for it."""
        waiting = next(
            s
            for s in self.rows[state.EventSubscription].values()
            if s.event_type == "message" and s.event_name == name
        )

        def deliver(run, host):
            execution = host.execution(waiting.execution_id)
            event = run.graph_of(execution).activities[waiting.activity_id]
            triggers.trigger(run, execution, event)
            run.perform()

        self.command(deliver)

    def variables(self):
        """Every variable that is stored, by the scope's activity and name."""
        return {v.name: to_object(value_of(v)) for v in self.rows[state.Variable].values()}

    def is_empty(self):
        return not any(self.rows.values())

    def visits(self):
        """The history: each visit as ``activity``, ``activity (canceled)`` or ``activity …``."""
        found = sorted(
            (r for r in self.history.values() if isinstance(r, HistoricActivityInstance)),
            key=lambda r: r.sequence,
        )
        return [r.activity_id + _state(r) for r in found]

    def instances(self):
        return {
            r.id: r.state for r in self.history.values() if isinstance(r, HistoricProcessInstance)
        }


def _state(visit):
    if visit.end_time is None:
        return " …"
    return " (canceled)" if visit.is_canceled else ""


def _typed(value):
    return value if isinstance(value, TypedValue) else from_object(from_json(value))
