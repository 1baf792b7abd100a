"""Events: what activities subscribe to, what is caught, what is thrown.

Source: BPMN 2.0.2 §13.5; semantics 2.9.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.engine.events import compensation, propagation, signals
from app.engine.execution import cancellation, listeners, mappings
from app.engine.jobs import jobs
from app.engine.state import EventSubscription, Execution
from app.errors import NullValueError
from app.expressions.values import to_text

from .base import Behavior

if TYPE_CHECKING:
    from app.engine.execution.run import Run
    from app.engine.graph.graph import Activity
    from app.expressions import Expression


def awaited(activity: "Activity") -> "Iterator[tuple[Activity, str]]":
    """The events that can happen to the scope of an activity, with the kind of their timers."""
    if activity.kind == "eventBasedGateway":
        for flow in activity.outgoing:
            yield flow.target, jobs.CATCH_TIMER
    elif activity.kind.startswith("intermediate") and "Throw" not in activity.kind:
        yield activity, jobs.CATCH_TIMER
    for event in activity.boundary_events:
        yield event, jobs.BOUNDARY_TIMER
    for subprocess in activity.event_subprocesses:
        start = subprocess.start_event
        if start is not None:
            yield start, jobs.SUBPROCESS_TIMER


def subscribe_events(scope: Execution, run: "Run") -> None:
    """Subscribe a new scope to the messages, signals and conditions of its events."""
    for event in subscribed(run.scope_activity_of(scope)):
        subscribe(run, scope, event)


def subscribed(activity: "Activity") -> "Iterator[Activity]":
    """What the scope of an activity subscribes to: the activity itself, and its events."""
    if trigger_of(activity) is not None and isinstance(activity.detail, bpmn.ReceiveTask):
        yield activity
    for event, _ in awaited(activity):
        if trigger_of(event) is not None:
            yield event


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
    for event, kind in awaited(activity):
        if isinstance(event.detail, bpmn.Timer):
            jobs.schedule(run, scope, event, kind)


class Catch(Behavior):
    """Wait for the event; a condition that holds already is passed."""

    def execute(self, execution: Execution, run: "Run") -> None:
        detail = run.activity_of(execution).detail
        if isinstance(detail, bpmn.Conditional) and run.evaluation(execution).holds_already(
            detail.condition
        ):
            run.leave(execution)


class EventBasedGateway(Behavior):
    """Wait for the first of the events behind it.

    Source: BPMN 2.0.2 §13.4.4; Camunda 7 ``EventBasedGatewayActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        """Do nothing: the scope has subscribed to the events."""


class ErrorEnd(Behavior):
    """Throw a BPMN error.

    Source: Camunda 7 ``ErrorEndEventActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        detail = run.activity_of(execution).detail
        if isinstance(detail, bpmn.Error):
            message = None
            if detail.message is not None:
                value = run.evaluation(execution).of(detail.message)
                message = None if value is None else to_text(value)
            propagation.throw_error(run, execution, detail.code or "", message)


class EscalationThrow(Behavior):
    """Throw an escalation; go on unless its handler has interrupted us."""

    def execute(self, execution: Execution, run: "Run") -> None:
        event = run.activity_of(execution)
        if isinstance(event.detail, bpmn.Escalation):
            propagation.throw_escalation(run, execution, event.detail.code)
            token = run.token_at(execution, event)
            if token is not None:
                run.later(run.leave, token)


class SignalThrow(Behavior):
    """Tell everybody who waits for the signal."""

    def execute(self, execution: Execution, run: "Run") -> None:
        detail = run.activity_of(execution).detail
        run.later(run.leave, execution)
        if isinstance(detail, bpmn.Signal):
            evaluation = run.evaluation(execution)
            name = to_text(evaluation.of(detail.name))
            variables = mappings.handed(run, execution, detail.ins)
            signals.broadcast(
                run,
                name,
                execution.tenant_id,
                variables,
                only_tenant=True,
                business_key=mappings.text_of(evaluation, detail.business_key),
                is_async=detail.is_async,
            )


class TerminateEnd(Behavior):
    """End everything else in the scope, then the scope.

    Source: Camunda 7 ``TerminateEndEventActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        event = run.activity_of(execution)
        scope = run.parent_of(execution) if execution.is_concurrent else execution
        run.history.activity_ended(
            execution.activity_instance_id, execution, is_complete_scope=True
        )
        listeners.tell(run, execution, "end")
        execution.activity_id = execution.activity_instance_id = None
        cancellation.cancel_content(run, scope)
        scope.activity_id = event.id
        run.end_scope(scope)


class CompensationThrow(Behavior):
    """Start the compensation handlers and wait until the last one is done."""

    def execute(self, execution: Execution, run: "Run") -> None:
        detail = run.activity_of(execution).detail
        wanted = detail.activity_id if isinstance(detail, bpmn.Compensation) else None
        if compensation.throw(run, execution, wanted):
            execution.is_active = False
        else:
            self.done(execution, run)

    def token_ended(self, scope: Execution, run: "Run") -> bool:
        if not run.host.children_of(scope.id, at_most=2):
            self.done(scope, run)
        return True

    def done(self, execution: Execution, run: "Run") -> None:
        """Go on when every handler is done."""
        run.leave(execution)


class CancelEnd(CompensationThrow):
    """Cancel what else runs in the transaction, compensate it, leave it through its cancel event.

    Source: BPMN 2.0.2 §13.5.5; Camunda 7 ``CancelEndEventActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        self._boundary(execution, run)
        scope = run.scope_of(run.parent_of(execution))
        cancellation.cancel_others(run, scope, execution)
        cancellation.drop_events(run, scope)
        super().execute(execution, run)

    def done(self, execution: Execution, run: "Run") -> None:
        from app.engine.events import triggers

        triggers.trigger(run, *self._boundary(execution, run))

    def _boundary(self, execution: Execution, run: "Run") -> "tuple[Execution, Activity]":
        """The scope that the cancel event is attached to, perhaps a multi-instance body.

        Raises:
            NullValueError: the transaction has no cancel event.
        """
        scope = run.scope_of(run.parent_of(execution))
        if run.scope_activity_of(scope).multi_instance_body is not None:
            scope = run.scope_of(run.parent_of(scope))
        for event in run.scope_activity_of(scope).boundary_events:
            if isinstance(event.detail, bpmn.Cancel):
                return scope, event
        end = run.activity_of(execution)
        raise NullValueError(
            f"Could not find cancel boundary event for cancel end event Activity({end.id}): "
            "cancelBoundaryEvent is null"
        )
