"""The arithmetic of JUEL: Long where it can be, Double where an operand has a fraction.

A BigInteger stays one; where Java would turn to BigDecimal, there is Double here.

Source: semantics 7.2; Camunda 7 ``NumberOperations``.
"""

import math
import operator
from collections.abc import Callable

from .coercion import is_fractional, to_big_integer, to_double, to_long, wrap
from .failures import EvaluationFailure
from .values import INTEGER_MIN, SHORT_MIN, BigInteger, Integer, Short, java_class

Operation = Callable[[object, object], object]
MOST_BITS = 4_096  # of a BigInteger, so that no chain of products fills the memory


def _operation(
    whole: Callable[[int, int], int], fraction: Callable[[float, float], float]
) -> Operation:
    def compute(left: object, right: object) -> object:
        # The usual case first: two Longs need no conversion.
        if type(left) is int and type(right) is int:
            return wrap(whole(left, right))
        if left is None and right is None:
            return 0
        if is_fractional(left) or is_fractional(right):
            # A text with a point or an exponent makes all of it Double, as in JUEL: "1.0" + 1.
            return fraction(to_double(left), to_double(right))
        if isinstance(left, BigInteger) or isinstance(right, BigInteger):
            # BigDecimal is left out on purpose: JSON numbers with fractions are Double in Jackson
            # too.
            return _big(whole(to_big_integer(left), to_big_integer(right)))
        return wrap(whole(to_long(left), to_long(right)))

    return compute


def _big(number: int) -> BigInteger:
    if number.bit_length() > MOST_BITS:
        raise EvaluationFailure(f"The number has more than {MOST_BITS} bits")
    return BigInteger(number)


add = _operation(operator.add, operator.add)
subtract = _operation(operator.sub, operator.sub)
multiply = _operation(operator.mul, operator.mul)


def divide(left: object, right: object) -> object:
    """Division, which is always Double."""
    if left is None and right is None:
        return 0
    dividend, divisor = to_double(left), to_double(right)
    # Java divides doubles by zero without an error; Python does not.
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
        # Not `%`, which takes the sign of the divisor.
        return math.fmod(dividend, fraction)
    is_big = isinstance(left, BigInteger) or isinstance(right, BigInteger)
    convert = to_big_integer if is_big else to_long
    number, divisor = convert(left), convert(right)
    if divisor == 0:
        raise EvaluationFailure("BigInteger divide by zero" if is_big else "/ by zero")
    # Java's remainder has the sign of the dividend, Python's that of the divisor.
    rest = abs(number) % abs(divisor)
    rest = -rest if number < 0 else rest
    return BigInteger(rest) if is_big else rest


def negate(value: object) -> object:
    """The unary minus: an Integer or Short stays one."""
    if value is None:
        return 0
    if isinstance(value, str):
        # JUEL converts texts for the minus, but no Booleans.
        return -to_double(value) if is_fractional(value) else wrap(-to_long(value))
    if isinstance(value, float):
        return -value
    if isinstance(value, bool) or not isinstance(value, int):
        raise EvaluationFailure(f"Cannot negate 'class {java_class(value)}'")
    if isinstance(value, Integer):
        # The smallest Integer is its own negative, as in Java.
        return Integer(wrap(-value, INTEGER_MIN))
    if isinstance(value, Short):
        return Short(wrap(-value, SHORT_MIN))
    if isinstance(value, BigInteger):
        return BigInteger(-value)
    return wrap(-value)
