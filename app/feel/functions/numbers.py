"""Functions of numbers."""

import math
import random
from collections.abc import Callable
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from app.feel.budget import Budget
from app.feel.errors import FailedOperation
from app.feel.functions.registry import builtin
from app.feel.values import NUMBERS, YearsMonths

_ZERO = Decimal(0)


def _rounding(mode: str) -> Callable[..., object]:
    def rounded(_budget: Budget, number: Decimal, scale: Decimal = _ZERO) -> object:
        unit = Decimal((0, (1,), -int(scale)))
        if number.as_tuple().exponent == -int(scale):
            return number
        return number.quantize(unit, rounding=mode, context=NUMBERS)

    return rounded


for _name, _mode in {
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
}.items():
    builtin(f"{_name}(n: number)", f"{_name}(n: number, scale: number)")(_rounding(_mode))
for _name, _mode in {
    "decimal": ROUND_HALF_EVEN,
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
}.items():
    builtin(f"{_name}(n: number, scale: number)")(_rounding(_mode))


@builtin("abs(number: number)", "abs(n: number)")
def absolute(_budget: Budget, number: Decimal) -> object:
    """The number without its sign."""
    return number.copy_abs()


@builtin("abs(n: months)")
def absolute_months(_budget: Budget, duration: YearsMonths) -> object:
    """The duration forwards."""
    return YearsMonths(abs(duration.months))


@builtin("abs(n: days)")
def absolute_days(_budget: Budget, duration: timedelta) -> object:
    """The duration forwards."""
    return abs(duration)


@builtin("modulo(dividend: number, divisor: number)")
def modulo(_budget: Budget, dividend: Decimal, divisor: Decimal) -> object:
    """What is left of a division; it has the sign of the divisor."""
    if not divisor:
        raise FailedOperation("Division by zero")
    rest = NUMBERS.remainder(dividend, divisor)
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


def _from_float(value: float) -> Decimal:
    if not math.isfinite(value):
        raise FailedOperation("the result is not a number")
    return Decimal(repr(value))


@builtin("sqrt(number: number)")
def square_root(_budget: Budget, number: Decimal) -> object:
    """The square root."""
    return None if number < 0 else _from_float(math.sqrt(number))


@builtin("log(number: number)")
def logarithm(_budget: Budget, number: Decimal) -> object:
    """The natural logarithm."""
    if number <= 0:
        raise FailedOperation("the result is not a number")
    return _from_float(math.log(number))


@builtin("exp(number: number)")
def exponential(_budget: Budget, number: Decimal) -> object:
    """The power of e."""
    try:
        return _from_float(math.exp(number))
    except OverflowError:
        return _from_float(math.inf)


@builtin("odd(number: number)")
def odd(_budget: Budget, number: Decimal) -> object:
    """Whether a number is odd."""
    return abs(NUMBERS.remainder(number, Decimal(2))) == 1


@builtin("even(number: number)")
def even(_budget: Budget, number: Decimal) -> object:
    """Whether a number is even."""
    return NUMBERS.remainder(number, Decimal(2)) == 0


@builtin("random number()")
def random_number(_budget: Budget) -> object:
    """A number from 0 to 1."""
    return _from_float(random.random())
