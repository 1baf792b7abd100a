"""Signals: everybody who waits for the name hears it.

Source: engine semantics 2.9; Camunda 7 ``SignalEventReceivedCmd``, ``EventSubscriptionEntity``.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from . import triggers
from .state import EventSubscription
from .values import TypedValue

if TYPE_CHECKING:
    from .run import Run


def broadcast(
    run: "Run",
    name: str,
    tenant_id: str | None,
    variables: Mapping[str, TypedValue],
    *,
    only_tenant: bool,
) -> None:
    """Tell everybody who waits for a signal, those with start events included.

    Args:
        only_tenant: only subscriptions of this tenant, or of none when it is None.
    """
    found = run.host.signal_subscriptions(name)
    if only_tenant:
        found = [s for s in found if s.tenant_id == tenant_id]
    for subscription in reversed(found):
        if subscription.execution_id is not None:
            execution = run.host.execution(subscription.execution_id)
            run.later(deliver, execution, run, subscription, variables)
        elif subscription.configuration is not None:
            _start(run, subscription, variables)


def deliver(
    execution: object,
    run: "Run",
    subscription: EventSubscription,
    variables: Mapping[str, TypedValue],
) -> None:
    """Let an event happen to the execution that has subscribed to it."""
    del execution
    if run.records.get(EventSubscription, subscription.id) is None:
        return  # another receiver of the same signal has ended its scope
    receiver = run.host.execution(subscription.execution_id or "")
    event = run.graph_of(receiver).activities[subscription.activity_id or ""]
    if (event.attached_to is None and receiver.scope_activity_id == event.id) or (
        event.is_interrupting and event.attached_to is not None
    ):
        run.records.remove(subscription)
    run.variables.set_all(receiver, variables)
    triggers.trigger(run, receiver, event)


def _start(
    run: "Run", subscription: EventSubscription, variables: Mapping[str, TypedValue]
) -> None:
    from . import starting

    definition = run.host.definition(subscription.configuration or "")
    if definition is None or definition.is_suspended:
        return
    graph = run.host.graph(definition.id)
    event = graph.activities[subscription.activity_id or ""]
    starting.begin_at(run, graph, variables, event)
