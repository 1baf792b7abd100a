"""Signals: everybody who waits for the name hears it.

Source: semantics 2.9; Camunda 7 ``SignalEventReceivedCmd``, ``EventSubscriptionEntity``.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.engine.execution import incidents, starting, suspended
from app.engine.history.history import CREATED, SUCCESSFUL
from app.engine.jobs import jobs
from app.engine.state import EventSubscription, Job
from app.engine.state.values import TypedValue

from . import triggers

if TYPE_CHECKING:
    from app.engine.execution.host import Host
    from app.engine.execution.protocol import Run


def broadcast(
    run: "Run",
    name: str,
    tenant_id: str | None,
    variables: Mapping[str, TypedValue],
    *,
    only_tenant: bool,
    business_key: str | None = None,
    is_async: bool = False,
) -> None:
    """Tell everybody who waits for a signal, those with start events included.

    Args:
        only_tenant: only subscriptions of this tenant, or of none when it is None.
        business_key: of the instances that the signal starts.
        is_async: each receiver hears it by a job of its own, which knows no variables.
    """
    found = receivers(run.host, name, tenant_id, only_tenant=only_tenant)
    if is_async:
        for subscription in found:
            _add_job(run, subscription)
        return
    # The agenda is last in first out: reversed, so that who has subscribed first hears it first.
    for subscription in reversed(found):
        _hear(run, subscription, variables, business_key)


def receivers(
    host: "Host", name: str, tenant_id: str | None, *, only_tenant: bool
) -> list[EventSubscription]:
    """The subscriptions that a signal reaches, in their order: none of suspended executions.

    Source: semantics 4.6; Camunda 7 ``EventSubscriptionManager``.
    """
    # All receivers' hierarchies are locked by then, in one order: two broadcasts that cross could
    # deadlock otherwise (decision 3).
    found = host.signal_subscriptions(name)
    return [
        s
        for s in found
        if not (only_tenant and s.tenant_id != tenant_id)
        and not (s.execution_id is not None and host.execution(s.execution_id).is_suspended)
    ]


def _hear(
    run: "Run",
    subscription: EventSubscription,
    variables: Mapping[str, TypedValue],
    business_key: str | None,
) -> None:
    """Let a signal reach one receiver."""
    if subscription.execution_id is not None:
        execution = run.host.execution(subscription.execution_id)
        # By the agenda, not at once: a receiver may end others, which are then left out.
        run.later(deliver, execution, run, subscription, variables)
    elif subscription.configuration is not None:
        _start(run, subscription, variables, business_key)


def _add_job(run: "Run", subscription: EventSubscription) -> None:
    """Make the job by which one receiver hears a signal.

    Source: Camunda 7 ``EventSubscriptionJobDeclaration``.
    """
    if subscription.execution_id is not None:
        execution = run.host.execution(subscription.execution_id)
        event = run.graph_of(execution).activities[subscription.activity_id or ""]
        jobs.create(run, execution, event, jobs.EVENT, configuration=subscription.id)
        return
    definition = run.host.definition(subscription.configuration or "")
    if definition is None:
        return
    job = Job(
        id=run.host.new_id(),
        kind=jobs.EVENT,
        create_time=run.host.now,
        retries=jobs.DEFAULT_RETRIES,
        priority=0,
        is_exclusive=True,
        configuration=subscription.id,
        activity_id=subscription.activity_id,
        process_definition_id=definition.id,
        process_definition_key=definition.key,
        deployment_id=definition.deployment_id,
        tenant_id=subscription.tenant_id,
    )
    run.records.add(job)
    run.history.job(job, CREATED)


def execute_job(run: "Run", job: Job, subscription: EventSubscription | None) -> None:
    """Let the receiver of an asynchronous signal hear it; one that is gone hears nothing.

    Raises:
        SuspendedEntityInteractionError: its instance is suspended.

    Source: Camunda 7 ``ProcessEventJobHandler``.
    """
    if job.execution_id is not None:
        suspended.refuse(run.host.execution(job.execution_id))
    # Before the event: a run that ends the scope must not meet its own job.
    run.records.remove(job)
    run.history.job(job, SUCCESSFUL)
    incidents.end_about(run, job.id)
    if subscription is not None:
        _hear(run, subscription, {}, None)
    run.perform()


def deliver(
    execution: object,
    run: "Run",
    subscription: EventSubscription,
    variables: Mapping[str, TypedValue],
) -> None:
    """Let an event happen to the execution that has subscribed to it."""
    # Named for the agenda alone, which drops the steps of executions that are gone.
    del execution
    if run.records.get(EventSubscription, subscription.id) is None:
        return  # another receiver of the same signal has ended its scope
    receiver = run.host.execution(subscription.execution_id or "")
    event = run.graph_of(receiver).activities[subscription.activity_id or ""]
    # A catch event is passed once, an interrupting boundary cancels its scope; others may hear the
    # next signal.
    if (event.attached_to is None and receiver.scope_activity_id == event.id) or (
        event.is_interrupting and event.attached_to is not None
    ):
        run.records.remove(subscription)
    run.variables.set_all(receiver, variables)
    triggers.trigger(run, receiver, event)


def _start(
    run: "Run",
    subscription: EventSubscription,
    variables: Mapping[str, TypedValue],
    business_key: str | None,
) -> None:
    definition = run.host.definition(subscription.configuration or "")
    # A suspended definition is passed over, others still start (semantics 2.4).
    if definition is None or definition.is_suspended:
        return
    graph = run.host.graph(definition.id)
    event = graph.activities[subscription.activity_id or ""]
    starting.begin_at(run, graph, variables, event, business_key)
