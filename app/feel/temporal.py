"""Dates, times and durations: reading and writing their texts, and computing with them."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.feel.values import YearsMonths

# Four digits: years before 0 and beyond 9999, which Java has, do not exist for Python's dates.
_DATE = r"(\d{4})-(\d\d)-(\d\d)"
_TIME = r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?"
_ZONE = r"(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][\w/+-]*)?"
_DATE_TEXT = re.compile(_DATE, re.ASCII)
_TIME_TEXT = re.compile(f"T?{_TIME}{_ZONE}", re.ASCII)
_DATE_TIME_TEXT = re.compile(f"{_DATE}T{_TIME}{_ZONE}", re.ASCII)
_MOST_OFFSET = timedelta(hours=18)
# Lengths are bounded so that `int` and `timedelta` stay cheap; a sign may stand at each part as in
# Java's `Period.parse`.
_YEARS_MONTHS = re.compile(r"(-)?P(?:(-?\d{1,9})Y)?(?:(-?\d{1,9})M)?", re.ASCII)
_DAYS_TIME = re.compile(
    r"(-)?P(?:(-?\d{1,12})D)?(?:T(?:(-?\d{1,12})H)?(?:(-?\d{1,12})M)?"
    r"(?:(-?\d{1,15})(?:\.(\d{1,9}))?S)?)?",
    re.ASCII,
)


def parse_date(text: str) -> date | None:
    """Read ``2024-02-29``; None where there is no such date."""
    match = _DATE_TEXT.fullmatch(text)
    try:
        # A pattern cannot know the 30th of February.
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    """Read ``10:30:00`` with an optional offset (``+01:00``, ``Z``) or zone (``@Europe/Paris``)."""
    match = _TIME_TEXT.fullmatch(text)
    # 24:00 is a time of the grammar, and no hour that Python knows.
    if match and _is_midnight(match.groups()):
        return time(tzinfo=_zone(match[5]))
    try:
        return _time(*match.groups()) if match else None
    except ValueError:
        return None


def parse_date_time(text: str) -> datetime | None:
    """Read a date, ``T`` and a time; a date alone is the beginning of its day."""
    match = _DATE_TIME_TEXT.fullmatch(text)
    if match is None:
        day = parse_date(text)
        return datetime(day.year, day.month, day.day) if day else None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        return shown_by_clock(datetime.combine(day, _time(*match.groups()[3:])))
    except (ValueError, OverflowError):
        return None


def shown_by_clock(timestamp: datetime) -> datetime:
    """The timestamp itself, or the one that a zone's clocks show when they leave it out in spring.

    Source: Java's ``ZonedDateTime.of``, which goes on by the length of the gap.
    """
    if not isinstance(timestamp.tzinfo, ZoneInfo):
        return timestamp
    return timestamp.astimezone(UTC).astimezone(timestamp.tzinfo)


def _time(hour: str, minute: str, second: str, fraction: str, zone: str) -> time:
    # Nanoseconds are read and cut off: Python keeps microseconds.
    microsecond = int((fraction or "0").ljust(6, "0")[:6])
    return time(int(hour), int(minute), int(second or 0), microsecond, tzinfo=_zone(zone))


def _is_midnight(parts: tuple[str, ...]) -> bool:
    return parts[0] == "24" and not any(int(part or 0) for part in parts[1:4])


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    if text[0] == "@":
        return zone_of(text[1:])
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    offset = timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    # Java's ZoneOffset ends at 18 hours, Python's below 24; neither carries 60 minutes over.
    if offset > _MOST_OFFSET or minutes > 59 or sum(seconds) > 59:
        raise ValueError(text)
    return timezone(-offset if text[0] == "-" else offset)


@lru_cache(maxsize=1_000)
def zone_of(name: str) -> ZoneInfo:
    """The zone of this name.

    Raises:
        ValueError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (OSError, KeyError) as error:  # a folder of the database, or no such name
        raise ValueError(name) from error


def parse_duration(text: str) -> YearsMonths | timedelta | None:
    """Read a duration of years and months, or of days and time."""
    # Both patterns have only optional parts, so they would match these too.
    if len(text) > 80 or text.lstrip("-") in ("", "P") or text.endswith("T"):
        return None
    if match := _YEARS_MONTHS.fullmatch(text):
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonths(-months if match[1] else months)
    return _days_time(text)


def _days_time(text: str) -> timedelta | None:
    match = _DAYS_TIME.fullmatch(text)
    if match is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:5])
    micros = int((match[6] or "").ljust(6, "0")[:6])
    if match[5] and match[5].startswith("-"):
        micros = -micros
    try:
        value = timedelta(
            days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=micros
        )
        return -value if match[1] else value
    except OverflowError:
        return None


def parse_temporal(text: str) -> object:
    """Read what ``@"…"`` holds: the first kind that fits."""
    # The order matters: a date is also the text of a timestamp at midnight.
    for parse in (parse_date, parse_date_time, parse_time, parse_duration):
        value = parse(text)
        if value is not None:
            return value
    return None


def add_months(day: date, months: int) -> date:
    """Move a date by months; a day that the month does not have becomes its last.

    Raises:
        ValueError, OverflowError: out of the range of dates.
    """
    # Months are counted from 0, so that division finds the year for negative durations too.
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, days_in_month(year, month)))


def days_in_month(year: int, month: int) -> int:
    """How many days the month has."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 28 + is_leap if month == 2 else 30 if month in (4, 6, 9, 11) else 31


def add_duration(timestamp: datetime, duration: timedelta) -> datetime:
    """Move a timestamp; in a zone by the time that passes, not by its clock."""
    if timestamp.tzinfo is None:
        return timestamp + duration
    # Python adds to the clock of a zone: across a change of summer time that is an hour off.
    return (timestamp.astimezone(UTC) + duration).astimezone(timestamp.tzinfo)


def difference(left: datetime, right: datetime) -> timedelta:
    """The time that passes between two timestamps, both with an offset or both without."""
    if left.tzinfo is None or right.tzinfo is None:
        return left - right
    # In one zone Python subtracts the clocks, whatever the offsets were.
    return left.astimezone(UTC) - right.astimezone(UTC)


def offset_of(value: time | datetime) -> timedelta | None:
    """The offset from UTC; that of a time in a zone is the zone's of today."""
    if isinstance(value, time) and isinstance(value.tzinfo, ZoneInfo):
        # A time has no day, and a zone has no offset without one.
        return datetime.combine(datetime.now(value.tzinfo).date(), value).utcoffset()
    return value.utcoffset()


def months_between(start: date, end: date) -> int:
    """The whole months from one date to another."""
    months = (end.year - start.year) * 12 + end.month - start.month
    # A month that has begun and not ended does not count, in either direction.
    if months > 0 and end.day < start.day:
        return months - 1
    if months < 0 and end.day > start.day:
        return months + 1
    return months
