"""Batches of process instances: deleted, suspended, given variables or a message.

Source: contract 10.6; Camunda 7 ``DeleteProcessInstanceBatchCmd``,
``UpdateProcessInstancesSuspendStateBatchCmd``, ``SetVariablesToProcessInstancesBatchCmd``,
``CorrelateAllMessageBatchCmd``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.engine.execution.run import Run
from app.engine.state import EventSubscription
from app.engine.state.values import TypedValue
from app.errors import BadUserRequestError, InvalidRequestError, NullValueError
from app.store import Store, Transaction
from app.store.commands import subscriptions, suspension

from . import lists, messages, process_instances, user_operations
from .batches import Kind, Part, create, variables_of
from .suspension import of_group

Filters = dict[str, Any]
Values = Mapping[str, TypedValue]
SELECTORS = (
    "process_instance_ids",
    "process_instance_query",
    "historic_process_instance_query",
)


def _is_empty(selection: Mapping[str, Any]) -> bool:
    """Whether nothing says which instances are meant."""
    # An empty list says something: no instances, which the commands refuse in other words.
    return all(selection[name] is None for name in SELECTORS)


def _selected(store: Store, selection: Mapping[str, Any]) -> list[str]:
    """The ids of the instances that are meant; a null among them means none."""
    found = process_instances.selected(store, **selection)
    return [instance_id for instance_id in found if instance_id is not None]


def _running(store: Store, ids: Sequence[str]) -> list[str]:
    """Those of some instances that run, in their order."""
    found: set[str] = set()
    for some in lists.portions(ids):
        # They were found for the user, or named: whether one runs is nobody's secret here, for a
        # batch may only be made by who may have one.
        found.update(
            lists.ids(store.acting_for(None), "process_instance", {"process_instance_ids": some})
        )
    return [instance_id for instance_id in ids if instance_id in found]


# -- deletion -------------------------------------------------------------------------------


def delete(
    store: Store,
    *,
    delete_reason: str | None,
    skip_custom_listeners: bool,
    skip_io_mappings: bool,
    skip_subprocesses: bool,
    **selection: Any,
) -> dict[str, Any]:
    """Delete instances by a batch; those that do not run by then are passed over.

    Args:
        selection: as `process_instances.selected` takes it.

    Raises:
        InvalidRequestError: there are none.
    """
    ids = _selected(store, selection)
    if not ids:
        raise InvalidRequestError("processInstanceIds is empty")
    arguments = {
        "reason": delete_reason,
        "skip_custom_listeners": skip_custom_listeners,
        "skip_io_mappings": skip_io_mappings,
        "skip_subprocesses": skip_subprocesses,
    }
    note = _note_of("Delete", len(ids), deleteReason=delete_reason)
    return create(store, DELETION, ids, arguments, note=note)


def _note_of(operation: str, count: int, **properties: object) -> Callable[[Transaction], None]:
    """Writes down who wants something for many instances."""
    changes = user_operations.of_many(count, is_async=True, **properties)

    def note(tx: Transaction) -> None:
        user_operations.note(tx, operation, "ProcessInstance", changes)

    return note


def _delete(tx: Transaction, part: Part) -> None:
    instance = process_instances.lock(tx, part.id)
    # Gone since the batch was made, which is what the batch wants.
    if instance is not None:
        process_instances.delete_locked(tx, instance, with_history=False, **part.arguments)


DELETION = Kind("instance-deletion", _delete, "DELETE_RUNNING_PROCESS_INSTANCES")


# -- suspension -----------------------------------------------------------------------------


def set_suspended(store: Store, *, suspended: bool, **selection: Any) -> dict[str, Any]:
    """Suspend or activate instances by a batch; unknown ones are passed over.

    Args:
        selection: as `process_instances.selected` takes it.

    Raises:
        InvalidRequestError: nothing says which instances are meant.
        BadUserRequestError: there are none, or an id is null.
    """
    if _is_empty(selection):
        raise InvalidRequestError(
            "Either processInstanceIds, processInstanceQuery or historicProcessInstanceQuery "
            "should be set to update the suspension state."
        )
    # The other batches pass a null over: each command of the reference has its own way.
    if None in (selection["process_instance_ids"] or ()):
        raise InvalidRequestError("Cannot be null.: Process Instance ids contains null value")
    ids = _selected(store, selection)
    if not ids:
        raise InvalidRequestError("No process instance ids given: process Instance Ids is empty")
    note = _note_of(of_group(suspended), len(ids))
    return create(store, SUSPENSION, ids, {"suspended": suspended}, note=note)


def _set_suspended(tx: Transaction, part: Part) -> None:
    # By its id alone: what has ended meanwhile is passed over.
    suspension.set_instances(tx, [part.id], part.arguments["suspended"])


SUSPENSION = Kind(
    "instance-update-suspension-state", _set_suspended, "UPDATE_PROCESS_INSTANCES_SUSPEND"
)


# -- variables ------------------------------------------------------------------------------


def set_variables(store: Store, *, variables: Values | None, **selection: Any) -> dict[str, Any]:
    """Set variables in the scope of instances, by a batch at which they wait.

    Args:
        selection: as `process_instances.selected` takes it; what does not run is passed over.

    Raises:
        InvalidRequestError: there are no variables, or nothing says which instances are meant.
        BadUserRequestError: there are none of either.
    """
    # None is missing, an empty map is too few: each has its own error and type (contract 10.6).
    if variables is None:
        raise InvalidRequestError("variables is null")
    if _is_empty(selection):
        raise InvalidRequestError("No process instances found.")
    if not variables:
        raise BadUserRequestError("variables is empty")
    # Unknown ids and what has ended do not count: the reference looks for the definition of each.
    ids = _running(store, _selected(store, selection))
    if not ids:
        raise BadUserRequestError("processInstanceIds is empty")
    note = _note_of("SetVariables", len(ids), nrOfVariables=len(variables))
    return create(store, VARIABLES, ids, {}, variables=variables, note=note)


def _set_variables(tx: Transaction, part: Part) -> None:
    """Set the variables of the batch at one instance.

    Raises:
        NullValueError: it does not run.
    """
    instance = process_instances.lock(tx, part.id)
    if instance is None:
        raise NullValueError(f"execution {part.id} doesn't exist: execution is null")
    run = Run(tx)
    run.variables.set_all(instance, variables_of(tx, part))
    # As by the API: what waits for a condition sees the new variables.
    run.notify_changes()
    run.perform()


VARIABLES = Kind("set-variables", _set_variables, "SET_VARIABLES")


# -- messages -------------------------------------------------------------------------------


def correlate(
    store: Store, *, message_name: str | None, variables: Values, **selection: Any
) -> dict[str, Any]:
    """Deliver a message to all that waits for it in instances, by a batch.

    Args:
        message_name: None means any.
        selection: as `process_instances.selected` takes it.

    Raises:
        InvalidRequestError: nothing says which instances are meant.
        BadUserRequestError: there are none.
    """
    if _is_empty(selection):
        raise InvalidRequestError("No process instances found.")
    ids = _selected(store, selection)
    if not ids:
        raise BadUserRequestError(
            "Process instance ids cannot be empty: process instance ids is empty"
        )
    properties = {"messageName": message_name, "nrOfVariables": len(variables)}
    note = _note_of("CorrelateMessage", len(ids), **properties)
    arguments = {"message_name": message_name}
    return create(store, MESSAGE, ids, arguments, variables=variables, note=note)


def _correlate(tx: Transaction, part: Part) -> None:
    """Deliver the message to what waits for it in one instance, which may be nothing."""
    wanted = subscriptions.Correlation(part.arguments["message_name"], process_instance_id=part.id)
    # All are the instance's: a message of a batch knows no local ones.
    handed: tuple[Values, Values, Values] = (variables_of(tx, part), {}, {})
    for found in subscriptions.waiting(tx, wanted):
        # one delivery may end what else the instance waited for
        if tx.records.get(EventSubscription, found.id) is not None:
            messages.deliver(tx, found, handed, with_variables=False)


MESSAGE = Kind("correlate-message", _correlate, "CORRELATE_MESSAGE")
KINDS: Sequence[Kind] = (DELETION, SUSPENSION, VARIABLES, MESSAGE)
