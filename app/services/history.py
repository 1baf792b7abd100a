"""Deleting history: by hand, by a batch, and when its time has come.

Source: contract 4.8 and 10.7.
"""

from collections.abc import Callable
from typing import Any

from app.engine.history import metrics
from app.errors import EngineError, InvalidRequestError, NotFoundError
from app.logging import log
from app.store import Store, Transaction
from app.store.commands import batch_removal, decision_removal, history, removal

from . import process_instances, user_operations
from .batches import Kind, Part, create
from .retrying import repeated

BATCH = 500  # half of what each instance costs at 100: decision 28
BATCH_OF_SQLITE = 100  # whose writers wait for each other


@repeated
def delete_process_instance(store: Store, instance_id: str) -> bool:
    """Delete the history of an instance that has ended.

    Returns:
        whether there was such an instance.
    """
    with store.transaction() as tx:
        is_removed = removal.remove_history_of(tx, instance_id)
        # Nothing is written down of a deletion that found nothing: the caller answers it with 404.
        if is_removed:
            changes = user_operations.of_many(1, is_async=False)
            user_operations.note(tx, "DeleteHistory", "ProcessInstance", changes)
        return is_removed


def delete_by_batch(
    store: Store,
    *,
    historic_process_instance_ids: list[str | None] | None,
    historic_process_instance_query: dict[str, Any] | None,
    delete_reason: str | None = None,
) -> dict[str, Any]:
    """Delete the history of instances by a batch; unknown ones are passed over.

    Args:
        historic_process_instance_query: filters as `lists.ids` takes them.

    Raises:
        InvalidRequestError: there are none.
    """
    found = process_instances.selected(
        store,
        process_instance_ids=historic_process_instance_ids,
        process_instance_query=None,
        historic_process_instance_query=historic_process_instance_query,
    )
    ids = [i for i in found if i is not None]
    if not ids:
        raise InvalidRequestError("historicProcessInstanceIds is empty")

    def note(tx: Transaction) -> None:
        changes = user_operations.of_many(len(ids), is_async=True, deleteReason=delete_reason)
        user_operations.note(tx, "DeleteHistory", "ProcessInstance", changes)

    return create(store, DELETION, ids, {}, note=note)


def _delete(tx: Transaction, part: Part) -> None:
    """Delete the history of one instance.

    Raises:
        EngineError: it still runs.
    """
    # Gone already is done: a batch may be repeated, and instances be named that there never were.
    if not removal.remove_history_of(tx, part.id) and history.has_instance(tx, part.id):
        raise EngineError(
            f"Process instance is still running, cannot delete historic process instance: {part.id}"
        )


DELETION = Kind("historic-instance-deletion", _delete, "DELETE_FINISHED_PROCESS_INSTANCES")


@repeated
def delete_variables_of(store: Store, instance_id: str) -> None:
    """Delete all variables of an instance from its history, with their changes.

    Raises:
        NotFoundError: no such instance.
    """
    with store.transaction() as tx:
        # Running or ended: the history of both may be deleted, what runs keeps its variables.
        if not history.has_instance(tx, instance_id):
            raise NotFoundError(
                f"No historic process instance found with id: {instance_id}: instance is null"
            )
        _note_variables(tx, instance_id)
        history.remove_variables_of(tx, instance_id)


@repeated
def delete_variable(store: Store, variable_id: str) -> None:
    """Delete a variable from the history, with its changes; the one that runs stays.

    Raises:
        NotFoundError: no such variable.
    """
    with store.transaction() as tx:
        # Before the deletion: afterwards nobody could tell where it was.
        place = history.place_of_variable(tx, variable_id) if user_operations.is_noted(tx) else {}
        if not history.remove_variable(tx, variable_id):
            raise NotFoundError(
                f"No historic variable instance found with id: {variable_id}: variable is null"
            )
        changes: user_operations.Changes = {"name": (None, place.pop("name", None))}
        user_operations.note(tx, "DeleteHistory", "Variable", changes, where=place)


def _note_variables(tx: Transaction, instance_id: str) -> None:
    if user_operations.is_noted(tx):
        place = history.place_of_instance(tx, instance_id)
        user_operations.note(tx, "DeleteHistory", "Variable", where=place)


@repeated
def _remove_some(store: Store) -> tuple[int, int]:
    with store.transaction() as tx:
        return remove_some(tx)


def remove_some(tx: Transaction) -> tuple[int, int]:
    """Delete some of the history past its removal time: instances, then batches and decisions.

    Returns:
        how many of them were found, and of how many the history was deleted.
    """
    most = BATCH if tx.sql.is_postgresql else BATCH_OF_SQLITE
    found, removed = removal.remove_expired(tx, most)
    tx.counts[metrics.REMOVED_INSTANCES] += removed
    if not removed:
        # behind what instances take along: batches, and what was decided outside of them
        batches = batch_removal.remove_expired(tx, most)
        decisions = 0 if batches else decision_removal.remove_expired(tx, most)
        tx.counts[metrics.REMOVED_BATCHES] += batches
        tx.counts[metrics.REMOVED_DECISIONS] += decisions
        removed = batches + decisions
        found += removed
    return found, removed


def remove_expired(store: Store, goes_on: Callable[[int], bool] = bool) -> int:
    """Delete the history that is past its removal time, in steps that commit.

    A round that deletes nothing is the last one, whatever it has found: the next would find it too.

    Args:
        goes_on: is told of how many instances the history was deleted; whether to go on.

    Returns:
        of how many instances that it found, with all that they had called, batches and decisions.
    """
    total = 0
    while True:
        found, removed = _remove_some(store)
        if not removed:
            break
        total += found
        if not goes_on(removed):
            return total
    if found:
        log.warning("history past its time could not be removed", instances=found)
    return total
