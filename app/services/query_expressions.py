"""Filters that are given as expressions: they are evaluated before the database is asked.

Source: Camunda 7 ``AbstractQuery.evaluateExpressions``.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from app.engine.events import timers
from app.errors import EngineError
from app.expressions import Documents, parse
from app.filters import Date, Expressions, Kind, Texts
from app.store import Store
from app.store.commands import groups
from app.store.lists import Listing

Asking = Mapping[str, Callable[[], object]]


class _Nowhere:
    """The context of an expression that belongs to no execution: it knows who asks alone."""

    def __init__(self, now: datetime, asking: Asking) -> None:
        self.now = now
        self.documents = Documents()
        self._asking = asking

    def variable(self, name: str) -> object:
        # As an unknown variable: a query is asked outside of any instance.
        raise KeyError(name)

    def special(self, name: str) -> object:
        return self._asking[name]()


def _asking(store: Store) -> Asking:
    """The user who asks, by the names that expressions have for it."""
    return {
        "authenticatedUserId": lambda: store.user_id,
        "authenticatedGroupIds": partial(_groups, store),
    }


def _groups(store: Store) -> list[str] | None:
    if store.caller is None:
        return None
    with store.snapshot() as snapshot:
        return groups.of_caller(snapshot.sql, store.caller)


def evaluated(listing: Listing, filters: Mapping[str, Any], store: Store) -> Mapping[str, Any]:
    """The filters with the values of those that are expressions.

    Only stored queries have them outside of ``orQueries``. Not to be called while a connection is
    held: an expression may ask for another one.

    Raises:
        EngineError: one cannot be evaluated, or gives something that the filter cannot be.
    """
    alternatives = filters.get("or_queries")
    # Nearly all queries: they cost nothing here.
    if not alternatives and not any(name.endswith("_expression") for name in filters):
        return filters
    # One time for all filters of the query, so that `dueAfter` and `dueBefore` fit together.
    now, known = store.clock(), _asking(store)
    kinds = {n: k.result for n, k in listing.kinds.items() if isinstance(k, Expressions)}

    def values_of(one: Mapping[str, Any]) -> dict[str, Any]:
        return {
            n: _value_of(v, kinds[n], now, known) if n in kinds and v is not None else v
            for n, v in one.items()
        }

    found = values_of(filters)
    if alternatives:
        found["or_queries"] = [values_of(one) for one in alternatives]
    return found


def _value_of(text: str, kind: Kind, now: datetime, known: Asking) -> Any:
    try:
        value = parse(text).evaluate(_Nowhere(now, known))
        if isinstance(kind, Date):
            # A period counts from now: `P1D` as a date is tomorrow.
            return timers.timestamp_of(value, now)
    except EngineError as error:  # its own type says where in a model it stands; this has no place
        raise EngineError(str(error)) from error
    if isinstance(kind, Texts):
        # One text for a list of one, as `currentUser()` gives for `assigneeIn`.
        value = value if isinstance(value, list) else [value]
        if all(isinstance(item, str) for item in value):
            return value
    elif isinstance(value, str):
        return value
    raise EngineError(f"The expression {text} gives no value that can be searched for")
