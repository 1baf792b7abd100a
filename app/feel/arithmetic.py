"""Addition, subtraction, multiplication, division and powers; null where they have no meaning."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, DecimalException, Overflow
from typing import Any

from app.feel.budget import Budget
from app.feel.errors import FailedOperation, FeelLimitError
from app.feel.temporal import add_duration, add_months, difference, offset_of
from app.feel.values import NUMBERS, YearsMonths

Operation = Callable[[Any, Any], object]


def calculate(operator: str, left: object, right: object, budget: Budget) -> object:
    """Carry out one operation.

    Raises:
        FeelLimitError: a number has more digits before or behind the point than numbers can have.
        FailedOperation: the power is no number.
    """
    # By the exact types: a bool is an int to Python and a datetime a date, and neither is to FEEL.
    operation = _OPERATIONS.get((operator, type(left), type(right)))
    if operation is None:
        return None
    if type(left) is str:
        # A text can double with each step; a number has 34 digits at most.
        budget.grow(len(left) + len(str(right)))
    try:
        return plain_zero(operation(left, right))
    except Overflow as error:
        raise FeelLimitError("a number becomes too large") from error
    except (DecimalException, ValueError, OverflowError):
        return None


def plain_zero(value: object) -> object:
    """Zero has no sign."""
    # Java's BigDecimal knows no negative zero; without this `string(-0.0)` would be "-0.0".
    return value.copy_abs() if type(value) is Decimal and not value else value


def negative(number: Decimal) -> Decimal:
    """The number with the other sign and all of its digits."""
    # Not `-number`, which Python rounds to the 28 digits of the thread's own context.
    return number.copy_negate() if number else number.copy_abs()


def _divide(left: Decimal, right: Decimal) -> Decimal | None:
    # Null, where `modulo` by zero fails: the reference has a case for the operator alone.
    return NUMBERS.divide(left, right) if right else None


def power(left: Decimal, right: Decimal) -> Decimal:
    """Whole powers are exact to 34 digits, others as exact as binary floating point."""
    if right == right.to_integral_value():
        if not left and right < 0:
            raise FailedOperation("Division by zero")
        # `0 ** 0` is 1 as in Java; Python's decimals call it undefined.
        return Decimal(1) if not right else NUMBERS.power(left, right)
    if left < 0:
        raise FailedOperation("the root of a negative number is no number")
    # The shortest text of the double, as Scala's BigDecimal takes it, and not all of its binary
    # digits.
    return Decimal(repr(float(left) ** float(right)))


def _move(timestamp: datetime, duration: timedelta) -> datetime:
    return add_duration(timestamp, duration)


def _move_date(day: date, duration: timedelta) -> date:
    """The date of the timestamp that lies this much after the day's beginning."""
    # Hours count: a date minus PT1H is the day before, for the date stands for its midnight.
    return (datetime(day.year, day.month, day.day) + duration).date()


def _move_time(clock: time, duration: timedelta) -> time:
    # Any day will do: a time goes around the clock.
    timestamp = datetime.combine(date(2000, 1, 1), clock.replace(tzinfo=None))
    # Of durations and not of seconds, which are floats and lose microseconds after 270 years.
    rest = duration % timedelta(days=1)
    return (timestamp + rest).time().replace(tzinfo=clock.tzinfo)


def _between_times(left: time, right: time) -> timedelta | None:
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    day = date(2000, 1, 1)
    # Not the times themselves: Python subtracts none that have no date.
    clocks = datetime.combine(day, left.replace(tzinfo=None)) - datetime.combine(
        day, right.replace(tzinfo=None)
    )
    zero = timedelta(0)
    return clocks - ((offset_of(left) or zero) - (offset_of(right) or zero))


def _between_timestamps(left: datetime, right: datetime) -> timedelta | None:
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    return difference(left, right)


def _micros(duration: timedelta) -> int:
    return duration // timedelta(microseconds=1)


def _times(duration: timedelta, factor: Decimal) -> timedelta:
    # The factor is cut to a whole number, as the reference does: P1D * 1.5 is P1D.
    return duration * int(factor)


def _divided(duration: timedelta, divisor: Decimal) -> timedelta | None:
    if not divisor:
        return None
    # Unlike the factor, the divisor keeps its fraction: P1D / 1.5 is PT16H.
    return timedelta(microseconds=int(NUMBERS.divide(Decimal(_micros(duration)), divisor)))


def _ratio(left: timedelta, right: timedelta) -> Decimal | None:
    """How often one duration fits wholly into another."""
    if not right:
        return None
    # Towards zero, which `//` of negative durations is not.
    count = abs(left) // abs(right)
    return Decimal(count if (left < timedelta(0)) == (right < timedelta(0)) else -count)


def _months_divided(duration: YearsMonths, divisor: Decimal) -> YearsMonths | None:
    return YearsMonths(int(NUMBERS.divide(Decimal(duration.months), divisor))) if divisor else None


def _months_ratio(left: YearsMonths, right: YearsMonths) -> Decimal | None:
    """How often one duration fits wholly into another."""
    if not right.months:
        return None
    return Decimal(int(NUMBERS.divide(Decimal(left.months), Decimal(right.months))))


_Kind = tuple[str, type, type]
_OPERATIONS: dict[_Kind, Operation] = {
    ("+", Decimal, Decimal): NUMBERS.add,
    ("-", Decimal, Decimal): NUMBERS.subtract,
    ("*", Decimal, Decimal): NUMBERS.multiply,
    ("/", Decimal, Decimal): _divide,
    ("**", Decimal, Decimal): power,
    ("+", str, str): lambda a, b: a + b,
    ("+", date, YearsMonths): lambda a, b: add_months(a, b.months),
    ("+", datetime, YearsMonths): lambda a, b: add_months(a, b.months),
    ("-", date, YearsMonths): lambda a, b: add_months(a, -b.months),
    ("-", datetime, YearsMonths): lambda a, b: add_months(a, -b.months),
    ("+", date, timedelta): _move_date,
    ("-", date, timedelta): lambda a, b: _move_date(a, -b),
    ("+", datetime, timedelta): _move,
    ("-", datetime, timedelta): lambda a, b: _move(a, -b),
    ("+", time, timedelta): _move_time,
    ("-", time, timedelta): lambda a, b: _move_time(a, -b),
    ("-", time, time): _between_times,
    # No entry for a date and a timestamp: the reference answers null, though both are dates to
    # Python.
    ("-", date, date): lambda a, b: a - b,
    ("-", datetime, datetime): _between_timestamps,
    ("+", timedelta, timedelta): lambda a, b: a + b,
    ("-", timedelta, timedelta): lambda a, b: a - b,
    ("*", timedelta, Decimal): _times,
    ("/", timedelta, Decimal): _divided,
    ("/", timedelta, timedelta): _ratio,
    ("+", YearsMonths, YearsMonths): lambda a, b: YearsMonths(a.months + b.months),
    ("-", YearsMonths, YearsMonths): lambda a, b: YearsMonths(a.months - b.months),
    ("*", YearsMonths, Decimal): lambda a, b: YearsMonths(a.months * int(b)),
    ("/", YearsMonths, Decimal): _months_divided,
    ("/", YearsMonths, YearsMonths): _months_ratio,
}
# Only these commute: a duration minus a date, or a number divided by a duration, is null.
_SWAPPED: list[_Kind] = [
    ("+", date, YearsMonths), ("+", datetime, YearsMonths), ("+", date, timedelta),
    ("+", datetime, timedelta), ("+", time, timedelta),
    ("*", timedelta, Decimal), ("*", YearsMonths, Decimal),
]  # fmt: skip


def _swapped(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


_OPERATIONS |= {
    (sign, right, left): _swapped(_OPERATIONS[sign, left, right]) for sign, left, right in _SWAPPED
}
