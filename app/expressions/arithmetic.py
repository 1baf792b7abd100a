"""The arithmetic of JUEL: Long where it can be, Double where an operand has a fraction.

Source: engine semantics 7.2; Camunda 7 ``NumberOperations``.
"""

import math
import operator
from collections.abc import Callable

from .coercion import is_fractional, to_double, to_long, wrap
from .failures import EvaluationFailure
from .values import INTEGER_MIN, SHORT_MIN, Integer, Short, java_class

Operation = Callable[[object, object], object]


def _operation(
    whole: Callable[[int, int], int], fraction: Callable[[float, float], float]
) -> Operation:
    def compute(left: object, right: object) -> object:
        if type(left) is int and type(right) is int:
            return wrap(whole(left, right))
        if left is None and right is None:
            return 0
        if is_fractional(left) or is_fractional(right):
            return fraction(to_double(left), to_double(right))
        return wrap(whole(to_long(left), to_long(right)))

    return compute


add = _operation(operator.add, operator.add)
subtract = _operation(operator.sub, operator.sub)
multiply = _operation(operator.mul, operator.mul)


def divide(left: object, right: object) -> object:
    """Division, which is always Double."""
    if left is None and right is None:
        return 0
    dividend, divisor = to_double(left), to_double(right)
    if divisor != 0:
        return dividend / divisor
    if dividend == 0 or math.isnan(dividend):
        return math.nan
    return math.copysign(math.inf, dividend) * math.copysign(1.0, divisor)


def remainder(left: object, right: object) -> object:
    """The rest of a division, with the sign of the dividend."""
    if left is None and right is None:
        return 0
    if is_fractional(left) or is_fractional(right):
        dividend, fraction = to_double(left), to_double(right)
        if fraction == 0 or math.isinf(dividend):
            return math.nan
        return math.fmod(dividend, fraction)
    number, divisor = to_long(left), to_long(right)
    if divisor == 0:
        raise EvaluationFailure("/ by zero")
    rest = abs(number) % abs(divisor)
    return -rest if number < 0 else rest


def negate(value: object) -> object:
    """The unary minus: an Integer or Short stays one."""
    if value is None:
        return 0
    if isinstance(value, str):
        return -to_double(value) if is_fractional(value) else wrap(-to_long(value))
    if isinstance(value, float):
        return -value
    if isinstance(value, bool) or not isinstance(value, int):
        raise EvaluationFailure(f"Cannot negate 'class {java_class(value)}'")
    if isinstance(value, Integer):
        return Integer(wrap(-value, INTEGER_MIN))
    if isinstance(value, Short):
        return Short(wrap(-value, SHORT_MIN))
    return wrap(-value)
