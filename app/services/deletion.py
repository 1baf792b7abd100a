"""Deleting all that a definition has left behind, in batches that commit."""

from app.errors import NotFoundError
from app.store import Store
from app.store import deployments as rows

from . import process_instances
from .retrying import repeated

BATCH = 500


def delete_instances_of(
    store: Store, definition_id: str, *, skip_custom_listeners: bool, skip_io_mappings: bool
) -> None:
    """Delete the running instances of a definition, then its history.

    Raises:
        EngineError: an output parameter or listener of an instance fails.
    """
    while True:
        with store.reading() as connection:
            found = rows.instances_of(connection, definition_id, BATCH)
        if not found:
            break
        for instance_id in found:
            try:
                process_instances.delete(
                    store,
                    instance_id,
                    skip_custom_listeners=skip_custom_listeners,
                    skip_io_mappings=skip_io_mappings,
                )
            except NotFoundError:
                continue  # it went with its caller
    while _delete_history(store, definition_id):
        pass


@repeated
def _delete_history(store: Store, definition_id: str) -> int:
    with store.transaction() as tx:
        return rows.remove_history(tx, definition_id, BATCH)
