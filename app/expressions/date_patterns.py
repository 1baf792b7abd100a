"""Joda's patterns of dates: ``yyyy-MM-dd HH:mm``.

Source: Joda-Time ``DateTimeFormat``. Names are English.
"""

import re
from datetime import datetime

from .failures import illegal_argument

LONGEST_PATTERN = 500  # characters
# Each letter writes one character at least, so a pattern could make a text of any length.
LONGEST_FIELD = 50
_PART = re.compile(r"''|'((?:[^']|'')+)'|([A-Za-z])\2*|.", re.DOTALL)


def format_timestamp(timestamp: datetime, pattern: str) -> str:
    """A timestamp as a pattern of Joda writes it.

    Raises:
        InvocationError: a letter of the pattern is unknown, or the pattern is too long.
    """
    if not pattern or len(pattern) > LONGEST_PATTERN:
        raise illegal_argument("Invalid pattern specification")
    return "".join(_written(timestamp, part) for part in _PART.finditer(pattern))


def _written(timestamp: datetime, part: re.Match[str]) -> str:
    text, quoted, letter = part[0], part[1], part[2]
    if quoted is not None:
        return quoted.replace("''", "'")
    if letter is None:
        return "'" if text == "''" else text
    if len(text) > LONGEST_FIELD:
        raise illegal_argument("Invalid pattern specification")
    # Fractions are cut or filled on their right, numbers on their left.
    if letter == "S":
        return f"{timestamp.microsecond // 1000:03}".ljust(len(text), "0")[: len(text)]
    name = _name(timestamp, letter, len(text))
    if name is not None:
        return name
    # Two letters alone mean the century is left out; three and more only fill up.
    if letter in "yYx" and len(text) == 2:
        return f"{_number(timestamp, letter) % 100:02}"
    return str(_number(timestamp, letter)).zfill(len(text))


def _name(timestamp: datetime, letter: str, length: int) -> str | None:
    if letter == "M" and length >= 3:
        # English on every host: Python stays in the locale C unless it is told otherwise.
        return timestamp.strftime("%b" if length == 3 else "%B")
    if letter == "E":
        return timestamp.strftime("%a" if length <= 3 else "%A")
    if letter == "a":
        return "AM" if timestamp.hour < 12 else "PM"
    if letter == "z":
        return timestamp.tzname() or ""
    if letter == "Z":
        offset = timestamp.strftime("%z")
        zone = str(timestamp.tzinfo or "")
        return {1: offset, 2: f"{offset[:3]}:{offset[3:]}"}.get(length, zone)
    return "AD" if letter == "G" else None


def _number(timestamp: datetime, letter: str) -> int:
    week_year, week, weekday = timestamp.isocalendar()
    numbers = {
        "C": timestamp.year // 100,
        "y": timestamp.year,
        "Y": timestamp.year,
        "x": week_year,
        "w": week,
        "e": weekday,
        "D": timestamp.timetuple().tm_yday,
        "M": timestamp.month,
        "d": timestamp.day,
        "H": timestamp.hour,
        # Joda's `k` counts the day from 1 to 24, its `K` the half day from 0 to 11.
        "k": timestamp.hour or 24,
        "K": timestamp.hour % 12,
        "h": timestamp.hour % 12 or 12,
        "m": timestamp.minute,
        "s": timestamp.second,
    }
    if letter not in numbers:
        raise illegal_argument(f"Illegal pattern component: {letter}")
    return numbers[letter]
