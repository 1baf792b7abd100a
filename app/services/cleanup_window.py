"""When history past its time is removed.

Source: contract 10.7; Camunda 7 ``DefaultBatchWindowManager``.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """A part of each day; without a text the whole day.

    Args:
        text: as ``22:00-06:00``; one that ends before it begins goes over midnight.
        zone: of its times.
    """

    text: str = ""
    zone: tzinfo = UTC

    def is_open(self, timestamp: datetime) -> bool:
        """Whether a time is in it."""
        found = self.at(timestamp)
        return found is None or found[0] <= timestamp

    def at(self, timestamp: datetime) -> tuple[datetime, datetime] | None:
        """When the one begins and ends in which a time is, else the next; None for all times."""
        # No window is an open one, not one that never opens.
        if not self.text:
            return None
        first, last = map(time.fromisoformat, self.text.split("-"))
        today = timestamp.astimezone(self.zone).date()
        # Yesterday's as well: one that goes over midnight may still be open.
        for day in (today - DAY, today, today + DAY):
            # On the clock of the zone: the window moves with summer time, as the people do who
            # chose it.
            begin = datetime.combine(day, first, self.zone)
            end = datetime.combine(day if first < last else day + DAY, last, self.zone)
            if end > timestamp:
                return begin, end
        raise AssertionError("tomorrow's window ends after today")
