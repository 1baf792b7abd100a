"""Typed values of one piece: how JSON becomes each of Java's primitive types.

Source: contract 2.4.
"""

import base64
import binascii
import math
import re
from collections.abc import Callable
from typing import Any

from marshmallow import ValidationError

from app.engine.state.conversion import to_text
from app.filters import INT, LONG

from .dates import parse_date
from .jackson import boolean_of_word, is_blank, text_of, whole_of_digits

SHORT = -(2**15), 2**15 - 1
JAVA = {
    "boolean": "java.lang.Boolean",
    "short": "java.lang.Short",
    "integer": "java.lang.Integer",
    "long": "java.lang.Long",
    "double": "java.lang.Double",
    "string": "java.lang.String",
    "date": "java.util.Date",
    "bytes": "[B",
    "number": "java.lang.Number",
    "null": "javax.lang.model.type.NullType",
}
_FLOAT = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?\s*", re.ASCII)
_WORDS = {
    "NaN": math.nan,
    "Infinity": math.inf,
    "INF": math.inf,
    "-Infinity": -math.inf,
    "-INF": -math.inf,
}


class NotConvertibleError(Exception):
    """A JSON value cannot be of the declared type."""


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if is_blank(value):
        return None
    if not isinstance(value, str):
        raise NotConvertibleError
    try:
        return boolean_of_word(value)
    except ValidationError:
        raise NotConvertibleError from None


def _whole(low: int, high: int) -> Callable[[Any], int | None]:
    def convert(value: Any) -> int | None:
        if isinstance(value, str):
            if is_blank(value):
                return None
            try:
                value = whole_of_digits(value)
            except ValidationError:
                raise NotConvertibleError from None
        # 1.0 is refused, though a field of a body would cut it: typed values are parsed from their
        # text, in which an integer has no point (contract 1.6, 2.4).
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise NotConvertibleError
        return value

    return convert


def _double(value: Any) -> float | None:
    if isinstance(value, bool):
        raise NotConvertibleError
    if isinstance(value, (int, float)):
        try:
            return float(value)
        except OverflowError:
            # An integer of more than 308 digits: Java's parser gives infinity, Python's an error.
            return math.inf if value > 0 else -math.inf
    if isinstance(value, str):
        text = value.strip()
        if is_blank(text):
            return None
        if text in _WORDS:
            return _WORDS[text]
        # Longer than any double is written; reading takes time that grows with the length.
        if _FLOAT.fullmatch(text) and len(text) < 500:
            return float(text)
    raise NotConvertibleError


def _string(value: Any) -> str:
    if isinstance(value, bytes):
        raise NotConvertibleError  # the reference engine keeps its address, and loses the content
    text = to_text(value)
    if "\x00" in text:
        raise NotConvertibleError
    return text


def _date(value: Any) -> Any:
    if not isinstance(value, str):
        raise NotConvertibleError
    if is_blank(value):
        return None
    try:
        return parse_date(value)
    except ValueError:
        raise NotConvertibleError from None


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, bool):
        value = text_of(value)  # four letters, or five, which are no base64
    if not isinstance(value, str):
        raise NotConvertibleError
    # Blanks may stand between groups of four characters, not within one.
    parts = value.split()
    if any(len(part) % 4 for part in parts):
        raise NotConvertibleError
    try:
        return base64.b64decode("".join(parts), validate=True)
    except (binascii.Error, ValueError):
        raise NotConvertibleError from None


# Null itself never comes here: no type converts it.
def _null(_: Any) -> None:
    raise NotConvertibleError


CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "boolean": _boolean,
    "short": _whole(*SHORT),
    "integer": _whole(*INT),
    "long": _whole(*LONG),
    "double": _double,
    "string": _string,
    "date": _date,
    "bytes": _bytes,
    "null": _null,
    # Converts, and fails when it is stored: the abstract type has no serializer (contract 2.2).
    "number": _double,
}
