"""How a list is declared, once: what it can be asked for, sorted by, and where its rows are.

Reading a URL or a body, the OpenAPI document and the check against the reference's names follow
from a `Listing`.

Source: contract 5.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Connection,
    FromClause,
    Join,
    Result,
    Select,
    Subquery,
    Table,
    and_,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.sql import ColumnElement

from app.filters import FLAG, Kind

from .rules import Rule, User

Condition = ColumnElement[bool]
Filters = Mapping[str, Any]
Level = tuple[str, ...]  # name, direction; for that of a variable its name and type as well
Sorting = Sequence[Level]
View = dict[str, Any]
VariableColumn = Callable[[str, str], ColumnElement[Any]]
# The largest `int` of Java, which clients send for "all"; a larger one is no LIMIT for SQLite.
LARGEST_PAGE = 2**31 - 1
CHUNK = 500  # rows that are in memory at once
# One statement for many, yet not for so many that planning it would take long.
COUNTS = 50  # queries that are counted in one statement


@dataclass(frozen=True)
class Filter:
    """One thing that a list can be asked for.

    Attributes:
        kind: which values it takes.
        condition: what a value means. None: it changes what others mean, or the answer.
        joint: in place of it, where the meaning depends on the other filters. ``any_of`` is among
            them where one that holds is enough.
        counts_in_or: whether it is a condition inside ``orQueries``, too.
        of_user: in place of a condition, where it asks what the user may do: the condition for an
            `User`; all rows fulfil it where permissions are not asked for.
    """

    kind: Kind
    condition: Callable[[Any], Condition] | None = None
    joint: Callable[[Any, Filters], Condition] | None = None
    counts_in_or: bool = True
    of_user: Callable[[User], Condition] | None = None

    def means(self, value: Any, filters: Filters) -> Condition | None:
        """The condition of a value; None where it is none."""
        if filters.get("any_of") and not self.counts_in_or:
            return None
        if self.joint is not None:
            return self.joint(value, filters)
        return None if self.condition is None else self.condition(value)


def flag(condition: Condition, kind: Kind = FLAG, *, counts_in_or: bool = True) -> Filter:
    """A filter that asks for a condition, or does not."""
    return Filter(kind, lambda _: condition, counts_in_or=counts_in_or)


def _nothing(filters: View, *, is_or: bool) -> None:
    """No filters exclude each other."""


@dataclass(frozen=True)
class Listing:
    """A kind of rows that can be listed.

    Attributes:
        name: of the rows, in the singular.
        source: what is selected from.
        columns: the view's fields; labels are their names.
        filters: by their names in snake case.
        sorts: for each name of the wire, what it sorts by.
        order: the default order, and the tiebreak of every other.
        seen_by: which rows a user sees, where permissions are asked for; see `rules`.
        base: what every row must fulfil.
        base_unless: what every row must fulfil unless a flag is given.
        overruled: of two filters that are given together, the first one is as if it were not.
        variable_sorts: for each name of the wire, the column of a variable's value by its name and
            type.
        check: refuses filters that exclude each other; told whether they are those of an ``or``.
        has_or_queries: a body may have ``orQueries``.
        is_strict: unknown names in the list of sortings are refused, not passed over.
        has_id: which row has an id; the last column of the order is the id else.
        filled: names of `sorts` that every row of a union has a value for.
    """

    name: str
    source: FromClause
    columns: Sequence[ColumnElement[Any]]
    filters: Mapping[str, Filter]
    sorts: Mapping[str, ColumnElement[Any]]
    order: Sequence[ColumnElement[Any]]
    seen_by: Rule
    base: Condition | None = None
    base_unless: Mapping[str, Condition] = field(default_factory=dict)
    overruled: Mapping[str, str] = field(
        default_factory=lambda: {"active": "suspended", "tenant_id_in": "without_tenant_id"}
    )
    variable_sorts: Mapping[str, VariableColumn] = field(default_factory=dict)
    check: Callable[..., None] = _nothing
    has_or_queries: bool = False
    is_strict: bool = False
    has_id: Callable[[str], Condition] | None = None
    filled: Collection[str] = ()

    def __post_init__(self) -> None:
        # A list without a rule would show all rows to every user.
        if not callable(self.seen_by):
            raise TypeError(f"the list {self.name} has no rule of who sees its rows")

    @cached_property
    def _is_union(self) -> bool:
        """Whether its rows come of several tables."""
        first = self.source
        while isinstance(first, Join):
            first = first.left
        return isinstance(first, Subquery)

    @property
    def kinds(self) -> dict[str, Kind]:
        """The kind of each filter."""
        return {name: found.kind for name, found in self.filters.items()}

    def _conditions(self, filters: Filters) -> list[Condition]:
        found = []
        for name, value in filters.items():
            # `any_of` and `or_queries` are among them, and are no filters.
            if value is None or name not in self.filters:
                continue
            # The reference has one field for both, which the later setter overwrites.
            if filters.get(self.overruled.get(name, "")) is not None:
                continue
            condition = self.filters[name].means(value, filters)
            if condition is not None:
                found.append(condition)
        return found

    def _where(self, query: Select[Any], filters: Filters) -> Select[Any]:
        conditions = self._conditions(filters)
        for alternative in filters.get("or_queries") or ():
            either = self._conditions({**alternative, "any_of": True})
            if either:
                # An alternative without any filter narrows nothing: an empty OR would find no row.
                conditions.append(or_(*either))
        # Outside of the alternatives: an OR must not bring back what the list leaves out.
        conditions += [c for name, c in self.base_unless.items() if not filters.get(name)]
        if self.base is not None:
            conditions.append(self.base)
        return query.where(and_(*conditions)) if conditions else query

    def _sorted(self, query: Select[Any], sorting: Sorting) -> Select[Any]:
        keys = []
        for name, direction, *variable in sorting:
            column = self.variable_sorts[name](*variable) if variable else self.sorts[name]
            keys.append(_directed(column, direction, is_filled=name in self.filled))
        # The order of the list as tiebreak: pages must neither overlap nor leave rows out.
        return query.order_by(*keys, *self.order)

    def _page(
        self, filters: Filters, sorting: Sorting, first: int | None, most: int | None
    ) -> Select[Any]:
        query = self._where(select(*self.columns).select_from(self.source), filters)
        query = self._sorted(query, sorting)
        if first:
            # SQLite has no OFFSET without a LIMIT.
            query = query.limit(LARGEST_PAGE).offset(first)
        return query if most is None else query.limit(min(most, LARGEST_PAGE))

    def find(
        self,
        connection: Connection,
        filters: Filters,
        sorting: Sorting = (),
        first_result: int | None = None,
        max_results: int | None = None,
    ) -> list[View]:
        """The rows of a page, as views; a page that begins before the first row is empty."""
        # A negative offset is no error in the reference, and one for both databases.
        if _is_empty(first_result, max_results):
            return []
        query = self._page(filters, sorting, first_result, max_results)
        result = connection.execute(query)
        return _views(result, result)

    def chunks(
        self,
        connection: Connection,
        filters: Filters,
        sorting: Sorting = (),
        first_result: int | None = None,
        max_results: int | None = None,
    ) -> Iterator[list[View]]:
        """The rows of a page, few at a time; at least one list, which may be empty.

        Most pages are short and one statement answers them; only those that turn out to be long
        are read by a cursor, which costs more turns.
        """
        # One statement, and no transaction on PostgreSQL.
        if max_results is not None and max_results <= CHUNK:
            yield self.find(connection, filters, sorting, first_result, max_results)
            return
        if _is_empty(first_result, max_results):
            yield []
            return
        query = self._page(filters, sorting, first_result, max_results)
        # Without filters the first rows of the order are the answer, and the index of the order is
        # right.
        if filters and connection.dialect.name == "postgresql":
            beginning = _fenced(query)
        else:
            beginning = self._page(filters, sorting, first_result, CHUNK + 1)
        result = connection.execute(beginning)
        found = result.all()
        if len(found) <= CHUNK:
            yield _views(result, found)
            return
        # Its rows are read again by the cursor: they must not be in memory twice.
        del found
        options = {"stream_results": True, "yield_per": CHUNK}
        with (
            _transaction(connection),
            connection.execute(query, execution_options=options) as result,
        ):
            yield _views(result, result.fetchmany(CHUNK))
            for rows in result.partitions():
                yield _views(result, rows)

    def ids(self, connection: Connection, filters: Filters) -> list[str]:
        """The ids of all rows, for a command about each of them."""
        query = self._where(select(self.order[-1]).select_from(self.source), filters)
        return list(connection.execute(query.order_by(*self.order)).scalars())

    def count(self, connection: Connection, filters: Filters) -> int:
        """How many rows there are."""
        return int(connection.execute(self._counting(connection, filters)).scalar_one())

    def counts(self, connection: Connection, queries: Sequence[Filters]) -> list[int]:
        """How many rows there are of each of some queries, few queries in one statement."""
        found: list[int] = []
        for start in range(0, len(queries), COUNTS):
            # A subquery each: sums of CASE would read the whole table for what an index answers.
            some = [
                self._counting(connection, filters) for filters in queries[start : start + COUNTS]
            ]
            found += connection.execute(select(*(one.scalar_subquery() for one in some))).one()
        return found

    def grouped(
        self,
        filters: Filters,
        keys: Sequence[ColumnElement[Any]],
        numbers: Sequence[ColumnElement[Any]],
    ) -> Select[Any]:
        """The query of some numbers for each value of some columns."""
        query = select(*keys, *numbers).select_from(self.source)
        return self._where(query, filters).group_by(*keys)

    def limited(self, filters: Filters, most: int) -> Select[Any]:
        """The query of so many rows at most, of which nothing is asked."""
        return self._where(select(literal(1)).select_from(self.source), filters).limit(most)

    def _counting(self, connection: Connection, filters: Filters) -> Select[Any]:
        if self._is_union and connection.dialect.name == "sqlite":
            # It looks into the parts of a union only where rows are asked for, and not a number;
            # the limit keeps it from making one query of both.
            return select(func.count()).select_from(self.limited(filters, -1).subquery())
        return self._where(select(func.count()).select_from(self.source), filters)

    def one(self, connection: Connection, row_id: str) -> View | None:
        """The row with an id, as a view; None when there is none."""
        # By the column itself, so that a list whose ids are computed can name an index instead.
        has_id = self.order[-1] == row_id if self.has_id is None else self.has_id(row_id)
        query = select(*self.columns).select_from(self.source).where(has_id)
        if self.base is not None:
            query = query.where(self.base)
        row = connection.execute(query).mappings().first()
        return None if row is None else dict(row)


def _directed(column: ColumnElement[Any], direction: str, *, is_filled: bool) -> ColumnElement[Any]:
    """A key of an order, in which what has no value comes before all values on both databases."""
    key = column.desc() if direction == "desc" else column.asc()
    # Only a key without NULLS FIRST is answered from an index in its order. A table's own column
    # alone: that of a union or of an outer join says "not null" where rows without it come in.
    is_own = isinstance(getattr(column, "table", None), Table)
    if is_filled or (is_own and not getattr(column, "nullable", True)):
        return key
    return key.nulls_last() if direction == "desc" else key.nulls_first()


def _views(result: Result[Any], rows: Iterable[Any]) -> list[View]:
    """Rows with the names of their columns; a mapping of SQLAlchemy's would look each one up."""
    names = tuple(result.keys())
    return [dict(zip(names, row, strict=True)) for row in rows]


def _fenced(query: Select[Any]) -> Select[Any]:
    """The first rows of a query, one more than a chunk has.

    PostgreSQL would read a limit as a hint to walk the index of the order until rows fulfil the
    filters, which may be far; the fence keeps it to the plan that it has for all rows.
    """
    page = query.cte("page").prefix_with("MATERIALIZED", dialect="postgresql")
    return select(*page.c).limit(CHUNK + 1)


def _transaction(connection: Connection) -> AbstractContextManager[Any]:
    """A transaction, for what only reads has none on PostgreSQL; a cursor needs it."""
    if connection.dialect.name == "sqlite":
        return nullcontext()
    driver: Any = connection.connection.driver_connection
    return driver.transaction()  # type: ignore[no-any-return]


def _is_empty(first: int | None, most: int | None) -> bool:
    # None is no bound, and 0 a page without rows; PostgreSQL refuses a limit below it.
    return (first is not None and first < 0) or (most is not None and most <= 0)
