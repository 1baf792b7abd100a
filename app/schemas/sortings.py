"""How a list is to be sorted, in a URL and in a body, with the errors of each.

Source: contract 5.2; Camunda 7 ``AbstractQueryDto``, ``AbstractQuery``.
"""

from collections.abc import Collection, Mapping
from typing import Any

from app.errors import InvalidRequestError, NotValidError, NullValueError

from .base import ShapeError, objects, scalar

Level = tuple[str, ...]  # name, direction; for that of a variable its name and type as well
Sorting = list[Level]
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


class Sorts:
    """The keys that a list can be sorted by.

    Args:
        names: of its fields.
        variable_names: those that need the name and the type of a variable; they are for the list
            of levels in a body alone.
        is_strict: an unknown name in that list is refused; else it names nothing.
    """

    def __init__(
        self, names: Collection[str], variable_names: Collection[str], *, is_strict: bool
    ) -> None:
        self.names = tuple(names)
        self.variable_names = tuple(variable_names)
        self._is_strict = is_strict

    def from_url(self, by: str | None, order: str | None) -> Sorting:
        """The one level of a URL.

        Raises:
            InvalidRequestError: a name or an order is unknown, or one of the two is missing.
        """
        # Of a report, which passes over what it does not know.
        if not self.names:
            return []
        if by is not None and by not in self.names:
            raise InvalidRequestError(f"Cannot set query parameter 'sortBy' to value '{by}'")
        if order is not None and order not in ORDERS:
            raise InvalidRequestError(f"Cannot set query parameter 'sortOrder' to value '{order}'")
        return _level(by, order)

    def top(self, body: Mapping[str, Any]) -> tuple[str | None, str | None]:
        """The name and the order at the top of a body; None where they are missing.

        Raises:
            ShapeError: one is unknown, or there and null.
        """
        found = []
        for key, known in (("sortBy", self.names), ("sortOrder", ORDERS)):
            text = scalar(body.get(key))
            # By its setter in the reference engine, which looks a null up as it does a name.
            if key in body and text not in known:
                raise ShapeError
            found.append(text)
        by, order = found
        return by, order

    def from_body(self, body: Mapping[str, Any]) -> Sorting:
        """The levels of a body: the one at its top, then those of its list.

        In the list an unknown order gives no direction.

        Raises:
            ShapeError: what stands there cannot be a sorting.
            InvalidRequestError: name or order are missing at the top.
            NotValidError: a direction without a name, or a name without a direction.
            NullValueError: the name or the type of a variable is missing.
        """
        by, order = self.top(body)
        found: list[tuple[str, str | None, tuple[str, ...]]] = [
            (name, direction, ()) for name, direction, *_ in _level(by, order)
        ]
        levels = body.get("sorting")
        for level in [] if levels is None else objects(levels):
            by, order = scalar(level.get("sortBy")), scalar(level.get("sortOrder"))
            if not isinstance(level.get("parameters"), dict | None):
                raise ShapeError
            self._check(by, order)
            if by in self.variable_names:
                found.append((str(by), None, _variable(level.get("parameters"))))
            elif by in self.names:
                found.append((str(by), None, ()))
            # A direction belongs to the name before it, as in the calls of Java's query: an entry
            # that names nothing gives its direction to the entry above, which may have one already.
            if order in ORDERS:
                if not found:
                    raise NotValidError(NO_PROPERTY)
                name, direction, variable = found.pop()
                if direction is not None:
                    raise NotValidError(TWO_DIRECTIONS)
                found.append((name, order, variable))
        # Last: a direction that is missing is found out when the query is made, behind all levels.
        return [_directed(*level) for level in found]

    def _check(self, by: str | None, order: str | None) -> None:
        """Refuse what a strict list refuses."""
        if self._is_strict and by not in self.names:
            raise InvalidRequestError(
                f"sortBy parameter has invalid value: {'null' if by is None else by}"
            )
        if self._is_strict and order is None:
            raise InvalidRequestError(ONE_SORTING)


def _level(by: str | None, order: str | None) -> Sorting:
    if (by is None) != (order is None):
        raise InvalidRequestError(ONE_SORTING)
    return [] if by is None or order is None else [(by, order)]


def _variable(parameters: Any) -> tuple[str, str]:
    """The name and the type of the variable to sort by."""
    name, type_name = (scalar((parameters or {}).get(key)) for key in ("variable", "type"))
    if name is None:
        raise NullValueError("variableName is null")
    if type_name is None:
        raise NullValueError("valueType is null")
    return name, type_name


def _directed(name: str, direction: str | None, variable: tuple[str, ...]) -> Level:
    if direction is None:
        raise NotValidError(NO_DIRECTION)
    return (name, direction, *variable)
