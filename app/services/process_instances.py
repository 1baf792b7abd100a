"""Deleting and suspending process instances.

Source: contract 4.3; semantics 4.6.
"""

from typing import Any

from app.engine.execution import cancellation
from app.engine.execution.options import RunOptions
from app.engine.execution.run import Run
from app.engine.state import Execution
from app.errors import NotFoundError
from app.store import Store, Transaction

from . import lists, user_operations
from .retrying import repeated
from .views import instance_view


class UnknownInstanceError(NotFoundError):
    """No process instance has the id."""

    def __init__(self, instance_id: str) -> None:
        super().__init__(
            f"No process instance found for id '{instance_id}': processInstance is null"
        )


class NotRunningError(NotFoundError):
    """No process instance with the id is running; reads say it without a code of the engine."""

    code = None

    def __init__(self, instance_id: str) -> None:
        super().__init__(f"Process instance with id {instance_id} does not exist")


def lock(tx: Transaction, instance_id: str) -> Execution | None:
    """Lock the call hierarchy of an instance; None when it does not run."""
    execution = tx.locks.lock_execution(instance_id)
    return execution if execution is not None and execution.parent_id is None else None


@repeated
def get(store: Store, instance_id: str) -> dict[str, Any]:
    """A running process instance.

    Raises:
        NotRunningError: it does not exist, or has ended.
    """
    with store.snapshot() as snapshot:
        found = snapshot.execution_seen(instance_id)
        if found is None or found.parent_id is not None:
            raise NotRunningError(instance_id)
        return instance_view(found)


@repeated
def delete(
    store: Store,
    instance_id: str,
    *,
    skip_custom_listeners: bool = False,
    skip_io_mappings: bool = False,
    skip_subprocesses: bool = False,
    fail_if_not_exists: bool = True,
    with_history: bool = False,
) -> None:
    """Delete a process instance with those that it has called; its history stays.

    Args:
        skip_io_mappings: leave output parameters out.
        skip_subprocesses: let called instances go on.
        with_history: the caller deletes the history as well, so that outputs of sub-processes
            are not computed; those of tasks are.

    Raises:
        UnknownInstanceError: it does not exist, and that is an error.
        EngineError: an output parameter or a listener fails; nothing is deleted.

    Source: Camunda 7 ``DeleteProcessInstanceCmd``.
    """
    with store.transaction() as tx:
        instance = lock(tx, instance_id)
        if instance is None:
            if fail_if_not_exists:
                raise UnknownInstanceError(instance_id)
            return
        # With its history goes the log that would name it.
        if not with_history:
            user_operations.note(tx, "Delete", "ProcessInstance", about=instance)
        delete_locked(
            tx,
            instance,
            skip_custom_listeners=skip_custom_listeners,
            skip_io_mappings=skip_io_mappings,
            skip_subprocesses=skip_subprocesses,
            with_history=with_history,
        )


def delete_locked(
    tx: Transaction,
    instance: Execution,
    *,
    skip_custom_listeners: bool,
    skip_io_mappings: bool,
    skip_subprocesses: bool = False,
    with_history: bool = True,
    reason: str | None = None,
) -> None:
    """Delete an instance whose call hierarchy is locked, as `delete` does.

    Args:
        reason: of the deletion, which the history keeps.
    """
    options = RunOptions(
        skips_listeners=skip_custom_listeners,
        skips_mappings=skip_io_mappings,
        leaves_no_history=with_history,
    )
    run = Run(tx, options)
    cancellation.delete_process_instance(
        run, instance, reason, skips_subprocesses=skip_subprocesses
    )


def selected(
    store: Store,
    *,
    process_instance_ids: list[str | None] | None,
    process_instance_query: dict[str, Any] | None,
    historic_process_instance_query: dict[str, Any] | None,
) -> list[str | None]:
    """The ids of the instances that a group command means: listed, and found by queries.

    Args:
        process_instance_query: filters as `services.lists.ids` takes them.
    """
    found = list(process_instance_ids or [])
    if process_instance_query is not None:
        found += lists.ids(store, "process_instance", process_instance_query)
    if historic_process_instance_query is not None:
        found += lists.ids(store, "historic_process_instance", historic_process_instance_query)
    # Null stays: the commands differ in whether it is an error.
    return list(dict.fromkeys(found))
