"""Deleting history by hand.

Source: rest contract 4.8.
"""

from app.store import Store
from app.store import deployments as rows

from .retrying import repeated


@repeated
def delete_process_instance(store: Store, instance_id: str) -> bool:
    """Delete the history of an instance that has ended.

    Returns:
        whether there was such an instance.
    """
    with store.transaction() as tx:
        return rows.remove_history_of(tx, instance_id)
