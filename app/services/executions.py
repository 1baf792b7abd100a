"""Triggers for one execution: a signal where it waits, a message to its subscription.

Source: contract 9; Camunda 7 ``SignalCmd``,
``MessageEventReceivedCmd``.
"""

from collections.abc import Mapping

from app.engine.events import signals
from app.engine.execution import signaling
from app.engine.execution.run import Run
from app.engine.state.values import TypedValue
from app.errors import EngineError, NullValueError
from app.store import Store

from .retrying import repeated


class UnknownExecutionError(NullValueError):
    """No execution has the id."""

    def __init__(self, execution_id: str) -> None:
        super().__init__(f"execution {execution_id} doesn't exist: execution is null")


class NotWaitingError(EngineError):
    """An execution does not wait for a message, or is gone."""

    def __init__(self, execution_id: str | None, message_name: str | None) -> None:
        super().__init__(
            f"Execution with id '{execution_id}' does not have a subscription to a message "
            f"event with name '{message_name}': eventSubscriptions is empty"
        )


@repeated
def signal(store: Store, execution_id: str, *, variables: Mapping[str, TypedValue]) -> None:
    """Resume the activity at which an execution waits.

    Raises:
        UnknownExecutionError: no such execution.
        SuspendedEntityInteractionError: it is suspended.
        EngineError: it waits at nothing that a signal resumes.
    """
    with store.transaction() as tx:
        execution = tx.locks.lock_execution(execution_id)
        if execution is None:
            raise UnknownExecutionError(execution_id)
        run = Run(tx)
        signaling.signal(run, execution, variables)
        run.perform()


@repeated
def trigger_message(
    store: Store, execution_id: str, message_name: str, *, variables: Mapping[str, TypedValue]
) -> None:
    """Deliver a message to the execution that has subscribed to it.

    Raises:
        SuspendedEntityInteractionError: it is suspended.
        NotWaitingError: there is no such execution, or it has not subscribed to the message.
    """
    with store.transaction() as tx:
        execution = tx.locks.lock_execution(execution_id)
        found = [
            s
            for s in tx.subscriptions_of([execution_id])
            # A signal may have the same name.
            if s.event_type == "message" and s.event_name == message_name
        ]
        # One error for both: an unknown execution has no subscription either.
        if execution is None or not found:
            raise NotWaitingError(execution_id, message_name)
        run = Run(tx)
        signals.deliver(execution, run, found[0], variables)
        run.perform()
