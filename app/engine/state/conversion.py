"""Typed values as expressions see them, and back.

Source: semantics 3.1 and 7.2; semantics 10.
"""

import base64
import math
from datetime import datetime

from app.errors import EngineError
from app.expressions.containers import Entry
from app.expressions.dates import DateTime
from app.expressions.java_dates import millis
from app.expressions.spin import JsonNode
from app.expressions.spin_xml import XmlElement
from app.expressions.values import (
    BigInteger,
    HashMap,
    Integer,
    Short,
    TreeMap,
    double_to_text,
    from_json,
    java_class,
    json_text,
    to_text,
)

from .serialized import (
    BIG_INTEGER,
    DEEPEST,
    JSON,
    DeserializationError,
    class_of,
    class_once_read,
    deserialize,
    is_too_deep,
    read_json,
)
from .values import NULL, TypedValue


# The metadata and no more: the content may be megabytes, and expressions have no use for it.
class FileObject:
    """A File as expressions see it."""

    __slots__ = ("typed",)
    java_class = "org.camunda.bpm.engine.variable.impl.value.FileValueImpl"

    def __init__(self, typed: TypedValue) -> None:
        self.typed = typed

    def juel_property(self, name: str) -> object:
        info = self.typed.info or {}
        if name in ("filename", "mimeType", "encoding"):
            return info.get(name)
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        if not arguments and name in ("getFilename", "getMimeType", "getEncoding"):
            return self.juel_property(name[3].lower() + name[4:])
        raise AttributeError(name)


# Reading Java's own format would run code of its author.
class OpaqueObject:
    """An Object in a format that we do not read: it can be handed on, no more."""

    __slots__ = ("typed",)

    def __init__(self, typed: TypedValue) -> None:
        self.typed = typed

    @property
    def java_class(self) -> str:
        """The class that it is said to be of."""
        return str((self.typed.info or {}).get("objectTypeName"))


class TypedObject:
    """A value together with its type, as ``execution.getVariableTyped`` gives it."""

    __slots__ = ("typed",)
    java_class = "org.camunda.bpm.engine.variable.value.TypedValue"

    def __init__(self, typed: TypedValue) -> None:
        self.typed = typed

    def juel_property(self, name: str) -> object:
        if name == "value":
            return to_object(self.typed)
        if name == "type":
            # Java's own names of types begin with a small letter, those of the API with a capital.
            return {"name": self.typed.type[:1].lower() + self.typed.type[1:]}
        raise AttributeError(name)

    def juel_call(self, name: str, arguments: list[object]) -> object:
        if not arguments and name in ("getValue", "getType"):
            return self.juel_property(name[3:].lower())
        raise AttributeError(name)


def to_object(typed: TypedValue) -> object:
    """The object that an expression sees for a value."""
    value, kind = typed.value, typed.type
    if value is None:
        return None
    # Python has one class for whole numbers, Java three: arithmetic and messages tell them apart.
    if kind == "Integer":
        return Integer(value)  # type: ignore[call-overload]
    if kind == "Short":
        return Short(value)  # type: ignore[call-overload]
    if kind == "Json":
        return JsonNode.parse(str(value))
    if kind == "Xml":
        return XmlElement(str(value))
    if kind == "File":
        return FileObject(typed)
    if kind == "Object":
        return _read_object(typed)
    return value


def _read_object(typed: TypedValue) -> object:
    """An Object in JSON is a list, a map or a plain value."""
    # XML and Java's own format are handed on unread (decision 14).
    if (typed.info or {}).get("serializationDataFormat") != JSON:
        return OpaqueObject(typed)
    try:
        value = from_json(read_json(str(typed.value)))
    except DeserializationError as error:
        raise DeserializationError(f"Cannot deserialize object: {error}") from error
    if not isinstance(value, dict):
        return value
    # Its type parameters do not matter here: JSON has the types.
    name = str((typed.info or {}).get("objectTypeName")).partition("<")[0]
    # By the declared class: its order of keys shows in texts and loops.
    if name == HashMap.java_class:
        return HashMap.of(value)
    # A tree map is written sorted, whatever order the text has.
    return TreeMap(sorted(value.items())) if name == TreeMap.java_class else value


def written_anew(typed: TypedValue) -> TypedValue:
    """A value as another instance stores it: a collection is of the class of what it contains.

    Raises:
        DeserializationError: it cannot be read.

    Source: Camunda 7 ``AbstractObjectValueSerializer.writeValue``.
    """
    info = typed.info or {}
    name = str(info.get("objectTypeName"))
    # Java classes of others are not read: their values go on as they are (decision 14).
    if typed.value is None or typed.type != "Object" or not name.startswith("java.util."):
        return typed
    if info.get("serializationDataFormat") != JSON:
        return typed
    content = read_json(str(typed.value))
    written = json_text(_plain(to_object(typed)))
    return typed._replace(
        value=written, info={**info, "objectTypeName": class_once_read(name, content)}
    )


def from_object(value: object) -> TypedValue:
    """The typed value for what an expression gives."""
    if value is None:
        return NULL
    # By the exact class: a Boolean is an `int` to Python, an Integer is one of its subclasses.
    kind = _KINDS.get(type(value))
    if kind is not None:
        # A plain int: the subclasses must not get into columns, JSON or comparisons of records.
        return TypedValue(kind, value if kind not in ("Integer", "Short") else int(value))  # type: ignore[call-overload]
    if isinstance(value, JsonNode):
        return TypedValue("Json", str(value))
    if isinstance(value, XmlElement):
        return TypedValue("Xml", str(value))
    if isinstance(value, (list, dict, BigInteger, Entry)):
        return _as_json(value)
    if isinstance(value, (FileObject, OpaqueObject, TypedObject)):
        return value.typed
    # Joda's date of `dateTime()` has no type of its own among variables.
    if isinstance(value, DateTime):
        return TypedValue("Date", value.timestamp)
    raise EngineError(f"Cannot store a value of {java_class(value)}")


# A plain int of Python comes from arithmetic, which is that of Longs in JUEL.
_KINDS: dict[type, str] = {
    bool: "Boolean",
    Integer: "Integer",
    Short: "Short",
    int: "Long",
    float: "Double",
    str: "String",
    datetime: "Date",
    bytes: "Bytes",
}


def _as_json(value: object) -> TypedValue:
    try:
        info = {"objectTypeName": class_of(value), "serializationDataFormat": JSON}
        return TypedValue("Object", json_text(_plain(value)), info)
    # Models are untrusted: a list that contains itself ends here, not in the process. Its class is
    # that of its first item, so that already the name would have no end.
    except RecursionError as error:
        raise EngineError("Cannot store a value that is nested too deep") from error


def _plain(value: object) -> object:
    """A value in the types of JSON, as Jackson writes it."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        # Jackson writes NaN and the infinities as texts, for JSON has no numbers for them.
        return value if math.isfinite(value) else double_to_text(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    # As Jackson has entries of a map: an object with the key as its only name.
    if isinstance(value, Entry):
        return {to_text(value.key): _plain(value.value)}
    if isinstance(value, JsonNode):
        return value.content
    if isinstance(value, datetime):
        return millis(value)
    if isinstance(value, DateTime):
        return millis(value.timestamp)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, TypedObject):
        return _plain(to_object(value.typed))
    raise EngineError(f"Cannot store a value of {java_class(value)} in a collection")


__all__ = [
    "BIG_INTEGER",
    "DEEPEST",
    "JSON",
    "DeserializationError",
    "Integer",
    "class_of",
    "class_once_read",
    "deserialize",
    "double_to_text",
    "from_json",
    "from_object",
    "is_too_deep",
    "json_text",
    "to_object",
    "to_text",
]
