"""Functions of lists."""

from decimal import Decimal

from app.feel.budget import Budget
from app.feel.comparison import contains, equal
from app.feel.functions.registry import builtin
from app.feel.functions.statistics import sort_key
from app.feel.values import Function

Items = list[object]


def _made(budget: Budget, items: Items) -> Items:
    # Both: the items are gone through now, and kept until the evaluation ends.
    budget.step(len(items))
    budget.grow(len(items))
    return items


@builtin("list contains(list: list, element)")
def list_contains(budget: Budget, items: Items, element: object) -> object:
    """Whether a list has an element."""
    return contains(items, element, budget)


@builtin("is empty(list: list)")
def is_empty(_budget: Budget, items: Items) -> object:
    """Whether a list has no items."""
    return not items


@builtin(
    "sublist(list: list, start position: number)",
    "sublist(list: list, start position: number, length: number)",
    # Two names for the parameter, both of which the reference knows when arguments have names.
    "sublist(list: list, start: number)",
    "sublist(list: list, start: number, length: number)",
)
def sublist(
    budget: Budget, items: Items, position: Decimal, length: Decimal | None = None
) -> object:
    """The items from a position on."""
    start = _index(items, position)
    # From the place that was asked for, which may be before the list: what lies there counts too.
    end = len(items) if length is None else start + max(int(length), 0)
    return _made(budget, items[max(start, 0) : max(end, 0)])


def _index(items: Items, position: Decimal) -> int:
    """The index of a position from 1, or from the end for negative ones.

    Raises:
        ValueError: there is no position 0.
    """
    # Null by ValueError: FEEL counts from 1, and from the end downwards from -1.
    if not position:
        raise ValueError("position 0")
    # Cut first: a half is no position of the list, but the one behind its end.
    whole = int(position)
    return whole - 1 if whole > 0 else len(items) + whole


@builtin("append(list: list, items...)")
def append(budget: Budget, items: Items, *more: object) -> object:
    """The list with more items behind."""
    return _made(budget, [*items, *more])


@builtin("concatenate(lists...)")
def concatenate(budget: Budget, *lists: object) -> object:
    """The items of all lists in one."""
    joined: Items = []
    for each in lists:
        # A value that is no list is one item, null too.
        part = each if isinstance(each, list) else [each]
        joined += _made(budget, part)
    return joined


@builtin("insert before(list: list, position: number, newItem)")
def insert_before(budget: Budget, items: Items, position: Decimal, item: object) -> object:
    """The list with an item more at a position."""
    index = _index(items, position)
    # Beyond either end it is put there.
    return _made(budget, [*items[: max(index, 0)], item, *items[max(index, 0) :]])


@builtin("remove(list: list, position: number)")
def remove(budget: Budget, items: Items, position: Decimal) -> object:
    """The list without the item at a position."""
    index = _index(items, position)
    # A position outside of the list removes nothing, and is no mistake.
    return _made(budget, [item for at, item in enumerate(items) if at != index])


@builtin("reverse(list: list)")
def reverse(budget: Budget, items: Items) -> object:
    """The list from its end to its beginning."""
    return _made(budget, items[::-1])


@builtin("index of(list: list, match)")
def index_of(budget: Budget, items: Items, match: object) -> object:
    """All positions of an element."""
    # `is True`: null means that they cannot be compared, and is no match.
    found = [Decimal(at) for at, item in enumerate(items, 1) if equal(item, match, budget) is True]
    budget.step(len(items))
    return _made(budget, [*found])


@builtin("union(lists...)")
def union(budget: Budget, *lists: object) -> object:
    """The items of all lists, each one once."""
    return _distinct(budget, [item for each in lists for item in _items_of(each)])


def _items_of(value: object) -> Items:
    return value if isinstance(value, list) else [value]


@builtin("distinct values(list: list)")
def distinct_values(budget: Budget, items: Items) -> object:
    """The items, each one once."""
    return _distinct(budget, items)


def _distinct(budget: Budget, items: Items) -> Items:
    kept: Items = []
    for item in items:
        budget.step()
        # By equality and not by hash: lists and contexts have none, and each comparison is charged.
        if not contains(kept, item, budget):
            kept.append(item)
    return _made(budget, kept)


@builtin("duplicate values(list: list)")
def duplicate_values(budget: Budget, items: Items) -> object:
    """The items that occur more than once."""
    # All pairs are compared; charged first, so that a long list fails before.
    budget.step(len(items) ** 2)
    twice = [
        item for item in items if sum(equal(item, other, budget) is True for other in items) > 1
    ]
    return _distinct(budget, twice)


@builtin("flatten(list: list)")
def flatten(budget: Budget, items: Items) -> object:
    """The items of lists in lists."""
    flat: Items = []
    # A stack, for lists may be nested deeper than Python calls; reversed keeps the order.
    waiting = items[::-1]
    while waiting:
        budget.step()
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item[::-1]
        else:
            flat.append(item)
    return _made(budget, flat)


@builtin("sort(list: list, precedes: function)")
def sort(budget: Budget, items: Items, precedes: Function) -> object:
    """The items in the order that a function of two items says."""
    # Null as for any wrong type, before the function is called.
    if len(precedes.parameters) != 2:
        return None

    def is_before(left: object, right: object) -> bool:
        budget.step()
        answer = precedes.invoke((left, right))
        if not isinstance(answer, bool):
            # Out of the middle of `sorted`; the call is null then.
            raise ValueError("not an order")
        return answer

    key = sort_key(is_before)
    return _made(budget, sorted(items, key=key))  # type: ignore[arg-type]


@builtin("partition(list: list, size: number)")
def partition(budget: Budget, items: Items, size: Decimal) -> object:
    """The list in lists of a size."""
    if size < 1:
        return None
    step = int(size)
    return _made(budget, [items[at : at + step] for at in range(0, len(items), step)])
