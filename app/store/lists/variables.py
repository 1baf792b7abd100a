"""Filters by the values of variables.

Source: contract 5.3; Camunda 7 ``QueryVariableValue``.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from math import inf, isfinite
from typing import Any

from sqlalchemy import FromClause, and_, case, exists, func, not_, or_, select
from sqlalchemy.sql import ColumnElement

from app.engine.state.conversion import to_text
from app.engine.state.values import INTEGERS
from app.errors import EngineError, NullValueError, RequestTooLargeError
from app.filters import COMPARISONS, FLAG, Kind
from app.models.runtime import execution, variable
from app.store.connections.database import milliseconds
from app.store.connections.dialects import ByDatabase
from app.store.unit.narrowing import IN_INSTANCE

from .base import Filter, Filters
from .conditions import pattern

Condition = ColumnElement[bool]
Owner = Callable[[Condition], Condition]  # which rows are looked at, with the one on their name
Owned = tuple[FromClause, Condition | Owner]  # a table of variables, and which rows of it
# Each is a subquery to the planner, whose time grows faster than their number.
MOST_CONDITIONS = 100
METHODS = {"gt": "__gt__", "gteq": "__ge__", "lt": "__lt__", "lteq": "__le__"}


def holds(
    owned: Sequence[Owned],
    wanted: Sequence[tuple[str | None, str, Any]],
    filters: Mapping[str, Any],
    whole: Owned | None = None,
) -> Condition:
    """That some variables are there, each with a value that compares as wanted.

    Args:
        owned: where they may be; each is asked by itself, as SQLite answers two tables that are
            one to it from the name alone.
        whole: the same as one table. PostgreSQL asks that one, as it would read all owners to ask
            two.
        wanted: name, operator and value of each.
        filters: with ``any_of``, one of the variables is enough.

    Raises:
        NullValueError: a name is missing.
        EngineError: values of this kind cannot be compared so.
        RequestTooLargeError: there are so many that the database would plan for minutes.
    """
    if len(wanted) > MOST_CONDITIONS:
        raise RequestTooLargeError
    ignores_name = bool(filters.get("variable_names_ignore_case"))
    ignores_value = bool(filters.get("variable_values_ignore_case"))
    combined = or_ if filters.get("any_of") else and_
    return combined(
        *(
            _in_one(owned, whole, partial(_is_held, one, ignores_name, ignores_value))
            for one in wanted
        )
    )


def _in_one(
    owned: Sequence[Owned], whole: Owned | None, is_held: Callable[[Owned], Condition]
) -> Condition:
    found = or_(*map(is_held, owned))
    return found if whole is None else ByDatabase(postgresql=is_held(whole), sqlite=found)


def _is_held(
    wanted: tuple[str | None, str, Any], ignores_name: bool, ignores_value: bool, owned: Owned
) -> Condition:
    name, operator, value = wanted
    table, owner = owned
    return exists().where(
        _by_name(owner, named(table, name, ignores_name)),
        compares(table, operator, value, ignores_value),
    )


def _by_name(owner: Condition | Owner, name: Condition) -> Condition:
    return owner(name) if callable(owner) else and_(owner, name)


IGNORING_CASE = {
    "variable_names_ignore_case": Filter(FLAG),
    "variable_values_ignore_case": Filter(FLAG),
}


def variables_of(owned: Sequence[Owned], kind: Kind, whole: Owned | None = None) -> Filter:
    """A filter by the values of variables that an owner has; see `holds`."""

    def condition(wanted: Any, filters: Filters) -> Condition:
        return holds(owned, wanted, filters, whole)

    return Filter(kind, joint=condition)


_COLUMN_OF = {
    "String": variable.c.text_value,
    "Double": variable.c.double_value,
    **dict.fromkeys(("Boolean", "Date", *INTEGERS), variable.c.long_value),
}
_WITHOUT_ORDER = ("Bytes", "File", "Json", "Null", "Object", "Xml")


def sorted_by(owner: Condition | Owner) -> Callable[[str, str], ColumnElement[Any]]:
    """To sort by the value of a variable that an owner has, by its name and type.

    The column raises `NullValueError` for an unknown type, and `EngineError` for one whose values
    have no order.
    """

    def column(name: str, type_name: str) -> ColumnElement[Any]:
        # Clients write types in either case: `string` and `String`.
        kind = type_name[:1].upper() + type_name[1:]
        # Kept as bytes or text that means nothing by its order.
        if kind in _WITHOUT_ORDER:
            raise EngineError(f"Cannot order by variables of type {kind.lower()}")
        if kind not in _COLUMN_OF:
            raise NullValueError("valueType is null")
        found = select(_COLUMN_OF[kind]).select_from(variable)
        return (
            found.where(_by_name(owner, variable.c.name == name), variable.c.type == kind)
            # An instance may have several of the name, in its scopes: a sort key is one value.
            .limit(1)
            .correlate_except(variable)
            .scalar_subquery()
        )

    return column


instance_of_variable = execution.alias("instance_of_variable")
Columns = Any  # of the table of variables, or of one that has the same


def is_of_instance(v: Columns) -> Condition:
    """The join with the instance that `from_instance` reads."""
    joined: Condition = instance_of_variable.c.id == v.process_instance_id
    return joined


def from_instance(v: Columns) -> dict[str, ColumnElement[Any]]:
    """The columns that runtime variables leave out, for their instance says so."""
    return {
        "process_definition_id": func.coalesce(
            v.process_definition_id, instance_of_variable.c.process_definition_id
        ).label("process_definition_id"),
        "activity_instance_id": case(
            (v.activity_instance_id == IN_INSTANCE, v.process_instance_id),
            else_=v.activity_instance_id,
        ).label("activity_instance_id"),
    }


def at_places(v: Columns, values: Sequence[str]) -> Condition:
    """That runtime variables are at some activity instances, of which an instance may be one."""
    return or_(
        v.activity_instance_id.in_([value for value in values if value != IN_INSTANCE]),
        and_(
            in_instances(lambda owner: owner.in_(values), v), v.activity_instance_id == IN_INSTANCE
        ),
    )


def in_instances(
    owner: Callable[[ColumnElement[Any]], Condition], v: Columns = variable.c, *also: Condition
) -> Condition:
    """Runtime variables of process instances.

    Variables of the instance's own execution are found by ix_variable_execution, the rest by
    ix_variable_instance_name.

    Args:
        owner: what a column has to be to be the id of one of the instances.
        also: conditions for both; beside them SQLite would look for a name in all instances.
    """
    return or_(
        and_(owner(v.execution_id), v.process_instance_id == v.execution_id, *also),
        and_(owner(v.process_instance_id), v.execution_id != v.process_instance_id, *also),
    )


def of_executions(owner: Condition) -> Condition:
    """Runtime variables of an owner, without those that are local to a user task."""
    return and_(owner, variable.c.task_id.is_(None))


def of_instance(instance_id: ColumnElement[Any]) -> Owner:
    """The same of an instance, with a condition on their name."""

    def owner(name: Condition) -> Condition:
        return of_executions(in_instances(lambda column: column == instance_id, variable.c, name))

    return owner


def named(table: FromClause, name: str | None, ignores_case: bool) -> Condition:
    """That a variable has a name.

    Raises:
        NullValueError: it is None.
    """
    if name is None:
        raise NullValueError("name is null")
    if ignores_case:
        return func.lower(table.c.name) == func.lower(name)
    return table.c.name == name


def refuse_incomparable(value: Any) -> None:
    """Refuse a value that no variable can be compared with.

    Raises:
        EngineError: it is a list, an object, or a whole number of more than 64 bits.
    """
    # A bool is an int to Python, and within the bounds.
    if isinstance(value, (list, dict)) or (
        isinstance(value, int) and not -(2**63) <= value < 2**63
    ):
        raise EngineError("Object values cannot be used to query")


def compares(table: FromClause, operator: str, value: Any, ignores_case: bool = False) -> Condition:
    """That a variable's value compares with another.

    Raises:
        EngineError: values of this kind cannot be compared so.
    """
    # A pattern is the text of whatever is given, as Java's String.valueOf has it.
    if operator in ("like", "notLike"):
        return _like(table, operator, to_text(value), ignores_case)
    refuse_incomparable(value)
    if operator == "eq":
        return _is(table, value, ignores_case)
    if operator == "neq":
        return not_(_is(table, value, ignores_case))
    method = METHODS[operator]
    if value is None or isinstance(value, bool):
        raise EngineError(
            f"Booleans and null cannot be used in '{COMPARISONS[operator]}' condition"
        )
    if isinstance(value, str):
        column = func.lower(table.c.text_value) if ignores_case else table.c.text_value
        other = func.lower(value) if ignores_case else value
        return and_(table.c.type == "String", getattr(column, method)(other))
    if isinstance(value, datetime):
        timestamp = milliseconds(value)
        return and_(table.c.type == "Date", getattr(table.c.long_value, method)(timestamp))
    return or_(
        and_(table.c.type.in_(INTEGERS), getattr(table.c.long_value, method)(value)),
        and_(table.c.type == "Double", getattr(table.c.double_value, method)(value)),
        and_(table.c.type == "Double", table.c.text_value.in_(_endless(method, float(value)))),
    )


def _endless(method: str, value: float) -> list[str]:
    """The texts of those numbers without a column (see `to_columns`) that compare with a value."""
    found = [repr(one) for one in (-inf, inf) if getattr(one, method)(value)]
    # Databases put what is no number behind all numbers; Python compares it with none.
    return [*found, "nan"] if method in ("__gt__", "__ge__") else found


def _is(table: FromClause, value: Any, ignores_case: bool) -> Condition:
    """That a variable has a value; numbers match across their types."""
    kind = table.c.type
    if value is None:
        return kind == "Null"
    if isinstance(value, bool):
        # With the type: the number 1 is no true.
        return and_(kind == "Boolean", table.c.long_value == int(value))
    if isinstance(value, datetime):
        return and_(kind == "Date", table.c.long_value == milliseconds(value))
    if isinstance(value, str):
        if ignores_case:
            return and_(kind == "String", func.lower(table.c.text_value) == func.lower(value))
        return and_(kind == "String", table.c.text_value == value)
    if isinstance(value, float) and not isfinite(value):
        # NULL = … is NULL, and would stay so under NOT: a number with a column is another.
        has_column = table.c.double_value.is_not(None)
        return and_(kind == "Double", not_(has_column), table.c.text_value == repr(value))
    # 5 finds 5 as an Integer, as a Long and as a Double, but 5.5 no whole number.
    whole = int(value) if value == int(value) else None
    has_text = table.c.text_value.is_not(None)  # an infinity, which is not NULL but another number
    found = and_(kind == "Double", not_(has_text), table.c.double_value == float(value))
    # Beyond 64 bits the column could not even be compared: PostgreSQL refuses the parameter.
    if whole is None or not -(2**63) <= whole < 2**63:
        return found
    return or_(and_(kind.in_(INTEGERS), table.c.long_value == whole), found)


def _like(table: FromClause, operator: str, text: str, ignores_case: bool) -> Condition:
    column: ColumnElement[Any] = table.c.text_value
    wanted: Any = pattern(text)
    if ignores_case:
        column, wanted = func.lower(column), func.lower(wanted)
    matches = column.like(wanted, escape="\\")
    return and_(table.c.type == "String", not_(matches) if operator == "notLike" else matches)
