"""Conditional events: looked at again whenever a variable changes that they can see.

Source: engine semantics 1.4 and 2.9; observed engine facts; Camunda 7 ``ConditionalEventHandler``.
"""

from typing import TYPE_CHECKING

from app.bpmn import model as bpmn

from . import triggers
from .state import EventSubscription, Execution

if TYPE_CHECKING:
    from .run import Run


def variables_changed(run: "Run", changed: list[tuple[Execution, str]]) -> None:
    """Trigger the conditional events whose condition holds after these changes."""
    for scope, name in changed:
        if run.records.is_removed(Execution, scope.id):
            continue
        for subscription in run.host.conditional_subscriptions(scope.process_instance_id):
            if run.records.get(EventSubscription, subscription.id) is None:
                continue
            receiver = run.host.execution(subscription.execution_id or "")
            if _sees(run, receiver, scope) and _holds(run, receiver, subscription, name):
                event = run.graph_of(receiver).activities[subscription.activity_id or ""]
                if event.is_interrupting or (
                    event.attached_to is None and (receiver.scope_activity_id == event.id)
                ):
                    run.records.remove(subscription)
                triggers.trigger(run, receiver, event)


def _sees(run: "Run", receiver: Execution, scope: Execution) -> bool:
    """Whether a variable of the scope is visible where the event waits."""
    current = receiver
    while current.id != scope.id:
        if current.parent_id is None:
            return False
        current = run.parent_of(current)
    return True


def _holds(run: "Run", receiver: Execution, subscription: EventSubscription, name: str) -> bool:
    event = run.graph_of(receiver).activities[subscription.activity_id or ""]
    detail = event.detail
    if not isinstance(detail, bpmn.Conditional):
        return False
    if detail.variable_name is not None and detail.variable_name != name:
        return False
    return run.evaluation(receiver).is_true(detail.condition)
