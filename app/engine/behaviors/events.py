"""Events: what is caught, what is thrown.

Source: BPMN 2.0.2 §13.5; semantics 2.9.
"""

from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.engine.events import compensation, propagation, signals, triggers
from app.engine.execution import cancellation, listeners, mappings
from app.engine.graph.kinds import Kind
from app.engine.state import Execution
from app.errors import NullValueError
from app.expressions.values import to_text

from .base import Behavior, D

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.engine.graph.graph import Activity


Waiting = bpmn.Message | bpmn.Signal | bpmn.Timer


class Catch(Behavior[Waiting]):
    """Wait for the message, the signal or the timer.

    Source: Camunda 7 ``IntermediateCatchEventActivityBehavior``.
    """

    accepts_signals = True

    def execute(self, execution: Execution, run: "Run") -> None:
        """Do nothing: the scope has subscribed to the event."""


class ConditionalCatch(Behavior[bpmn.Conditional]):
    """Wait until the condition holds; one that holds already is passed.

    Source: Camunda 7 ``IntermediateConditionalEventBehavior``.
    """

    accepts_signals = True

    def execute(self, execution: Execution, run: "Run") -> None:
        # The subscription is there by now; it goes with the scope when the token leaves at once.
        if run.evaluation(execution).holds_already(self.detail.condition):
            run.leave(execution)


class EventBasedGateway(Behavior[None]):
    """Wait for the first of the events behind it.

    Source: BPMN 2.0.2 §13.4.4; Camunda 7 ``EventBasedGatewayActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        """Do nothing: the scope has subscribed to the events."""


class ErrorEnd(Behavior[bpmn.Error]):
    """Throw a BPMN error.

    Source: Camunda 7 ``ErrorEndEventActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        message = None
        if self.detail.message is not None:
            value = run.evaluation(execution).of(self.detail.message)
            message = None if value is None else to_text(value)
        propagation.throw_error(run, execution, self.detail.code or "", message)


class EscalationThrow(Behavior[bpmn.Escalation]):
    """Throw an escalation; go on unless its handler has interrupted us.

    Source: Camunda 7 ``ThrowEscalationEventActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        event = run.activity_of(execution)
        propagation.throw_escalation(run, execution, self.detail.code)
        # A handler that interrupts takes the token away, and one that does not may have put it into
        # another execution by its fork: only a token that still stands here goes on.
        token = run.token_at(execution, event)
        if token is not None:
            run.later(run.leave, token)


class SignalThrow(Behavior[bpmn.Signal]):
    """Send the signal to all subscriptions of its name, and go on.

    Source: Camunda 7 ``ThrowSignalEventActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        # Pushed first, so taken last: the receivers of the signal move before its sender does.
        run.later(run.leave, execution)
        evaluation = run.evaluation(execution)
        name = to_text(evaluation.of(self.detail.name))
        signals.broadcast(
            run,
            name,
            execution.tenant_id,
            mappings.handed(run, execution, self.detail.ins),
            only_tenant=True,
            business_key=mappings.text_of(evaluation, self.detail.business_key),
            is_async=self.detail.is_async,
        )


class TerminateEnd(Behavior[bpmn.Terminate]):
    """End everything else in the scope, then the scope.

    Source: Camunda 7 ``TerminateEndEventActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        event = run.activity_of(execution)
        # The flow scope and no more: in a sub-process only that ends, in an event sub-process that
        # does not interrupt only the handler (semantics 2.9).
        scope = run.parent_of(execution) if execution.is_concurrent else execution
        run.history.activity_ended(
            execution.activity_instance_id, execution, is_complete_scope=True
        )
        listeners.notify(run, execution, "end")
        # Cleared first, or this token would be canceled with the others, and its end noted twice.
        execution.activity_id = execution.activity_instance_id = None
        cancellation.cancel_content(run, scope)
        scope.activity_id = event.id
        run.end_scope(scope)


class Compensating(Behavior[D]):
    """Start compensation handlers and wait until the last one is done.

    Source: semantics 2.13; Camunda 7 ``CompensationUtil.throwCompensationEvent``.
    """

    accepts_signals = True

    def compensate(self, execution: Execution, run: "Run", activity_id: str | None) -> None:
        """Undo what has completed in the scope, or one activity of it."""
        # A handler may wait, for a worker say, and the event waits with it; without any handler it
        # is passed like a none event (semantics 2.13).
        if compensation.throw(run, execution, activity_id):
            execution.is_active = False
        else:
            self.done(execution, run)

    def signal(self, execution: Execution, run: "Run") -> None:
        """Go on, but not before the handlers are done."""
        if not run.host.children_of(execution.id, at_most=1):
            super().signal(execution, run)

    def token_ended(self, scope: Execution, run: "Run") -> bool:
        # Handlers are children of the throwing execution, which goes on with the end of the last
        # one. Two rows tell as much as all of them.
        if not run.host.children_of(scope.id, at_most=2):
            self.done(scope, run)
        return True

    def done(self, execution: Execution, run: "Run") -> None:
        """Go on when every handler is done."""
        run.leave(execution)


class CompensationThrow(Compensating[bpmn.Compensation]):
    """Compensate what the event names, else everything that has completed in its scope.

    Source: BPMN 2.0.2 §13.5.5; Camunda 7 ``CompensationEventActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        self.compensate(execution, run, self.detail.activity_id)


class CancelEnd(Compensating[bpmn.Cancel]):
    """Cancel what else runs in the transaction, compensate it, leave it through its cancel event.

    Source: BPMN 2.0.2 §13.5.5; Camunda 7 ``CancelEndEventActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        # First, for its error: nothing is canceled in a transaction that has no event to go to.
        self._boundary(execution, run)
        scope = run.scope_of(run.parent_of(execution))
        cancellation.cancel_others(run, scope, execution)
        # The other events inside go now; the compensations are about to be needed.
        cancellation.drop_events(run, scope)
        self.compensate(execution, run, None)

    def done(self, execution: Execution, run: "Run") -> None:
        triggers.trigger(run, *self._boundary(execution, run))

    def _boundary(self, execution: Execution, run: "Run") -> "tuple[Execution, Activity]":
        """The scope that the cancel event is attached to, perhaps a multi-instance body.

        Raises:
            NullValueError: the transaction has no cancel event.
        """
        scope = run.scope_of(run.parent_of(execution))
        # The event belongs to the body: it cancels all instances, not this one alone.
        if run.scope_activity_of(scope).multi_instance_body is not None:
            scope = run.scope_of(run.parent_of(scope))
        for event in run.scope_activity_of(scope).boundary_events:
            if event.kind is Kind.CANCEL_BOUNDARY:
                return scope, event
        end = run.activity_of(execution)
        raise NullValueError(
            f"Could not find cancel boundary event for cancel end event Activity({end.id}): "
            "cancelBoundaryEvent is null"
        )
