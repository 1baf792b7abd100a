"""The conversion of inputs, outputs and literal expressions to their ``typeRef``.

Source: Camunda 7 ``DefaultTypeDefinition`` and the ``…DataTypeTransformer`` classes; Java's
``Integer.parseInt``, ``Double.parseDouble``, ``SimpleDateFormat``.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from app.expressions.values import Integer

from .errors import DmnEngineError, InvalidValueError
from .values import NULL, JavaObject, Value, java_text

_DECIMAL = re.compile(r"[+-]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_HEXADECIMAL = re.compile(
    r"[+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+"
)
_BLANKS = "".join(map(chr, range(33)))  # the characters that Java trims
_DATE = re.compile(  # as SimpleDateFormat reads yyyy-MM-dd'T'HH:mm:ss; what follows does not matter
    r"\s*(-?[0-9]+)-\s*(-?[0-9]+)-\s*(-?[0-9]+)T\s*(-?[0-9]+):\s*(-?[0-9]+):\s*(-?[0-9]+)"
)
_LONGEST_NUMBER = 400  # characters of a text that is read as a number


Number = TypeVar("Number", int, float)


class _NotConvertibleError(Exception):
    """The value has no meaning in the type."""


def convert(value: object, type_name: str | None) -> Value:
    """Give a value the type that a clause asks for; unknown types change nothing.

    Raises:
        InvalidValueError: the value does not convert.
        DmnEngineError: a date, time or duration is no Date.
    """
    # Null is of every type: it is neither converted nor refused.
    if value is None:
        return NULL
    known = None if type_name is None else _TYPES.get(type_name.lower())
    if type_name is None or known is None:
        return Value(None, value)
    name, transform = known
    try:
        return Value(name, transform(value))
    except (_NotConvertibleError, ValueError, OverflowError):
        # The name of the type as it is written in the file, in whatever case.
        raise InvalidValueError(java_text(value), type_name) from None


def parse_integer(text: str, bits: int) -> int | None:
    """Java's ``parseInt`` and ``parseLong``; None for what they refuse."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    # No blanks and underscores, which `int` would take; the length because `int` is quadratic in
    # it.
    if not digits.isdecimal() or len(digits) > _LONGEST_NUMBER:
        return None
    number = int(text)
    return number if -(2 ** (bits - 1)) <= number < 2 ** (bits - 1) else None


def _or_refuse(number: Number | None) -> Number:
    if number is None:
        raise _NotConvertibleError
    return number


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    # Java's `Boolean.valueOf` would take any other text for false; the transformer refuses it.
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise _NotConvertibleError


def _whole(value: object, bits: int) -> int:
    """A whole number of so many bits, from a number without fraction or from its text."""
    if isinstance(value, str):
        return _or_refuse(parse_integer(value, bits))
    largest: int = 2 ** (bits - 1) - 1
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _NotConvertibleError
    if isinstance(value, float) and not value.is_integer():
        raise _NotConvertibleError
    if not -largest - 1 <= value <= largest:
        if bits != 64 or value != 2.0**63:  # as a double the largest Long is one more
            raise _NotConvertibleError
        return largest
    return int(value)


def _double(value: object) -> float:
    if isinstance(value, str):
        return _or_refuse(parse_double(value))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _NotConvertibleError
    return float(value)


def parse_double(text: str) -> float | None:
    """Java's ``parseDouble``; None for what it refuses."""
    number = text.strip(_BLANKS)
    if len(number) > _LONGEST_NUMBER:
        return None
    # Java's suffixes of literals count in `parseDouble` too, but not behind its words.
    bare = number if number.endswith(("NaN", "Infinity")) else number.rstrip("fFdD")
    is_short = len(number) - len(bare) <= 1
    if is_short and _DECIMAL.fullmatch(bare):
        return float(bare)
    if is_short and _HEXADECIMAL.fullmatch(bare):
        return float.fromhex(bare)
    return None


def _date(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, JavaObject):
        if value.timestamp is None:
            raise DmnEngineError(
                f"Unsupported type: '{value.class_name}' cannot be converted to 'java.util.Date'"
            )
        # A Date has milliseconds; FEEL's timestamps have more.
        return value.timestamp.replace(microsecond=value.timestamp.microsecond // 1000 * 1000)
    if isinstance(value, str):
        return _parse_date(value)
    raise _NotConvertibleError


def _parse_date(text: str) -> datetime:
    """Fields beyond their range carry over, as in Java: the 45th of a month is in the next one."""
    # Not the whole text: SimpleDateFormat stops where its pattern ends, and leaves the rest.
    found = _DATE.match(text[:_LONGEST_NUMBER])
    if found is None:
        raise _NotConvertibleError
    year, month, day, hours, minutes, seconds = map(int, found.groups())
    # A lenient calendar, as Java's is by default: month 13 is January of the next year.
    years, months = divmod(month - 1, 12)
    start = datetime(year + years, months + 1, 1, tzinfo=UTC)
    return start + timedelta(days=day - 1, hours=hours, minutes=minutes, seconds=seconds)


_TYPES: dict[str, tuple[str, Callable[[object], object]]] = {
    "string": ("String", java_text),
    "boolean": ("Boolean", _boolean),
    "integer": ("Integer", lambda value: Integer(_whole(value, 32))),
    "long": ("Long", lambda value: _whole(value, 64)),
    "double": ("Double", _double),
    "date": ("Date", _date),
}
