"""How a list is to be sorted, in a URL and in a body, with the errors of each.

Source: rest contract 5.2; Camunda 7 ``AbstractQueryDto``, ``AbstractQuery``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import InvalidRequestError, NotValidError

from .base import ShapeError, objects, scalar

Sorting = list[tuple[str, str]]
ORDERS = ("asc", "desc")
ONE_SORTING = "Only a single sorting parameter specified. sortBy and sortOrder required"
NO_DIRECTION = "Invalid query: call asc() or desc() after using orderByXX(): direction is null"
TWO_DIRECTIONS = (
    "Invalid query: can specify only one direction desc() or asc() for an ordering constraint: "
    "direction is not null"
)
NO_PROPERTY = (
    "You should call any of the orderBy methods first before specifying a direction: "
    "currentOrderingProperty is null"
)


def from_url(sorts: Sequence[str], by: str | None, order: str | None) -> Sorting:
    """The one level of a URL.

    Args:
        sorts: the names that can be sorted by.

    Raises:
        InvalidRequestError: a name or an order is unknown, or one of the two is missing.
    """
    if by is not None and by not in sorts:
        raise InvalidRequestError(f"Cannot set query parameter 'sortBy' to value '{by}'")
    if order is not None and order not in ORDERS:
        raise InvalidRequestError(f"Cannot set query parameter 'sortOrder' to value '{order}'")
    return _level(by, order)


def _level(by: str | None, order: str | None) -> Sorting:
    if (by is None) != (order is None):
        raise InvalidRequestError(ONE_SORTING)
    return [] if by is None or order is None else [(by, order)]


def from_body(sorts: Sequence[str], body: Mapping[str, Any]) -> Sorting:
    """The levels of a body: the one at its top, then those of its list.

    In the list an unknown name names nothing and an unknown order gives no direction.

    Raises:
        ShapeError: what stands there cannot be a sorting.
        InvalidRequestError: name or order are missing at the top.
        NotValidError: a direction without a name, or a name without a direction.
    """
    by, order = scalar(body.get("sortBy")), scalar(body.get("sortOrder"))
    if (by is not None and by not in sorts) or (order is not None and order not in ORDERS):
        raise ShapeError
    found: list[tuple[str, str | None]] = [*_level(by, order)]
    levels = body.get("sorting")
    for level in [] if levels is None else objects(levels):
        by, order = scalar(level.get("sortBy")), scalar(level.get("sortOrder"))
        if by is not None and by in sorts:
            found.append((by, None))
        if order in ORDERS:
            if not found:
                raise NotValidError(NO_PROPERTY)
            name, direction = found.pop()
            if direction is not None:
                raise NotValidError(TWO_DIRECTIONS)
            found.append((name, order))
    return [_directed(name, direction) for name, direction in found]


def _directed(name: str, direction: str | None) -> tuple[str, str]:
    if direction is None:
        raise NotValidError(NO_DIRECTION)
    return name, direction
