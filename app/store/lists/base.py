"""How a list is asked for: filters become conditions, names become columns, pages become limits.

Source: rest contract 5.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    FromClause,
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.sql import ColumnElement

from app.models.repository import process_definition

Condition = ColumnElement[bool]
Filters = Mapping[str, Any]
Sorting = Sequence[tuple[str, str]]
LARGEST_PAGE = 2**31 - 1
PASSED_ON = frozenset(("variable_names_ignore_case", "variable_values_ignore_case", "any_of"))
OVERRULED = {"active": "suspended", "tenant_id_in": "without_tenant_id"}


class Listing:
    """A kind of rows that can be listed.

    Args:
        source: what is selected from.
        columns: the view's fields; labels are their names.
        filters: for each filter, the condition that its value means.
        sorts: for each name of the wire, what it sorts by.
        base: what every row must fulfil.
        order: the default order, and the tiebreak of every other.
        needs_all: like `filters`, for those whose meaning depends on others. ``any_of`` is among
            them where one that holds is enough.
        overruled: of two filters that are given together, the first one is as if it were not.
        has_id: which row has an id; the last column of the order is the id else.
    """

    def __init__(
        self,
        source: FromClause,
        columns: Sequence[ColumnElement[Any]],
        filters: Mapping[str, Callable[[Any], Condition]],
        sorts: Mapping[str, ColumnElement[Any]],
        *,
        order: Sequence[ColumnElement[Any]],
        base: Condition | None = None,
        needs_all: Mapping[str, Callable[[Any, Filters], Condition]] | None = None,
        overruled: Mapping[str, str] = OVERRULED,
        has_id: Callable[[str], Condition] | None = None,
    ) -> None:
        self.source = source
        self.columns = list(columns)
        self.filters = filters
        self.sorts = sorts
        self.order = order
        self.base = base
        self.needs_all = needs_all or {}
        self.overruled = overruled
        self.has_id = has_id or equals(order[-1])

    def _conditions(self, filters: Filters) -> list[Condition]:
        found = []
        for name, value in filters.items():
            if value is None or name in PASSED_ON or name == "or_queries":
                continue
            if filters.get(self.overruled.get(name, "")) is not None:
                continue
            if name in self.needs_all:
                found.append(self.needs_all[name](value, filters))
            else:
                found.append(self.filters[name](value))
        return found

    def _where(self, query: Select[Any], filters: Filters) -> Select[Any]:
        conditions = self._conditions(filters)
        for alternative in filters.get("or_queries") or ():
            either = self._conditions({**alternative, "any_of": True})
            if either:
                conditions.append(or_(*either))
        if self.base is not None:
            conditions.append(self.base)
        return query.where(and_(*conditions)) if conditions else query

    def find(
        self,
        connection: Connection,
        filters: Filters,
        sorting: Sorting = (),
        first_result: int | None = None,
        max_results: int | None = None,
    ) -> list[dict[str, Any]]:
        """The rows of a page, as views."""
        if max_results is not None and max_results <= 0:
            return []
        query = self._where(select(*self.columns).select_from(self.source), filters)
        keys = [
            self.sorts[name].desc() if direction == "desc" else self.sorts[name].asc()
            for name, direction in sorting
        ]
        query = query.order_by(*keys, *self.order)
        if max_results is not None:
            query = query.limit(min(max_results, LARGEST_PAGE))
        if first_result:
            query = query.limit(min(max_results or LARGEST_PAGE, LARGEST_PAGE))
            query = query.offset(max(0, first_result))
        return [dict(row) for row in connection.execute(query).mappings()]

    def count(self, connection: Connection, filters: Filters) -> int:
        """How many rows there are."""
        query = self._where(select(func.count()).select_from(self.source), filters)
        return int(connection.execute(query).scalar_one())

    def one(self, connection: Connection, row_id: str) -> Any:
        """The row with an id, as a view; None when there is none."""
        query = select(*self.columns).select_from(self.source).where(self.has_id(row_id))
        if self.base is not None:
            query = query.where(self.base)
        row = connection.execute(query).mappings().first()
        return None if row is None else dict(row)


def equals(column: ColumnElement[Any]) -> Callable[[Any], Condition]:
    """The column is the value."""
    return lambda value: column == value


def like(column: ColumnElement[Any]) -> Callable[[Any], Condition]:
    """The column matches a pattern, upper and lower case apart."""
    return lambda value: column.like(pattern(value), escape="\\")


def pattern(text: str) -> str:
    """A pattern for LIKE: a backslash at its end, which escapes nothing, stands for itself."""
    backslashes = len(text) - len(text.rstrip("\\"))
    return text + "\\" * (backslashes % 2)


def among(column: ColumnElement[Any]) -> Callable[[Any], Condition]:
    """The column is one of the values; there are none in an empty list."""
    return lambda values: column.in_(values) if values else false()


def none_of(column: ColumnElement[Any]) -> Callable[[Any], Condition]:
    """The column is none of the values."""
    return lambda values: or_(column.is_(None), column.not_in(values))


def at_least(column: ColumnElement[Any]) -> Callable[[Any], Condition]:
    """The column is the value or more."""
    return lambda value: column >= value


def at_most(column: ColumnElement[Any]) -> Callable[[Any], Condition]:
    """The column is the value or less."""
    return lambda value: column <= value


def above(column: ColumnElement[Any]) -> Callable[[Any], Condition]:
    """The column is more than the value."""
    return lambda value: column > value


def below(column: ColumnElement[Any]) -> Callable[[Any], Condition]:
    """The column is less than the value."""
    return lambda value: column < value


def when(condition: Condition) -> Callable[[Any], Condition]:
    """A flag, of which only true has an effect."""
    return lambda _: condition


def matches(column: ColumnElement[Any]) -> Callable[[Any], Condition]:
    """The column is the value, upper and lower case alike."""
    return lambda value: func.upper(column) == func.upper(value)


def resembles(column: ColumnElement[Any]) -> Callable[[Any], Condition]:
    """The column matches a pattern, upper and lower case alike."""
    return lambda value: func.upper(column).like(func.upper(pattern(value)), escape="\\")


def tenants(column: ColumnElement[Any]) -> dict[str, Callable[[Any], Condition]]:
    """The filters by tenant that most lists have."""
    return {"tenant_id_in": among(column), "without_tenant_id": when(column.is_(None))}


def tenants_or_none(column: ColumnElement[Any], flag: str) -> dict[str, Any]:
    """Filters by tenant, of which a flag adds to the named tenants what has none."""

    def condition(values: Any, filters: Filters) -> Condition:
        named = among(column)(values)
        return or_(named, column.is_(None)) if filters.get(flag) else named

    return {"tenant_id_in": condition, flag: lambda value, _: ignored(value)}


def of_one(owner: Condition, conditions: Mapping[str, Callable[[Any], Condition]]) -> Any:
    """Filters that are about one and the same row of another table.

    Args:
        owner: whose row it is.
        conditions: what each filter means, by its name.
    """

    def meaning(name: str) -> Callable[[Any, Filters], Condition]:
        def condition(value: Any, filters: Filters) -> Condition:
            if filters.get("any_of"):
                return exists().where(owner, conditions[name](value))
            given = {n: v for n, v in filters.items() if n in conditions and v is not None}
            return exists().where(owner, *(conditions[n](v) for n, v in given.items()))

        return condition

    return {name: meaning(name) for name in conditions}


def ignored(value: Any) -> Condition:
    """A filter that has no effect by itself."""
    del value
    return literal(True, Boolean)


def of_key(row: Any) -> dict[str, Any]:
    """The filters by key of the definition, by whose versions the rows are found."""
    found = select(process_definition.c.id)

    def among_keys(keys: Any) -> Condition:
        return row.process_definition_id.in_(found.where(process_definition.c.key.in_(keys)))  # type: ignore[no-any-return]

    return {
        "process_definition_key": lambda value: among_keys([value]),
        "process_definition_key_in": lambda values: among_keys(list(values)),
    }
