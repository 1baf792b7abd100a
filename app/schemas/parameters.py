"""How the values of filters are read from a URL and from a body, with the errors of each.

Source: contract 5.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import singledispatch
from typing import Any

from marshmallow import ValidationError

from app import filters
from app.errors import (
    BadUserRequestError,
    EngineError,
    InvalidRequestError,
    JavaRuntimeError,
    NotValidError,
    NullValueError,
)

from .base import ShapeError, objects, scalar
from .dates import nearest_date, no_date, parse_date
from .jackson import boolean_of, date_of, is_blank, whole_of

_ERRORS: Mapping[str, type[EngineError]] = {
    "failed": EngineError,
    "null": NullValueError,
    "invalid": NotValidError,
    "refused": BadUserRequestError,
}


def _refuse(name: str, raw: str, shown: str, java: str) -> InvalidRequestError:
    return InvalidRequestError(
        f"Cannot set query parameter '{name}' to value '{raw}': Cannot convert value {shown} to "
        f"java type {java}"
    )


def _read(raw: str) -> Any:
    """The JSON that a URL parameter is; a blank one is none."""
    # A blank number of a URL is an error, where one of a body is null: what is no JSON of any kind
    # is refused by every kind.
    return json.loads(raw) if raw.strip() else "?"


def split(text: str, mark: str) -> list[str]:
    """The parts between marks, as Java splits: empty ones at the end do not count."""
    parts = text.split(mark)
    # `String.split` of Java drops them: `a,,` is one id.
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    # Of commas alone nothing is left; an empty text is one part, which is empty.
    return [] if parts == [""] and text else parts


@singledispatch
def from_url(kind: filters.Kind, name: str, raw: str) -> Any:
    """The value of a URL parameter.

    Raises:
        InvalidRequestError: the text is none of the kind.
        EngineError: the value is one that the filter refuses.
    """
    del kind, name
    return raw


@singledispatch
def from_body(kind: filters.Kind, value: Any) -> Any:
    """The value of a field of a body.

    Raises:
        ShapeError: the value is none of the kind.
        EngineError: the value is one that the filter refuses.
    """
    del kind
    return scalar(value)


# -- choices, flags, numbers, dates ------------------------------------------------------------


@from_url.register
def _(kind: filters.Text, name: str, raw: str) -> Any:
    del name
    return _said(kind, raw)


@from_body.register
def _(kind: filters.Text, value: Any) -> Any:
    return _said(kind, scalar(value))


def _said(kind: filters.Text, text: str | None) -> str | None:
    if kind.skips_empty and not text:
        return None
    if kind.refuses_blank is not None and text is not None and not text.strip():
        raise EngineError(kind.refuses_blank)
    return text


@from_url.register
def _(kind: filters.Choice, name: str, raw: str) -> Any:
    del name
    return _chosen(kind, raw)


@from_body.register
def _(kind: filters.Choice, value: Any) -> Any:
    return _chosen(kind, scalar(value))


def _chosen(kind: filters.Choice, text: str | None) -> str | None:
    # The reference engine converts to upper case before it looks.
    if text is None or text.upper() in kind.choices:
        return None if text is None else text.upper()
    words = " or ".join(f"'{choice}'" for choice in kind.choices)
    raise InvalidRequestError(
        f"Valid values for property '{kind.property_name}' are {words}, but was '{text}'"
    )


@from_url.register
def _(kind: filters.Flag, name: str, raw: str) -> Any:
    if kind.is_primitive:
        return raw.lower() == "true" or None
    try:
        return from_body(kind, _read(raw))
    except (ValueError, RecursionError, ShapeError):
        raise _refuse(name, raw, raw, "java.lang.Boolean") from None


@from_body.register
def _(kind: filters.Flag, value: Any) -> Any:
    if is_blank(value):
        return None
    try:
        return boolean_of(value) or _false(kind)
    except ValidationError:
        raise ShapeError from None


def _false(kind: filters.Flag) -> bool | None:
    """The meaning of false: itself, the same as true, or nothing."""
    if kind.counts_false:
        return True
    return False if kind.has_false else None


def json_number(kind: filters.Number, raw: str) -> int | None:
    """A number of a URL, which the reference engine reads as JSON.

    Raises:
        ShapeError: it is none.
    """
    try:
        found: int | None = from_body(kind, _read(raw))
    except (ValueError, RecursionError):
        raise ShapeError from None
    return found


@from_url.register
def _(kind: filters.Number, name: str, raw: str) -> Any:
    try:
        return json_number(kind, raw)
    except ShapeError:
        raise _refuse(name, raw, raw, kind.java_type) from None


@from_body.register
def _(kind: filters.Number, value: Any) -> Any:
    if is_blank(value):
        return None
    try:
        number = whole_of(value, kind.limits)
    except ValidationError:
        raise ShapeError from None
    if number < 1 and kind.refuses_below_one is not None:
        raise _ERRORS[kind.error_is](f"{kind.refuses_below_one} is not greater than 0")
    return number


@from_url.register
def _(kind: filters.Date, name: str, raw: str) -> Any:
    del kind
    if _is_null(raw):
        return None
    try:
        return nearest_date(raw)
    except ValueError:
        text = f"Cannot set query parameter '{name}' to value '{raw}': {no_date(raw)}"
        raise InvalidRequestError(text) from None


@from_body.register
def _(kind: filters.Date, value: Any) -> Any:
    del kind
    if is_blank(value):
        return None
    try:
        return date_of(value)
    except ValidationError:
        raise ShapeError from None


# -- lists of texts ----------------------------------------------------------------------------


@from_url.register
def _(kind: filters.Texts, name: str, raw: str) -> Any:
    del name
    if not raw.strip() and kind.refuses_empty_url:
        raise EngineError(kind.refuses_empty)
    # Of a list nothing is no filter, of a set it is one that finds nothing (contract 5.1).
    if not kind.is_set and not raw.strip():
        return None
    parts = split(raw, ",")
    if not parts and kind.refuses_empty is not None:
        raise EngineError(kind.refuses_empty)
    return _checked(kind, parts)


@from_body.register
def _(kind: filters.Texts, value: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, list):
        raise ShapeError
    if not value and kind.refuses_empty is not None:
        raise EngineError(kind.refuses_empty)
    return _checked(kind, [scalar(item) for item in value])


def _checked(kind: filters.Texts, items: Sequence[str | None]) -> Sequence[str | None] | None:
    if None in items and kind.refuses_null is not None:
        raise _ERRORS[kind.null_is](f"{kind.refuses_null} contains null value")
    if "" in items and kind.refuses_blank is not None:
        raise NotValidError(f"{kind.refuses_blank} contains empty string")
    # An empty list of a body is never a filter; an empty set of a URL is a list with an empty text,
    # which finds nothing (contract 3.15).
    return items or None


# -- conditions on variables -------------------------------------------------------------------


@from_url.register
def _(kind: filters.Variables, name: str, raw: str) -> Any:
    found = []
    for part in split(raw, ","):
        # There is no way to escape: names and values with an underscore cannot be asked for in a
        # URL, and every value is a text, a date or null (contract 5.3).
        pieces = split(part, "_")
        if len(pieces) != 3:
            raise InvalidRequestError(
                f"Cannot set query parameter '{name}' to value '{raw}': variable query "
                "parameter has to have format KEY_OPERATOR_VALUE."
            )
        found.append(_condition(kind, pieces[0], pieces[1], _resolved(pieces[2])))
    return found


@from_body.register
def _(kind: filters.Variables, value: Any) -> Any:
    return _conditions(kind, value, _resolved)


def from_alternative(kind: filters.Kind, value: Any) -> Any:
    """The value of a filter in an entry of ``orQueries``, where texts of conditions are no dates.

    An oddity of the reference: only the query around has what reads them.
    """
    if isinstance(kind, filters.Variables):
        return _conditions(kind, value, _kept)
    return from_body(kind, value)


def _conditions(kind: filters.Variables, value: Any, read: Callable[[Any], Any]) -> Any:
    if value is None:
        return None
    found = []
    for item in objects(value):
        name, operator = scalar(item.get("name")), scalar(item.get("operator"))
        if operator is None:
            raise JavaRuntimeError("NullPointerException", "The operator is null")
        found.append(_condition(kind, name, operator, read(item.get("value"))))
    return found or None


Compared = tuple[str | None, str, Any]


def _condition(kind: filters.Variables, name: str | None, operator: str, value: Any) -> Compared:
    condition = name, _known(kind, operator), value
    if kind.is_validated:
        _validate(*condition)
    return condition


def _is_null(text: str) -> bool:
    """Whether Java reads no date: blanks, or the word ``null``."""
    # Put into a JSON string before it is read, in which a tab would be an error.
    return text.strip(" ") in ("", "null")


def _resolved(value: Any) -> Any:
    """A value that is compared: what is null where a date is read is null."""
    return None if isinstance(value, str) and _is_null(value) else plain(value)


def _kept(value: Any) -> Any:
    if isinstance(value, str) and "\x00" in value:
        raise ShapeError
    return value


def _validate(name: str | None, operator: str, value: Any) -> None:
    """Refuse a condition that no variable can fulfil."""
    if name is None:
        raise NotValidError("name is null")
    # Equality may ask for null and for booleans; there is no order among them.
    words = filters.COMPARISONS.get(operator)
    if words is not None and (value is None or isinstance(value, bool)):
        raise NotValidError(f"Booleans and null cannot be used in '{words}' condition")


def _known(kind: filters.Variables, operator: str) -> str:
    if operator not in kind.operators:
        raise InvalidRequestError(f"Invalid {kind.subject} comparator specified: {operator}")
    return operator


@from_body.register
def _(kind: filters.Plain, value: Any) -> Any:
    del kind
    return _kept(value)


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


# -- dates with an operator --------------------------------------------------------------------


@from_url.register
def _(kind: filters.Timestamps, name: str, raw: str) -> Any:
    conditions = [split(part, "_") for part in split(raw, ",")]
    # The format of the last comes before the date of the first.
    if any(len(pieces) != 2 for pieces in conditions):
        raise InvalidRequestError(
            f"Cannot set query parameter '{name}' to value '{raw}': condition query "
            "parameter has to have format OPERATOR_VALUE."
        )
    return [_compared(kind, *pieces) for pieces in conditions] or None


@from_body.register
def _(kind: filters.Timestamps, value: Any) -> Any:
    if value is None:
        return None
    value = objects(value)
    return [_compared(kind, i.get("operator"), i.get("value")) for i in value] or None


def _compared(kind: filters.Timestamps, operator: Any, value: Any) -> tuple[str, datetime]:
    # A cast in the reference engine, which fails in Java's own way.
    if value is not None and not isinstance(value, str):
        raise JavaRuntimeError("ClassCastException", f"The {kind.subject} is no text")
    try:
        # In the order of the reference engine: the date is read, then the operator looked at, then
        # the date missed.
        timestamp = None if value is None or _is_null(value) else nearest_date(value)
    except ValueError:
        raise InvalidRequestError(f"Invalid {kind.subject} format: {no_date(str(value))}") from None
    if operator is None:
        raise JavaRuntimeError("NullPointerException", "The operator is null")
    if operator not in ("gt", "lt"):
        raise InvalidRequestError(f"Invalid {kind.subject} comparator specified: {operator}")
    if timestamp is None:
        raise NullValueError("Provided date is null")
    return operator, timestamp
