"""Typed values of the wire, and the Python values that handlers see.

Source: contract 2.
"""

import base64
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

INTEGER = range(-(2**31), 2**31)
LONG = range(-(2**63), 2**63)
_JSON = "application/json"
_NAMES = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


@dataclass(frozen=True)
class Typed:
    """A value with a type of its own, such as ``Typed(5, "Short")``.

    Attributes:
        value: as JSON carries it.
        type: its name, such as ``Integer``, ``Xml`` or ``Object``.
        info: of ``Object``, ``objectTypeName`` and ``serializationDataFormat``.
    """

    value: object
    type: str
    info: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """A file variable; its bytes are loaded when they are asked for."""

    name: str
    mime_type: str | None = None
    encoding: str | None = None
    load: Callable[[], bytes] = bytes

    def read(self) -> bytes:
        """The content."""
        return self.load()


def to_wire(value: object) -> dict[str, Any]:
    """The typed value that a Python value is.

    Raises:
        TypeError: there is no type for it.
        ValueError: a number that a Long does not hold.
    """
    match value:
        case Typed():
            return _typed(value.value, value.type, **value.info)
        case File():
            content = base64.b64encode(value.read()).decode()
            info = {"filename": value.name, "mimeType": value.mime_type, "encoding": value.encoding}
            return _typed(content, "File", **{k: v for k, v in info.items() if v is not None})
        case None:
            return _typed(None, "Null")
        case bool():
            return _typed(value, "Boolean")
        case int():
            if value not in LONG:
                raise ValueError(f"{value} is too large for a Long")
            # As Java's literals: small numbers are Integer, which most conditions and fields
            # expect.
            return _typed(value, "Integer" if value in INTEGER else "Long")
        case float() | Decimal():
            number = float(value)
            # JSON has no numbers for these; the wire has their names in Java.
            return _typed(number if math.isfinite(number) else _NAMES[str(number)], "Double")
        case str():
            return _typed(value, "String")
        case bytes():
            return _typed(base64.b64encode(value).decode(), "Bytes")
        case datetime():
            return _typed(_date(value), "Date")
        case dict() | list() | tuple():
            return _typed(json.dumps(value), "Json")
    raise TypeError(f"there is no type of a variable for {type(value).__name__}")


def _typed(value: object, type_: str, **info: object) -> dict[str, Any]:
    return {"value": value, "type": type_, "valueInfo": info}


def _date(value: datetime) -> str:
    """As the wire has it: three digits of milliseconds, an offset without colon."""
    # A time without a zone is taken as UTC, whatever the zone of this host is.
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return f"{aware:%Y-%m-%dT%H:%M:%S}.{aware.microsecond // 1000:03d}{aware:%z}"


def from_wire(variable: Mapping[str, Any], load: Callable[[], bytes] = bytes) -> object:
    """The value that a handler sees of a variable fetched with ``deserializeValues`` off.

    Args:
        load: the bytes of a file.
    """
    value, info = variable["value"], variable.get("valueInfo") or {}
    kind = variable["type"]
    if kind == "File":
        return File(info.get("filename") or "", info.get("mimeType"), info.get("encoding"), load)
    if value is None:
        return None
    if kind == "Date":
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%f%z")
    if kind == "Double":
        return float(value)  # a text where it is no number, see `to_wire`
    if kind == "Bytes":
        return base64.b64decode(value)
    # A text alone is decoded: a server may have done so already.
    is_json = kind == "Json" or info.get("serializationDataFormat") == _JSON
    return json.loads(value) if is_json and isinstance(value, str) else value
