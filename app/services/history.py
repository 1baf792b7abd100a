"""Deleting history: by hand, and when its time has come.

Source: rest contract 4.8.
"""

from app.store import Store
from app.store.commands import removal as rows

from .retrying import repeated


@repeated
def delete_process_instance(store: Store, instance_id: str) -> bool:
    """Delete the history of an instance that has ended.

    Returns:
        whether there was such an instance.
    """
    with store.transaction() as tx:
        return rows.remove_history_of(tx, instance_id)


BATCH = 100


@repeated
def _remove_batch(store: Store) -> int:
    with store.transaction() as tx:
        return rows.remove_expired(tx, BATCH)


def remove_expired(store: Store) -> int:
    """Delete the history of root instances past their removal time, in batches that commit.

    Returns:
        of how many root instances, with all that they had called.
    """
    total = 0
    while removed := _remove_batch(store):
        total += removed
    return total
