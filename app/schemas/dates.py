"""Dates as clients write and read them: ``2026-11-23T17:21:37.113+0000``.

Source: contract 2.4.
"""

import re
from datetime import UTC, datetime, timedelta

# Offsets that never change: PST is standard time in summer too, as Java reads it.
_ZONES_AT = {  # by hours east of Greenwich
    0: "UTC GMT WET",
    1: "CET WEST",
    2: "EET CEST",
    3: "EEST MSK",
    -4: "EDT",
    -5: "EST CDT",
    -6: "CST MDT",
    -7: "MST PDT",
    -8: "PST",
}
_ZONES = {name: hours for hours, names in _ZONES_AT.items() for name in names.split()}
_HOURS, _MINUTES = "(?:[01]\\d|2[0-3])", "[0-5]\\d"
# Nine digits: what fits an int of Java. No end of the text is asked for: `SimpleDateFormat` stops
# behind the offset and ignores the rest (contract 2.4).
_DATE = re.compile(
    # Blanks may stand in front of each field, and the year may lie before the first.
    r"\s*(-?\d{1,9})-[ \t]*(\d{1,9})-[ \t]*(\d{1,9})"
    r"T[ \t]*(\d{1,9}):[ \t]*(\d{1,9}):[ \t]*(\d{1,9})\.[ \t]*(\d{1,9})"
    rf"[ \t]*(?:([+-])({_HOURS})({_MINUTES})"
    rf"|GMT([+-])({_HOURS}|\d):({_MINUTES})|({'|'.join(_ZONES)}))"
)
FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)


def parse_date(text: str) -> datetime:
    """A date with milliseconds and an offset without colon; fields that are too large roll over.

    Raises:
        ValueError: the text has another format.
    """
    found = _matched(text)
    try:
        return _moment(found)
    # Each field fits; their sum may still lie beyond the year 9999.
    except OverflowError:
        raise ValueError(text) from None


def nearest_date(text: str) -> datetime:
    """The same; what lies beyond the years 1 to 9999 is the first moment of these, or the last.

    Raises:
        ValueError: the text has another format.
    """
    found = _matched(text)
    try:
        return _moment(found)
    except (OverflowError, ValueError):
        return FIRST if int(found[1]) <= 1 else LAST


def no_date(text: str) -> str:
    """The reference engine's message about a text that is no date, where it maps no body."""
    # Its parser is given the date as a JSON string, which quotes of its own would end.
    if text.startswith('"') or text.endswith('"'):
        return f"Cannot convert value {text} to java type java.util.Date because of double quotes"
    return f'Cannot convert value "{text}" to java type java.util.Date'


def _matched(text: str) -> re.Match[str]:
    found = _DATE.match(text)
    if found is None:
        raise ValueError(text)
    return found


def _moment(found: re.Match[str]) -> datetime:
    """The moment of a text that has the format.

    Raises:
        OverflowError, ValueError: Python's calendar does not have it.
    """
    year, month, day, hour, minute, second, millis = (int(g) for g in found.groups()[:7])
    # The calendar is lenient: the 45th day of the 13th month is a date of the next year.
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    start = datetime(year, month, 1, tzinfo=UTC)
    more = timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second, milliseconds=millis)
    return start + more - _offset(found)


def _offset(found: re.Match[str]) -> timedelta:
    if found[14] is not None:
        return timedelta(hours=_ZONES[found[14]])
    # Two ways to write it, of which the one behind `GMT` has a colon and may have one digit.
    sign, hours, minutes = found.groups()[7:10] if found[8] else found.groups()[10:13]
    size = timedelta(hours=int(hours), minutes=int(minutes))
    return size if sign == "+" else -size


def format_date(timestamp: datetime) -> str:
    """A timestamp in UTC, with three digits of milliseconds."""
    # A timestamp of the store has this very object, which is cheaper to compare than an offset.
    if timestamp.tzinfo is not UTC:
        timestamp = timestamp.astimezone(UTC)
    return timestamp.isoformat(timespec="milliseconds")[:23] + "+0000"  # its zone has a colon
