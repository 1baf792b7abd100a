"""Typed values in bodies and answers.

Source: contract 2; semantics 3.1.
"""

import base64
import math
import re
from collections.abc import Mapping
from typing import Any

import orjson
from marshmallow import ValidationError

from app.engine.state.conversion import (
    BIG_INTEGER,
    JSON,
    DeserializationError,
    class_of,
    class_once_read,
    deserialize,
    double_to_text,
    from_json,
    json_text,
    to_text,
)
from app.engine.state.values import NULL, TypedValue
from app.errors import InvalidRequestError, JavaRuntimeError, UnsupportedTypeError
from app.filters import INT, LONG

from .answers import ANYTHING, OBJECT, Answer, part, text
from .base import Converted
from .bounds import NUL
from .jackson import text_of
from .primitives import CONVERSIONS, JAVA, NotConvertibleError

SERIALIZED = ("object", "json", "xml")


class TypedValues(Converted):
    """A map of typed values by name; absence is an empty map."""

    default_value = dict

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError("no object")
        for name, entry in value.items():
            # Names are keys of the database as any other text.
            text_of(name)
            if entry is not None:
                _check_shape(entry)
        return value

    def convert(self, value: dict[str, Any]) -> dict[str, TypedValue]:
        """The typed values; the first that does not convert decides the error."""
        return {name: typed_value(entry) for name, entry in value.items()}


class TypedValueField(Converted):
    """One typed value."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        _check_shape(value)
        return value

    def convert(self, value: Any) -> TypedValue:
        """The typed value."""
        return typed_value(value)


def _check_shape(entry: Any) -> None:
    """Refuse what is no object with a type and a value.

    Raises:
        ValidationError: a part of it has a shape that it cannot have.
    """
    if not isinstance(entry, dict):
        raise ValidationError("no typed value")
    info, kind = entry.get("valueInfo"), entry.get("type")
    if info is not None and not isinstance(info, dict):
        raise ValidationError("no object")
    if kind is not None:
        text_of(kind)


def typed_value(entry: Mapping[str, Any] | None) -> TypedValue:
    """The value that a JSON object of the right shape describes; a form has it as bytes.

    Raises:
        UnsupportedTypeError: there is no such type.
        InvalidRequestError: the value cannot be converted to its type.
        JavaRuntimeError: what the reference engine answers with an error of the JVM.
    """
    if entry is None:
        raise JavaRuntimeError("NullPointerException", "A typed value is null")
    kind, value, info = entry.get("type"), entry.get("value"), entry.get("valueInfo")
    if kind is None:
        return infer(value, is_transient=(info or {}).get("transient") is True)
    kind = text_of(kind)
    if not kind:
        raise JavaRuntimeError("StringIndexOutOfBoundsException", "begin 0, end 1, length 0")
    # Only the first letter: `INTEGER` and `XML` are unknown types (contract 2.2).
    name = kind[0].lower() + kind[1:]
    # Before a missing info becomes an empty one: a File tells the two apart.
    if name == "file":
        return _file(value, info)
    info = info or {}
    if name in SERIALIZED:
        return _serialized(kind, name, value, info)
    convert = CONVERSIONS.get(name)
    if convert is None:
        raise UnsupportedTypeError(f"Unsupported value type '{kind}'")
    try:
        # Null keeps the declared type, whichever it is.
        converted = None if value is None else convert(value)
        is_transient = _transient(info)
    except NotConvertibleError:
        raise InvalidRequestError(
            f"Cannot convert value '{to_text(value)}' of type '{kind}' to java type {JAVA[name]}"
        ) from None
    return TypedValue(name[0].upper() + name[1:], converted, None, is_transient)


def _transient(info: Mapping[str, Any]) -> bool:
    value = info.get("transient", False)
    if not isinstance(value, bool):
        raise NotConvertibleError
    return value


def _is_transient(info: Mapping[str, Any]) -> bool:
    """Whether a value that is no primitive is transient."""
    try:
        return _transient(info)
    except NotConvertibleError:
        raise JavaRuntimeError(
            "IllegalArgumentException",
            "The property 'transient' should have a value of type 'boolean'.",
        ) from None


# -- what has parts -----------------------------------------------------------------------


def infer(value: Any, *, is_transient: bool = False) -> TypedValue:
    """The type of a JSON value that declares none (contract 2.3)."""
    if value is None:
        return TypedValue("Null", None, None, is_transient) if is_transient else NULL
    if isinstance(value, bool):
        return TypedValue("Boolean", value, None, is_transient)
    if isinstance(value, int):
        # Booleans are above: Python counts them among the integers.
        kind = "Integer" if INT[0] <= value <= INT[1] else "Long"
        if not LONG[0] <= value <= LONG[1]:
            return _object(str(value), BIG_INTEGER, is_transient)
        return TypedValue(kind, value, None, is_transient)
    if isinstance(value, float):
        return TypedValue("Double", value, None, is_transient)
    if isinstance(value, str):
        if "\x00" in value:
            raise InvalidRequestError(NUL)
        return TypedValue("String", value, None, is_transient)
    return _object(json_text(value), class_of(from_json(value)), is_transient)


def _object(text: str, type_name: str, is_transient: bool) -> TypedValue:
    if "\\u0000" in text:
        raise InvalidRequestError(NUL)
    info = {"objectTypeName": type_name, "serializationDataFormat": JSON}
    return TypedValue("Object", text, info, is_transient)


def object_from_json(class_name: str, text: str) -> TypedValue | None:
    """An object of a Java class, read from JSON and written anew; None for ``null``.

    Raises:
        ValueError: the text cannot be read as that class.
    """
    if "\x00" in class_name or "\\u0000" in text:
        raise ValueError(NUL)
    info = {"objectTypeName": class_name, "serializationDataFormat": JSON}
    try:
        value = deserialize(TypedValue("Object", text, info))
    except DeserializationError as error:
        raise ValueError(str(error)) from error
    if value is None:
        return None
    return _object(json_text(value), class_once_read(class_name, value), is_transient=False)


def _serialized(kind: str, name: str, value: Any, info: Mapping[str, Any]) -> TypedValue:
    """An Object, Json or Xml, whose value is a text that stays as it is."""
    if value is not None and not isinstance(value, str):
        raise InvalidRequestError(
            f"Must provide 'null' or String value for value of SerializableValue type '{kind}'."
        )
    # PostgreSQL has the character in no text.
    if value is not None and "\x00" in value:
        raise InvalidRequestError(NUL)
    # Json and Xml say by their type what they are; only an Object names a class and a format.
    if name != "object":
        return TypedValue(name.title(), value, None, _is_transient(info))
    kept = {}
    for key in ("objectTypeName", "serializationDataFormat"):
        found = info.get(key)
        if found is not None:
            if not isinstance(found, str):
                raise JavaRuntimeError("ClassCastException", f"'{key}' is no text")
            kept[key] = found
    return TypedValue("Object", value, kept, _is_transient(info))


def _file(value: Any, info: Mapping[str, Any] | None) -> TypedValue:
    """A File; its errors come without a prefix, as errors of the JVM."""

    def refuse(message: str) -> JavaRuntimeError:
        return JavaRuntimeError("IllegalArgumentException", message)

    if info is None:
        raise refuse("Cannot create file without valueInfo.")
    if info.get("filename") is None:
        raise refuse(
            "Cannot create file without filename! Please set a name into ValueInfo with key "
            "filename"
        )
    if not isinstance(value, (str, bytes)):
        raise refuse("Provided value is not of File, InputStream or byte[] type.")
    kept = {"filename": text_of(info["filename"])}
    for key, words in (("mimeType", "mime type"), ("encoding", "encoding")):
        if key in info:
            if info[key] is None:
                raise refuse(
                    f"The provided {words} is null. Set a non-null value info property with key "
                    f"'{'filename' if key == 'mimeType' else 'encoding'}'"
                )
            kept[key] = text_of(info[key])
    # A form has sent the bytes themselves.
    content = value if isinstance(value, bytes) else _lenient_base64(value)
    return TypedValue("File", content, kept, _is_transient(info))


def _lenient_base64(text: str) -> bytes:
    """Base64 in which other characters are skipped and the padding, which ends it, may lack."""
    # Both alphabets are read, also mixed (RFC 4648, 4 and 5).
    content = text.partition("=")[0].replace("-", "+").replace("_", "/")
    clean = re.sub(r"[^A-Za-z0-9+/]", "", content)
    # A character that is left over has six bits, of which no byte can be made.
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return base64.b64decode(clean + "=" * (-len(clean) % 4))


# -- answers --------------------------------------------------------------------------------


shown_value = Answer(  # each is made by `render`, of a value and not of a view
    "TypedValue",
    text("type", is_nullable=False),
    part("value", ANYTHING),
    part("value_info", OBJECT),
)


def render(
    typed: TypedValue, *, deserialized: bool = False, is_historic: bool = False
) -> dict[str, Any]:
    """The JSON of a value.

    Args:
        deserialized: an Object in JSON is answered as JSON, not as the text that it is stored as.
        is_historic: an Object keeps the name of its class, though it is read.

    Raises:
        ValueError: a serialized value cannot be read.
    """
    value, kind, info = typed.value, typed.type, typed.info
    value_info = dict(info) if info else {}
    # JSON has no words for these; the reference engine writes them as texts.
    if isinstance(value, float) and (value != value or value in (math.inf, -math.inf)):
        value = double_to_text(value)
    elif isinstance(value, bytes):
        # The content of a File is asked for by `…/data`, and never stands in JSON.
        value = None if kind == "File" else base64.b64encode(value).decode()
    elif deserialized and kind in ("Object", "Json", "Xml") and value is not None:
        value, content = _deserialized(typed)
        if kind == "Object" and not is_historic:
            declared = str(value_info["objectTypeName"])
            value_info["objectTypeName"] = class_once_read(declared, content)
    if typed.is_transient:
        value_info["transient"] = True
    return {"type": kind, "value": value, "valueInfo": value_info}


def render_all(values: Mapping[str, TypedValue], *, deserialized: bool = False) -> dict[str, Any]:
    """The JSON of several values by name."""
    return {name: render(typed, deserialized=deserialized) for name, typed in values.items()}


def _deserialized(typed: TypedValue) -> tuple[Any, Any]:
    """The reference engine's view of a serialized value that it reads, and its content."""
    try:
        content = deserialize(typed)
    except DeserializationError as error:
        raise ValueError(str(error)) from error
    # Of Spin's node for XML this is the one property that Jackson finds.
    if typed.type == "Xml":
        return {"dataFormatName": "application/xml"}, content
    if typed.type == "Json":
        return _json_bean(content), content
    return orjson.Fragment(str(typed.value)), content  # its numbers may be of any size


def _json_bean(value: Any) -> dict[str, Any]:
    """The properties of Spin's node class, which is all that Jackson sees of it."""
    is_value = not isinstance(value, (list, dict))
    names = {list: "ARRAY", dict: "OBJECT", str: "STRING", bool: "BOOLEAN", type(None): "NULL"}
    return {
        "array": isinstance(value, list),
        "null": value is None,
        "dataFormatName": JSON,
        "object": isinstance(value, dict),
        "boolean": isinstance(value, bool),
        "number": isinstance(value, (int, float)) and not isinstance(value, bool),
        "string": isinstance(value, str),
        "value": is_value,
        "nodeType": names.get(type(value), "NUMBER"),
    }
