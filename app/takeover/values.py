"""Typed values, from the columns in which Camunda 7 keeps them.

Source: contract 16.3; Camunda 7 ``ValueFields``, ``TypedValueSerializer``.
"""

import base64
from typing import Any

from app.engine.state.texts import readable
from app.engine.state.values import StoredValue, TypedValue, to_columns

from .mapping import Row
from .problems import LeftOutError

_EMPTY = "!emptyString!"  # in the second text, where a database makes null of an empty text
_NUMBERS = {"short": "Short", "integer": "Integer", "long": "Long"}
_TEXTS = {"json": "Json", "xml": "Xml"}
_SPIN, _JAVA = "spin://", "application/x-java-serialized-object"
_FIRST_DATE, _LAST_DATE = -62_135_596_800_000, 253_402_214_400_000  # the years 1 to 9999
BYTES = "LEFT JOIN {act_ge_bytearray} b ON b.id_ = s.bytearray_id_"
NAMES = ("text_value", "long_value", "double_value", "bytes_value", "value_info")


def columns(kind: str = "var_type_") -> dict[str, str]:
    """The SQL of what `refine` needs.

    Args:
        kind: the column that names the serializer.
    """
    return {
        "serializer": f"s.{kind}",
        "long_": "s.long_",
        "double_": "s.double_",
        "text_": "s.text_",
        "text2_": "s.text2_",
        "bytes_": "b.bytes_",
    }


def refine(row: Row, name: str = "type") -> Row:
    """Put a value into the columns of the target.

    Args:
        name: the column of its type.

    Raises:
        LeftOutError: it is of a kind that is not known, or its bytes are no text.
    """
    row[name], stored = stored_value(
        row["serializer"],
        row["long_"],
        row["double_"],
        row["text_"],
        row["text2_"],
        row["bytes_"],
    )
    row.update(zip(NAMES, stored, strict=True))
    return row


def stored_value(
    serializer: str | None,
    number: int | None,
    double: float | None,
    text: str | None,
    second: str | None,
    content: bytes | None,
) -> tuple[str, StoredValue]:
    """The type of a value, and the columns that it is kept in.

    Raises:
        LeftOutError: as `refine`.
    """
    kind = (serializer or "null").lower()
    if kind == "string":
        # Oracle makes NULL of an empty text; the engine marks it on every database.
        value = "" if text is None and second == _EMPTY else text
        return "String", to_columns(TypedValue("String", value))
    if kind in _NUMBERS:  # never by their text, which is for searching
        return _NUMBERS[kind], StoredValue(None, number, None, None, None)
    if kind == "boolean":
        known = None if number is None else int(number != 0)
        return "Boolean", StoredValue(None, known, None, None, None)
    if kind == "date":
        # Java's dates reach further than those of the databases here.
        known = None if number is None else min(max(number, _FIRST_DATE), _LAST_DATE)
        return "Date", StoredValue(None, known, None, None, None)
    if kind == "double":
        return "Double", to_columns(TypedValue("Double", double))
    if kind == "null":
        return "Null", StoredValue(None, None, None, None, None)
    typed = _of_bytes(kind, serializer or "", text, second, content)
    return typed.type, to_columns(typed)


def _of_bytes(
    kind: str, serializer: str, text: str | None, second: str | None, content: bytes | None
) -> TypedValue:
    """A value that is kept as a byte array."""
    if kind == "bytes":
        return TypedValue("Bytes", content)
    if kind == "file":
        # The two are one column there, with a sign in between.
        mime_type, _, encoding = (second or "").partition("#")
        info = {"filename": text, "mimeType": mime_type or None, "encoding": encoding or None}
        return TypedValue("File", content, {k: v for k, v in info.items() if v is not None})
    if kind in _TEXTS:
        return TypedValue(_TEXTS[kind], _decoded(serializer, content))
    if kind == "serializable":
        encoded = None if content is None else base64.b64encode(content).decode()
        return TypedValue("Object", encoded, _object(second, _JAVA))
    # Only the identifier is in the engine's tables.
    if kind == "jpa":
        raise LeftOutError("a value of the type 'jpa' is in tables of the application")
    if content is None and not kind.startswith(_SPIN):
        raise LeftOutError(f"a value of the type '{serializer}' is not known")
    data_format = serializer.removeprefix(_SPIN)
    return TypedValue("Object", _decoded(serializer, content), _object(second, data_format))


def _object(name: str | None, data_format: str) -> dict[str, Any]:
    return {"objectTypeName": name, "serializationDataFormat": data_format}


def _decoded(serializer: str, content: bytes | None) -> str | None:
    if content is None:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise LeftOutError(f"a value of the type '{serializer}' is no text in UTF-8") from None


def long_text(row: Row, source: str, name: str) -> None:
    """Put a long text, which the source keeps as bytes, into its column of the target."""
    content = row.pop(source)
    # Replaced rather than refused: a stack trace is for people to read.
    row[name] = None if content is None else readable(content.decode(errors="replace"))
