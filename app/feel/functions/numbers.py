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
    Context,
    Decimal,
    InvalidOperation,
)

from app.feel.budget import Budget
from app.feel.errors import FailedOperation
from app.feel.functions.registry import builtin
from app.feel.values import NUMBERS, YearsMonths

_ZERO = Decimal(0)
# Java's `setScale` keeps all digits, also beyond the 34 of arithmetic. Bounded, for a scale is
# a number of zeros that a model can ask for.
_WIDE = Context(prec=10_000, Emin=-20_000, Emax=20_000, traps=[InvalidOperation])


def _rounding(mode: str) -> Callable[..., object]:
    def rounded(_budget: Budget, number: Decimal, scale: Decimal = _ZERO) -> object:
        # A scale may be negative: floor(15, -1) is 1E+1, with the exponent that Java keeps.
        unit = Decimal((0, (1,), -int(scale)))
        # A number that has the scale already is not rounded to 34 digits.
        if number.as_tuple().exponent == -int(scale):
            return number
        return number.quantize(unit, rounding=mode, context=_WIDE)

    return rounded


for _name, _mode in {
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
}.items():
    builtin(f"{_name}(n: number)", f"{_name}(n: number, scale: number)")(_rounding(_mode))
for _name, _mode in {
    # These have no scale by default: `round up(1.5)` is null, while `floor(1.5)` is 1.
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
    """The remainder of a division; it has the sign of the divisor."""
    if not divisor:
        # Unlike the operator `/`, which is null: the reference throws here.
        raise FailedOperation("Division by zero")
    # Python's remainder has the sign of the dividend, FEEL's that of the divisor.
    rest = NUMBERS.remainder(dividend, divisor)
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


def _from_float(value: float) -> Decimal:
    if not math.isfinite(value):
        raise FailedOperation("the result is not a number")
    # The shortest text, as Scala makes a BigDecimal of a Double: sqrt(16) is 4.0.
    return Decimal(repr(value))


@builtin("sqrt(number: number)")
def square_root(_budget: Budget, number: Decimal) -> object:
    """The square root."""
    # Through a double as in the reference, though Decimal could be more exact: tables compare
    # results.
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
    # Java answers Infinity, of which it then makes no BigDecimal.
    except OverflowError:
        return _from_float(math.inf)


@builtin("odd(number: number)")
def odd(_budget: Budget, number: Decimal) -> object:
    """Whether a number is odd."""
    # 1.5 is neither odd nor even.
    return abs(_WIDE.remainder(number, Decimal(2))) == 1


@builtin("even(number: number)")
def even(_budget: Budget, number: Decimal) -> object:
    """Whether a number is even."""
    return _WIDE.remainder(number, Decimal(2)) == 0


@builtin("random number()")
def random_number(_budget: Budget) -> object:
    """A number from 0 to 1."""
    return _from_float(random.random())
