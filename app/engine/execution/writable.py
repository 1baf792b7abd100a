"""Values that are not stored: those that could never be read, and Java's own format.

Source: Camunda 7 ``TypedValueField``, ``AbstractObjectValueSerializer``.
"""

from app.engine.state.values import TypedValue
from app.errors import EngineError


class TransientVariableError(EngineError):
    """A name is stored and transient at once."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"ENGINE-17006 Cannot set transient variable with name {name} to non-transient "
            "variable and vice versa."
        )


class AbstractNumberError(EngineError):
    """A value of the abstract type number cannot be stored."""

    def __init__(self) -> None:
        super().__init__("Cannot serialize value of abstract type number")


class UnwritableObjectError(EngineError):
    """An Object of which too little is said, or in Java's own format."""


def refuse_java(name: str, typed: TypedValue) -> None:
    """Refuse an Object in Java's own format, even for a short time."""
    data_format = (typed.info or {}).get("serializationDataFormat")
    if data_format == "application/x-java-serialized-object" and typed.value is not None:
        raise UnwritableObjectError(
            f"ENGINE-17007 Cannot set variable with name {name}. Java serialization format is "
            "prohibited"
        )


CHECKED = ("Number", "Object")  # the types of which not everything is writable


def check_writable(name: str, typed: TypedValue) -> None:
    """Refuse to store what could never be read (contract 2.2 and 2.5)."""
    if typed.type == "Number":
        raise AbstractNumberError
    if typed.type != "Object":
        return
    info, text = typed.info or {}, typed.value
    type_name = info.get("objectTypeName")
    if info.get("serializationDataFormat") is None:
        size = "null" if text is None else f"{len(str(text))} chars"
        raise UnwritableObjectError(
            "Cannot find serializer for value 'ObjectValue [value=null, isDeserialized=false, "
            f"serializationDataFormat=null, objectTypeName={type_name or 'null'}, "
            f"serializedValue={size}, isTransient={str(typed.is_transient).lower()}]'."
        )
    if type_name is None and text is not None:
        raise UnwritableObjectError(
            f"Cannot write serialized value for variable '{name}': no 'objectTypeName' provided "
            "for non-null value."
        )
