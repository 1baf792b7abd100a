"""The queries of lists: the same filters in a URL and in a body.

Source: contract 5.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from app.errors import PagingError, RequestTooLargeError
from app.filters import INT, Expressions, Kind, Timestamps
from app.names import camel

from . import sortings
from .base import ShapeError, objects
from .parameters import from_alternative, from_body, from_url

Filters = dict[str, Any]

# In all lists of one query. Each costs some microseconds, and some hundred times its own bytes,
# until the database refuses them or finds nothing.
MOST_VALUES = 100_000


class QuerySchema:
    """The filters and sortings of one list.

    Args:
        kinds: the filters by their names in snake case.
        sorts: the names that can be sorted by.
        variable_sorts: those that need the name and the type of a variable.
        check: checks all filters together; `is_or` says whether they are those of an ``or``.
        has_or_queries: a body may have ``orQueries``.
        is_strict: an unknown name in the list of sortings is refused.
    """

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        sorts: Collection[str],
        *,
        variable_sorts: Collection[str],
        check: Callable[..., None],
        has_or_queries: bool,
        is_strict: bool,
    ) -> None:
        self.parameters = {camel(name): (name, kind) for name, kind in kinds.items()}
        self.sorts = sortings.Sorts(sorts, variable_sorts, is_strict=is_strict)
        self.has_or_queries = has_or_queries
        self._check = check

    @property
    def has_timestamps(self) -> bool:
        """Whether one of the filters compares timestamps."""
        return any(isinstance(kind, Timestamps) for _, kind in self.parameters.values())

    def from_url(self, arguments: Mapping[str, str]) -> tuple[Filters, sortings.Sorting]:
        """Filters and sorting of a URL; parameters that the list does not have are passed over."""
        # Also for `count`, which sorts nothing: it refuses a wrong name as well (contract 3.16).
        sorting = self.sorts.from_url(arguments.get("sortBy"), arguments.get("sortOrder"))
        found = {}
        # Of a parameter that is repeated this gives the first value, which is the one that counts.
        for key, raw in arguments.items():
            if key in self.parameters:
                name, kind = self.parameters[key]
                found[name] = from_url(kind, key, raw)
        self._check(found, is_or=False)
        return found, sorting

    def from_body(self, body: Any) -> tuple[Filters, sortings.Sorting]:
        """Filters and sorting of a body."""
        found, sorting = self._read(body)
        self._check(found, is_or=False)
        return found, sorting

    def from_stored(self, body: Any) -> tuple[Filters, sortings.Sorting]:
        """The same of a query that is kept, in which values may be expressions."""
        found, sorting = self._read(body)
        kinds = dict(self.parameters.values())
        # Whether a value goes with the others can be said once its expression has one.
        given = {n: v for n, v in found.items() if not isinstance(kinds.get(n), Expressions)}
        self._check(given, is_or=False)
        return found, sorting

    def _read(self, body: Any) -> tuple[Filters, sortings.Sorting]:
        if not isinstance(body, dict):
            raise ShapeError
        if _count(body) > MOST_VALUES:
            raise RequestTooLargeError
        # Before the filters: a wrong name at the top is an error of the mapping, which comes first.
        sorting = self.sorts.from_body(body)
        found = self._filters(body)
        if self.has_or_queries:
            found["or_queries"] = self._alternatives(body.get("orQueries"))
        return found, sorting

    def _alternatives(self, value: Any) -> list[Filters]:
        """The filters of each entry of ``orQueries``."""
        entries = [] if value is None else objects(value)
        for entry in entries:
            # An alternative sorts nothing, but is read as a query of its own.
            self.sorts.top(entry)
        found = [self._filters(entry, is_or=True) for entry in entries]
        # Once all are read: the shape of the last comes before what is wrong in the first.
        for filters in found:
            self._check(filters, is_or=True)
        return found

    def _filters(self, body: Mapping[str, Any], *, is_or: bool = False) -> Filters:
        read = from_alternative if is_or else from_body
        found = {}
        for key, value in body.items():
            if key in self.parameters:
                name, kind = self.parameters[key]
                found[name] = read(kind, value)
        return found


def _count(body: Mapping[str, Any]) -> int:
    """The values in the lists of a query, its alternatives included."""
    alternatives = body.get("orQueries")
    entries = alternatives if isinstance(alternatives, list) else []
    # Not by recursion: alternatives of an alternative are not read, however deep they go.
    bodies = [body, *(entry for entry in entries if isinstance(entry, dict))]
    return sum(len(value) for one in bodies for value in one.values() if isinstance(value, list))


def page(arguments: Mapping[str, str]) -> tuple[int | None, int | None]:
    """``firstResult`` and ``maxResults``.

    Raises:
        PagingError: one is no 32-bit integer.
    """
    return java_int(arguments, "firstResult"), java_int(arguments, "maxResults")


def java_int(arguments: Mapping[str, str], name: str) -> int | None:
    """A parameter that JAX-RS reads as an Integer; None where it is missing.

    Raises:
        PagingError: it is no 32-bit integer.
    """
    raw = arguments.get(name)
    if raw is None:
        return None
    # A sign is legal: a negative page is an empty one.
    text = raw[1:] if raw[:1] in ("-", "+") else raw
    # `isdigit` takes the digits of every script, and some that `int` does not.
    if not text.isdigit() or not text.isascii() or len(text) > 10:
        raise PagingError("HTTP 404 Not Found")
    number = int(raw)
    if not INT[0] <= number <= INT[1]:
        raise PagingError("HTTP 404 Not Found")
    return number
