"""Serialized values: what an Object, Json or Xml is once it is read, and what its class is then.

Source: contract 2.3, 2.5 and 2.6; Camunda Spin's ``ListJacksonJsonTypeDetector``.
"""

import json
import re
from typing import Any
from xml.parsers import expat

import orjson

from app.errors import EngineError
from app.expressions.values import LONG_MAX, LONG_MIN, from_json, java_class

from .values import TypedValue

JSON = "application/json"
BIG_INTEGER = "java.math.BigInteger"
ANYTHING = "java.lang.Object"
# Bounds what walks values recursively, here and in the serializers.
DEEPEST = 200

# The class that Jackson makes for a name, by the shape of the JSON that it takes.
LISTS = {
    **{f"java.util.{n}": f"java.util.{n}" for n in ("ArrayList", "LinkedList", "Vector", "Stack")},
    **{f"java.util.{n}": f"java.util.{n}" for n in ("HashSet", "LinkedHashSet", "TreeSet")},
    **{f"java.util.{n}": "java.util.ArrayList" for n in ("List", "Collection", "AbstractList")},
    "java.util.Set": "java.util.HashSet",
    "java.util.SortedSet": "java.util.TreeSet",
    "java.util.Queue": "java.util.LinkedList",
    "java.util.Deque": "java.util.LinkedList",
    "java.util.ArrayDeque": "java.util.ArrayDeque",
}
MAPS = {
    **{f"java.util.{n}": f"java.util.{n}" for n in ("HashMap", "LinkedHashMap", "TreeMap")},
    **{f"java.util.{n}": f"java.util.{n}" for n in ("Hashtable", "WeakHashMap", "IdentityHashMap")},
    "java.util.Map": "java.util.LinkedHashMap",
    "java.util.SortedMap": "java.util.TreeMap",
    "java.util.Properties": "java.util.Properties",
    "java.util.concurrent.ConcurrentHashMap": "java.util.concurrent.ConcurrentHashMap",
}
_WHOLE, _NUMBER, _SCALAR = (int,), (int, float), (str, int, float)
SCALARS: dict[str, tuple[type, ...]] = {
    "java.lang.Boolean": (bool,),
    **{f"java.lang.{n}": _WHOLE for n in ("Byte", "Short", "Integer", "Long")},
    **{f"java.lang.{n}": _NUMBER for n in ("Float", "Double", "Number")},
    # Jackson makes a String of any scalar.
    "java.lang.String": (*_SCALAR, bool),
    BIG_INTEGER: _NUMBER,
    "java.math.BigDecimal": _NUMBER,
    "java.util.Date": _SCALAR,
    "java.util.UUID": (str,),
}
_LONG_NUMBER = re.compile(r"\d{19}")  # from here on, orjson may make a float of an integer


class DeserializationError(EngineError):
    """A serialized value whose text cannot be read."""


def is_too_deep(value: Any) -> bool:
    """Whether lists and objects are nested deeper than JSON is written and values are walked."""
    # Level by level: a recursion would fail on what it is to refuse.
    level = [value]
    for _ in range(DEEPEST):
        level = [
            child
            for item in level
            if isinstance(item, (list, dict))
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True


def deserialize(typed: TypedValue) -> Any:
    """The content of an Object or Json, as JSON has it; of an Xml only that it can be read.

    Raises:
        DeserializationError: the class is not one of Java's own, or the text is not in its format.
    """
    if typed.value is None:
        return None
    text = str(typed.value)
    if typed.type == "Json":
        return read_json(text)
    if typed.type == "Xml":
        return _check_xml(text)
    # All others are kept as they are seen, so nothing is to be read.
    if typed.type != "Object":
        return None
    info = typed.info or {}
    if info.get("serializationDataFormat") != JSON:
        raise DeserializationError(
            "SPIN-PLUGIN-01002 Fallback serializer cannot handle deserialized objects"
        )
    value, name = read_json(text), str(info.get("objectTypeName"))
    # The name comes from the client, and is walked recursively like the value.
    if name.count("<") > DEEPEST:
        raise DeserializationError("its class is nested too deep")
    _check_class(name, value)
    return value


# Python's reader takes NaN and the infinities, orjson does not: both shall read the same texts.
def _refuse_word(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def read_json(text: str) -> Any:
    """Parse a text in JSON.

    Raises:
        DeserializationError: it is no JSON, or nested too deep.
    """
    try:
        # orjson is many times faster, and the usual case; Python's own reader keeps big integers.
        if _LONG_NUMBER.search(text):
            value = json.loads(text, parse_constant=_refuse_word)
            json.dumps(value, ensure_ascii=False).encode()  # fails on half of a surrogate pair
        else:
            value = orjson.loads(text)
    except (ValueError, RecursionError) as error:
        # Where the text fails the reference does not tell, nor does it for XML.
        raise DeserializationError(
            "SPIN/JACKSON-JSON-01001 Unable to parse input into json node"
        ) from error
    # Counted in the text first: what has few brackets cannot be deep.
    if text.count("[") + text.count("{") > DEEPEST and is_too_deep(value):
        raise DeserializationError("it is nested too deep")
    return value


def _check_xml(text: str) -> None:
    def refuse(*_: object) -> None:
        raise DeserializationError("entities are not read")

    parser = expat.ParserCreate("utf-8")
    # Refused at their declaration: a small text may expand to gigabytes.
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise DeserializationError(
            "SPIN/DOM-XML-01009 Unable to parse input into DOM document"
        ) from error


def _check_class(name: str, value: Any) -> None:
    """Refuse JSON of another shape than the class has, and those that it holds."""
    bare, _, inner = name.removesuffix(">").partition("<")
    if bare in LISTS:
        fits, items = isinstance(value, list), value
    elif bare in MAPS:
        fits, inner = isinstance(value, dict), inner.partition(",")[2]
        items = value.values() if fits else ()
    elif bare in SCALARS:
        kinds, items = SCALARS[bare], ()
        # A boolean is an int to Python, and no number to Jackson.
        fits = isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)
    elif bare == ANYTHING:
        fits, items = True, ()
    else:
        raise DeserializationError(
            f"SPIN/JACKSON-JSON-01007 Cannot construct java type from string '{name}'"
        )
    if not fits and value is not None:
        raise DeserializationError(f"Cannot deserialize value of type `{name}`")
    if inner and inner != ANYTHING:
        # An empty collection is checked, too: the class that it names has to be known.
        for item in items or [None]:
            _check_class(inner, item)


def class_once_read(name: str, value: Any) -> str:
    """The class that an Object is said to be of after it was read, from what it is made of.

    Args:
        name: the class that was declared; ``java.util.List`` becomes an ``ArrayList``.
        value: the JSON that it was read from.
    """
    bare, _, parameters = name.removesuffix(">").partition("<")
    if bare in LISTS and isinstance(value, list):
        if not value:
            return f"{LISTS[bare]}<{ANYTHING}>"
        # By its first element, as Spin's detector does it.
        return f"{LISTS[bare]}<{class_once_read(parameters or ANYTHING, value[0])}>"
    if bare in MAPS and isinstance(value, dict):
        # Spin's detector looks into lists alone.
        return f"{MAPS[bare]}<{ANYTHING},{ANYTHING}>"
    return class_of(from_json(value)) if bare == ANYTHING else name


def class_of(value: object) -> str:
    """The class of a value as the serializer writes it, with the types of what it holds."""
    if value is None:
        return ANYTHING
    if isinstance(value, dict):
        return f"{java_class(value)}<{ANYTHING},{ANYTHING}>"
    if isinstance(value, list):
        return f"java.util.ArrayList<{class_of(value[0]) if value else ANYTHING}>"
    if isinstance(value, int) and not LONG_MIN <= value <= LONG_MAX:
        return BIG_INTEGER
    return java_class(value)
