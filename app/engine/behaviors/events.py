"""Events: what is caught, what is thrown.

Source: BPMN 2.0.2 §13.5; semantics 2.9.
"""

from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.engine.events import compensation, propagation, signals, triggers
from app.engine.execution import cancellation, listeners, mappings
from app.engine.state import Execution
from app.errors import NullValueError
from app.expressions.values import to_text

from .base import Behavior

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.engine.graph.graph import Activity


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
