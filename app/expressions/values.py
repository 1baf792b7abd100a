"""The values of expressions: Java's types as Python has them.

Long is int, Double float, String str, Boolean bool, Date an aware datetime, List list, Map dict;
Integer and Short are ints of their own, for ``${list.contains(1)}`` tells them apart.
"""

from datetime import UTC, datetime

import orjson

INTEGER_MIN, INTEGER_MAX = -(2**31), 2**31 - 1


class Integer(int):
    """A ``java.lang.Integer``."""

    __slots__ = ()


class Short(int):
    """A ``java.lang.Short``."""

    __slots__ = ()


def from_json(value: object) -> object:
    """Parsed JSON as Jackson would hand it to Java: integers that fit 32 bits are Integers."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return Integer(value) if INTEGER_MIN <= value <= INTEGER_MAX else value
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        return {key: from_json(item) for key, item in value.items()}
    return value


_CLASSES: dict[type, str] = {
    bool: "java.lang.Boolean",
    Integer: "java.lang.Integer",
    Short: "java.lang.Short",
    int: "java.lang.Long",
    float: "java.lang.Double",
    str: "java.lang.String",
    datetime: "java.util.Date",
    list: "java.util.ArrayList",
    dict: "java.util.LinkedHashMap",
    bytes: "[B",
}


def java_class(value: object) -> str:
    """The name of the Java class that a value stands for."""
    if value is None:
        return "null"
    known = _CLASSES.get(type(value))
    return known or str(getattr(value, "java_class", "java.lang.Object"))


def to_text(value: object) -> str:
    """Java's ``String.valueOf``."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return double_to_text(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(to_text, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{to_text(k)}={to_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
    return str(value)


def double_to_text(value: float) -> str:
    """Java's ``Double.toString``."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    size = abs(value)
    if size == 0 or 1e-3 <= size < 1e7:
        return repr(value) if "e" not in repr(value) else f"{value:f}"
    mantissa, exponent = f"{value:.17e}".split("e")
    mantissa, exponent = repr(value / 10 ** int(exponent)), exponent
    shortest = repr(value)
    if "e" in shortest:
        mantissa = shortest.split("e")[0]
    if "." not in mantissa:
        mantissa += ".0"
    return f"{mantissa}E{int(exponent)}"


def java_equals(left: object, right: object) -> bool:
    """Java's ``equals``: values of two types are never equal."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(java_equals, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            java_equals(v, right[k]) for k, v in left.items()
        )
    return type(left) is type(right) and left == right


def json_text(value: object) -> str:
    """A value as compact JSON, the way Spin writes it."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
