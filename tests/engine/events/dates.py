"""Due dates in the tests of this room."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.engine.events.timers import due_of, next_due

NOW = datetime(2026, 1, 31, 10, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def due(kind, text, now=NOW):
    return due_of(kind, text, now).timestamp


def firings(text, now=NOW, count=6):
    """When a cycle fires, each time at the minute when it is due."""
    found = due_of("cycle", text, now)
    times = [found.timestamp]
    while len(times) < count:
        following = next_due(found.repeat, times[-1].astimezone(now.tzinfo))
        if following is None:
            break
        times.append(following)
    return times
