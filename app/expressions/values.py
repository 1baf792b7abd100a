"""The values of expressions: Java's types as Python has them.

Long is int, Double float, String str, Boolean bool, Date an aware datetime, List list, Map dict;
Integer, Short and BigInteger are ints of their own, for ``${list.contains(1)}`` tells them apart.
Spin's JSON is `spin.JsonNode`, Joda's DateTime `dates.DateTime`.
"""

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import orjson

SHORT_MIN = -(2**15)
INTEGER_MIN, INTEGER_MAX = -(2**31), 2**31 - 1
LONG_MIN, LONG_MAX = -(2**63), 2**63 - 1


class Integer(int):
    """A ``java.lang.Integer``."""

    __slots__ = ()


class Short(int):
    """A ``java.lang.Short``."""

    __slots__ = ()


class BigInteger(int):
    """A ``java.math.BigInteger``: a whole number of JSON that does not fit 64 bits."""

    __slots__ = ()


class HashMap(dict[str, object]):
    """A ``java.util.HashMap``: its keys are in the order of their hashes."""

    __slots__ = ()
    java_class = "java.util.HashMap"

    @classmethod
    def of(cls, values: Mapping[str, object]) -> "HashMap":
        """A map with Java's order of these entries."""
        size = 16
        # Java's table doubles when it is three quarters full, and its order follows from its size.
        while len(values) > size * 3 // 4:
            size *= 2

        def place(key: str) -> int:
            number = hash_of(key)
            # Java spreads the high bits down before it takes the place, and unsigned ones.
            return (number ^ (number & 0xFFFFFFFF) >> 16) & (size - 1)

        return cls((key, values[key]) for key in sorted(values, key=place))


class TreeMap(dict[str, object]):
    """A ``java.util.TreeMap``: its keys are sorted when it is made."""

    __slots__ = ()
    java_class = "java.util.TreeMap"


_BYTE_ORDER = "le" if sys.byteorder == "little" else "be"  # a cast reads numbers as here
LONGEST_HASHED = 100_000  # characters; the rest is left out, as hashing is slow here


def units(text: str) -> memoryview:
    """The UTF-16 units of a text, by which Java orders and hashes: rare characters have two."""
    # Halves of pairs may come from JSON, which can escape them one by one.
    return memoryview(text.encode(f"utf-16-{_BYTE_ORDER}", "surrogatepass")).cast("H")


def hash_of(text: str) -> int:
    """Java's ``String.hashCode``."""
    number = 0
    for unit in units(text[:LONGEST_HASHED]):
        number = (31 * number + unit) & 0xFFFFFFFF
    return number - 2**32 if number >= 2**31 else number


def from_json(value: object) -> object:
    """Parsed JSON as Jackson would hand it to Java: each integer in the smallest type it fits."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        if INTEGER_MIN <= value <= INTEGER_MAX:
            return Integer(value)
        return value if LONG_MIN <= value <= LONG_MAX else BigInteger(value)
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        return {key: from_json(item) for key, item in value.items()}
    return value


_CLASSES: dict[type, str] = {
    bool: "java.lang.Boolean",
    Integer: "java.lang.Integer",
    Short: "java.lang.Short",
    BigInteger: "java.math.BigInteger",
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
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return double_to_text(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(to_text, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{to_text(k)}={to_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, datetime):
        return _date_to_text(value)
    if isinstance(value, bytes):
        return "[B"  # Java adds an address, which means nothing to anybody
    if isinstance(value, int) or type(value).__str__ is not object.__str__:
        return str(value)
    return java_class(value)  # never Python's own text, which names our classes


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def _date_to_text(timestamp: datetime) -> str:
    """Java's ``Date.toString`` in its zone, whatever the locale of this process."""
    day, month = _DAYS[timestamp.weekday()], _MONTHS[timestamp.month - 1]
    return f"{day} {month} {timestamp:%d %H:%M:%S %Z} {timestamp.year}"


def double_to_text(value: float) -> str:
    """Java's ``Double.toString``."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    # Within these both languages write the shortest decimal.
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value)  # Python turns to exponents later than Java at both ends
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    shown = "".join(map(str, digits))
    fraction = shown[1:] or "0"
    return f"{'-' if sign else ''}{shown[0]}.{fraction}E{int(exponent) + len(shown) - 1}"


def java_equals(left: object, right: object) -> bool:
    """Java's ``equals``: values of two types are never equal."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(java_equals, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        # Not `==`: Python would find 1 and 1.0 equal within.
        return left.keys() == right.keys() and all(
            java_equals(value, right[key]) for key, value in left.items()
        )
    # An Integer never equals a Long: `equals` looks at the class first.
    if type(left) is not type(right):
        return False
    if isinstance(left, float) and isinstance(right, float):
        return doubles_equal(left, right)
    return left == right


def doubles_equal(left: float, right: float) -> bool:
    """``Double.equals``: NaN equals itself, and zero is not minus zero."""
    if left == right:
        return left != 0 or str(left) == str(right)
    return left != left and right != right


def json_text(value: object) -> str:
    """A value as compact JSON, the way Spin writes it."""
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    except orjson.JSONEncodeError:  # nested beyond orjson's limit, or a number beyond 64 bits
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
