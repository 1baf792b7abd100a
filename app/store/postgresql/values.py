"""Parameters in the formats that PostgreSQL reads.

Those of records go in the binary format, which costs both sides least. Of others a text does, as
it is: in the text format it would end at its first NUL.
"""

import struct
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, LargeBinary
from sqlalchemy import Text as TextType

from app.errors import UnstorableTextError
from app.models.base import Timestamp

TEXT, BINARY = 0, 1  # the formats
TEXT_OID, TEXT_ARRAY_OID, JSON_OID = 25, 1009, 114
_OIDS: dict[type, int] = {
    BigInteger: 20,
    Boolean: 16,
    Double: 701,
    Integer: 23,
    LargeBinary: 17,
    Timestamp: 1184,
    TextType: TEXT_OID,
}


def oid(column: Column[Any]) -> int:
    """The number of a column's type."""
    return _OIDS[type(column.type)]


class _Encoders(dict[type, Callable[[Any], bytes]]):
    """How to encode values, by their types; those of other types are subclasses or numbers."""

    def __missing__(self, kind: type) -> Callable[[Any], bytes]:
        # Found once for each class: SQL's integers come as subclasses that tell Java's types apart.
        found = next((self[base] for base in kind.__mro__ if base in self), _as_text)
        self[kind] = found
        return found


def _as_text(value: object) -> bytes:
    return str(value).encode()


def _text(value: str) -> bytes:
    if "\x00" in value:
        raise UnstorableTextError
    return value.encode()


def hexadecimal(value: bytes | memoryview) -> str:
    """Bytes in PostgreSQL's hex form."""
    return "\\x" + value.hex()


def array(values: Iterable[str]) -> bytes:
    """Texts as an array, in the text format, each in quotes."""
    values = list(values)
    if any("\x00" in value for value in values):
        raise UnstorableTextError
    quoted = ['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values]
    return ("{" + ",".join(quoted) + "}").encode()


_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_last_timestamp: tuple[datetime | None, bytes] = None, b""


def _binary_timestamp(value: datetime) -> bytes:
    """A timestamp in the binary format; mostly it is the transaction's one, a dozen times."""
    # A pair that is replaced as one: two threads at most encode a timestamp twice.
    global _last_timestamp
    known, binary = _last_timestamp
    if known is not value:
        binary = ((value - _EPOCH) // _MICROSECOND).to_bytes(8, "big", signed=True)
        _last_timestamp = value, binary
    return binary


_KNOWN: dict[type, Callable[[Any], bytes]] = {
    str: _text,
    bool: lambda value: b"t" if value else b"f",
    int: b"%d".__mod__,
    datetime: lambda value: value.isoformat().encode(),
    bytes: lambda value: hexadecimal(value).encode(),
    memoryview: lambda value: hexadecimal(value).encode(),
    list: array,
    tuple: array,
}
_ENCODERS = _Encoders(_KNOWN)


_FORMS: dict[type, str] = {
    BigInteger: 'v.to_bytes(8, "big", signed=True)',
    Boolean: r'(b"\x01" if v else b"\x00")',
    Double: "double(v)",
    Integer: 'v.to_bytes(4, "big", signed=True)',
    LargeBinary: "bytes(v)",
    Timestamp: "timestamp(v)",
    TextType: "v.encode()",
}


def record_encoder(columns: Iterable[Column[Any]]) -> Callable[[Any], list[bytes | None]]:
    """A function that encodes those attributes of a record, all in the binary format.

    It is made of text, as ``dataclasses`` makes ``__init__``: a complete writes some three hundred
    values, and a loop that finds each one's encoder takes nearly three times as long.
    """
    forms = [
        f"None if (v := r.{column.name}) is None else {_FORMS[type(column.type)]}"
        for column in columns
    ]
    known = {"timestamp": _binary_timestamp, "double": struct.Struct(">d").pack}
    made = eval(f"lambda r: [{', '.join(forms)}]", known)  # of names of columns alone
    return cast("Callable[[Any], list[bytes | None]]", made)


def encoded(value: Any) -> bytes | None:
    """A value; a text is in the binary format, everything else in the text format."""
    return None if value is None else _ENCODERS[type(value)](value)
