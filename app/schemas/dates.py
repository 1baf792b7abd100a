"""Dates as clients write and read them: ``2026-11-23T17:21:37.113+0000``.

Source: rest contract 2.4.
"""

import re
from datetime import UTC, datetime, timedelta

_DATE = re.compile(
    r"\s*(\d{1,9})-(\d{1,9})-(\d{1,9})T(\d{1,9}):(\d{1,9}):(\d{1,9})\.(\d{1,9})"
    r"(?:([+-])(\d{2})(\d{2})|(UTC|GMT)(?:([+-])(\d{1,2}):(\d{2}))?)"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_date(text: str) -> datetime:
    """A date with milliseconds and an offset without colon; fields that are too large roll over.

    Raises:
        ValueError: the text has another format.
    """
    found = _DATE.match(text)
    if found is None:
        raise ValueError(text)
    year, month, day, hour, minute, second, millis = (int(g) for g in found.groups()[:7])
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    try:
        start = datetime(year, month, 1, tzinfo=UTC)
        return (
            start
            + timedelta(
                days=day - 1, hours=hour, minutes=minute, seconds=second, milliseconds=millis
            )
            - _offset(found)
        )
    except OverflowError:
        raise ValueError(text) from None


def _offset(found: re.Match[str]) -> timedelta:
    sign = found[8] or found[12]
    hours, minutes = (found[9], found[10]) if found[8] else (found[13], found[14])
    if sign is None:
        return timedelta(0)
    size = timedelta(hours=int(hours), minutes=int(minutes))
    return size if sign == "+" else -size


def format_date(moment: datetime) -> str:
    """A moment in UTC, with three digits of milliseconds."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return (
        f"{moment.year:04}-{moment.month:02}-{moment.day:02}T{moment.hour:02}:{moment.minute:02}:"
        f"{moment.second:02}.{moment.microsecond // 1000:03}+0000"
    )
