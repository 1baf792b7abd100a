"""The fields of cron texts, and the days that they name.

Source: Spring ``CronExpression``, ``QuartzCronField``.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta

DayTest = Callable[[date], bool]

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
SATURDAY = 6
_NUMBER = re.compile(r"[0-9]{1,4}")
_NEAREST = re.compile(r"([1-9]|[12][0-9]|3[01])W")
_BEFORE_LAST = re.compile(r"L-([1-9]|[12][0-9]|3[01])")
_LAST_WEEKDAY = re.compile(r"([A-Z]{3}|[0-7])L")
_NTH_WEEKDAY = re.compile(r"([A-Z]{3}|[0-7])#([0-9])")


def numbers(
    field: str, low: int, high: int, names: Sequence[str] = (), *, wraps: bool = False
) -> set[int]:
    """The numbers of a field: ``*``, lists, ranges and steps.

    Args:
        names: of the numbers, the first of the lowest.
        wraps: a range may end before it begins: it goes on from the lowest.

    Raises:
        ValueError: it names others, or none.
    """
    found: set[int] = set()
    for part in field.upper().split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        begin = low if first == "*" else _number(first, low, high, names)
        end = high if first == "*" or (slash and not dash) else begin
        if dash:
            end = _number(last, low, high, names)
        if (first == "*" and dash) or (end < begin and not wraps):
            raise ValueError(field)
        # From NOV to FEB: past the highest number it goes on from the lowest, modulo below.
        if end < begin:
            end += high - low + 1
        every = _number(step, 1, 9_999) if slash else 1
        found.update(low + (n - low) % (high - low + 1) for n in range(begin, end + 1, every))
    return found


def _number(text: str, low: int, high: int, names: Sequence[str] = ()) -> int:
    if text in names:
        return low + names.index(text)
    if not _NUMBER.fullmatch(text) or not low <= int(text) <= high:
        raise ValueError(text)
    return int(text)


def _any_of(field: str, test_of: Callable[[str], DayTest]) -> DayTest:
    """That one of the parts of a list holds; ``?`` stands alone and means any day."""
    if field in ("?", "*"):
        return lambda _: True
    # Parsed once into closures: `after` asks them for each day of up to forty years.
    tests = [test_of(part) for part in field.upper().split(",")]
    return tests[0] if len(tests) == 1 else lambda day: any(test(day) for test in tests)


def day_of_month(field: str) -> DayTest:
    """The test of a day for the field of the day of the month.

    Raises:
        ValueError: there is no such day.
    """
    return _any_of(field, _day_of_month)


def _day_of_month(part: str) -> DayTest:
    if part == "L":
        return lambda day: day.day == _length(day)
    if part == "LW":
        return lambda day: day.day == _working(day, _length(day))
    if found := _NEAREST.fullmatch(part):
        wanted = int(found[1])
        return lambda day: wanted <= _length(day) and day.day == _working(day, wanted)
    if found := _BEFORE_LAST.fullmatch(part):
        before = int(found[1])
        return lambda day: _is_before_last(day, before)
    days = numbers(part, 1, 31, wraps=True)
    return lambda day: day.day in days


def day_of_week(field: str) -> DayTest:
    """The test of a day for the field of the weekday: 0 and 7 are Sunday.

    Raises:
        ValueError: there is no such day.
    """
    return _any_of(field, _day_of_week)


def _day_of_week(part: str) -> DayTest:
    if part == "L":
        return lambda day: _weekday(day) == SATURDAY
    if found := _LAST_WEEKDAY.fullmatch(part):
        wanted = _number_of_weekday(found[1])
        # The last one is that after which none of the kind comes in the month.
        return lambda day: _weekday(day) == wanted and day.day + 7 > _length(day)
    if found := _NTH_WEEKDAY.fullmatch(part):
        wanted, nth = _number_of_weekday(found[1]), int(found[2])
        # Days 1 to 7 are the first week, whatever weekday the month begins with.
        return lambda day: _weekday(day) == wanted and (day.day + 6) // 7 == nth
    # 7 is Sunday again, next to 0: ranges may end or begin with either.
    days = {number % 7 for number in _weekdays(part)}
    return lambda day: _weekday(day) in days


def _weekdays(part: str) -> set[int]:
    """The weekdays of a part; a range to 7 ends on Sunday, one from 7 begins there."""
    return numbers(part, 0, 7 if "7" in part else SATURDAY, WEEKDAYS, wraps=True)


def _number_of_weekday(text: str) -> int:
    return _number(text, 0, 7, WEEKDAYS) % 7


def _weekday(day: date) -> int:
    """Counted from 0 for Sunday."""
    return day.isoweekday() % 7


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
    # Never out of the month: the Saturday that is the 1st gives Monday the 3rd.
    if weekday == 5:
        return wanted - 1 if wanted > 1 else 3
    if weekday == 6:
        return wanted + 1 if wanted < _length(day) else wanted - 2
    return wanted
