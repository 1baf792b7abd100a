"""Completed activities that may still be compensated for.

Source: contract 10.4; Camunda 7 ``MigratingCompensationEventSubscriptionInstance``.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.engine.execution import tree
from app.engine.state import EventSubscription, Execution

from . import kinds
from .plan import Plan

if TYPE_CHECKING:
    from app.engine.execution.protocol import Run


def _remembered(
    run: "Run", scope: Execution
) -> Iterator[tuple[EventSubscription, Execution | None]]:
    """The compensate subscriptions of a scope, each with its event scope if it has one."""
    # Most instances have none, and need no statement to know it.
    if not run.host.has_subscriptions:
        return
    for subscription in run.host.subscriptions_of([scope.id]):
        if subscription.event_type == "compensate":
            kept = subscription.configuration
            yield subscription, None if kept is None else run.host.execution(kept)


def unmapped(run: "Run", scope: Execution, plan: Plan) -> Iterator[str]:
    """The errors of a scope's compensations, at any depth, that prevent its migration."""
    for subscription, kept in _remembered(run, scope):
        if kept is not None:
            yield from unmapped(run, kept, plan)
        elif _handler(plan, subscription, None) is None:
            yield (
                "Cannot migrate subscription for compensation handler "
                f"'{subscription.activity_id}'. There is no migration instruction for the "
                "compensation boundary event"
            )


def migrate(run: "Run", scope: Execution, plan: Plan) -> None:
    """Keep the compensations whose activities are mapped; the others are forgotten."""
    for subscription, kept in _remembered(run, scope):
        handler = _handler(plan, subscription, kept)
        # No error here: `unmapped` has refused what may not be forgotten.
        if handler is None:
            run.records.remove(subscription)
            if kept is not None:
                _forget(run, kept)
            continue
        subscription.activity_id = handler
        subscription.process_definition_id = plan.target.definition.id
        if kept is not None:
            _relocate(run, kept, plan)


def _handler(plan: Plan, subscription: EventSubscription, kept: Execution | None) -> str | None:
    """The id of what compensates in the target; None when the plan does not say."""
    scope = None if kept is None else plan.target_of(kept.scope_activity_id)
    if kept is not None and scope is None:
        return None
    if scope is not None and subscription.activity_id in plan.source.activities:
        source = plan.source.activities[subscription.activity_id or ""]
        # The subscription of a whole sub-process is at the sub-process itself (semantics 2.13).
        if not source.is_handler and not source.is_event_subprocess:
            return scope.id
    for mapped in plan.mapped:
        handled = mapped.source.attached_to
        if handled is None or not kinds.is_compensation_event(mapped.source):
            continue
        ours, theirs = handled.compensation_handler, mapped.target.attached_to
        if ours is not None and ours.id == subscription.activity_id and theirs is not None:
            handler = theirs.compensation_handler
            return None if handler is None else handler.id
    return None


def _relocate(run: "Run", kept: Execution, plan: Plan) -> None:
    target = plan.target_of(kept.scope_activity_id)
    kept.process_definition_id = plan.target.definition.id
    kept.process_definition_key = plan.target.definition.key
    if target is not None:
        kept.scope_activity_id = target.id
    migrate(run, kept, plan)


def _forget(run: "Run", kept: Execution) -> None:
    # Children first, as everywhere: what is left never has a parent that is gone.
    for execution in reversed(run.host.tree_below(kept.id)):
        tree.remove(run, execution)
    tree.remove(run, kept)
