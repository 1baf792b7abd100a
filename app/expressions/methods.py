"""Finds the methods, properties and items that expressions may use on a value.

They are Java's. Nothing else of a value can be reached.

Source: semantics 7.3; Camunda 7 ``BeanELResolver``, ``ListELResolver``, ``MapELResolver``.
"""

from datetime import datetime

from . import containers, java_dates, scalars, texts
from .coercion import cut, to_long, wrap
from .failures import CoercionError, UnknownPropertyError
from .signatures import Methods, unknown_method
from .spin import CHANGING_JSON, JSON_METHODS, JsonNode
from .spin_xml import CHANGING_XML, XmlAttribute, XmlElement
from .values import (
    INTEGER_MIN,
    BigInteger,
    HashMap,
    Integer,
    Short,
    TreeMap,
    java_class,
    to_text,
)

_METHODS: dict[type, Methods] = {
    str: texts.METHODS,
    list: containers.LIST_METHODS,
    dict: containers.MAP_METHODS,
    HashMap: containers.MAP_METHODS,
    TreeMap: containers.MAP_METHODS,
    bool: scalars.BOOLEAN_METHODS,
    int: scalars.WHOLE_METHODS,
    Integer: scalars.WHOLE_METHODS,
    Short: scalars.WHOLE_METHODS,
    BigInteger: scalars.WHOLE_METHODS,
    float: scalars.DOUBLE_METHODS,
    datetime: java_dates.DATE_METHODS,
}


CHANGEABLE = (list, dict, JsonNode, XmlElement, XmlAttribute)
CHANGING = containers.CHANGING | CHANGING_JSON | CHANGING_XML  # names and numbers of arguments


def call(base: object, name: str, arguments: list[object]) -> object:
    """Call a method of a value.

    Raises:
        UnknownMethodError: it has none of this name and number of arguments.
    """
    methods = _METHODS.get(type(base))
    if methods is None:
        return _call_host(base, name, arguments)
    # By name and number of arguments, as JUEL does: overloads of one arity share an entry.
    found = methods.get((name, len(arguments)))
    if found is None:
        raise unknown_method(base, name, arguments)
    return found(base, arguments)


_OTHERS = (  # of paths into documents, of files and of typed values, which have no tables
    "element elementList attribute attributeList string number bool ns "
    "getFilename getMimeType getEncoding getValue getType"
)
_NAMES = frozenset(_OTHERS.split()).union(
    name
    for methods in (*_METHODS.values(), JSON_METHODS, XmlElement._methods, XmlAttribute._methods)
    for name, _ in methods
)


def is_method(name: str) -> bool:
    """Whether some value has a method of this name."""
    return name in _NAMES


def methods_of(base: object) -> frozenset[str] | None:
    """The names of the methods that a value has; None where only a call can tell."""
    methods = _METHODS.get(type(base))
    if methods is not None:
        return frozenset(name for name, _ in methods)
    return None


def _call_host(base: object, name: str, arguments: list[object]) -> object:
    inner = getattr(base, "juel_call", None)
    if inner is None:
        raise unknown_method(base, name, arguments)
    try:
        return inner(name, arguments)
    except AttributeError:
        # The AttributeError is how hosts say no, and tells a reader of the log nothing.
        raise unknown_method(base, name, arguments) from None


def read(base: object, key: object) -> object:
    """A property of a value, or an item of a list or map; null of null.

    Raises:
        UnknownPropertyError: the value has no such property.
    """
    if base is None or key is None:
        return None
    if isinstance(base, dict):
        return base.get(key) if isinstance(key, str) else None  # the keys of JSON are texts
    if isinstance(base, list):
        return _at(base, key)
    name = to_text(key)
    inner = getattr(base, "juel_property", None)
    if inner is not None:
        try:
            return inner(name)
        except AttributeError:
            pass
    # A bean's property is its getter: `${text.empty}` calls isEmpty().
    getter = f"get{name[:1].upper()}{name[1:]}"
    methods = _METHODS.get(type(base), {})
    found = methods.get((getter, 0)) or methods.get((f"is{getter[3:]}", 0))
    if found is not None:
        return found(base, [])
    raise UnknownPropertyError(
        f"The class '{java_class(base)}' does not have the property '{name}'."
    )


def _at(items: list[object], key: object) -> object:
    """An item of a list; null beyond its ends."""
    index = _index(key)
    return items[index] if 0 <= index < len(items) else None


def _index(key: object) -> int:
    if isinstance(key, bool):
        # Java's `ListELResolver` has true for 1 and false for 0.
        return int(key)
    if isinstance(key, float):
        return cut(key, INTEGER_MIN, -INTEGER_MIN - 1)
    if isinstance(key, int):
        return wrap(key, INTEGER_MIN)
    if not isinstance(key, str):
        raise CoercionError("null")  # as Java's exception has no message there
    try:
        # An empty text is no index, while `to_long` alone would make it 0.
        return to_long(key or "-")
    except CoercionError:
        raise CoercionError(f'For input string: "{key}"') from None
