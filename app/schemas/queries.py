"""The parameters of lists: the same filters in a URL and in a body, with the errors of each.

Source: rest contract 5.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.errors import (
    EngineError,
    InvalidRequestError,
    JavaRuntimeError,
    NotValidError,
    NullValueError,
    PagingError,
)

from .base import DIGITS, INT, LONG, camel, span, text_of
from .dates import parse_date

Filters = dict[str, Any]
OPERATORS = ("eq", "neq", "gt", "gteq", "lt", "lteq", "like")
_NAMED = ("name", "operator")
ONE_SORTING = "Only a single sorting parameter specified. sortBy and sortOrder required"
NO_DIRECTION = "Invalid query: call asc() or desc() after using orderByXX(): direction is null"
NO_PROPERTY = (
    "You should call any of the orderBy methods first before specifying a direction: "
    "currentOrderingProperty is null"
)


class ShapeError(InvalidRequestError):
    """A part of a body has a shape that it cannot have; the message is empty."""

    def __init__(self) -> None:
        super().__init__("")


def _refuse(name: str, raw: str, shown: str, java: str) -> InvalidRequestError:
    return InvalidRequestError(
        f"Cannot set query parameter '{name}' to value '{raw}': Cannot convert value {shown} to "
        f"java type {java}"
    )


def _objects(value: Any) -> list[dict[str, Any]]:
    """A list of objects; one that is null is found out when it is looked at."""
    if not isinstance(value, list) or not all(isinstance(item, dict | None) for item in value):
        raise ShapeError
    if None in value:
        raise JavaRuntimeError("NullPointerException", "An entry of a list is null")
    return value


class Parameter:
    """A filter, as it is read from a URL and from a body."""

    def from_url(self, name: str, raw: str) -> Any:
        """The value of a URL parameter."""
        del name
        return raw

    def from_body(self, value: Any) -> Any:
        """The value of a field of a body."""
        try:
            return None if value is None else text_of(value)
        except Exception:
            raise ShapeError from None


class Flag(Parameter):
    """A boolean of which only true has an effect.

    Args:
        has_false: false has an effect of its own.
    """

    def __init__(self, *, has_false: bool = False) -> None:
        self._false = False if has_false else None

    def from_url(self, name: str, raw: str) -> Any:
        if raw in ("true", "false"):
            return True if raw == "true" else self._false
        try:
            return True if int(raw) else self._false
        except ValueError:
            raise _refuse(name, raw, raw, "java.lang.Boolean") from None

    def from_body(self, value: Any) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, (bool, int)):
            return True if value else self._false
        if value in ("true", "True", "TRUE"):
            return True
        if value in ("false", "False", "FALSE"):
            return self._false
        raise ShapeError


class Number(Parameter):
    """A whole number."""

    def __init__(self, java: str, limits: tuple[int, int]) -> None:
        self._java = java
        self.limits = limits

    def from_url(self, name: str, raw: str) -> Any:
        try:
            return self.from_body(json.loads(raw) if raw.strip() else "?")
        except (ValueError, RecursionError, ShapeError):
            raise _refuse(name, raw, raw, self._java) from None

    def from_body(self, value: Any) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, str) and DIGITS.fullmatch(value.strip()):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
            raise ShapeError
        if not self.limits[0] <= value <= self.limits[1]:
            raise ShapeError
        return int(value)


class Date(Parameter):
    """A date; a body may count milliseconds."""

    def from_url(self, name: str, raw: str) -> Any:
        if not raw:
            return None
        try:
            return parse_date(raw)
        except ValueError:
            error = _refuse(name, raw, f'"{raw}"', "java.util.Date")
            if raw.startswith('"') or raw.endswith('"'):
                error = InvalidRequestError(f"{error} because of double quotes")
            raise error from None

    def from_body(self, value: Any) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return parse_date("1970-01-01T00:00:00.000+0000") + span(value)
        if not isinstance(value, str):
            raise ShapeError
        try:
            return parse_date(value)
        except ValueError:
            raise ShapeError from None


class Texts(Parameter):
    """A list of texts; an empty one is no filter.

    Args:
        is_set: an empty URL parameter is one empty text, which matches nothing.
        refuses_empty: the error of an empty list in a body.
        refuses_null: what the items are called in the error of one that is null.
    """

    def __init__(
        self,
        *,
        is_set: bool = False,
        refuses_empty: str | None = None,
        refuses_null: str | None = None,
    ) -> None:
        self._is_set = is_set
        self._refuses_null = refuses_null
        self._refuses_empty = refuses_empty

    def from_url(self, name: str, raw: str) -> Any:
        return raw.split(",") if raw or self._is_set else None

    def from_body(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, list):
            raise ShapeError
        if not value and self._refuses_empty is not None:
            raise EngineError(self._refuses_empty)
        if None in value and self._refuses_null is not None:
            raise NullValueError(f"{self._refuses_null} contains null value")
        return [super(Texts, self).from_body(item) for item in value] or None


class Variables(Parameter):
    """Filters by variables: ``name_operator_value``, or objects.

    Args:
        what: the word in the error for an unknown operator.
        operators: those that are known.
    """

    def __init__(self, what: str = "variable", operators: tuple[str, ...] = OPERATORS) -> None:
        self._what = what
        self.operators = operators

    def from_url(self, name: str, raw: str) -> Any:
        found = []
        for part in raw.split(","):
            pieces = part.split("_")
            if len(pieces) != 3 or not pieces[2]:
                raise InvalidRequestError(
                    f"Cannot set query parameter '{name}' to value '{raw}': variable query "
                    "parameter has to have format KEY_OPERATOR_VALUE."
                )
            found.append((pieces[0], self._known(pieces[1]), pieces[2]))
        return found

    def from_body(self, value: Any) -> Any:
        if value is None:
            return None
        found = []
        for item in _objects(value):
            name, operator = (super(Variables, self).from_body(item.get(k)) for k in _NAMED)
            if operator is None:
                raise JavaRuntimeError("NullPointerException", "The operator is null")
            found.append((name, self._known(operator), plain(item.get("value"))))
        return found or None

    def _known(self, operator: str) -> str:
        if operator not in self.operators:
            raise InvalidRequestError(f"Invalid {self._what} comparator specified: {operator}")
        return operator


def plain(value: Any) -> Any:
    """A value of a body's filter: texts that are dates are dates, empty ones null."""
    if isinstance(value, str):
        if not value:
            return None
        if "\x00" in value:
            raise ShapeError
        try:
            return parse_date(value)
        except ValueError:
            return value
    return value


class Moments(Parameter):
    """Dates with an operator: ``gt_date`` and ``lt_date``."""

    def __init__(self, words: str) -> None:
        self._words = words

    def from_url(self, name: str, raw: str) -> Any:
        found = []
        for part in raw.split(","):
            operator, _, text = part.partition("_")
            if not text:
                raise InvalidRequestError(
                    f"Cannot set query parameter '{name}' to value '{raw}': condition query "
                    "parameter has to have format OPERATOR_VALUE."
                )
            found.append(self._compared(operator, text))
        return found

    def from_body(self, value: Any) -> Any:
        if value is None:
            return None
        value = _objects(value)
        return [self._compared(i.get("operator"), i.get("value")) for i in value] or None

    def _compared(self, operator: Any, value: Any) -> tuple[str, datetime]:
        if value is not None and not isinstance(value, str):
            raise JavaRuntimeError("ClassCastException", f"The {self._words} is no text")
        try:
            moment = parse_date(value) if value else None
        except ValueError:
            raise InvalidRequestError(
                f'Invalid {self._words} format: Cannot convert value "{value}" to java type '
                "java.util.Date"
            ) from None
        if operator is None:
            raise JavaRuntimeError("NullPointerException", "The operator is null")
        if operator not in ("gt", "lt"):
            raise InvalidRequestError(f"Invalid {self._words} comparator specified: {operator}")
        if moment is None:
            raise NullValueError("Provided date is null")
        return operator, moment


class Plain(Parameter):
    """Any JSON value; texts in a URL."""

    def from_body(self, value: Any) -> Any:
        return plain(value)


TEXT, FLAG, DATE, LIST = Parameter(), Flag(), Date(), Texts()
BOOLEAN = Flag(has_false=True)
INTEGER = Number("java.lang.Integer", INT)
LONG_NUMBER = Number("java.lang.Long", LONG)


class QuerySchema:
    """The filters and sortings of one list.

    Args:
        names: the filters of each kind, as words in one text.
        sorts: the names that can be sorted by.
        check: looks at all filters together.
        has_or_queries: a body may have ``orQueries``.
    """

    def __init__(
        self,
        sorts: tuple[str, ...],
        names: Mapping[Parameter, str],
        *,
        check: Callable[[Filters], None] | None = None,
        has_or_queries: bool = False,
    ) -> None:
        self.sorts = sorts
        self.has_or_queries = has_or_queries
        self._check = check
        self.parameters = {
            camel(name): (name, kind) for kind, words in names.items() for name in words.split()
        }

    @property
    def has_moments(self) -> bool:
        """Whether one of the filters compares moments."""
        return any(isinstance(kind, Moments) for _, kind in self.parameters.values())

    def from_url(self, arguments: Mapping[str, str]) -> tuple[Filters, list[tuple[str, str]]]:
        """Filters and sorting of a URL; unknown parameters are passed over."""
        sorting = self._url_sorting(arguments.get("sortBy"), arguments.get("sortOrder"))
        found = {}
        for key, raw in arguments.items():
            entry = self.parameters.get(key)
            if entry is not None:
                name, kind = entry
                found[name] = kind.from_url(key, raw)
        return self._checked(found), sorting

    def from_body(self, body: Any) -> tuple[Filters, list[tuple[str, str]]]:
        """Filters and sorting of a body."""
        if not isinstance(body, dict):
            raise ShapeError
        sorting = self._body_sorting(body)
        found = self._filters(body)
        if self.has_or_queries:
            found["or_queries"] = self._alternatives(body.get("orQueries"))
        return self._checked(found), sorting

    def _alternatives(self, value: Any) -> list[Filters]:
        """The filters of each entry of ``orQueries``."""
        entries = [] if value is None else _objects(value)
        return [self._checked(self._filters(entry)) for entry in entries]

    def _filters(self, body: Mapping[str, Any]) -> Filters:
        found = {}
        for key, value in body.items():
            entry = self.parameters.get(key)
            if entry is not None:
                found[entry[0]] = entry[1].from_body(value)
        return found

    def _checked(self, found: Filters) -> Filters:
        if self._check is not None:
            self._check(found)
        return found

    def _url_sorting(self, by: str | None, order: str | None) -> list[tuple[str, str]]:
        if by is not None and by not in self.sorts:
            raise InvalidRequestError(f"Cannot set query parameter 'sortBy' to value '{by}'")
        if order is not None and order not in ("asc", "desc"):
            raise InvalidRequestError(f"Cannot set query parameter 'sortOrder' to value '{order}'")
        if (by is None) != (order is None):
            raise InvalidRequestError(ONE_SORTING)
        return [] if by is None or order is None else [(by, order)]

    def _body_sorting(self, body: Mapping[str, Any]) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        by, order = body.get("sortBy"), body.get("sortOrder")
        if by is not None and by not in self.sorts:
            raise ShapeError
        if order is not None and order not in ("asc", "desc"):
            raise ShapeError
        if (by is None) != (order is None):
            raise InvalidRequestError(ONE_SORTING)
        if by is not None and order is not None:
            found.append((by, order))
        levels = body.get("sorting")
        if levels is None:
            return found
        return found + [self._level(level) for level in _objects(levels)]

    def _level(self, level: Mapping[str, Any]) -> tuple[str, str]:
        by, order = level.get("sortBy"), level.get("sortOrder")
        if by not in self.sorts:
            raise NotValidError(NO_PROPERTY)
        if order not in ("asc", "desc"):
            raise NotValidError(NO_DIRECTION)
        return by, order


def page(arguments: Mapping[str, str]) -> tuple[int | None, int | None]:
    """``firstResult`` and ``maxResults``.

    Raises:
        PagingError: one is no 32-bit integer.
    """
    return _page_number(arguments, "firstResult"), _page_number(arguments, "maxResults")


def _page_number(arguments: Mapping[str, str], name: str) -> int | None:
    raw = arguments.get(name)
    if raw is None:
        return None
    text = raw[1:] if raw[:1] in ("-", "+") else raw
    if not text.isdigit() or not text.isascii() or len(text) > 10:
        raise PagingError("HTTP 404 Not Found")
    number = int(raw)
    if not INT[0] <= number <= INT[1]:
        raise PagingError("HTTP 404 Not Found")
    return number


__all__ = [
    "BOOLEAN",
    "DATE",
    "FLAG",
    "INTEGER",
    "LIST",
    "LONG_NUMBER",
    "TEXT",
    "QuerySchema",
    "page",
]
