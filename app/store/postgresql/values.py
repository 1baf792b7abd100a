"""Parameters in the formats that PostgreSQL reads.

Those of records go in the binary format, which costs both sides least. Of others a text does, as
it is: in the text format it would end at its first NUL.
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NoReturn, cast

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, LargeBinary
from sqlalchemy import Text as TextType

from app.errors import UnstorableTextError
from app.models.base import Timestamp
from app.store.unit.timestamps import Timestamps

TEXT, BINARY = 0, 1  # the formats
TEXT_OID, TEXT_ARRAY_OID = 25, 1009
_OIDS: dict[type, int] = {
    BigInteger: 20,
    Boolean: 16,
    Double: 701,
    Integer: 23,
    LargeBinary: 17,
    Timestamp: 1184,
    TextType: TEXT_OID,
}


_ARRAY_OIDS: dict[type, int] = {
    BigInteger: 1016,
    Boolean: 1000,
    Double: 1022,
    Integer: 1007,
    LargeBinary: 1001,
    Timestamp: 1185,
    TextType: TEXT_ARRAY_OID,
}


def oid(column: Column[Any]) -> int:
    """The number of a column's type."""
    return _OIDS[type(column.type)]


def array_oid(column: Column[Any]) -> int:
    """The number of the type of arrays of a column's values."""
    return _ARRAY_OIDS[type(column.type)]


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


def _hexadecimal(value: bytes | memoryview) -> bytes:
    """Bytes in PostgreSQL's hex form."""
    return b"\\x" + value.hex().encode()


def array(values: Iterable[str]) -> bytes:
    """Texts as an array, in the text format, each in quotes."""
    # Twice over the values: an iterator would be empty the second time.
    values = list(values)
    if any("\x00" in value for value in values):
        raise UnstorableTextError
    quoted = ['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values]
    return ("{" + ",".join(quoted) + "}").encode()


_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _binary_timestamp(value: datetime) -> bytes:
    # Whole numbers throughout: a float of seconds would lose microseconds.
    return ((value - _EPOCH) // _MICROSECOND).to_bytes(8, "big", signed=True)


_TO_TEXT: dict[type, Callable[[Any], bytes]] = {
    str: _text,
    bool: lambda value: b"t" if value else b"f",
    int: b"%d".__mod__,
    datetime: lambda value: value.isoformat().encode(),
    bytes: _hexadecimal,
    memoryview: _hexadecimal,
    list: array,
    tuple: array,
}
_ENCODERS = _Encoders(_TO_TEXT)


_FORMS: dict[type, str] = {
    BigInteger: 'v.to_bytes(8, "big", signed=True)',
    Boolean: r'(b"\x01" if v else b"\x00")',
    Double: "double(v)",
    Integer: 'v.to_bytes(4, "big", signed=True)',
    LargeBinary: "bytes(v)",
    Timestamp: "timestamps[v]",
    # Looked at while it is encoded: a loop of its own over a complete's texts takes ten times that.
    TextType: r'v.encode() if "\0" not in v else refused()',
}


def _refuse() -> NoReturn:
    raise UnstorableTextError


_KNOWN = {  # what the forms name
    "NULL": (-1).to_bytes(4, "big", signed=True),
    "double": struct.Struct(">d").pack,
    "length": struct.Struct(">i").pack,
    "refused": _refuse,
    "timestamps": Timestamps(_binary_timestamp),
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
    made = eval(f"lambda r: [{', '.join(forms)}]", _KNOWN)  # of names of columns alone
    return cast("Callable[[Any], list[bytes | None]]", made)


MANY = 64  # values of an array, from which on a way to encode them at once is looked for
_HEAD = struct.Struct(">iiIii")  # of an array: dimensions, whether NULL occurs, type, length, start


@cache
def _elements(kind: type) -> Callable[[Iterable[Any]], bytes]:
    """A function that encodes the elements of an array, made as `record_encoder` makes its own."""
    form = f"length(len(e := {_FORMS[kind]})) + e"
    made = eval(f"lambda values: b''.join([NULL if v is None else {form} for v in values])", _KNOWN)
    return cast("Callable[[Iterable[Any]], bytes]", made)


def binary_array(values: Sequence[Any], kind: type = TextType) -> bytes:
    """Values of a column of some type as an array, in the binary format."""
    alike = _texts_alike(values) if kind is TextType and len(values) >= MANY else None
    elements = _elements(kind)(values) if alike is None else alike
    return _HEAD.pack(1, 1, _OIDS[kind], len(values), 1) + elements


def _texts_alike(values: Sequence[str | None]) -> bytes | None:
    """The elements of an array of texts of one length, as ids are; None for others.

    A fifth of what a look at each of them takes.
    """
    if None in values:
        return None
    texts = cast("Sequence[str]", values)
    length = len(texts[0])
    # The length in front of each, as characters: the whole is made, and encoded, at once.
    head = f"\0\0\0{chr(length)}"
    if length >= 128 or set(map(len, texts)) != {length}:
        return None
    joined = head + head.join(texts)
    # A NUL of their own is left to the other way, which refuses it.
    is_plain = joined.isascii() and joined.count("\0") == 3 * len(texts)
    return joined.encode("ascii") if is_plain else None


def encoded(value: Any) -> bytes | None:
    """A value; a text is in the binary format, everything else in the text format."""
    return None if value is None else _ENCODERS[type(value)](value)
