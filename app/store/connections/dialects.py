"""SQL that differs between the two databases, and statements compiled once for each.

A hot statement is built with SQLAlchemy, compiled to text the first time it is used, and handed
to the driver's cursor from then on: no statement is built or compiled while a worker waits.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple, cast

import orjson
from sqlalchemy import ColumnElement, Executable, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import Boolean
from sqlalchemy.types import Text as TextType

from app.models.base import Timestamp


class Among(ColumnElement[bool]):
    """``column`` is one of the values of a single list parameter, however long the list."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], values: ColumnElement[Any]) -> None:
        self.column = column
        self.values = values

    def self_group(self, against: Any = None) -> Any:
        return self


@compiles(Among, "postgresql")
def _among_postgresql(element: Among, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    # One parameter whatever its length, so that one prepared statement serves all lists.
    return f"{column} = ANY({compiler.process(element.values, **options)})"


@compiles(Among, "sqlite")
def _among_sqlite(element: Among, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    values = compiler.process(element.values, **options)
    return f"{column} IN (SELECT value FROM json_each({values}))"


class ByDatabase(ColumnElement[bool]):
    """A condition that each database is asked for in the way of which it finds the rows."""

    inherit_cache = True
    type = Boolean()
    _traverse_internals = [  # noqa: RUF012 - as its base class has it
        ("postgresql", InternalTraversal.dp_clauseelement),
        ("sqlite", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, *, postgresql: ColumnElement[bool], sqlite: ColumnElement[bool]) -> None:
        self.postgresql = postgresql
        self.sqlite = sqlite

    def self_group(self, against: Any = None) -> Any:
        return Grouping(self) if against else self


@compiles(ByDatabase)
def _by_database(element: ByDatabase, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(getattr(element, compiler.dialect.name), **options)


CLOCK_FUNCTION = "baton_now"  # of SQLite: the clock of the store, in milliseconds


class DatabaseClock(ColumnElement[Any]):
    """The database's time when the row is answered; NULL where our own clock counts (SQLite)."""

    inherit_cache = True
    type = Timestamp()


@compiles(DatabaseClock, "postgresql")
def _clock_postgresql(element: DatabaseClock, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ARG001
    return "clock_timestamp()"


@compiles(DatabaseClock, "sqlite")
def _clock_sqlite(element: DatabaseClock, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ARG001
    return "NULL"


class StatementClock(ColumnElement[Any]):
    """The time when the statement began, which an index can be asked for."""

    inherit_cache = True
    type = Timestamp()


@compiles(StatementClock, "postgresql")
def _statement_clock(element: StatementClock, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ARG001
    return "statement_timestamp()"


@compiles(StatementClock, "sqlite")
def _statement_clock_sqlite(element: StatementClock, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ARG001
    # a subquery is asked once a statement, as the class says; the function would be for each row
    return f"(SELECT {CLOCK_FUNCTION}())"


_ROOM = (
    "CASE WHEN length(id) = 36 AND substr(id, 33) = '0000' THEN substr(id, 1, 32) "
    "ELSE id || ':' END"
)
# `engine.history.history_records.log_id` of the creation of an external task.
CREATION_ID = "substr(id, 1, 32) || '0001'"
DETAIL_ID = {  # `engine.history_records.detail_id` of a row of historic_variable_instance
    "postgresql": f"{_ROOM} || lpad(to_hex(revision), greatest(4, length(to_hex(revision))), '0')",
    "sqlite": f"{_ROOM} || printf('%04x', revision)",
}


class DetailId(ColumnElement[str]):
    """The id of the detail that a row of ``historic_variable_instance`` is."""

    inherit_cache = True
    type = TextType()


@compiles(DetailId)
def _detail_id(element: DetailId, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ARG001
    return DETAIL_ID[compiler.dialect.name]


class Text(NamedTuple):
    """A compiled statement.

    Attributes:
        sql: for the driver: ``?`` on SQLite, ``$1`` on PostgreSQL.
        order: the names of the parameters.
    """

    sql: str
    order: tuple[str, ...]


Parameters = dict[str, object]
Rows = Sequence[tuple[Any, ...]]
_NAMED = re.compile(r"%\(([^)]+)\)s|%%")


class Compiled:
    """A statement that is compiled once for each dialect.

    Constants stand in the text as they are. As parameters they would hide from the planner, which
    makes one plan for all values, that a partial index holds the rows.

    Args:
        postgresql: builds it for PostgreSQL, where that must be told more.
    """

    __slots__ = ("_build", "_postgresql", "_texts")

    def __init__(
        self,
        build: Callable[[], Executable],
        *,
        postgresql: Callable[[], Executable] | None = None,
    ) -> None:
        self._build = build
        self._postgresql = postgresql or build
        self._texts: dict[str, Text] = {}

    def text(self, dialect: Dialect) -> Text:
        """The statement for a dialect's driver."""
        # No lock: two threads that compile at once write the same text.
        known = self._texts.get(dialect.name)
        if known is None:
            build = self._postgresql if dialect.name == "postgresql" else self._build
            compiled = cast("SQLCompiler", build().compile(dialect=dialect))  # type: ignore[attr-defined]
            constants = {
                name: compiled.render_literal_value(value, compiled.binds[name].type)
                for name, value in compiled.params.items()
                # Parameters that are given by name when it runs have no value yet.
                if value is not None
            }
            if compiled.positiontup is None:
                known = _numbered(str(compiled), constants)
            else:
                known = _in_order(str(compiled), compiled.positiontup, constants)
            self._texts[dialect.name] = known
        return known

    def bound(self, dialect: Dialect, parameters: Parameters) -> tuple[str, list[object]]:
        """The statement's text and its parameters in order."""
        sql, order = self.text(dialect)
        return sql, [parameters[name] for name in order]


Given = Collection[str]  # the optional parameters of a statement that have a value


class Variants:
    """A statement of which some conditions depend on whether their parameter has a value.

    Each combination is a statement of its own: ``column = NULL`` finds nothing, and neither
    ``IS NOT DISTINCT FROM`` nor ``OR parameter IS NULL`` is answered from an index.

    Args:
        build: makes the statement for the names of the parameters that have a value.
        postgresql: makes it for PostgreSQL, where that must be told more.
    """

    __slots__ = ("_build", "_compiled", "_postgresql")

    def __init__(
        self,
        build: Callable[[Given], Executable],
        *,
        postgresql: Callable[[Given], Executable] | None = None,
    ) -> None:
        self._build = build
        self._postgresql = postgresql or build
        self._compiled: dict[frozenset[str], Compiled] = {}

    def given(self, names: Iterable[str]) -> Compiled:
        """The statement for these parameters, compiled when it is first needed."""
        found = frozenset(names)
        known = self._compiled.get(found)
        if known is None:
            known = Compiled(
                partial(self._build, found), postgresql=partial(self._postgresql, found)
            )
            self._compiled[found] = known
        return known


def same(column: ColumnElement[Any], name: str, given: Given) -> ColumnElement[bool]:
    """The condition that a column equals a parameter of its name, or is NULL without a value."""
    return column == bindparam(name, type_=TextType) if name in given else column.is_(None)


def _numbered(sql: str, constants: dict[str, str]) -> Text:
    """A statement with ``$1`` for its first parameter."""
    order: list[str] = []

    def number(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return "%"
        if name in constants:
            return constants[name].replace("%%", "%")  # which the dialect has doubled
        if name not in order:
            order.append(name)
        return f"${order.index(name) + 1}"

    return Text(_NAMED.sub(number, sql), tuple(order))


def _in_order(sql: str, names: Sequence[str], constants: dict[str, str]) -> Text:
    """A statement with ``?`` for each of its parameters."""
    head, *rest = sql.split("?")
    texts = [constants.get(name, "?") + part for name, part in zip(names, rest, strict=True)]
    return Text(head + "".join(texts), tuple(name for name in names if name not in constants))


def list_parameter(dialect: Dialect, values: Iterable[str]) -> object:
    """The values of an `Among` as its parameter."""
    listed = list(values)
    return listed if dialect.name == "postgresql" else orjson.dumps(listed).decode()
