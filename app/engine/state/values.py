"""Typed values: what a variable holds, and the columns that it is stored in."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import orjson

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INTEGERS = ("Integer", "Long", "Short")
TEXTS = ("String", "Json", "Xml", "Object")


class TypedValue(NamedTuple):
    """A value with its Camunda type.

    Attributes:
        type: ``Boolean``, ``Bytes``, ``Short``, ``Integer``, ``Long``, ``Double``, ``Date``,
            ``String``, ``Null``, ``File``, ``Object``, ``Xml`` or ``Json``, capitalised.
        value: bool, int, float, aware UTC datetime (whole milliseconds), str or bytes; None is the
            null of that type. Object, Json and Xml hold the serialized text, File and Bytes the
            content.
        info: ``valueInfo`` without ``transient``: ``objectTypeName`` and
            ``serializationDataFormat`` of an Object; ``filename``, ``mimeType`` and ``encoding``
            of a File.
        is_transient: seen in this transaction only, never stored.
    """

    type: str
    value: object
    info: Mapping[str, object] | None = None
    is_transient: bool = False


# A type of its own: the null of a String, which is another value, keeps that type.
NULL = TypedValue("Null", None)


class StoredValue(NamedTuple):
    """The columns that hold a value, in every table that holds one."""

    text_value: str | None
    long_value: int | None
    double_value: float | None
    bytes_value: bytes | None
    value_info: str | None


def to_columns(typed: TypedValue) -> StoredValue:
    """The columns for a value.

    Numbers have ``long_value`` or ``double_value`` (NaN and infinities are kept as text, for JSON
    on the way to the database has no word for them), Dates epoch milliseconds, Booleans 0 or 1.
    A text with NUL, which PostgreSQL has no text for, is kept as its bytes.
    """
    value, kind = typed.value, typed.type
    text = number = double = content = None
    # A bool is an int to Python; the type of the variable tells them apart when it is read.
    if isinstance(value, (bool, int)):
        number = int(value)
    elif isinstance(value, float):
        # NaN and the infinities are the only ones of which this does not hold.
        finite = value - value == 0
        double, text = (value, None) if finite else (None, repr(value))
    elif isinstance(value, str):
        text, content = (None, value.encode()) if "\x00" in value else (value, None)
    elif isinstance(value, bytes):
        content = value
    elif isinstance(value, datetime):
        # Whole numbers throughout: a float of seconds would lose milliseconds.
        number = (value - EPOCH) // timedelta(milliseconds=1)
    elif value is not None:
        raise TypeError(f"{kind} holds {type(value).__name__}")
    info = orjson.dumps(dict(typed.info)).decode() if typed.info else None
    return StoredValue(text, number, double, content, info)


def from_columns(
    kind: str,
    text: str | None,
    number: int | None,
    double: float | None,
    content: bytes | None,
    info: str | None,
) -> TypedValue:
    """The value that the columns hold."""
    value: object = None
    if kind in INTEGERS:
        value = number
    elif kind in TEXTS:
        # A text with NUL is kept as its bytes; drivers give them as memoryviews, too.
        value = text if content is None else bytes(content).decode()
    elif kind == "Boolean":
        value = None if number is None else bool(number)
    elif kind == "Double":
        # The text holds NaN and the infinities: see `to_columns`.
        value = double if text is None else float(text)
    elif kind == "Date":
        value = None if number is None else EPOCH + timedelta(milliseconds=number)
    elif kind in ("Bytes", "File"):
        value = content
    return TypedValue(kind, value, orjson.loads(info) if info else None)
