"""Signals from outside.

Source: contract 9; Camunda 7 ``SignalEventReceivedCmd``.
"""

from collections.abc import Mapping

from app.engine.events import signals
from app.engine.execution.run import Run
from app.engine.state import EventSubscription
from app.engine.state.values import TypedValue
from app.errors import BadUserRequestError, EngineError, InvalidRequestError, NullValueError
from app.security.needs import START, UPDATE
from app.store import Store, Transaction

from . import permits
from .permits import of_definition, of_instance
from .retrying import repeated


class NotSubscribedError(EngineError):
    """An execution does not wait for a signal."""


@repeated
def deliver(
    store: Store,
    *,
    name: str | None,
    execution_id: str | None,
    variables: Mapping[str, TypedValue],
    tenant_id: str | None,
    without_tenant_id: bool,
) -> None:
    """Throw a signal to all subscriptions or to one execution; it is no error if none is there.

    Raises:
        InvalidRequestError: no name.
        BadUserRequestError: an execution and a tenant.
        NullValueError: there is no such execution.
        NotSubscribedError: the execution does not wait for the signal.
        AuthorizationError: the user may not move or start one of the receivers.
    """
    if name is None:
        raise InvalidRequestError("No signal name given")
    # Both tenant fields at once are no error here, as they are for messages (contract 9).
    if execution_id is not None and (tenant_id is not None or without_tenant_id):
        raise BadUserRequestError(
            "ENGINE-13027 Cannot specify a tenant-id when deliver a signal to a single execution."
        )
    with store.transaction() as tx:
        run = Run(tx)
        if execution_id is None:
            only_tenant = tenant_id is not None or without_tenant_id
            # All receivers before any of them hears it, behind the locks that the broadcast needs
            # as well.
            _demand(tx, name, tenant_id, only_tenant=only_tenant)
            signals.broadcast(
                run,
                name,
                tenant_id,
                variables,
                only_tenant=only_tenant,
            )
            run.perform()
            return
        execution = tx.locks.lock_execution(execution_id)
        if execution is None:
            raise NullValueError(
                f"Cannot find execution with id '{execution_id}': execution is null"
            )
        permits.demand(tx, UPDATE, [of_instance(execution)])
        signals.deliver(execution, run, _subscription(tx, execution_id, name), variables)
        run.perform()


def _demand(tx: Transaction, name: str, tenant_id: str | None, *, only_tenant: bool) -> None:
    """Refuse a signal, unless the user may move and start all that hear it."""
    if tx.asked is None:
        return
    heard = signals.receivers(tx, name, tenant_id, only_tenant=only_tenant)
    # A subscription waits in an instance, or starts one by its definition: never both.
    waiting = [tx.execution(s.execution_id) for s in heard if s.execution_id is not None]
    started = [tx.graph(s.configuration).definition for s in heard if s.configuration is not None]
    permits.demand(tx, UPDATE, [of_instance(execution) for execution in waiting])
    permits.demand(tx, START, [of_definition(definition) for definition in started])


def _subscription(tx: Transaction, execution_id: str, name: str) -> EventSubscription:
    for found in tx.subscriptions_of([execution_id]):
        if found.event_type == "signal" and found.event_name == name:
            return found
    raise NotSubscribedError(
        f"Execution '{execution_id}' has not subscribed to a signal event with name '{name}'. "
        "is empty"
    )
