"""The compiled graph of a definition: activities and flows that know each other, behaviors bound.

`compiler` makes it, once per definition and process; it is never changed.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

from app.bpmn import model as bpmn
from app.engine.state import ProcessDefinition
from app.expressions import Expression
from app.scripts.languages import is_javascript, is_juel

from .behavior import ActivityBehavior
from .kinds import Kind

BODY = "#multiInstanceBody"
D = TypeVar("D")


class Conditions(Protocol):
    """Where the conditions of flows are evaluated."""

    def holds(self, condition: Expression | bpmn.Script) -> bool: ...


class Flow:
    """A sequence flow between two activities."""

    __slots__ = ("condition", "id", "listeners", "source", "target")

    def __init__(self, model: bpmn.SequenceFlow, source: Activity, target: Activity) -> None:
        self.id = model.id
        self.source = source
        self.target = target
        self.condition = model.condition
        self.listeners = model.listeners

    def holds(self, evaluation: Conditions) -> bool:
        """Whether the flow may be taken; one without a condition always may.

        Raises:
            NullValueError: the condition gives null.
            ConditionError: it gives something else than a Boolean.
            ScriptLanguageError: it is a script in a language that we do not run.
        """
        return self.condition is None or evaluation.holds(self.condition)


class Activity:
    """An activity, event or gateway, the process itself, or the body of a multi-instance.

    Attributes:
        type: its kind as a plain text, for records and answers.
        detail: what the model says of elements of its kind; see `detail_of`.
        timer, conditional, user_task: the detail, of an element of that kind; else None.
        scope: the activity whose scope encloses this one; None for the process.
        is_scope: it is entered through an execution of its own.
        is_composite: other activities run inside it.
        is_behind_gateway: the event-based gateway before it waits in its place.
        may_wait_for_listeners: a worker may do a listener of it, of a flow behind it, or of the
            process, for which a token waits here.
        missing_default: the id of a default flow that leaves something else, such as the body of a
            multi-instance activity.
        boundary_events: the events attached to it.
        event_subprocesses: those directly inside it.
        multi_instance_body: the body that this activity is repeated in.
        inner: what a body repeats.
        has_events: its scope subscribes to something, or has timers.
        has_idle_loop: it is a handler with multi-instance characteristics, which mean nothing
            there.
        leaves_no_trace: the history has no instances of it: the links of a diagram.
    """

    __slots__ = (
        "activities",
        "attached_to",
        "behavior",
        "boundary_events",
        "compensation_handler",
        "conditional",
        "default_flow",
        "detail",
        "event_subprocesses",
        "has_compensation_inside",
        "has_events",
        "has_idle_loop",
        "id",
        "incoming_count",
        "inner",
        "inputs",
        "is_async_after",
        "is_async_before",
        "is_behind_gateway",
        "is_composite",
        "is_interrupting",
        "is_scope",
        "job_is_exclusive",
        "kind",
        "leaves_no_trace",
        "listeners",
        "loop",
        "may_wait_for_listeners",
        "missing_default",
        "multi_instance_body",
        "name",
        "node",
        "outgoing",
        "outputs",
        "scope",
        "timer",
        "type",
        "user_task",
    )

    def __init__(
        self,
        activity_id: str,
        name: str | None,
        kind: Kind,
        scope: Activity | None,
        detail: bpmn.Detail = None,
    ) -> None:
        self.id = activity_id
        self.name = name
        self.kind = kind
        self.type = kind.value
        self.scope = scope
        self.node: bpmn.FlowNode | None = None
        self.detail = detail
        self.timer = self.detail_of(bpmn.Timer)
        self.conditional = self.detail_of(bpmn.Conditional)
        self.user_task = self.detail_of(bpmn.UserTask)
        self.behavior: ActivityBehavior
        self.is_scope = self.is_composite = False
        self.is_interrupting = True
        self.is_async_before = self.is_async_after = False
        self.is_behind_gateway = self.may_wait_for_listeners = False
        self.job_is_exclusive = True
        self.inputs: tuple[bpmn.Parameter, ...] = ()
        self.outputs: tuple[bpmn.Parameter, ...] = ()
        self.listeners: tuple[bpmn.Listener, ...] = ()
        self.outgoing: tuple[Flow, ...] = ()
        self.incoming_count = 0
        self.default_flow: Flow | None = None
        self.missing_default: str | None = None
        self.activities: list[Activity] = []
        self.boundary_events: list[Activity] = []
        self.event_subprocesses: list[Activity] = []
        self.attached_to: Activity | None = None
        self.compensation_handler: Activity | None = None
        self.has_compensation_inside = self.has_events = self.has_idle_loop = False
        self.leaves_no_trace = kind is Kind.LINK_CATCH
        self.loop: bpmn.Loop | None = None
        self.multi_instance_body: Activity | None = None
        self.inner: Activity | None = None

    def __repr__(self) -> str:
        return f"Activity({self.id!r})"

    def detail_of(self, element: type[D]) -> D | None:
        """The model's detail of it as an element of this class; None for one of another."""
        return self.detail if isinstance(self.detail, element) else None

    @property
    def may_keep_scopes(self) -> bool:
        """Whether event scopes may lie below its execution, or below that of an event it throws."""
        return self.has_compensation_inside or self.kind.is_compensating

    @property
    def is_external(self) -> bool:
        """Whether a worker may do it, in place of Java or not."""
        # Not by the kind: a business rule task or an end event may be done by a worker as well.
        match self.detail:
            case bpmn.ExternalTask() | bpmn.Delegate():
                return True
            case bpmn.ExpressionTask(expression=expression):
                return expression.bean_call is not None
            case bpmn.ScriptTask(script=script):
                return not (is_javascript(script.format) or is_juel(script.format))
        return False

    @property
    def is_decision(self) -> bool:
        """Whether it evaluates a decision, whose result is a variable of its own scope."""
        return self.detail_of(bpmn.Decision) is not None

    @property
    def may_have_work(self) -> bool:
        """Whether a token may wait here for an external task."""
        return self.is_external or self.may_wait_for_listeners or self.is_decision

    @property
    def all_listeners(self) -> tuple[bpmn.Listener, ...]:
        """Every listener of the activity, and of the flows that leave it."""
        user = self.user_task
        of_flows = (listener for flow in self.outgoing for listener in flow.listeners)
        return (*self.listeners, *(user.listeners if user is not None else ()), *of_flows)

    @property
    def waits_for_event(self) -> bool:
        """Whether a token waits here for an event; one of a message without a name passes."""
        return self.kind.waits and self.detail is not None

    @property
    def is_handler(self) -> bool:
        """Whether it runs only to compensate another activity."""
        return self.node is not None and self.node.is_for_compensation

    @property
    def is_event_subprocess(self) -> bool:
        """Whether an event starts it."""
        subprocess = self.detail_of(bpmn.SubProcess)
        return subprocess is not None and subprocess.is_triggered_by_event

    @property
    def is_start_of_event_subprocess(self) -> bool:
        """Whether its trigger starts one; other events inside happen to a token as anywhere."""
        scope = self.scope
        return scope is not None and scope.is_event_subprocess and scope.start_event is self

    @property
    def gateway_before(self) -> Activity | None:
        """The event-based gateway that it is behind."""
        siblings = self.scope.activities if self.scope is not None else []
        # Searched when asked for: only modifications and migrations do.
        gateways = (a for a in siblings if a.kind is Kind.EVENT_BASED_GATEWAY)
        return next((g for g in gateways if any(f.target is self for f in g.outgoing)), None)

    @property
    def is_start_of_process(self) -> bool:
        """Whether instances start here."""
        is_outermost = self.scope is not None and self.scope.scope is None
        return is_outermost and self.node is not None and self.node.is_start_event

    @property
    def start_event(self) -> Activity | None:
        """The start event inside a sub-process."""
        return next((a for a in self.activities if a.node and a.node.is_start_event), None)


class Graph:
    """A definition that can run.

    Attributes:
        process: the activity that the instance itself is the scope of.
        initiator: the variable for the user who has started an instance.
        initial: where an instance starts that is started by key.
        names: the variables that the model's expressions may read.
        resources: scripts that stand in files of the deployment, once they were read.
    """

    __slots__ = (
        "activities",
        "definition",
        "initial",
        "initiator",
        "model",
        "names",
        "process",
        "resources",
    )

    def __init__(self, model: bpmn.ProcessModel, definition: ProcessDefinition) -> None:
        self.model = model
        self.definition = definition
        self.names = model.names
        self.resources: dict[str, str] = {}
        # The last initiator wins, as in the reference, whose parser overwrites the one before.
        starts = [n for n in model.nodes.values() if n.is_start_event and n.scope_id == model.id]
        named = (n.initiator for n in reversed(starts) if n.initiator is not None)
        self.initiator = next(named, None)  # which may be empty, as the name of a variable may
        self.process = Activity(model.id, model.name, Kind.PROCESS, None)
        self.activities: dict[str, Activity] = {}
        self.initial: Activity | None = None
