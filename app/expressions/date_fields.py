"""The fields of Joda's calendar: how each is read, set and reckoned with.

They work on local dates and times, of which a zone knows nothing.

Source: Joda-Time ``DateTimeFieldType``, ``BaseDateTime``.
"""

from calendar import isleap, monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .failures import InvocationError

DAY = timedelta(days=1)
# Python's; Joda's go on for some 290 million years.
FIRST_YEAR, LAST_YEAR = 1, 9999


def illegal(name: str, value: object) -> InvocationError:
    """An amount that leads out of the years that are there."""
    return InvocationError(
        "org.joda.time.IllegalFieldValueException", f"Value {value} of {name} is not supported"
    )


def add_months(timestamp: datetime, months: int) -> datetime:
    """The same day of a later month, or its last day."""
    total = timestamp.month - 1 + months
    year, month = timestamp.year + total // 12, total % 12 + 1
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OverflowError(year)
    # A month after the 31st of January is the last of February, as in Joda.
    day = min(timestamp.day, monthrange(year, month)[1])
    return timestamp.replace(year=year, month=month, day=day)


@dataclass(frozen=True, slots=True)
class Unit:
    """A length that can be added: a fixed one, or months."""

    length: timedelta = timedelta(0)
    months: int = 0

    def add(self, timestamp: datetime, amount: int) -> datetime:
        """A local timestamp, so many units later."""
        if self.months:
            return add_months(timestamp, amount * self.months)
        return timestamp + amount * self.length


UNITS = {
    "Years": Unit(months=12),
    "Months": Unit(months=1),
    "Weeks": Unit(7 * DAY),
    "Days": Unit(DAY),
    "Hours": Unit(timedelta(hours=1)),
    "Minutes": Unit(timedelta(minutes=1)),
    "Seconds": Unit(timedelta(seconds=1)),
    "Millis": Unit(timedelta(milliseconds=1)),
}
DATE_UNITS = frozenset({"Years", "Months", "Weeks", "Days"})


def _days_of_year(timestamp: datetime) -> int:
    return 365 + isleap(timestamp.year)


def _weeks_of_year(timestamp: datetime) -> int:
    # The 28th of December is always in the last week of its year.
    return datetime(timestamp.isocalendar()[0], 12, 28).isocalendar()[1]


def _in_week_year(timestamp: datetime, year: int) -> datetime:
    _, week, weekday = timestamp.isocalendar()
    last = datetime(year, 12, 28).isocalendar()[1]
    day = datetime.fromisocalendar(year, min(week, last), weekday)
    return timestamp.replace(year=day.year, month=day.month, day=day.day)


def _midnight(timestamp: datetime) -> datetime:
    return timestamp.replace(hour=0, minute=0, second=0, microsecond=0)


def millis_of_day(timestamp: datetime) -> int:
    """The milliseconds since midnight."""
    return (timestamp - _midnight(timestamp)) // timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the calendar.

    Attributes:
        unit: what is added to it, by its name in `UNITS`; without `write`, to set it as well.
    """

    unit: str
    read: Callable[[datetime], int]
    least: int
    most: Callable[[datetime], int]
    write: Callable[[datetime, int], datetime] | None = None

    def set(self, name: str, timestamp: datetime, value: int) -> datetime:
        """A local timestamp whose field has another value.

        Raises:
            InvocationError: the field cannot have it.
        """
        most = self.most(timestamp)
        if not self.least <= value <= most:
            raise InvocationError(
                "org.joda.time.IllegalFieldValueException",
                f"Value {value} for {name} must be in the range [{self.least},{most}]",
            )
        if self.write is not None:
            return self.write(timestamp, value)
        # Setting is adding the difference, so the end of the month is kept within the month here
        # too.
        return UNITS[self.unit].add(timestamp, value - self.read(timestamp))


def _up_to(number: int) -> Callable[[datetime], int]:
    return lambda _: number


DATE_FIELDS = {
    # There is no year before Christ here, so the era has one value.
    "era": Field("Years", lambda _: 1, 1, _up_to(1), lambda m, _: m),
    "year": Field("Years", lambda m: m.year, FIRST_YEAR, _up_to(LAST_YEAR)),
    "yearOfEra": Field("Years", lambda m: m.year, FIRST_YEAR, _up_to(LAST_YEAR)),
    "yearOfCentury": Field("Years", lambda m: (m.year - 1) % 100 + 1, 1, _up_to(100)),
    "weekyear": Field(
        "Years", lambda m: m.isocalendar()[0], FIRST_YEAR, _up_to(LAST_YEAR), _in_week_year
    ),
    "monthOfYear": Field("Months", lambda m: m.month, 1, _up_to(12)),
    "weekOfWeekyear": Field("Weeks", lambda m: m.isocalendar()[1], 1, _weeks_of_year),
    "dayOfYear": Field("Days", lambda m: m.timetuple().tm_yday, 1, _days_of_year),
    "dayOfMonth": Field("Days", lambda m: m.day, 1, lambda m: monthrange(m.year, m.month)[1]),
    # Monday is 1: ISO's calendar is Joda's default.
    "dayOfWeek": Field("Days", lambda m: m.isoweekday(), 1, _up_to(7)),
}
TIME_FIELDS = {
    "hourOfDay": Field("Hours", lambda m: m.hour, 0, _up_to(23)),
    "minuteOfHour": Field("Minutes", lambda m: m.minute, 0, _up_to(59)),
    "secondOfMinute": Field("Seconds", lambda m: m.second, 0, _up_to(59)),
    "millisOfSecond": Field("Millis", lambda m: m.microsecond // 1000, 0, _up_to(999)),
    "minuteOfDay": Field("Minutes", lambda m: m.hour * 60 + m.minute, 0, _up_to(1_439)),
    "secondOfDay": Field(
        "Seconds", lambda m: m.hour * 3600 + m.minute * 60 + m.second, 0, _up_to(86_399)
    ),
    "millisOfDay": Field("Millis", millis_of_day, 0, _up_to(86_399_999)),
}
FIELDS = DATE_FIELDS | TIME_FIELDS
