"""Conditional events: looked at when their scope opens, and whenever a variable changes.

Source: semantics 1.4 and 2.9; semantics 10; Camunda 7 ``ConditionalEventHandler``,
and its manual, "Trigger Conditional Events".
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.engine.execution.no_instance import BeforeStart
from app.engine.execution.variable_rows import Change
from app.engine.state import EventSubscription, Execution
from app.engine.state.values import TypedValue

from . import triggers

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.engine.graph.graph import Activity, Graph


def scope_opened(run: "Run", scope: Execution) -> None:
    """Trigger the conditional events of a scope that was just made and whose condition holds.

    Which variables they name does not matter: none has changed yet.
    """
    for subscription in run.host.subscriptions_of([scope.id]):
        is_own = subscription.activity_id == scope.scope_activity_id  # a catch event looks itself
        if subscription.event_type != "conditional" or is_own:
            continue
        event = run.graph_of(scope).activities[subscription.activity_id or ""]
        if _holds(run, scope, subscription, None):
            # Gone before the event happens: what it sets off may change variables, and would fire
            # it again.
            if event.is_interrupting:
                run.records.remove(subscription)
            triggers.trigger(run, scope, event)
            if event.is_interrupting:
                return


def starts(run: "Run", graph: "Graph", variables: Mapping[str, TypedValue]) -> "list[Activity]":
    """The start events of a process whose condition holds for the variables of a new instance.

    Raises:
        ExpressionError, ConditionError, NullValueError: as for `variables_changed`.

    Source: Camunda 7 ``DefaultConditionHandler.evaluateCondition``.
    """
    # No instance may come of it: its variables are seen without being set anywhere.
    context = BeforeStart(run, graph.definition, variables)
    return [
        activity
        for activity in conditional_starts(graph)
        if (detail := activity.conditional) is not None
        and detail.variable_name in (None, *variables)
        and context.holds_already(detail.condition)
    ]


def conditional_starts(graph: "Graph") -> "list[Activity]":
    """The start events of a process that wait for a condition."""
    return [
        activity
        for activity in graph.process.activities
        if activity.node is not None
        and activity.node.is_start_event
        and activity.conditional is not None
    ]


def variables_changed(run: "Run", changed: list[Change]) -> None:
    """Trigger the conditional events whose condition holds after these changes.

    Raises:
        ExpressionError: a condition fails by more than a name that is unknown yet.
        ConditionError, NullValueError: a condition gives no Boolean.
    """
    for change in changed:
        scope = change.scope
        # An earlier change of the same command may have ended the scope.
        if run.records.is_removed(Execution, scope.id):
            continue
        for subscription in run.host.conditional_subscriptions(scope.process_instance_id):
            # The list was read before events that this loop itself has triggered.
            if run.records.get(EventSubscription, subscription.id) is None:
                continue
            receiver = run.host.execution(subscription.execution_id or "")
            # Evaluated at the receiver, not where the variable was set: a condition sees no more
            # than its event does.
            if _sees(run, receiver, scope) and _holds(run, receiver, subscription, change):
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


def _holds(
    run: "Run", receiver: Execution, subscription: EventSubscription, change: Change | None
) -> bool:
    event = run.graph_of(receiver).activities[subscription.activity_id or ""]
    detail = event.conditional
    if detail is None:
        return False
    if change is not None and not _is_watched(detail, change):
        return False
    return run.evaluation(receiver).holds_already(detail.condition)


def _is_watched(detail: bpmn.Conditional, change: Change) -> bool:
    """Whether an event looks at its condition after such a change."""
    if detail.variable_name not in (None, change.name):
        return False
    # None named means all of create, update and delete (the reference's manual).
    return not detail.variable_events or change.event in detail.variable_events
