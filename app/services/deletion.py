"""Deleting all that a definition has left behind, in batches that commit."""

from collections.abc import Sequence
from functools import partial

from app.engine.state import Execution, ProcessDefinition
from app.errors import EngineError, NotFoundError
from app.store import Store, Transaction
from app.store.commands import decision_deployments, removal

from . import process_instances
from .retrying import repeated

BATCH = 500


class RunningInstancesError(EngineError):
    """A definition with running instances is not deleted without them."""

    def __init__(self, definition_id: str, count: int) -> None:
        super().__init__(
            "ENGINE-03076 Deletion of process definition without cascading failed. Process "
            f"definition with id: {definition_id} can't be deleted, because there are {count} "
            "dependent process instances."
        )


def delete_instances_of(
    store: Store, definition_id: str, *, skip_custom_listeners: bool, skip_io_mappings: bool
) -> None:
    """Delete the running instances of a definition, then the history of the ended ones.

    Raises:
        EngineError: an output parameter or listener of an instance fails.
    """
    # one transaction an instance: a definition may have more of them than one could lock
    before: list[str] = []
    while True:
        with store.reading() as connection:
            found = removal.instances_of(connection, definition_id, BATCH)
        if not found:
            break
        if found == before:  # or the loop would never end
            raise EngineError(f"Process instance '{found[0]}' cannot be deleted")
        before = found
        for instance_id in found:
            try:
                process_instances.delete(
                    store,
                    instance_id,
                    skip_custom_listeners=skip_custom_listeners,
                    skip_io_mappings=skip_io_mappings,
                    with_history=True,
                )
            except NotFoundError:
                continue  # it went with its caller
    # Of those alone that have ended: one that has started meanwhile is for `remove_definitions`.
    while _delete_history(store, definition_id, is_ended=True):
        pass


@repeated
def _delete_history(store: Store, definition_id: str, *, is_ended: bool) -> int:
    with store.transaction() as tx:
        return removal.remove_history(tx, definition_id, BATCH, is_ended=is_ended)


def delete_decision_instances_of(store: Store, definition_ids: Sequence[str]) -> None:
    """Delete what some decisions have decided."""
    for definition_id in definition_ids:
        while _delete_decision_instances(store, definition_id):
            pass


@repeated
def _delete_decision_instances(store: Store, definition_id: str) -> int:
    with store.transaction() as tx:
        return decision_deployments.remove_instances(tx, definition_id, BATCH)


def remove_definitions(
    tx: Transaction,
    definitions: Sequence[ProcessDefinition],
    *,
    cascade: bool,
    skip_custom_listeners: bool,
    skip_io_mappings: bool,
) -> None:
    """Delete definitions of which no instance can start any more, for they are locked here.

    Args:
        cascade: with the instances that have started in the meantime.

    Raises:
        RunningInstancesError: there are instances, and they are not to be deleted.
        EngineError: an output parameter or listener of an instance fails.
    """
    for definition in removal.lock_definitions(tx, definitions):
        # Behind the lock of the definition: from here on none starts.
        found = removal.running(tx, definition.id)
        if found and not cascade:
            raise RunningInstancesError(definition.id, len(found))
        for instance in tx.locks.lock_all(partial(removal.running, tx, definition.id)):
            if not tx.records.is_removed(Execution, instance.id):  # with its caller
                process_instances.delete_locked(
                    tx,
                    tx.execution(instance.id),
                    skip_custom_listeners=skip_custom_listeners,
                    skip_io_mappings=skip_io_mappings,
                )
        removal.remove_definition(tx, definition)


def forget(store: Store, definitions: Sequence[ProcessDefinition], *, cascade: bool) -> None:
    """Remove the compiled graphs of deleted definitions, and all their history."""
    for definition in definitions:
        # behind the commit, or another command could compile it once more and keep it
        store.definitions.forget(definition.id)
        # Also of what ended meanwhile: nothing is left that could show it.
        while cascade and _delete_history(store, definition.id, is_ended=False):
            pass
