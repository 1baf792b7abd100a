"""Cron texts of six fields: second, minute, hour, day of the month, month, day of the week.

A day of the month and a weekday that are both given must both hold.

Source: semantics 6; Camunda 7 ``CycleBusinessCalendar``; Spring ``CronExpression``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from cronsim import CronSim

from .cron_days import MONTHS, DayTest, day_of_month, day_of_week, numbers
from .zones import at_wall

FIELDS = 6
MOST_YEARS = 40  # in which a 29th of February is every day of the week, or a date never comes
MACROS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}


class CronError(ValueError):
    """A text is no cron text; the message says why, or is empty."""


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression, parsed.

    Attributes:
        clock: seconds, minutes and hours, as cronsim reads them.
        is_wall_clock: the hours are named: a day has each of them once, whatever its zone does.
    """

    clock: str
    is_wall_clock: bool
    months: frozenset[int]
    is_day: DayTest
    is_weekday: DayTest

    def after(self, now: datetime, zone: tzinfo = UTC) -> datetime | None:
        """The next timestamp after another, in UTC; None when none comes."""
        here = now.astimezone(zone)
        # Day by day instead of by cronsim's own dates, which has no `L`, `W` and `#` in Spring's
        # sense, and where weekday and day of the month are alternatives.
        for day in self._days(here.date()):
            for timestamp in self._timestamps(day, here):
                if timestamp > now:
                    return timestamp
        return None

    def _days(self, day: date) -> Iterator[date]:
        # Bounded: a 30th of February is a valid text that never comes.
        last = min(day.year + MOST_YEARS, date.max.year - 1)
        while day.year <= last:
            if day.month not in self.months:
                # 32 days from the first are always in the next month.
                day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
                continue
            if self.is_day(day) and self.is_weekday(day):
                yield day
            day += timedelta(days=1)

    def _timestamps(self, day: date, here: datetime) -> Iterator[datetime]:
        """Those of a day from a timestamp on, in UTC.

        Named hours are those on the wall: one that the zone leaves out comes when its clocks are
        put forward, one that it has twice comes the first time. Other texts count what passes.
        """
        zone = None if self.is_wall_clock else here.tzinfo
        first = datetime.combine(day, time(), tzinfo=zone)
        if day == here.date():
            first = here.replace(tzinfo=zone)
        else:
            # cronsim gives what comes after a timestamp: midnight itself is to be found.
            first -= timedelta(seconds=1)
        for timestamp in CronSim(f"{self.clock} {day.day} {day.month} *", first):
            # One day at a time: the text has its month and day, so the next hit is a year away.
            if timestamp.date() != day:
                return
            yield at_wall(timestamp, here.tzinfo) if zone is None else timestamp.astimezone(UTC)


def parse(text: str) -> Cron:
    """Parse a cron expression, or a macro like ``@daily``.

    Raises:
        CronError: it is none.
    """
    # Five fields, as Unix has them, are refused: the first would silently be seconds.
    fields = MACROS.get(text.strip(), text).split()
    if len(fields) != FIELDS:
        raise CronError(
            f"Cron expression contains {len(fields)} parts but we expect one of [{FIELDS}]"
        )
    second, minute, hour, day, month, weekday = fields
    try:
        hours = numbers(hour, 0, 23)
        clock = [numbers(second, 0, 59), numbers(minute, 0, 59), hours]
        return Cron(
            clock=" ".join(",".join(map(str, sorted(field))) for field in clock),
            is_wall_clock=not hour.startswith("*") and len(hours) < 24,
            months=frozenset(numbers(month, 1, 12, MONTHS, wraps=True)),
            is_day=day_of_month(day),
            is_weekday=day_of_week(weekday),
        )
    except ValueError:
        raise CronError from None
