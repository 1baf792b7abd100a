"""Correlating messages with executions and definitions.

Source: contract 4.5; semantics 2.9; Camunda 7 ``CorrelateMessageCmd``,
``DefaultCorrelationHandler``.
"""

from collections.abc import Mapping
from typing import Any

from app.engine.events import triggers
from app.engine.execution import starting
from app.engine.execution.run import Run
from app.engine.state import EventSubscription, Execution, ProcessDefinition
from app.engine.state.values import TypedValue
from app.errors import BadUserRequestError, InvalidRequestError, MismatchingCorrelationError
from app.security.needs import START, UPDATE
from app.store import Store, Transaction
from app.store.commands import subscriptions

from . import permits
from .executions import NotWaitingError
from .permits import of_definition, of_instance
from .retrying import repeated
from .views import instance_view

Values = Mapping[str, TypedValue]


@repeated
def correlate(
    store: Store,
    *,
    message_name: str | None,
    business_key: str | None,
    correlation_keys: Values,
    local_correlation_keys: Values,
    process_variables: Values,
    process_variables_local: Values,
    process_variables_to_triggered_scope: Values,
    process_instance_id: str | None,
    tenant_id: str | None,
    without_tenant_id: bool,
    all: bool,  # noqa: A002
    result_enabled: bool,
    variables_in_result_enabled: bool,
) -> list[dict[str, Any]]:
    """Deliver a message to the one execution that waits for it, or start an instance with it.

    Args:
        all: deliver it to all that match.
        result_enabled: the answer is wanted.

    Returns:
        one result for each receiver: ``result_type``, ``execution`` or ``process_instance``, and
        ``variables`` when they are asked for.

    Raises:
        InvalidRequestError: the arguments contradict each other.
        MismatchingCorrelationError: none matches, or more than one.
        EngineError: a correlation key has a value that cannot be looked for.
        AuthorizationError: the user may not move or start one of the receivers.
    """
    # The service knows the results anyway; whether they are answered is for the view.
    del result_enabled
    # The name is missed before the tenants contradict each other.
    name = _named(message_name)
    _refuse_tenants(tenant_id, without_tenant_id, process_instance_id)
    wanted = subscriptions.Correlation(
        message_name=name,
        business_key=business_key,
        process_instance_id=process_instance_id,
        correlation_keys=dict(correlation_keys),
        local_correlation_keys=dict(local_correlation_keys),
        tenant_id=tenant_id,
        is_tenant_set=tenant_id is not None or without_tenant_id,
    )
    handed = (process_variables, process_variables_local, process_variables_to_triggered_scope)
    with store.transaction() as tx:
        return _correlate(tx, wanted, handed, all, variables_in_result_enabled)


def _correlate(
    tx: Transaction,
    wanted: subscriptions.Correlation,
    handed: tuple[Values, Values, Values],
    is_for_all: bool,
    with_variables: bool,
) -> list[dict[str, Any]]:
    waiting = subscriptions.waiting(tx, wanted)
    # an execution that waits has precedence over a start, unless all are meant
    starts = [] if waiting and not is_for_all else subscriptions.starting(tx, wanted)
    if not is_for_all:
        _require_one(wanted, len(waiting), len(starts))
    # All receivers before any of them hears it: a message is delivered to all or to none.
    if tx.asked is not None:
        permits.demand(tx, UPDATE, [of_instance(_receiver(tx, found)) for found in waiting])
        permits.demand(tx, START, [of_definition(_started(tx, found)) for found in starts])
    answer = {"with_variables": with_variables}
    results = [deliver(tx, found, handed, **answer) for found in waiting]
    return results + [_start(tx, found, wanted.business_key, handed, **answer) for found in starts]


def _receiver(tx: Transaction, subscription: EventSubscription) -> Execution:
    return tx.execution(subscription.execution_id or "")


def _started(tx: Transaction, subscription: EventSubscription) -> ProcessDefinition:
    return tx.graph(subscription.configuration or "").definition


def _named(message_name: str | None) -> str:
    if message_name is None:
        raise InvalidRequestError("No message name supplied")
    return message_name


def _refuse_tenants(
    tenant_id: str | None, without_tenant_id: bool, process_instance_id: str | None
) -> None:
    """Refuse a tenant that contradicts the other arguments."""
    if tenant_id is not None and without_tenant_id:
        raise InvalidRequestError(
            "Parameter 'tenantId' cannot be used together with parameter 'withoutTenantId'."
        )
    if process_instance_id is not None and (tenant_id is not None or without_tenant_id):
        raise BadUserRequestError(
            "ENGINE-13028 Cannot specify a tenant-id when correlate a message to a single process "
            "instance."
        )


def _require_one(wanted: subscriptions.Correlation, waiting: int, starts: int) -> None:
    """Refuse a message that has no receiver, or several."""
    name = wanted.message_name or ""
    if waiting > 1:
        raise MismatchingCorrelationError.ambiguous(name, waiting, str(wanted))
    if starts > 1:
        raise MismatchingCorrelationError.ambiguous_start(name, starts, str(wanted))
    if not waiting and not starts:
        raise MismatchingCorrelationError.unmatched(name)


def deliver(
    tx: Transaction,
    subscription: EventSubscription,
    handed: tuple[Values, Values, Values],
    *,
    with_variables: bool,
) -> dict[str, Any]:
    """Let the message happen to an execution.

    Raises:
        NotWaitingError: another receiver of the same message has ended it.
    """
    if tx.records.get(EventSubscription, subscription.id) is None:
        raise NotWaitingError(subscription.execution_id, subscription.event_name)
    run = Run(tx)
    execution = tx.execution(subscription.execution_id or "")
    instance = tx.execution(execution.process_instance_id)
    if with_variables:
        # Before the instance may end, and its rows go.
        run.variables.load_all([instance])
    event = run.graph_of(execution).activities[subscription.activity_id or ""]
    # Set before the event happens, whose mappings and conditions see them.
    run.variables.set_all(execution, handed[0])
    run.variables.set_all_local(execution, handed[1])
    # A catch event, or what interrupts, hears it once; other events stay subscribed.
    own = execution.scope_activity_id == event.id and event.attached_to is None
    if own or (event.attached_to is not None and event.is_interrupting):
        tx.records.remove(subscription)
    # For the scope that the event opens, which is not there yet.
    run.triggered_variables = dict(handed[2])
    run.notify_changes()
    triggers.trigger(run, execution, event)
    run.perform()
    result: dict[str, Any] = {
        "result_type": "Execution",
        "execution": {
            "id": execution.id,
            "process_instance_id": execution.process_instance_id,
            "is_ended": tx.records.is_removed(Execution, execution.id),
            "tenant_id": execution.tenant_id,
        },
        "process_instance": None,
    }
    if with_variables:
        result["variables"] = run.variables.at_end_of(instance, handed[0])
    return result


def _start(
    tx: Transaction,
    subscription: EventSubscription,
    business_key: str | None,
    handed: tuple[Values, Values, Values],
    *,
    with_variables: bool,
) -> dict[str, Any]:
    """Start an instance at its message start event."""
    run = Run(tx)
    graph = tx.graph(subscription.configuration or "")
    event = graph.activities[subscription.activity_id or ""]
    # A new instance has one scope: all three sets are its own.
    values = {**handed[0], **handed[1], **handed[2]}
    instance = starting.start(run, graph, values, business_key=business_key, at=event)
    result: dict[str, Any] = {
        "result_type": "ProcessDefinition",
        "execution": None,
        "process_instance": instance_view(
            instance, is_ended=tx.records.is_removed(Execution, instance.id)
        ),
    }
    if with_variables:
        result["variables"] = run.variables.at_end_of(instance, values)
    return result
