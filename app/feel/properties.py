"""Properties: entries of contexts, and the parts of dates, times, durations and ranges."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.feel.budget import Budget
from app.feel.temporal import offset_of
from app.feel.values import Range, YearsMonths

Property = Callable[[Any], object]


def property_of(value: object, name: str, budget: Budget) -> object:
    """Look up a name in a value; in a list, in each of its items. None where there is none."""
    if type(value) is dict:
        return value.get(name)
    if type(value) is list:
        budget.step(len(value))
        budget.grow(len(value))
        return [property_of(item, name, budget) for item in value]
    # By the exact type, or a timestamp would answer for a date.
    getter = _PROPERTIES.get((type(value), name))
    return getter(value) if getter else None


def _zone(value: time | datetime) -> str | None:
    # An offset is no zone: of +01:00 the property is null.
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


_SECOND = timedelta(seconds=1)


def _part(divisor: int, modulus: int) -> Property:
    """A part of a duration of days and time, with its sign."""

    def part(value: timedelta) -> Decimal:
        # Java rounds down to whole seconds, also below zero, and then signs each part.
        seconds = value // _SECOND
        total = abs(seconds) // divisor
        amount = total % modulus if modulus else total
        return Decimal(-amount if seconds < 0 else amount)

    return part


_PROPERTIES: dict[tuple[type, str], Property] = {
    (YearsMonths, "years"): lambda value: Decimal(value.years),
    (YearsMonths, "months"): lambda value: Decimal(value.rest),
    (timedelta, "days"): _part(86_400, 0),
    (timedelta, "hours"): _part(3_600, 24),
    (timedelta, "minutes"): _part(60, 60),
    (timedelta, "seconds"): _part(1, 60),
    (Range, "start"): lambda value: value.low,
    (Range, "end"): lambda value: value.high,
    (Range, "start included"): lambda value: value.is_low_closed,
    (Range, "end included"): lambda value: value.is_high_closed,
}


def _field(name: str) -> Property:
    return lambda value: Decimal(getattr(value, name))


_CALENDAR: dict[str, Property] = {
    "year": _field("year"),
    "month": _field("month"),
    "day": _field("day"),
    # 1 is Monday, 7 Sunday, as in ISO 8601.
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_CLOCK: dict[str, Property] = {
    "hour": _field("hour"),
    "minute": _field("minute"),
    "second": _field("second"),
    "time offset": offset_of,
    "timezone": _zone,
}
_PROPERTIES |= {(date, name): getter for name, getter in _CALENDAR.items()}
_PROPERTIES |= {(time, name): getter for name, getter in _CLOCK.items()}
_PROPERTIES |= {(datetime, name): getter for name, getter in (_CALENDAR | _CLOCK).items()}
