"""Deleting all that a definition has left behind, in batches that commit."""

from app.errors import EngineError, NotFoundError
from app.store import Store
from app.store.commands import removal as rows

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
    """Delete the running instances of a definition, then its history.

    Raises:
        EngineError: an output parameter or listener of an instance fails.
    """
    before: list[str] = []
    while True:
        with store.reading() as connection:
            found = rows.instances_of(connection, definition_id, BATCH)
        if not found:
            break
        if found == before:
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
    while _delete_history(store, definition_id):
        pass


@repeated
def _delete_history(store: Store, definition_id: str) -> int:
    with store.transaction() as tx:
        return rows.remove_history(tx, definition_id, BATCH)
