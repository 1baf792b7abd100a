"""The events that an activity's scope waits for: messages, signals, conditions and timers.

Source: BPMN 2.0.2 §13.5; semantics 2.9; Camunda 7 ``EventSubscriptionDeclaration``,
``TimerDeclarationImpl``.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.engine.graph.kinds import Kind
from app.engine.jobs import jobs
from app.engine.state import EventSubscription, Execution
from app.expressions.values import to_text

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.engine.graph.graph import Activity
    from app.expressions import Expression


def awaited(activity: "Activity") -> "Iterator[tuple[Activity, str]]":
    """The events that can happen to the scope of an activity, with the kind of their timers."""
    # The gateway waits for the events behind it, in one execution (semantics 2.5).
    if activity.kind is Kind.EVENT_BASED_GATEWAY:
        for flow in activity.outgoing:
            yield flow.target, jobs.CATCH_TIMER
    elif activity.kind.waits:
        yield activity, jobs.CATCH_TIMER
    for event in activity.boundary_events:
        yield event, jobs.BOUNDARY_TIMER
    for subprocess in activity.event_subprocesses:
        start = subprocess.start_event
        if start is not None:
            yield start, jobs.SUBPROCESS_TIMER


def subscribe_events(scope: Execution, run: "Run") -> None:
    """Subscribe a new scope to the messages, signals and conditions of its events."""
    activity = run.scope_activity_of(scope)
    if activity.has_events:
        for event in subscribed(activity):
            subscribe(run, scope, event)


def subscribed(activity: "Activity") -> "Iterator[Activity]":
    """The elements that an activity's scope subscribes to: the activity itself, and its events."""
    # Its own subscription before those of its events, whose order the ids then show.
    if awaits_message(activity):
        yield activity
    for event, _ in awaited(activity):
        if trigger_of(event) is not None:
            yield event


def has_events(activity: "Activity") -> bool:
    """Whether the scope of an activity subscribes to anything, or has timers."""
    return any(True for _ in subscribed(activity)) or any(True for _ in awaited(activity))


def awaits_message(activity: "Activity") -> bool:
    """Whether it is a task that a token leaves by a message; one without a message is passed."""
    return activity.kind is Kind.RECEIVE_TASK and trigger_of(activity) is not None


def trigger_of(event: "Activity") -> "tuple[str, Expression | None] | None":
    """The type of the subscription of an event, and the name that it is for."""
    match event.detail:
        case bpmn.Message(name=name):
            return "message", name
        case bpmn.ReceiveTask(message_name=name) if name is not None:
            return "message", name
        case bpmn.Signal(name=name):
            return "signal", name
        case bpmn.Conditional():
            return "conditional", None
    return None


def name_of(run: "Run", scope: Execution, event: "Activity") -> str | None:
    """The name that an event waits for in a scope."""
    trigger = trigger_of(event)
    if trigger is None or trigger[1] is None:
        return None
    # Before the input parameters: names cannot use them (semantics 2.7).
    value = run.evaluation(scope).of(trigger[1])
    return None if value is None else to_text(value)


def subscribe(run: "Run", scope: Execution, event: "Activity") -> None:
    """Subscribe a scope to one of its events."""
    host, trigger = run.host, trigger_of(event)
    if trigger is None:
        return
    name = name_of(run, scope, event)
    host.has_subscriptions = True
    run.records.add(
        EventSubscription(
            id=host.new_id(),
            event_type=trigger[0],
            created_date=host.now,
            event_name=name,
            activity_id=event.id,
            execution_id=scope.id,
            process_instance_id=scope.process_instance_id,
            root_process_instance_id=scope.root_process_instance_id,
            process_definition_id=scope.process_definition_id,
            tenant_id=scope.tenant_id,
        )
    )


def schedule_timers(scope: Execution, run: "Run") -> None:
    """Make the timers of a new scope."""
    activity = run.scope_activity_of(scope)
    if not activity.has_events:
        return
    for event, kind in awaited(activity):
        if event.timer is not None:
            jobs.schedule(run, scope, event, kind)
