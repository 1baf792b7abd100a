"""When the history of something is to be removed.

Source: contract 4.8; Camunda 7 ``DefaultHistoryRemovalTimeProvider``.
"""

from datetime import datetime, timedelta

from app.engine.events.timers import NEVER


def removal_time(end: datetime | None, days: int | None) -> datetime | None:
    """The removal time of what has ended; None for what has not, or is kept for ever.

    Args:
        days: the time to live; beyond the last year that there is it makes no difference.
    """
    if end is None or days is None:
        return None
    try:
        return end + timedelta(days=days)
    # Anything that is kept for millennia is kept for ever: an operator's number is no error.
    except OverflowError:
        return NEVER
