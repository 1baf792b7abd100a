"""Gateways: where tokens part and meet.

Source: BPMN 2.0.2 §13.4; semantics 2.5.
"""

from typing import TYPE_CHECKING

from app.engine.execution import listeners, tree
from app.engine.state import Execution

from . import expected
from .base import Behavior, NoOutgoingFlowError, default_flow

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run
    from app.engine.graph.graph import Activity


class ExclusiveGateway(Behavior[None]):
    """Take the first outgoing flow whose condition holds, else the default flow.

    Source: BPMN 2.0.2 §13.4.2; Camunda 7 ``ExclusiveGatewayActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        gateway = run.activity_of(execution)
        evaluation = run.evaluation(execution)
        for flow in gateway.outgoing:  # document order is the order of evaluation
            if flow is not gateway.default_flow and flow.holds(evaluation):
                return run.leave(execution, (flow,))
        default = default_flow(gateway)
        if default is None:
            raise NoOutgoingFlowError(gateway.id)
        return run.leave(execution, (default,))


class ParallelGateway(Behavior[None]):
    """Wait for as many tokens as there are incoming flows, then take every outgoing one.

    Tokens are counted, not the flows they came by (semantics 2.5).

    Source: BPMN 2.0.2 §13.4.1; Camunda 7 ``ParallelGatewayActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        gateway = run.activity_of(execution)
        # With one incoming flow the gateway only forks: no row is written for a wait without
        # length.
        if gateway.incoming_count > 1:
            if not _may_be_last(execution, gateway, run):
                return
            tokens = wait_at(execution, gateway, run)
            # Not "at least": a loop can bring more tokens than there are flows, and then none goes
            # on (semantics 2.5). To be lenient would run models that the reference leaves standing.
            if len(tokens) != gateway.incoming_count:
                _number(tokens)
                return
            execution = join(execution, tokens, run)
        run.leave(execution, gateway.outgoing)


def _may_be_last(execution: Execution, gateway: "Activity", run: "Run") -> bool:
    """Let a token wait; answer whether as many may have come as the join needs.

    Reading all that wait whenever one comes would cost a wide join the square of its width.
    """
    execution.arrival = 1
    if execution.is_concurrent:
        execution.arrival = run.host.arrive(execution.parent_id or "", gateway.id)
    execution.is_active = False  # from here on it waits
    return execution.arrival is None or execution.arrival >= gateway.incoming_count


def _number(tokens: list[Execution]) -> None:
    """Number those that wait anew: some had no number, or have gone since."""
    for number, token in enumerate(tokens, 1):
        token.arrival = number


class InclusiveGateway(Behavior[None]):
    """Wait while a token elsewhere could still arrive, then take every flow that holds.

    Whether to go on is asked only when a token arrives (semantics 2.5).

    Source: BPMN 2.0.2 §13.4.3; Camunda 7 ``InclusiveGatewayActivityBehavior``.
    """

    def execute(self, execution: Execution, run: "Run") -> None:
        gateway = run.activity_of(execution)
        may_be_complete = _may_be_last(execution, gateway, run)
        # Mostly one of its brothers is still on its way, and is found without a look at all of
        # them: a wide join would cost the square of its width.
        if not may_be_complete and expected.is_nearby(execution, gateway, run):
            return
        tokens = wait_at(execution, gateway, run) if may_be_complete else []
        # As many tokens as flows need no look at the rest of the tree, which costs with its size.
        if len(tokens) < gateway.incoming_count:
            is_expected, tokens = expected.look_around(execution, gateway, run)
            if is_expected:
                _number(tokens)
                return
        execution = join(execution, tokens, run)
        evaluation = run.evaluation(execution)
        # After the join: conditions see what the one token that goes on sees, no longer the local
        # variables of those that have ended.
        taken = [
            f for f in gateway.outgoing if f is not gateway.default_flow and f.holds(evaluation)
        ]
        if not taken and (default := default_flow(gateway)) is not None:
            taken = [default]
        if not taken:
            raise NoOutgoingFlowError(gateway.id)
        run.leave(execution, taken)


def wait_at(execution: Execution, gateway: "Activity", run: "Run") -> list[Execution]:
    """Let a token wait at a join; returns all that wait there, it included."""
    # In the row, so that later commands count what waits here without a table of its own.
    execution.is_active = False
    # Alone in its scope: no other token can wait here, which saves the statement.
    if not execution.is_concurrent:
        return [execution]
    return run.host.waiting_at(execution.parent_id or "", gateway.id)


def join(execution: Execution, tokens: list[Execution], run: "Run") -> Execution:
    """Make one token of those that wait at a join; returns it."""
    ends_scope = not run.activity_of(execution).outgoing
    for token in tokens:
        if token is not execution:
            # Each arrival is an activity instance, and all of them end here (semantics 2.5).
            listeners.tell_joined(run, token)
            run.history.activity_ended(
                token.activity_instance_id, token, is_complete_scope=ends_scope
            )
            tree.remove(run, token)
    if len(tokens) > 1:
        # As those of the others: no local variable goes on behind a join (semantics 2.5).
        run.variables.clear(execution)
    execution.is_active = True
    execution.arrival = None
    if execution.is_concurrent:
        scope = run.parent_of(execution)
        # If this token is the only one left, the scope carries it again (semantics 2.2, prune).
        children = run.host.children_of(scope.id, at_most=2)
        if len(children) == 1:
            tree.fold(run, scope, execution)
            return scope
    return execution
