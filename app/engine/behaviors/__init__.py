"""How each kind of activity behaves. One module a subject."""

from typing import Any

from app.bpmn import model as bpmn
from app.engine.graph.graph import Activity
from app.engine.graph.kinds import Kind

from . import calls, decisions, events, gateways, multi_instance, subprocesses, tasks
from .base import Behavior

_GATEWAYS: dict[Kind, type[Behavior[None]]] = {
    Kind.EXCLUSIVE_GATEWAY: gateways.ExclusiveGateway,
    Kind.PARALLEL_GATEWAY: gateways.ParallelGateway,
    Kind.INCLUSIVE_GATEWAY: gateways.InclusiveGateway,
    Kind.EVENT_BASED_GATEWAY: events.EventBasedGateway,
}
_TASKS: dict[type, type[Behavior[Any]]] = {  # by the class of their detail, as those below
    bpmn.ExternalTask: tasks.ExternalTaskBehavior,
    bpmn.ExpressionTask: tasks.ExpressionTaskBehavior,
    bpmn.Delegate: tasks.DelegateBehavior,
    bpmn.Decision: decisions.BusinessRuleTaskBehavior,
    bpmn.ScriptTask: tasks.ScriptTaskBehavior,
    bpmn.UserTask: tasks.UserTaskBehavior,
    bpmn.ReceiveTask: tasks.ReceiveTaskBehavior,
    bpmn.CallActivity: calls.CallActivity,
    bpmn.SubProcess: subprocesses.SubProcess,
}
_THROWN: dict[Kind, type[Behavior[Any]]] = {
    Kind.ERROR_END: events.ErrorEnd,
    Kind.ESCALATION_THROW: events.EscalationThrow,
    Kind.ESCALATION_END: events.EscalationThrow,
    Kind.SIGNAL_THROW: events.SignalThrow,
    Kind.SIGNAL_END: events.SignalThrow,
    Kind.COMPENSATION_THROW: events.CompensationThrow,
    Kind.COMPENSATION_END: events.CompensationThrow,
    Kind.TERMINATE_END: events.TerminateEnd,
    Kind.CANCEL_END: events.CancelEnd,
}
_CAUGHT: dict[Kind, type[Behavior[Any]]] = {
    Kind.TIMER_CATCH: events.Catch,
    Kind.MESSAGE_CATCH: events.Catch,
    Kind.SIGNAL_CATCH: events.Catch,
    Kind.CONDITIONAL_CATCH: events.ConditionalCatch,
}


def process_behavior() -> Behavior[None]:
    """The behavior of a process itself."""
    return subprocesses.Process(None)


def behavior_of(activity: Activity) -> Behavior[Any]:
    """The behavior for an activity; what has none of its own passes tokens on."""
    # The body is an activity of its own around the one in the model, and only the body has an inner
    # one: the same element is asked for twice, with two answers (semantics 2.11).
    if activity.inner is not None and activity.loop is not None:
        body = multi_instance.Sequential if activity.loop.is_sequential else multi_instance.Parallel
        return body(activity.loop)
    # Gateways by their kind: they have no detail.
    kind, detail = activity.kind, activity.detail
    if kind in _GATEWAYS:
        return _GATEWAYS[kind](None)
    # By detail before kind: a service task may be external work, an expression or Java.
    found = _TASKS.get(type(detail))  # a message event too may be the task of a worker
    if found is None and detail is not None:
        found = _THROWN.get(kind) or _CAUGHT.get(kind)
    return (found or Behavior)(detail)
