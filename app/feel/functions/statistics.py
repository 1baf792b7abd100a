"""Functions that make one value of the numbers or booleans of a list."""

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from math import sqrt

from app.feel.budget import Budget
from app.feel.comparison import has_order, ordered
from app.feel.errors import FailedOperation
from app.feel.functions.registry import builtin
from app.feel.values import NUMBERS

_Aggregate = Callable[[Budget, list[object]], object]


def _aggregate(*names: str, parameter: str = "list") -> Callable[[_Aggregate], _Aggregate]:
    """Register a function of a list that may also be called with the items themselves."""

    def register(function: _Aggregate) -> _Aggregate:
        def over(budget: Budget, *items: object) -> object:
            # `min([1, 2])` and `min(1, 2)` are the same; `min(1)` is of the item.
            only = items[0] if len(items) == 1 else None
            values = only if isinstance(only, list) else list(items)
            budget.step(len(values))
            return function(budget, values)

        builtin(*(f"{name}({parameter}...)" for name in names))(over)
        return function

    return register


def _numbers(items: list[object]) -> list[Decimal] | None:
    """The items if all are numbers and there are some."""
    numbers = [item for item in items if isinstance(item, Decimal)]
    # One item of another kind makes the whole null, instead of being left out.
    return numbers if numbers and len(numbers) == len(items) else None


@builtin("count(list: list)")
def count(_budget: Budget, items: list[object]) -> object:
    """How many items there are."""
    return Decimal(len(items))


@_aggregate("min")
def minimum(_budget: Budget, items: list[object]) -> object:
    """The least item."""
    return _extreme("<", items)


@_aggregate("max")
def maximum(_budget: Budget, items: list[object]) -> object:
    """The greatest item."""
    return _extreme(">", items)


def _extreme(operator: str, items: list[object]) -> object:
    if not items:
        return None
    best = items[0]
    # Alone it is compared with nothing, and must be of a kind that could be.
    if not has_order(best):
        return None
    for item in items[1:]:
        # Anything that has an order: texts and dates too.
        is_better = ordered(operator, item, best)
        if is_better is None:
            return None
        if is_better:
            best = item
    return best


@_aggregate("sum")
def total(_budget: Budget, items: list[object]) -> object:
    """The sum; null without numbers."""
    numbers = _numbers(items)
    return None if numbers is None else _sum(numbers)


def _sum(numbers: list[Decimal]) -> Decimal:
    result = Decimal(0)
    for number in numbers:
        # In 34 digits: Python's `sum` would use the context of the thread.
        result = NUMBERS.add(result, number)
    return result


@_aggregate("product")
def product(_budget: Budget, items: list[object]) -> object:
    """The product; null without numbers."""
    numbers = _numbers(items)
    if numbers is None:
        return None
    result = Decimal(1)
    for number in numbers:
        result = NUMBERS.multiply(result, number)
    return result


@_aggregate("mean")
def mean(_budget: Budget, items: list[object]) -> object:
    """The arithmetic mean."""
    numbers = _numbers(items)
    return None if numbers is None else _mean(numbers)


def _mean(numbers: list[Decimal]) -> Decimal:
    return NUMBERS.divide(_sum(numbers), Decimal(len(numbers)))


@_aggregate("median")
def median(_budget: Budget, items: list[object]) -> object:
    """The item in the middle, or the mean of the two."""
    numbers = _numbers(items)
    if numbers is None:
        return None
    # The list is this function's own: `_numbers` has made it.
    numbers.sort()
    middle = len(numbers) // 2
    return numbers[middle] if len(numbers) % 2 else _mean(numbers[middle - 1 : middle + 1])


@_aggregate("stddev")
def standard_deviation(_budget: Budget, items: list[object]) -> object:
    """The deviation of a sample."""
    numbers = _numbers(items)
    if numbers is None:
        return None
    if len(numbers) == 1:
        # A sample of one has no deviation; the reference divides, and fails.
        raise FailedOperation("Division by zero")
    middle = _mean(numbers)
    differences = [NUMBERS.subtract(number, middle) for number in numbers]
    squares = [NUMBERS.multiply(difference, difference) for difference in differences]
    variance = NUMBERS.divide(_sum(squares), Decimal(len(numbers) - 1))
    # Through a double, as `sqrt` is.
    return Decimal(repr(sqrt(variance)))


@_aggregate("mode")
def mode(_budget: Budget, items: list[object]) -> object:
    """The most frequent numbers, in ascending order."""
    if not items:
        return []
    numbers = _numbers(items)
    if numbers is None:
        return None
    counts: dict[Decimal, int] = {}
    for number in numbers:
        # 1 and 1.0 are one number: equal decimals have equal hashes.
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values())
    return sorted(number for number, times in counts.items() if times == most)


@_aggregate("and", "all")
def every(_budget: Budget, items: list[object]) -> object:
    """Whether all items are true."""
    return _junction(items, deciding=False)


@_aggregate("or", "any")
def some(_budget: Budget, items: list[object]) -> object:
    """Whether one item is true."""
    return _junction(items, deciding=True)


def _junction(items: list[object], *, deciding: bool) -> bool | None:
    # Not the first: a later false decides an `and` that has null before it.
    if any(item is deciding for item in items):
        return deciding
    return not deciding if all(item is (not deciding) for item in items) else None


def sort_key(precedes: Callable[[object, object], bool]) -> Callable[[object], object]:
    """The key by which Python sorts as a function of two items says."""

    def compare(left: object, right: object) -> int:
        return -1 if precedes(left, right) else 1 if precedes(right, left) else 0

    return cmp_to_key(compare)
