"""Joda's patterns of dates: ``yyyy-MM-dd HH:mm``.

Source: Joda-Time ``DateTimeFormat``. Names are English.
"""

import re
from datetime import datetime

from .failures import InvocationError

LONGEST_PATTERN = 500  # characters
LONGEST_FIELD = 50
_PART = re.compile(r"''|'((?:[^']|'')+)'|([A-Za-z])\2*|.", re.DOTALL)


def format_moment(moment: datetime, pattern: str) -> str:
    """A moment as a pattern of Joda writes it.

    Raises:
        InvocationError: a letter of the pattern is unknown, or the pattern is too long.
    """
    if not pattern or len(pattern) > LONGEST_PATTERN:
        raise _illegal("Invalid pattern specification")
    return "".join(_written(moment, part) for part in _PART.finditer(pattern))


def _illegal(message: str) -> InvocationError:
    return InvocationError("java.lang.IllegalArgumentException", message)


def _written(moment: datetime, part: re.Match[str]) -> str:
    text, quoted, letter = part[0], part[1], part[2]
    if quoted is not None:
        return quoted.replace("''", "'")
    if letter is None:
        return "'" if text == "''" else text
    if len(text) > LONGEST_FIELD:
        raise _illegal("Invalid pattern specification")
    if letter == "S":
        return f"{moment.microsecond // 1000:03}".ljust(len(text), "0")[: len(text)]
    name = _name(moment, letter, len(text))
    if name is not None:
        return name
    if letter in "yYx" and len(text) == 2:
        return f"{_number(moment, letter) % 100:02}"
    return str(_number(moment, letter)).zfill(len(text))


def _name(moment: datetime, letter: str, length: int) -> str | None:
    if letter == "M" and length >= 3:
        return moment.strftime("%b" if length == 3 else "%B")
    if letter == "E":
        return moment.strftime("%a" if length <= 3 else "%A")
    if letter == "a":
        return "AM" if moment.hour < 12 else "PM"
    if letter == "z":
        return moment.tzname() or ""
    if letter == "Z":
        offset = moment.strftime("%z")
        zone = str(moment.tzinfo or "")
        return {1: offset, 2: f"{offset[:3]}:{offset[3:]}"}.get(length, zone)
    return "AD" if letter == "G" else None


def _number(moment: datetime, letter: str) -> int:
    week_year, week, weekday = moment.isocalendar()
    numbers = {
        "C": moment.year // 100,
        "y": moment.year,
        "Y": moment.year,
        "x": week_year,
        "w": week,
        "e": weekday,
        "D": moment.timetuple().tm_yday,
        "M": moment.month,
        "d": moment.day,
        "H": moment.hour,
        "k": moment.hour or 24,
        "K": moment.hour % 12,
        "h": moment.hour % 12 or 12,
        "m": moment.minute,
        "s": moment.second,
    }
    if letter not in numbers:
        raise _illegal(f"Illegal pattern component: {letter}")
    return numbers[letter]
