"""The values of FEEL that Python does not bring along, and the conversion of those that it does.

=============================  ================================================================
FEEL                           here
=============================  ================================================================
number                         ``decimal.Decimal`` of 34 digits
string, boolean, null          ``str``, ``bool``, ``None``
date                           ``datetime.date``
time                           ``datetime.time``; with an offset or a zone as its ``tzinfo``
date and time                  ``datetime.datetime``; likewise
days and time duration         ``datetime.timedelta``
years and months duration      `YearsMonths`
range, function                `Range`, `Function`
list, context                  ``list``, ``dict`` with texts as keys
=============================  ================================================================
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from math import isfinite

# IEEE 754 decimal128, as the reference computes; what does not fit raises Overflow.
NUMBERS = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    # Underflow is no trap: what is too small becomes zero instead of failing.
    traps=[InvalidOperation, DivisionByZero, Overflow],
)

# Java's Period counts years in 32 bits.
_MAX_MONTHS = 12 * 2**31


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A duration of years and months.

    Args:
        months: all of them, years included; negative for a duration backwards.
    """

    months: int

    def __post_init__(self) -> None:
        if abs(self.months) >= _MAX_MONTHS:
            raise OverflowError("a duration is too long")

    @property
    def years(self) -> int:
        """The whole years, towards zero."""
        return abs(self.months) // 12 * (1 if self.months >= 0 else -1)

    @property
    def rest(self) -> int:
        """The months that make no whole year, with the sign of the duration."""
        return self.months - self.years * 12


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two."""

    low: object
    high: object
    is_low_closed: bool = True
    is_high_closed: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function that was defined in FEEL.

    Args:
        invoke: takes one argument for each parameter.
    """

    parameters: tuple[str, ...]
    invoke: Callable[[Sequence[object]], object]


_KEPT = frozenset(
    {Decimal, str, bool, type(None), date, time, datetime, timedelta, YearsMonths, Range, Function}
)


def from_python(value: object) -> object:
    """Convert what a caller has to what FEEL computes with.

    Integers and floats become decimals (a float by its shortest text, and null where it is not
    finite), mappings contexts and sequences lists. Values that FEEL lacks become null.
    """
    # By the exact type: subclasses, as Java's Integer is one of int, are converted below.
    if type(value) in _KEPT:
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        # Not Decimal(value), which would show that 0.1 is none in binary.
        number = Decimal(repr(value))
        return number if number.is_finite() else None
    if isinstance(value, Mapping):
        # Keys of Java's maps may be numbers; a path can only name texts.
        return {str(key): from_python(item) for key, item in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes | bytearray):
        return str(value) if isinstance(value, str) else [from_python(item) for item in value]
    return None


def to_python(value: object) -> object:
    """Convert a result to what a caller stores: whole numbers become integers while they fit 64
    bits, other numbers floats (None beyond their range); lists and contexts are converted within;
    the rest stays.
    """
    if isinstance(value, Decimal):
        if -(2**63) <= value < 2**63 and value == value.to_integral_value():
            return int(value)
        number = float(value)
        return number if isfinite(number) else None
    if isinstance(value, list):
        return [to_python(item) for item in value]
    if isinstance(value, dict):
        return {key: to_python(item) for key, item in value.items()}
    return value
