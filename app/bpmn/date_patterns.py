"""Date patterns in the letters of Java, as form fields have them: parsed leniently, formatted.

Source: Java's ``SimpleDateFormat``.
"""

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

LETTERS = "GyYMLwWDdFEuaHkKhmsSzZX"  # that Java knows; the others are no pattern
_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|([^A-Za-z']+)|(')")
_READABLE = "yMdHkmsS"
_WORDS = 3  # letters from which a month is a word
_SHORT_YEAR = "yy"  # one letter or two, of which two digits say no century


def illegal_letter(pattern: str) -> str | None:
    """The first letter that means nothing in a pattern."""
    found = (m[2] for m in _TOKEN.finditer(pattern) if m[2] and m[2] not in LETTERS)
    return next(found, None)


def parse(pattern: str, text: str) -> datetime:
    """The timestamp, in UTC, that a text begins with; months and days may overflow.

    Raises:
        ValueError: the text does not follow the pattern.
    """
    # `match`: what follows does not matter, as with `SimpleDateFormat.parse`.
    found = re.compile(_regex(pattern), re.IGNORECASE).match(text)
    if found is None:
        raise ValueError(text)
    try:
        return _timestamp({name: value for name, value in found.groupdict().items() if value})
    except OverflowError as error:
        raise ValueError(text) from error


def _regex(pattern: str) -> str:
    tokens = list(_TOKEN.finditer(pattern))
    parts, seen = [], set()
    for index, token in enumerate(tokens):
        letter, run = token[2], token[0]
        if letter is None:
            parts.append(re.escape(_literal(token)))
        elif letter not in _READABLE:
            raise ValueError(pattern)
        elif letter == "M" and len(run) >= _WORDS:
            parts.append(rf"(?P<word>{'|'.join(_months(run))})")
        else:
            following = tokens[index + 1][2] if index + 1 < len(tokens) else None
            width = str(len(run)) if following else "1,9"  # without a sign between: as many as said
            name = _SHORT_YEAR if letter == "y" and len(run) < _WORDS else letter
            parts.append(rf"(?P<{name}>[0-9]{{{width}}})" if letter not in seen else "[0-9]+")
            seen.add(letter)
    return "".join(parts)


def _literal(token: re.Match[str]) -> str:
    if token[1] is not None:
        # Two quotes are one quote, inside of a quoted text and outside.
        return token[1].replace("''", "'") or "'"
    return token[0]


def _months(run: str) -> list[str]:
    names = calendar.month_name if len(run) > _WORDS else calendar.month_abbr
    return [name for name in names if name]


def _timestamp(parts: Mapping[str, str]) -> datetime:
    def number(letter: str, default: int) -> int:
        return int(parts.get(letter, default))

    month = number("M", 1)
    if "word" in parts:
        word = parts["word"][:_WORDS].title()
        month = list(calendar.month_abbr).index(word)
    year = _year_of(parts[_SHORT_YEAR]) if _SHORT_YEAR in parts else number("y", 1970)
    # Java's calendar is lenient: the 31st of February is in March.
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    rest = timedelta(
        days=number("d", 1) - 1,
        # Hour 24 of those that begin with 1 is midnight of the same day; 24 of H is the next one.
        hours=number("H", 0) + (0 if number("k", 0) == 24 else number("k", 0)),
        minutes=number("m", 0),
        seconds=number("s", 0),
        milliseconds=number("S", 0),
    )
    return datetime(year, month, 1, tzinfo=UTC) + rest


def _year_of(digits: str) -> int:
    """The year that digits mean in a pattern with one or two letters for it."""
    year = int(digits)
    if len(digits) != 2:
        return year
    # Java's century begins 80 years ago. In its first year Java looks at the day too.
    first = datetime.now(UTC).year - 80
    return first + (year - first) % 100


def format_date(pattern: str, timestamp: datetime) -> str:
    """A timestamp as a text; letters that nothing stands for are left as they are."""
    timestamp = timestamp.astimezone(UTC)
    return "".join(_written(token, timestamp) for token in _TOKEN.finditer(pattern))


def _written(token: re.Match[str], timestamp: datetime) -> str:
    letter, run = token[2], token[0]
    if letter is None:
        return _literal(token)
    if letter == "M" and len(run) >= _WORDS:
        return _months(run)[timestamp.month - 1]
    if letter == "y" and len(run) == 2:
        return f"{timestamp.year % 100:02}"
    values = {
        "y": timestamp.year,
        "M": timestamp.month,
        "d": timestamp.day,
        "H": timestamp.hour,
        "k": timestamp.hour or 24,
        "m": timestamp.minute,
        "s": timestamp.second,
        "S": timestamp.microsecond // 1000,
    }
    return str(values[letter]).zfill(len(run)) if letter in values else run
