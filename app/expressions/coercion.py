"""Coercion of JUEL's operands: conversion to a wanted type, and comparison.

Source: semantics 7.2; the Expression Language Specification 2.1 §1.18; Camunda 7
``TypeConverterImpl``, ``BooleanOperations``.
"""

import math
import re
from datetime import datetime
from typing import Any

from .failures import CoercionError
from .values import (
    INTEGER_MAX,
    INTEGER_MIN,
    LONG_MAX,
    LONG_MIN,
    BigInteger,
    Integer,
    Short,
    doubles_equal,
    java_class,
    java_equals,
    to_text,
)

# Bounded: the time that `int` takes grows with the square of the digits.
_WHOLE = re.compile(r"[+-]?[0-9]{1,400}")
_FRACTION = re.compile(
    r"[\x00-\x20]*([+-]?)(?:(NaN|Infinity)|"
    r"((?:[0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,9})?)[dDfF]?)[\x00-\x20]*"
)


def _cannot(value: object, wanted: str) -> CoercionError:
    return CoercionError(f"Cannot coerce from class {java_class(value)} to class {wanted}")


def _unreadable(text: str, wanted: str) -> CoercionError:
    return CoercionError(f"Cannot coerce '{text[:200]}' to class {wanted}")


def to_boolean(value: object) -> bool:
    """A condition's truth: null and every text but "true" are false."""
    if value is True or value is False:
        return value
    if value is None:
        return False
    if isinstance(value, str):
        # `Boolean.valueOf`: "yes", "1" and all others are false and no error.
        return value.lower() == "true"
    raise _cannot(value, "java.lang.Boolean")


def to_long(value: object) -> int:
    """A whole number of 64 bits; a fraction is cut."""
    return _to_whole(value, "java.lang.Long", LONG_MIN, LONG_MAX)


def to_integer(value: object) -> Integer:
    """A whole number of 32 bits, as Java's own methods take it for an index."""
    return Integer(_to_whole(value, "java.lang.Integer", INTEGER_MIN, INTEGER_MAX))


def _to_whole(value: object, wanted: str, smallest: int, largest: int) -> int:
    # EL 2.1 §1.18: null and the empty text are zero, so that arithmetic works without a value.
    if value is None or value == "":
        return 0
    if isinstance(value, bool):
        raise _cannot(value, wanted)
    if isinstance(value, int):
        # `Number.longValue` cuts the high bits off, and a BigInteger may have more.
        return int(value) if smallest <= value <= largest else wrap(value, smallest)
    if isinstance(value, float):
        return cut(value, smallest, largest)
    if isinstance(value, str):
        if _WHOLE.fullmatch(value) and smallest <= int(value) <= largest:
            return int(value)
        raise _unreadable(value, wanted)
    raise _cannot(value, wanted)


def to_big_integer(value: object) -> BigInteger:
    """A whole number of any length; a fraction is cut."""
    if isinstance(value, BigInteger):
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return BigInteger(value)
    return BigInteger(_to_whole(value, "java.math.BigInteger", LONG_MIN, LONG_MAX))


def to_double(value: object) -> float:
    """A number with a fraction."""
    if value is None or value == "":
        return 0.0
    if isinstance(value, float):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:  # a BigInteger
            return math.copysign(math.inf, value)
    if not isinstance(value, str):
        raise _cannot(value, "java.lang.Double")
    found = _FRACTION.fullmatch(value)
    if found is None:
        raise _unreadable(value, "java.lang.Double")
    sign, word, digits = found.groups()
    # Java's suffixes d and f have been matched, and are left out.
    return float(sign + (word or digits))


def to_string(value: object) -> str:
    """A text; null is empty."""
    if type(value) is str:
        return value
    # Null is empty for an operator, while `String.valueOf` would write "null".
    return "" if value is None else to_text(value)


def cut(value: float, smallest: int, largest: int) -> int:
    """The whole part of a fraction, at most as far as the type goes."""
    if math.isnan(value):
        return 0
    if math.isinf(value):
        return largest if value > 0 else smallest
    # Java's cast stops at the ends of the type; only whole numbers wrap around.
    return max(smallest, min(largest, int(value)))


def wrap(number: int, smallest: int = LONG_MIN) -> int:
    """A number that overflows its type starts again at the other end, silently."""
    return (number - smallest) % (-2 * smallest) + smallest


def is_fractional(value: object) -> bool:
    """Whether arithmetic with this operand is done with fractions."""
    if isinstance(value, float):
        return True
    return isinstance(value, str) and ("." in value or "e" in value or "E" in value)


def is_empty(value: object) -> bool:
    """Whether a value is null, or a text, list or map without content."""
    # Zero and false are not empty: EL 2.1 §1.10.
    return value is None or (isinstance(value, (str, list, dict)) and not value)


def equals(left: object, right: object) -> bool:
    """The operator ``==``: a text is converted to what the other side is."""
    if left is right:
        return True
    if left is None or right is None:
        return False
    kind = type(left)
    # Most conditions compare two values of one type: no conversion is tried for them.
    if kind is type(right) and (kind is str or kind is int or kind is Integer or kind is bool):
        return left == right
    if isinstance(left, float) or isinstance(right, float):
        return doubles_equal(to_double(left), to_double(right))
    if isinstance(left, BigInteger) or isinstance(right, BigInteger):
        return to_big_integer(left) == to_big_integer(right)
    if _is_whole(left) or _is_whole(right):
        return to_long(left) == to_long(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) == to_boolean(right)
    if isinstance(left, str) or isinstance(right, str):
        return to_string(left) == to_string(right)
    return java_equals(left, right)


_WHOLE_TYPES = frozenset((int, Integer, Short))


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def compare(left: object, right: object) -> int:
    """Below, at or above zero as the left side is less, equal or greater.

    Fractions that are no numbers are equal to all, so that ``>=`` and ``<=`` hold, as in JUEL.
    """
    if type(left) in _WHOLE_TYPES and type(right) in _WHOLE_TYPES:
        return _order(left, right)
    if isinstance(left, float) or isinstance(right, float):
        return _order(to_double(left), to_double(right))
    if isinstance(left, BigInteger) or isinstance(right, BigInteger):
        return _order(to_big_integer(left), to_big_integer(right))
    if _is_whole(left) or _is_whole(right):
        return _order(to_long(left), to_long(right))
    if isinstance(left, str) or isinstance(right, str):
        return _order(*_orderable(to_string(left), to_string(right)))
    if isinstance(left, bool) and isinstance(right, bool):
        return _order(left, right)
    if isinstance(left, datetime) and isinstance(right, datetime):
        return _order(left, right)
    order = getattr(left, "juel_compare", None)
    if order is not None and type(left) is type(right):
        return int(order(right))
    if left is right:
        return 0
    ours, theirs = java_class(left), java_class(right)
    if not _is_comparable(left):
        ours, theirs = theirs, ours
        if not _is_comparable(right):
            raise CoercionError(f"Cannot compare 'class {theirs}' and 'class {ours}'")
    # Java asks the one of them that has an order, which takes its own class alone.
    raise CoercionError(class_cast(theirs, ours))


def _is_comparable(value: object) -> bool:
    return isinstance(value, (bool, datetime)) or hasattr(value, "juel_compare")


def class_cast(found: str, wanted: str) -> str:
    """The message of Java's ``ClassCastException``."""
    message = f"class {found} cannot be cast to class {wanted}"
    if not (found.startswith("java.") and wanted.startswith("java.")):
        return message  # Java goes on with the address of a class loader
    return f"{message} ({found} and {wanted} are in module java.base of loader 'bootstrap')"


def _orderable(left: str, right: str) -> tuple[str, str] | tuple[bytes, bytes]:
    # Java orders by UTF-16 units, which differ from code points beyond the BMP alone.
    if left.isascii() or right.isascii():
        return left, right
    return left.encode("utf-16-be", "surrogatepass"), right.encode("utf-16-be", "surrogatepass")


def _order(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


def less(left: object, right: object) -> bool:
    """The operator ``<``; null is never less."""
    if left is None or right is None:
        return False
    return compare(left, right) < 0


def greater(left: object, right: object) -> bool:
    """The operator ``>``; null is never greater."""
    if left is None or right is None:
        return False
    return compare(left, right) > 0


def less_or_equal(left: object, right: object) -> bool:
    """The operator ``<=``."""
    if left is right:
        return True
    if left is None or right is None:
        return False
    return compare(left, right) <= 0


def greater_or_equal(left: object, right: object) -> bool:
    """The operator ``>=``."""
    if left is right:
        return True
    if left is None or right is None:
        return False
    return compare(left, right) >= 0


__all__ = (
    "CoercionError",
    "compare",
    "equals",
    "greater",
    "greater_or_equal",
    "is_empty",
    "less",
    "less_or_equal",
    "to_big_integer",
    "to_boolean",
    "to_double",
    "to_integer",
    "to_long",
    "to_string",
)
