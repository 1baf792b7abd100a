"""How each kind of activity behaves. One module a subject."""

from app.bpmn import model as bpmn
from app.engine.graph.graph import Activity

from . import calls, decisions, events, gateways, multi_instance, subprocesses, tasks
from .base import Behavior

_PASS = Behavior()
_GATEWAYS: dict[str, Behavior] = {
    "exclusiveGateway": gateways.ExclusiveGateway(),
    "parallelGateway": gateways.ParallelGateway(),
    "inclusiveGateway": gateways.InclusiveGateway(),
    "eventBasedGateway": events.EventBasedGateway(),
}
_TASKS: dict[type, Behavior] = {
    bpmn.ExternalTask: tasks.ExternalWork(),
    bpmn.ExpressionTask: tasks.ExpressionWork(),
    bpmn.Delegate: tasks.DelegateWork(),
    bpmn.Decision: decisions.DecisionWork(),
    bpmn.ScriptTask: tasks.ScriptWork(),
    bpmn.UserTask: tasks.UserWork(),
    bpmn.ReceiveTask: tasks.Receive(),
    bpmn.CallActivity: calls.Call(),
    bpmn.SubProcess: subprocesses.SubProcess(),
}
_THROWN: dict[type, Behavior] = {
    bpmn.Error: events.ErrorEnd(),
    bpmn.Escalation: events.EscalationThrow(),
    bpmn.Signal: events.SignalThrow(),
    bpmn.Compensation: events.CompensationThrow(),
    bpmn.Terminate: events.TerminateEnd(),
    bpmn.Cancel: events.CancelEnd(),
}
_BODIES = {True: multi_instance.Sequential(), False: multi_instance.Parallel()}
_CATCH = events.Catch()
_PROCESS = subprocesses.Process()


def process_behavior() -> Behavior:
    """The behavior of a process itself."""
    return _PROCESS


def behavior_of(activity: Activity) -> Behavior:
    """The behavior for an activity; what has none of its own passes tokens on."""
    if activity.inner is not None and activity.loop is not None:
        return _BODIES[activity.loop.is_sequential]
    kind, detail = activity.kind, activity.detail
    if kind in _GATEWAYS:
        return _GATEWAYS[kind]
    found = _TASKS.get(type(detail))
    if found is not None:
        return found
    node = activity.node
    if activity.attached_to is not None or (node is not None and node.is_start_event):
        return _PASS
    if "EndEvent" in kind or "Throw" in kind:
        return _THROWN.get(type(detail), _PASS)
    if kind.startswith("intermediate") and not isinstance(detail, (bpmn.Link, type(None))):
        return _CATCH
    return _PASS
