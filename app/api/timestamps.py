"""Timestamps in ISO 8601, which a few commands take in place of the dates of all others.

The grammar is that of Joda's ``ISODateTimeFormat.dateTimeParser``, by which the reference engine
reads them: a date by month, week or day of the year, a time, or both, with or without an offset.
Each may end early, numbers may lack digits, and what is wrong is told with its place.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

from app.errors import JavaRuntimeError
from app.schemas.dates import FIRST, LAST

# The state of reading: the value of each field, the fraction and the offset in milliseconds.
Read = dict[str, int]
# From a place in a text to the place behind what was read, or to the inverse of that of an error.
Parser = Callable[[str, int, Read], tuple[int, Read]]

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000  # milliseconds
YEARS = -292_275_055, 292_278_994  # of which milliseconds since 1970 fit a long of Java
SAMPLE = 32  # characters of a text that are shown behind an error
DAYS, DECEMBER_28 = 365, (12, 28)  # a day that is always in the last week of its year
_OFFSET = re.compile(
    r"[+-](?P<hours>[01]\d|2[0-3])"
    r"(?::(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d)(?:[.,](?P<part>\d{1,3}))?)?"
    r"|(?P<minutes_>[0-5]\d)(?:(?P<seconds_>[0-5]\d)(?P<part_>\d{1,3})?)?)?",
    re.ASCII,
)

_DIGITS = "0123456789"
# With what the next part of an offset begins, by the length of what is read and its colons.
_PARTS = {(3, False): ":" + _DIGITS, (5, False): _DIGITS, (6, True): ":", (9, True): ".,"}


def parse_timestamp(text: str | None) -> datetime | None:
    """An ISO 8601 date, or date and time; in UTC where it names no zone.

    What lies beyond the years 1 to 9999 is the first moment of these, or the last.

    Raises:
        JavaRuntimeError: it is none.
    """
    # An empty text is no date, as in the bodies that Jackson reads.
    if not text:
        return None
    place, read = _TIMESTAMP(text, 0, {})
    if place != len(text):
        raise _malformed(text, place if place >= 0 else ~place)
    day_of = _day(text, read)
    clock = timedelta(
        hours=_in_range(text, read, "hourOfDay", 0, 23, 0),
        minutes=_in_range(text, read, "minuteOfHour", 0, 59, 0),
        seconds=_in_range(text, read, "secondOfMinute", 0, 59, 0),
        milliseconds=read.get("fraction", 0) - read.get("offset", 0),
    )
    try:
        day = day_of()
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + clock
    # `ValueError` of a year, or a day of a week, that the calendar here does not have.
    except (OverflowError, ValueError):
        is_early = read.get("year", read.get("weekyear", 0)) <= 1
        return FIRST if is_early else LAST


def _malformed(text: str, place: int) -> JavaRuntimeError:
    shown = text if len(text) <= place + SAMPLE + 3 else text[: place + SAMPLE] + "..."
    found = f'Invalid format: "{shown}"'
    if place >= len(text):
        found += " is too short"
    elif place > 0:
        found += f' is malformed at "{shown[place:]}"'
    return JavaRuntimeError("IllegalArgumentException", found)


def _in_range(text: str, read: Read, name: str, low: int, high: int, default: int) -> int:
    """The value of a field.

    Raises:
        JavaRuntimeError: it is too small or too large.
    """
    value = read.get(name, default)
    if not low <= value <= high:
        reason = f"Value {value} for {name} must be in the range [{low},{high}]"
        raise JavaRuntimeError("IllegalFieldValueException", f'Cannot parse "{text}": {reason}')
    return value


def _day(text: str, read: Read) -> Callable[[], date]:
    """The fields that make the day, where the calendar has it; without a year it is in 1970."""
    name = "weekyear" if "weekyear" in read else "year"
    found = _in_range(text, read, name, *YEARS, 1970)
    year = min(max(found, 1), 9999)
    if name == "weekyear":
        weeks = date(year, *DECEMBER_28).isocalendar().week
        week = _in_range(text, read, "weekOfWeekyear", 1, weeks, 1)
        weekday = _in_range(text, read, "dayOfWeek", 1, 7, 1)
        return partial(date.fromisocalendar, found, week, weekday)
    if "dayOfYear" in read:
        days = DAYS + (monthrange(year, 2)[1] == 29)
        number = _in_range(text, read, "dayOfYear", 1, days, 1)
        return lambda: date(found, 1, 1) + timedelta(days=number - 1)
    month = _in_range(text, read, "monthOfYear", 1, 12, 1)
    number = _in_range(text, read, "dayOfMonth", 1, monthrange(year, month)[1], 1)
    return partial(date, found, month, number)


# -- the grammar -----------------------------------------------------------------------------


def _literal(wanted: str) -> Parser:
    """Exactly this, in any case."""

    def parse(text: str, place: int, read: Read) -> tuple[int, Read]:
        end = place + len(wanted)
        return (end if text[place:end].upper() == wanted else ~place), read

    return parse


def _number(name: str, digits: int, sign: str = "") -> Parser:
    """A field of one digit, or more up to a number of them."""
    pattern = re.compile(rf"{sign}\d{{1,{digits}}}", re.ASCII)

    def parse(text: str, place: int, read: Read) -> tuple[int, Read]:
        found = pattern.match(text, place)
        return (~place, read) if found is None else (found.end(), {**read, name: int(found[0])})

    return parse


def _fraction(unit: int) -> Parser:
    """A point, and digits behind it that divide a unit of so many milliseconds."""
    pattern = re.compile(r"[.,](\d{1,9})", re.ASCII)

    def parse(text: str, place: int, read: Read) -> tuple[int, Read]:
        found = pattern.match(text, place)
        if found is None:
            has_point = text[place : place + 1] in (".", ",")
            return ~(place + has_point), read
        return found.end(), {**read, "fraction": unit * int(found[1]) // 10 ** len(found[1])}

    return parse


def _offset(text: str, place: int, read: Read) -> tuple[int, Read]:
    """``Z``, or hours with what else there is of minutes, seconds and milliseconds."""
    if text[place : place + 1] in ("Z", "z"):
        return place + 1, {**read, "offset": 0}
    found = _OFFSET.match(text, place)
    if found is None:
        return ~place, read
    # A text that would be read as its next part must be one.
    may_follow = _PARTS.get((found.end() - place, ":" in found[0]), "")
    if found.end() < len(text) and text[found.end()] in may_follow:
        return ~place, read
    hours, minutes, seconds = (
        int(found[name] or found.groupdict().get(f"{name}_") or 0)
        for name in ("hours", "minutes", "seconds")
    )
    part = (found["part"] or found["part_"] or "").ljust(3, "0")
    size = hours * HOUR + minutes * MINUTE + seconds * SECOND + int(part)
    return found.end(), {**read, "offset": -size if found[0][0] == "-" else size}


def _all(*parsers: Parser) -> Parser:
    """One behind the other."""

    def parse(text: str, place: int, read: Read) -> tuple[int, Read]:
        for parser in parsers:
            if place >= 0:
                place, read = parser(text, place, read)
        return place, read

    return parse


def _longest(*parsers: Parser, is_optional: bool = False) -> Parser:
    """That of several which reads most; an error of theirs is where one got farthest."""

    def parse(text: str, place: int, read: Read) -> tuple[int, Read]:
        results = [parser(text, place, read) for parser in parsers]
        best, found = max(results, key=lambda result: result[0])
        if best >= 0:
            return best, found
        return (place if is_optional else min(end for end, _ in results)), read

    return parse


_maybe = partial(_longest, is_optional=True)
_SECOND = _all(_literal(":"), _number("secondOfMinute", 2), _maybe(_fraction(SECOND)))
_MINUTE = _all(_literal(":"), _number("minuteOfHour", 2), _maybe(_SECOND, _fraction(MINUTE)))
_TIME = _all(_number("hourOfDay", 2), _maybe(_MINUTE, _fraction(HOUR)))
_DAY_OF_MONTH = _all(_literal("-"), _number("dayOfMonth", 2))
_MONTH = _all(_literal("-"), _number("monthOfYear", 2), _maybe(_DAY_OF_MONTH))
_DAY_OF_WEEK = _all(_literal("-"), _number("dayOfWeek", 1))
_WEEK = _all(_literal("-W"), _number("weekOfWeekyear", 2), _maybe(_DAY_OF_WEEK))
_DAY_OF_YEAR = _all(_literal("-"), _number("dayOfYear", 3))
_YEAR, _WEEKYEAR = _number("year", 9, "[+-]?"), _number("weekyear", 9, "[+-]?")
_DATE = _longest(_all(_YEAR, _maybe(_MONTH)), _all(_WEEKYEAR, _WEEK), _all(_YEAR, _DAY_OF_YEAR))
_TIMESTAMP = _longest(
    _all(_literal("T"), _TIME, _maybe(_offset)),
    _all(_DATE, _maybe(_all(_literal("T"), _maybe(_TIME), _maybe(_offset)))),
)
