"""What JUEL makes of operands: coercion, arithmetic, comparison.

Source: engine semantics 7.2; the Expression Language Specification 2.1 §1.18.
"""

import math
import operator
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from .values import INTEGER_MIN, Integer, Short, java_class, to_text


class CoercionError(Exception):
    """An operand cannot be what the operator needs."""


def _cannot(value: object, wanted: str) -> CoercionError:
    return CoercionError(f"Cannot coerce from class {java_class(value)} to class {wanted}")


def to_boolean(value: object) -> bool:
    """A condition's truth: null and empty text are false."""
    if value is True or value is False:
        return value
    if value is None or value == "":
        return False
    if isinstance(value, str):
        return value.lower() == "true"
    raise _cannot(value, "java.lang.Boolean")


def to_long(value: object) -> int:
    """A whole number; a fraction is cut."""
    if value is None or value == "":
        return 0
    if isinstance(value, bool):
        raise _cannot(value, "java.lang.Long")
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _cut(value)
    if isinstance(value, str):
        try:
            return _wrap(int(_digits(value)))
        except ValueError:
            raise CoercionError(f"Cannot coerce '{value}' to class java.lang.Long") from None
    raise _cannot(value, "java.lang.Long")


def to_double(value: object) -> float:
    """A number with a fraction."""
    if value is None or value == "":
        return 0.0
    if isinstance(value, bool):
        raise _cannot(value, "java.lang.Double")
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str):
        try:
            return float(_digits(value))
        except ValueError:
            raise CoercionError(f"Cannot coerce '{value}' to class java.lang.Double") from None
    raise _cannot(value, "java.lang.Double")


def _digits(text: str) -> str:
    """The text as Java parses it: no underscores, no other scripts' digits."""
    if "_" in text or not text.isascii() or len(text) > 400:
        raise ValueError(text)
    return text


def to_string(value: object) -> str:
    """A text; null is empty."""
    return "" if value is None else to_text(value)


def _cut(value: float) -> int:
    if math.isnan(value):
        return 0
    if math.isinf(value):
        return 2**63 - 1 if value > 0 else -(2**63)
    return max(-(2**63), min(2**63 - 1, int(value)))


def _wrap(number: int) -> int:
    """A Long that overflows starts again at the other end, silently."""
    return (number + 2**63) % 2**64 - 2**63


def _is_fractional(value: object) -> bool:
    if isinstance(value, float):
        return True
    return isinstance(value, str) and ("." in value or "e" in value.lower())


def arithmetic(
    symbol: str, whole: Callable[[int, int], int], fraction: Callable[[float, float], float]
) -> Callable[[object, object], object]:
    """An operator on numbers: Double when an operand has a fraction, else Long."""
    del symbol

    def compute(left: object, right: object) -> object:
        if left is None and right is None:
            return 0
        if _is_fractional(left) or _is_fractional(right):
            return fraction(to_double(left), to_double(right))
        return _wrap(whole(to_long(left), to_long(right)))

    return compute


def divide(left: object, right: object) -> object:
    """Division, which is always Double."""
    if left is None and right is None:
        return 0
    dividend, divisor = to_double(left), to_double(right)
    if divisor == 0:
        if dividend == 0 or math.isnan(dividend):
            return math.nan
        return math.copysign(math.inf, dividend) * math.copysign(1.0, divisor)
    return dividend / divisor


def remainder(left: object, right: object) -> object:
    """The rest of a division, with the sign of the dividend."""
    if left is None and right is None:
        return 0
    if _is_fractional(left) or _is_fractional(right):
        divisor = to_double(right)
        return math.fmod(to_double(left), divisor) if divisor else math.nan
    divisor = to_long(right)
    if divisor == 0:
        raise CoercionError("/ by zero")
    return int(math.copysign(1, to_long(left))) * (abs(to_long(left)) % abs(divisor))


add = arithmetic("+", operator.add, operator.add)
subtract = arithmetic("-", operator.sub, operator.sub)
multiply = arithmetic("*", operator.mul, operator.mul)


def negate(value: object) -> object:
    """The unary minus: an Integer stays one."""
    if value is None:
        return 0
    if isinstance(value, str):
        return -to_double(value) if _is_fractional(value) else _wrap(-to_long(value))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _cannot(value, "java.lang.Long")
    if isinstance(value, Integer):
        return Integer(INTEGER_MIN) if value == INTEGER_MIN else Integer(-value)
    if isinstance(value, Short):
        return Short(-value)
    return -value if isinstance(value, float) else _wrap(-value)


def is_empty(value: object) -> bool:
    """Whether a value is null, or a text, list or map without content."""
    return value is None or (isinstance(value, (str, list, dict)) and not value)


def equals(left: object, right: object) -> bool:
    """The operator ``==``: a text is converted to what the other side is."""
    if left is right:
        return True
    if left is None or right is None:
        return False
    kinds = type(left), type(right)
    if kinds[0] is kinds[1]:
        return bool(left == right)
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) == to_boolean(right)
    if isinstance(left, (int, float)) or isinstance(right, (int, float)):
        if isinstance(left, float) or isinstance(right, float):
            return to_double(left) == to_double(right)
        return to_long(left) == to_long(right)
    if isinstance(left, str) or isinstance(right, str):
        return to_string(left) == to_string(right)
    return bool(left == right)


def compare(left: object, right: object) -> int:
    """Below, at or above zero as the left side is less, equal or greater."""
    if isinstance(left, bool) or isinstance(right, bool):
        raise CoercionError(
            f"Cannot compare '{to_text(left)}' with '{to_text(right)}'"
            if isinstance(left, bool) and isinstance(right, bool)
            else "Cannot coerce from class java.lang.Boolean to class java.lang.Long"
        )
    if isinstance(left, (int, float)) or isinstance(right, (int, float)):
        if _is_fractional(left) or _is_fractional(right):
            return _order(to_double(left), to_double(right))
        return _order(to_long(left), to_long(right))
    if isinstance(left, str) or isinstance(right, str):
        return _order(to_string(left), to_string(right))
    if isinstance(left, datetime) and isinstance(right, datetime):
        return _order(left.astimezone(UTC), right.astimezone(UTC))
    raise CoercionError(f"Cannot compare '{to_text(left)}' with '{to_text(right)}'")


def _order(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


def less(left: object, right: object) -> bool:
    """The operator ``<``; null is never less."""
    return left is not right and None not in (left, right) and compare(left, right) < 0


def greater(left: object, right: object) -> bool:
    """The operator ``>``; null is never greater."""
    return left is not right and None not in (left, right) and compare(left, right) > 0


def less_or_equal(left: object, right: object) -> bool:
    """The operator ``<=``."""
    if left is None or right is None:
        return left is right
    return left is right or compare(left, right) <= 0


def greater_or_equal(left: object, right: object) -> bool:
    """The operator ``>=``."""
    if left is None or right is None:
        return left is right
    return left is right or compare(left, right) >= 0
