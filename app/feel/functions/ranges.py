"""Functions that relate points and ranges to each other.

Source: DMN 1.3 §10.3.2.7, table 78.
"""

from collections.abc import Callable
from typing import TypeVar

from app.feel.budget import Budget
from app.feel.comparison import ordered
from app.feel.functions.registry import builtin
from app.feel.unary_tests import in_range
from app.feel.values import Range

F = TypeVar("F", bound=Callable[..., object])


# An exception, so that relations read as the table writes them; null would need a case in each.
class _UnknownOrder(Exception):
    """Two ends cannot be compared."""


def _relation(*names: str) -> Callable[[F], F]:
    """Register a relation of two values; where their order is unknown it is null."""

    def register(relation: F) -> F:
        def related(_budget: Budget, left: object, right: object) -> object:
            try:
                return relation(left, right)
            except _UnknownOrder:
                return None

        # The undecorated function is given back: relations call each other without a budget.
        builtin(*names)(related)
        return relation

    return register


def _every_kind(name: str) -> list[str]:
    """The signatures of a relation between points, ranges, and one of each."""
    kinds = ("point1, point2", "range1, range2", "point, range", "range, point")
    return [f"{name}({parameters})" for parameters in kinds]


def _is(operator: str, left: object, right: object) -> bool:
    # Texts have an order, but none in these functions: the reference answers null.
    answer = None if isinstance(left, str) else ordered(operator, left, right)
    if answer is None:
        raise _UnknownOrder
    return answer


def _less(left: object, right: object) -> bool:
    return _is("<", left, right)


def _same(left: object, right: object) -> bool:
    return _is("<=", left, right) & _is(">=", left, right)


def _has(range_: Range, point: object) -> bool:
    answer = None if isinstance(point, str) else in_range(point, range_)
    if answer is None:
        raise _UnknownOrder
    return answer


def _ends(value: object) -> Range:
    """A point is the range from itself to itself."""
    return value if isinstance(value, Range) else Range(value, value)


def _is_before(left: Range, right: Range) -> bool:
    if _less(left.high, right.low):
        return True
    # Ends that meet are before each other unless the point belongs to both.
    touches = _same(left.high, right.low)
    return touches and not (left.is_high_closed and right.is_low_closed)


@_relation(*_every_kind("before"))
def before(left: object, right: object) -> object:
    """Whether the first ends before the second begins."""
    return _is_before(_ends(left), _ends(right))


@_relation(*_every_kind("after"))
def after(left: object, right: object) -> object:
    """Whether the first begins after the second ends."""
    return _is_before(_ends(right), _ends(left))


def _meets(left: Range, right: Range) -> bool:
    # The ends are compared first: where they have no order it is null, open or closed.
    return _same(left.high, right.low) and left.is_high_closed and right.is_low_closed


@_relation("meets(range1: range, range2: range)")
def meets(left: Range, right: Range) -> object:
    """Whether the second begins where the first ends."""
    return _meets(left, right)


@_relation("met by(range1: range, range2: range)")
def met_by(left: Range, right: Range) -> object:
    """Whether the first begins where the second ends."""
    return _meets(right, left)


@_relation("overlaps(range1: range, range2: range)")
def overlaps(left: Range, right: Range) -> object:
    """Whether the ranges have a point in common."""
    # By what cannot be: two comparisons instead of the table's eight cases.
    return not _is_before(left, right) and not _is_before(right, left)


def _low_is_before(left: Range, right: Range) -> bool:
    """Whether the left range begins before the right one."""
    if _less(left.low, right.low):
        return True
    return _same(left.low, right.low) and left.is_low_closed and not right.is_low_closed


def _high_is_before(left: Range, right: Range) -> bool:
    """Whether the left range ends before the right one."""
    if _less(left.high, right.high):
        return True
    return _same(left.high, right.high) and right.is_high_closed and not left.is_high_closed


def _overlaps_before(left: Range, right: Range) -> bool:
    if _is_before(left, right) or not _low_is_before(left, right):
        return False
    return not _high_is_before(right, left)


@_relation("overlaps before(range1: range, range2: range)")
def overlaps_before(left: Range, right: Range) -> object:
    """Whether the first begins before the second and reaches into it."""
    return _overlaps_before(left, right)


@_relation("overlaps after(range1: range, range2: range)")
def overlaps_after(left: Range, right: Range) -> object:
    """Whether the first ends after the second and begins in it."""
    return _overlaps_before(right, left)


def _finishes(left: object, right: Range) -> bool:
    # A point ends a range only where the range includes its end.
    if not isinstance(left, Range):
        return _same(left, right.high) and right.is_high_closed
    same = _same(left.high, right.high) and left.is_high_closed == right.is_high_closed
    return same and not _low_is_before(left, right)


@_relation("finishes(point, range: range)", "finishes(range1: range, range2: range)")
def finishes(left: object, right: Range) -> object:
    """Whether the first ends the second."""
    return _finishes(left, right)


@_relation("finished by(range: range, point)", "finished by(range1: range, range2: range)")
def finished_by(left: Range, right: object) -> object:
    """Whether the second ends the first."""
    return _finishes(right, left)


def _includes(left: Range, right: object) -> bool:
    if not isinstance(right, Range):
        return _has(left, right)
    return not _low_is_before(right, left) and not _high_is_before(left, right)


@_relation("includes(range: range, point)", "includes(range1: range, range2: range)")
def includes(left: Range, right: object) -> object:
    """Whether the second lies in the first."""
    return _includes(left, right)


@_relation("during(point, range: range)", "during(range1: range, range2: range)")
def during(left: object, right: Range) -> object:
    """Whether the first lies in the second."""
    return _includes(right, left)


def _starts(left: object, right: Range) -> bool:
    if not isinstance(left, Range):
        return _same(left, right.low) and right.is_low_closed
    same = _same(left.low, right.low) and left.is_low_closed == right.is_low_closed
    return same and not _high_is_before(right, left)


@_relation("starts(point, range: range)", "starts(range1: range, range2: range)")
def starts(left: object, right: Range) -> object:
    """Whether the first begins the second."""
    return _starts(left, right)


@_relation("started by(range: range, point)", "started by(range1: range, range2: range)")
def started_by(left: Range, right: object) -> object:
    """Whether the second begins the first."""
    return _starts(right, left)


@_relation("coincides(point1, point2)", "coincides(range1, range2)")
def coincides(left: object, right: object) -> object:
    """Whether both are the same."""
    one, other = _ends(left), _ends(right)
    same = _same(one.low, other.low) and _same(one.high, other.high)
    return same and (one.is_low_closed, one.is_high_closed) == (
        other.is_low_closed,
        other.is_high_closed,
    )
