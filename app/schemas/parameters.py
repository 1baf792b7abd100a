"""The kinds of parameters that lists have, in a URL and in a body, with the errors of each.

Source: rest contract 5.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.errors import (
    EngineError,
    InvalidRequestError,
    JavaRuntimeError,
    NotValidError,
    NullValueError,
)

from .base import DIGITS, INT, LONG, ShapeError, objects, scalar, span
from .dates import parse_date

Filters = dict[str, Any]
OPERATORS = ("eq", "neq", "gt", "gteq", "lt", "lteq", "like")


def _refuse(name: str, raw: str, shown: str, java: str) -> InvalidRequestError:
    return InvalidRequestError(
        f"Cannot set query parameter '{name}' to value '{raw}': Cannot convert value {shown} to "
        f"java type {java}"
    )


def _read(raw: str) -> Any:
    """The JSON that a URL parameter is; a blank one is none."""
    return json.loads(raw) if raw.strip() else "?"


def _is_nothing(value: Any) -> bool:
    """Whether a field of a body gives no number, date or boolean: null or a blank text."""
    return value is None or (isinstance(value, str) and not value.strip())


def split(text: str, mark: str) -> list[str]:
    """The parts between marks, as Java splits: empty ones at the end do not count."""
    parts = text.split(mark)
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return [] if parts == [""] and text else parts


class Parameter:
    """A filter, as it is read from a URL and from a body."""

    def from_url(self, name: str, raw: str) -> Any:
        """The value of a URL parameter."""
        del name
        return raw

    def from_body(self, value: Any) -> Any:
        """The value of a field of a body."""
        return scalar(value)


class Flag(Parameter):
    """A boolean of which only true has an effect.

    Args:
        has_false: false has an effect of its own.
    """

    def __init__(self, *, has_false: bool = False) -> None:
        self._false = False if has_false else None

    def from_url(self, name: str, raw: str) -> Any:
        try:
            return self.from_body(_read(raw))
        except (ValueError, RecursionError, ShapeError):
            raise _refuse(name, raw, raw, "java.lang.Boolean") from None

    def from_body(self, value: Any) -> Any:
        if _is_nothing(value):
            return None
        if isinstance(value, (bool, int)):
            return True if value else self._false
        text = value.strip() if isinstance(value, str) else ""
        if text in ("true", "True", "TRUE"):
            return True
        if text in ("false", "False", "FALSE"):
            return self._false
        raise ShapeError


class Number(Parameter):
    """A whole number."""

    def __init__(self, java: str, limits: tuple[int, int]) -> None:
        self._java = java
        self.limits = limits

    def from_url(self, name: str, raw: str) -> Any:
        try:
            return self.from_body(_read(raw))
        except (ValueError, RecursionError, ShapeError):
            raise _refuse(name, raw, raw, self._java) from None

    def from_body(self, value: Any) -> Any:
        if _is_nothing(value):
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
        if _is_nothing(value):
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
        is_set: an empty URL parameter is a list with an empty text.
        refuses_empty: the error of an empty list in a body.
        refuses_null: what the items are called in the error of one that is null.
        refuses_blank: the same for one that is an empty text; null is then an error of that kind.
    """

    def __init__(
        self,
        *,
        is_set: bool = False,
        refuses_empty: str | None = None,
        refuses_null: str | None = None,
        refuses_blank: str | None = None,
    ) -> None:
        self._is_set = is_set
        self._refuses_empty = refuses_empty
        self.refuses_null = refuses_null
        self._refuses_blank = refuses_blank

    def from_url(self, name: str, raw: str) -> Any:
        if not self._is_set and not raw.strip():
            return None
        return self._checked(split(raw, ","))

    def from_body(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, list):
            raise ShapeError
        if not value and self._refuses_empty is not None:
            raise EngineError(self._refuses_empty)
        return self._checked([scalar(item) for item in value])

    def _checked(self, items: Sequence[str | None]) -> Sequence[str | None] | None:
        if None in items and self.refuses_null is not None:
            error = NullValueError if self._refuses_blank is None else NotValidError
            raise error(f"{self.refuses_null} contains null value")
        if "" in items and self._refuses_blank is not None:
            raise NotValidError(f"{self._refuses_blank} contains empty string")
        return items or None


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
        for part in split(raw, ","):
            pieces = split(part, "_")
            if len(pieces) != 3:
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
        for item in objects(value):
            name, operator = scalar(item.get("name")), scalar(item.get("operator"))
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
        value = objects(value)
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
