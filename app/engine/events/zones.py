"""Clocks on the wall: what a date and time without a zone means where clocks are put forward."""

from datetime import UTC, datetime, tzinfo


def at_wall(timestamp: datetime, zone: tzinfo | None) -> datetime:
    """The timestamp, in UTC, when the clocks of a zone show a date and time.

    A time shown twice is the first; one left out is as much later as the clocks are put forward.
    """
    # fold=0 also for an hour that does not exist: Python then counts with the offset from before.
    return timestamp.replace(tzinfo=zone, fold=0).astimezone(UTC)
