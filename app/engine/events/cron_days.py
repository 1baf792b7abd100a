"""Days of cron texts that cronsim does not know: working days and days before the last.

Source: Spring ``CronExpression``; Quartz ``CronExpression``, whose weekdays are 1 for Sunday.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

DayTest = Callable[[date], bool]

_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_NEAREST = re.compile(r"([1-9]|[12][0-9]|3[01])W")
_BEFORE_LAST = re.compile(r"L-([1-9]|[12][0-9]|3[01])")
_LAST_NAMED = re.compile(f"({'|'.join(_NAMES)})(L)", re.IGNORECASE)
_QUARTZ_DAY = re.compile(r"(?<![/#\d])([0-9])")


def days_of(field: str) -> tuple[str, DayTest | None]:
    """A day of the month for cronsim, and what its days must also be.

    Returns:
        ``*`` and a test where cronsim has no such day, the field and None otherwise.
    """
    if found := _NEAREST.fullmatch(field.upper()):
        wanted = int(found[1])
        return "*", lambda day: wanted <= _length(day) and day.day == _working(day, wanted)
    if found := _BEFORE_LAST.fullmatch(field.upper()):
        before = int(found[1])
        return "*", lambda day: _is_before_last(day, before)
    return field, None


def _is_before_last(day: date, before: int) -> bool:
    """So many days before the last of its month, or of the next, which may be shorter."""
    if day.day == _length(day) - before:
        return True
    later = day + timedelta(days=before)
    return later.month == day.month % 12 + 1 and later.day == _length(later)


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _working(day: date, wanted: int) -> int:
    """The day from Monday to Friday of the same month that is nearest to one."""
    weekday = day.replace(day=wanted).weekday()
    if weekday == 5:
        return wanted - 1 if wanted > 1 else 3
    if weekday == 6:
        return wanted + 1 if wanted < _length(day) else wanted - 2
    return wanted


def weekday_of(field: str, *, is_quartz: bool) -> str:
    """A day of the week for cronsim.

    Args:
        is_quartz: there is a year: numbers go from 1 for Sunday to 7 for Saturday.

    Raises:
        ValueError: Quartz knows no such day.
    """
    numbered = _QUARTZ_DAY.sub(_from_quartz, field) if is_quartz else field
    return _LAST_NAMED.sub(lambda found: f"{_NAMES.index(found[1].upper())}L", numbered)


def _from_quartz(found: re.Match[str]) -> str:
    number = int(found[1])
    if not 1 <= number <= 7:
        raise ValueError(found[0])
    return str(number - 1)
