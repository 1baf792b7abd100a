"""Deleting history: by hand, and when its time has come.

Source: contract 4.8.
"""

import structlog

from app.store import Store
from app.store.commands import decision_removal, removal

from .retrying import repeated

log = structlog.get_logger()
BATCH = 100


@repeated
def delete_process_instance(store: Store, instance_id: str) -> bool:
    """Delete the history of an instance that has ended.

    Returns:
        whether there was such an instance.
    """
    with store.transaction() as tx:
        return removal.remove_history_of(tx, instance_id)


@repeated
def _remove_batch(store: Store) -> tuple[int, int]:
    with store.transaction() as tx:
        return removal.remove_expired(tx, BATCH)


@repeated
def _remove_decisions(store: Store) -> int:
    with store.transaction() as tx:
        return decision_removal.remove_expired(tx, BATCH)


def remove_expired(store: Store) -> int:
    """Delete the history of root instances past their removal time, in batches that commit.

    What was decided outside of instances goes with it.

    A round that deletes nothing is the last one, whatever it has found: the next would find it too.

    Returns:
        of how many root instances, with all that they had called.
    """
    total = 0
    while True:
        found, removed = _remove_batch(store)
        if not removed:
            break
        total += found
    while _remove_decisions(store) == BATCH:
        pass
    if found:
        log.warning("history past its time could not be removed", instances=found)
    return total
