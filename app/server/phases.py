"""The phases in which connections wait in the poller."""

from collections.abc import Iterator

from .connections import Connection


class Phase:
    """The connections that wait for the same, the one whose time is up first in front."""

    def __init__(self, seconds: float, events: int, *, is_kept: bool = False) -> None:
        self.seconds = seconds
        self.events = events
        self.is_kept = is_kept  # something is kept for those within
        self.members: dict[Connection, None] = {}

    def late(self, now: float) -> Iterator[Connection]:
        """Those whose time is up; each has to leave."""
        while self.members:
            first = next(iter(self.members))
            if first.deadline > now:
                return
            yield first
