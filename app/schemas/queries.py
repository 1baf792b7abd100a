"""The queries of lists: the same filters in a URL and in a body.

Source: rest contract 5.
"""

from collections.abc import Callable, Mapping
from typing import Any

from app.errors import PagingError

from . import sortings
from .base import INT, ShapeError, camel, objects
from .parameters import (
    BOOLEAN,
    DATE,
    FLAG,
    INTEGER,
    LIST,
    LONG_NUMBER,
    TEXT,
    Filters,
    Moments,
    Parameter,
)


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
        by, order = arguments.get("sortBy"), arguments.get("sortOrder")
        sorting = sortings.from_url(self.sorts, by, order)
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
        sorting = sortings.from_body(self.sorts, body)
        found = self._filters(body)
        if self.has_or_queries:
            found["or_queries"] = self._alternatives(body.get("orQueries"))
        return self._checked(found), sorting

    def _alternatives(self, value: Any) -> list[Filters]:
        """The filters of each entry of ``orQueries``."""
        entries = [] if value is None else objects(value)
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
