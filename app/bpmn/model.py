"""The model of a process: immutable, without any notion of how it runs.

All flow nodes of a process lie side by side in ``ProcessModel.nodes``; ``scope_id`` says which
sub-process, or the process itself, encloses each. The ``detail`` of an activity or event holds the
properties of its kind; a none event, a gateway or a plain task has none.

The kinds of flow nodes are task, manualTask, userTask, serviceTask, sendTask, businessRuleTask,
scriptTask, receiveTask; subProcess (event sub-processes too), transaction, callActivity;
exclusiveGateway, parallelGateway, inclusiveGateway, eventBasedGateway; startEvent, startTimerEvent,
messageStartEvent, signalStartEvent, conditionalStartEvent, errorStartEvent, escalationStartEvent,
compensationStartEvent; intermediateTimer, intermediateMessageCatch, intermediateSignalCatch,
intermediateConditional, intermediateLinkCatch; intermediateNoneThrowEvent,
intermediateMessageThrowEvent, intermediateSignalThrow, intermediateEscalationThrowEvent,
intermediateCompensationThrowEvent; boundaryTimer, boundaryMessage, boundarySignal,
boundaryConditional, boundaryError, boundaryEscalation, cancelBoundaryCatch,
compensationBoundaryCatch; noneEndEvent, messageEndEvent, signalEndEvent, errorEndEvent,
escalationEndEvent, terminateEndEvent, cancelEndEvent, compensationEndEvent. A message event that
nothing executes is intermediateNoneThrowEvent, or endEvent, without a detail.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from app.dataclasses import dataclass
from app.expressions import Expression

from .values import NO_FORM as NO_FORM
from .values import Constraint as Constraint
from .values import Form as Form
from .values import FormField as FormField
from .values import FormReference as FormReference
from .values import ListValue as ListValue
from .values import Loop as Loop
from .values import MapValue as MapValue
from .values import Parameter as Parameter
from .values import Script as Script
from .values import Value as Value
from .values import VariableMapping as VariableMapping

# --- what hangs on any flow node --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listener:
    """An execution or task listener; its code is an expression, a script or a Java name.

    Attributes:
        event: ``start``, ``end``, ``take``; for user tasks ``create``, ``assignment``,
            ``complete``, ``update``, ``delete``, ``timeout``.
        kind: ``expression``, ``script``, ``class`` or ``delegateExpression``.
        expression: of the kinds ``expression`` and ``delegateExpression``.
        name: the Java class, or the text of the delegate expression.
        timer: when a ``timeout`` listener of a user task is due.
        id: tells the listeners of a user task apart that have timers.
    """

    event: str
    kind: str
    expression: Expression | None = None
    script: Script | None = None
    name: str | None = None
    timer: "Timer | None" = None
    id: str | None = None


# --- details of tasks -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ErrorDefinition:
    """An ``errorEventDefinition`` of an external task: which error when the expression holds."""

    error_code: str | None
    expression: Expression


@dataclass(frozen=True, slots=True)
class ExternalTask:
    """An activity, or a message throw or end event, that is executed by a worker."""

    topic: Expression
    priority: Expression | None = None
    error_definitions: tuple[ErrorDefinition, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpressionTask:
    """An activity or message event that evaluates ``camunda:expression``."""

    expression: Expression
    result_variable: str | None = None


@dataclass(frozen=True, slots=True)
class Delegate:
    """An activity or event that is implemented inside a Java virtual machine.

    Attributes:
        kind: ``class``, ``delegateExpression``, ``connector``, or the ``camunda:type`` (``mail``,
            ``shell``, …).
        name: the class, the text of the expression, the connector's id, or the type again.
        inputs, outputs: what a connector is given, and what is taken of its answer.
    """

    kind: str
    name: str
    result_variable: str | None = None
    priority: Expression | None = None
    inputs: tuple[Parameter, ...] = ()
    outputs: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A business rule task that refers to a DMN decision.

    Attributes:
        map_decision_result: what is made of the result for the variable; None for a list.
    """

    reference: Expression
    binding: str = "latest"
    version: Expression | None = None
    version_tag: Expression | None = None
    result_variable: str | None = None
    map_decision_result: str | None = None
    tenant_id: Expression | None = None


@dataclass(frozen=True, slots=True)
class ScriptTask:
    """A script task."""

    script: Script
    result_variable: str | None = None


@dataclass(frozen=True, slots=True)
class UserTask:
    """A user task; its form is computed whenever it is read, the rest when it is created."""

    name: Expression | None = None
    description: Expression | None = None
    assignee: Expression | None = None
    candidate_users: tuple[Expression, ...] = ()
    candidate_groups: tuple[Expression, ...] = ()
    due_date: Expression | None = None
    follow_up_date: Expression | None = None
    priority: Expression | None = None
    form: Form = NO_FORM
    listeners: tuple[Listener, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiveTask:
    """A receive task; without a message it waits for a signal to its execution."""

    message_name: Expression | None = None


@dataclass(frozen=True, slots=True)
class CallActivity:
    """A call activity.

    Attributes:
        binding: ``latest``, ``deployment``, ``version`` or ``versionTag``.
        case_reference: the CMMN case that is called instead of a process.
        mapper: the Java variable mapping, if there is one.
    """

    called_element: Expression | None
    binding: str = "latest"
    version: Expression | None = None
    version_tag: Expression | None = None
    tenant_id: Expression | None = None
    business_key: Expression | None = None
    ins: tuple[VariableMapping, ...] = ()
    outs: tuple[VariableMapping, ...] = ()
    case_reference: Expression | None = None
    mapper: Delegate | None = None


@dataclass(frozen=True, slots=True)
class SubProcess:
    """An embedded sub-process, a transaction or an event sub-process."""

    is_triggered_by_event: bool = False


# --- details of events ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is waited for."""

    name: Expression


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal that is waited for or thrown; ``is_async`` and ``ins`` belong to throwing."""

    name: Expression
    is_async: bool = False
    ins: tuple[VariableMapping, ...] = ()
    business_key: Expression | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """A date, a delay (duration) or several dates (cycle); exclusive is its job."""

    kind: Literal["date", "duration", "cycle"]
    value: Expression
    is_exclusive: bool = True


@dataclass(frozen=True, slots=True)
class Conditional:
    """A condition on variables that is waited for.

    Attributes:
        variable_name: only changes of this variable are looked at; None for all.
        variable_events: of ``create``, ``update``, ``delete``; empty for all.
    """

    condition: Expression | Script
    variable_name: str | None = None
    variable_events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Error:
    """An error that is caught or, at an end event, thrown.

    Attributes:
        code: None catches every error.
        message: of the ``error`` element; only what an end event throws.
    """

    code: str | None
    message: Expression | None = None
    code_variable: str | None = None
    message_variable: str | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """An escalation that is caught or thrown; without a code it catches every one."""

    code: str | None
    code_variable: str | None = None


@dataclass(frozen=True, slots=True)
class Compensation:
    """Compensation that is caught or thrown; ``activity_id`` limits a throw to one activity."""

    activity_id: str | None = None
    waits_for_completion: bool = True


@dataclass(frozen=True, slots=True)
class Cancel:
    """The cancellation of a transaction, thrown or caught."""


@dataclass(frozen=True, slots=True)
class Terminate:
    """The end of everything in a scope."""


@dataclass(frozen=True, slots=True)
class Link:
    """The landing of a link; the throwing end is no flow node, its flows lead here at once."""

    name: str


Trigger = Message | Signal | Timer | Conditional | Error | Escalation | Compensation | Cancel
Task = ExternalTask | ExpressionTask | Delegate | Decision | ScriptTask | UserTask | ReceiveTask
Detail = Trigger | Task | CallActivity | SubProcess | Terminate | Link | None

# --- the process ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SequenceFlow:
    """A sequence flow; a throwing link at its end is already replaced by the catching one."""

    id: str
    name: str | None
    source_id: str
    target_id: str
    condition: Expression | Script | None = None
    listeners: tuple[Listener, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowNode:
    """An activity, event or gateway.

    Attributes:
        kind: the activity type that the history shows, see the top of this module.
        scope_id: the sub-process, or the process, directly around it.
        incoming, outgoing: ids of flows in the document order of the ``sequenceFlow`` elements.
        default_flow: the id of the default flow.
        attached_to: the activity that carries a boundary event.
        is_interrupting: for boundary events and the start events of event sub-processes.
        has_idle_loop: it is a handler with multi-instance characteristics, which do nothing.
        is_for_compensation: the activity runs only as a compensation handler.
        compensation_handler: the id of the activity or event sub-process that undoes this one.
        job_retry_cycle: ``failedJobRetryTimeCycle``.
        form: of a start event; that of a user task is in its detail.
        initiator: the variable that a start event gives the user who started the instance.
    """

    id: str
    name: str | None
    kind: str
    scope_id: str
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default_flow: str | None = None
    detail: Detail = None
    loop: Loop | None = None
    has_idle_loop: bool = False
    inputs: tuple[Parameter, ...] = ()
    outputs: tuple[Parameter, ...] = ()
    async_before: bool = False
    async_after: bool = False
    is_exclusive: bool = True
    job_priority: Expression | None = None
    job_retry_cycle: Expression | None = None
    attached_to: str | None = None
    is_interrupting: bool = True
    is_for_compensation: bool = False
    compensation_handler: str | None = None
    listeners: tuple[Listener, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    form: Form | None = None
    initiator: str | None = None

    @property
    def is_start_event(self) -> bool:
        """Whether a process or sub-process starts here."""
        # The history's names for these two do not follow the rule of the others.
        return self.kind.endswith("StartEvent") or self.kind in ("startEvent", "startTimerEvent")


@dataclass(frozen=True, slots=True)
class ProcessModel:
    """An executable process.

    Attributes:
        id: the key of its definitions.
        category: the target namespace of the file.
        description: the documentation of the process.
        history_time_to_live: days that finished instances are kept; None for ever.
        task_priority: of external tasks without their own.
        job_priority: of jobs of flow nodes without their own.
        initial: the start event of an instance that is started by key; None if it cannot be.
        nodes: every flow node at any depth, in document order.
        flows: every sequence flow at any depth, in document order.
        names: every identifier that some expression of the process may look up as a variable.
    """

    id: str
    name: str | None
    category: str | None
    nodes: Mapping[str, FlowNode]
    flows: Mapping[str, SequenceFlow]
    initial: str | None = None
    description: str | None = None
    version_tag: str | None = None
    history_time_to_live: int | None = None
    task_priority: Expression | None = None
    job_priority: Expression | None = None
    is_startable_in_tasklist: bool = True
    candidate_starter_users: tuple[str, ...] = ()
    candidate_starter_groups: tuple[str, ...] = ()
    listeners: tuple[Listener, ...] = ()
    names: frozenset[str] = frozenset()
