"""The look for free external tasks while polls wait.

Source: decision 29.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from app.instruments import Instruments
from app.store.connections.wakeups import Wakeups
from app.store.lists.external_tasks import free_topics

LOOK_SECONDS = 1.0  # from one look for tasks to the next
LOOK_SECONDS_ALONE = 0.1  # the same on SQLite, where a query is a read of the file


def wakeups_of(
    instruments: Instruments,
    reading: Callable[[], AbstractContextManager[Connection]],
    has_notifications: Callable[[], bool],
) -> Wakeups:
    """The `Wakeups` of the polls of a store.

    Args:
        reading: gives a connection that reads.
        has_notifications: whether processes can tell each other of new tasks.
    """

    def look(topics: list[str]) -> list[str]:
        with reading() as connection:
            return free_topics(connection, topics)

    def pause() -> float:
        return LOOK_SECONDS if has_notifications() else LOOK_SECONDS_ALONE

    return Wakeups(instruments, look, pause)
