"""Equality and order of values, with null where they cannot be compared."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from app.feel.budget import Budget
from app.feel.errors import FailedOperation
from app.feel.temporal import difference, offset_of
from app.feel.values import Range, YearsMonths

ORDERS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_PLAIN = frozenset({Decimal, str, date, timedelta, YearsMonths})


def equal(left: object, right: object, budget: Budget) -> bool | None:
    """Whether two values are the same; None for values of different kinds.

    Raises:
        FeelLimitError: lists or contexts have too many items in each other.
    """
    if left is None or right is None:
        # Null equals null alone: with every other value the answer is false, not null.
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is datetime or kind is time:
        return _same_timestamp(left, right)
    if kind is list:
        return _same_items(left, right, budget)
    if kind is dict:
        return _same_entries(left, right, budget)
    return bool(left == right) if kind in _PLAIN or kind in (bool, Range) else None


def _same_timestamp(left: Any, right: Any) -> bool | None:
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    # Not Python's equality, for which the same instant in two offsets is equal.
    same_clock = left.replace(tzinfo=None) == right.replace(tzinfo=None)
    # The zone belongs to the value: Z and @UTC show the same clock, and are not equal in Java
    # either.
    return same_clock and (left.tzinfo is None or left.tzinfo == right.tzinfo)


def _same_items(left: Any, right: Any, budget: Budget) -> bool:
    # False and not null: two lists are of one kind, whatever is in them.
    if len(left) != len(right):
        return False
    budget.step(len(left))
    # Items that cannot be compared make the lists unequal, where alone they would be null.
    return all(equal(a, b, budget) is True for a, b in zip(left, right, strict=True))


def _same_entries(left: Any, right: Any, budget: Budget) -> bool:
    if left.keys() != right.keys():
        return False
    budget.step(len(left))
    return all(equal(item, right[key], budget) is True for key, item in left.items())


def ordered(operator: str, left: object, right: object) -> bool | None:
    """Whether the order holds; None for values of different kinds or without an order.

    Raises:
        FailedOperation: lists have no order.
    """
    kind = type(left)
    if kind is not type(right):
        return None
    if kind is str:
        return ORDERS[operator](*_units(left, right))
    if kind in _PLAIN:
        return ORDERS[operator](left, right)
    if kind is datetime or kind is time:
        return _timestamps_ordered(operator, left, right)
    # The reference takes lists of ordered items for ordered, and then fails to compare them.
    if kind is list and has_order(left) and has_order(right):
        raise FailedOperation("a list can not be compared to another")
    return None


def _units(left: Any, right: Any) -> tuple[Any, Any]:
    """Two texts as Java orders them: by UTF-16 units, of which rare characters have two."""
    if left.isascii() or right.isascii():
        return left, right
    return left.encode("utf-16-be", "surrogatepass"), right.encode("utf-16-be", "surrogatepass")


def has_order(value: object) -> bool:
    """Whether values of the kind have an order; lists of such have one to the reference."""
    if isinstance(value, list):
        return bool(value) and all(has_order(item) for item in value)
    return type(value) in _PLAIN or isinstance(value, datetime | time)


def _timestamps_ordered(operator: str, left: Any, right: Any) -> bool | None:
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    if type(left) is datetime:
        return ORDERS[operator](difference(left, right), timedelta(0))
    return ORDERS[operator](_since_midnight(left), _since_midnight(right))


def _since_midnight(value: time) -> timedelta:
    # Python takes a time in a zone for one without an offset, since it has no day.
    clock = timedelta(
        hours=value.hour,
        minutes=value.minute,
        seconds=value.second,
        microseconds=value.microsecond,
    )
    return clock - (offset_of(value) or timedelta(0))


def within(value: object, low: object, high: object, closed: tuple[bool, bool]) -> bool | None:
    """Whether a value lies between two ends that are closed or not."""
    if _is_list_between_others(value, low, high):
        return None
    above = ordered(">=" if closed[0] else ">", value, low)
    below = ordered("<=" if closed[1] else "<", value, high)
    if above is None or below is None:
        return None
    return above and below


def _is_list_between_others(value: object, low: object, high: object) -> bool:
    # Otherwise `ordered` would fail for the list instead of answering null.
    return isinstance(value, list) and not (isinstance(low, list) and isinstance(high, list))


def between(value: object, low: object, high: object) -> bool | None:
    """Whether a value is at least the one and at most the other."""
    if _is_list_between_others(value, low, high):
        return None
    above, below = ordered(">=", value, low), ordered("<=", value, high)
    # Unlike `within`: one side that does not hold decides, though the other has no answer.
    if above is False or below is False:
        return False
    return None if above is None or below is None else True


def contains(items: list[object], value: object, budget: Budget) -> bool:
    """Whether a list has a value.

    Raises:
        FeelLimitError: there are too many items.
    """
    budget.step(len(items))
    return any(equal(item, value, budget) is True for item in items)
