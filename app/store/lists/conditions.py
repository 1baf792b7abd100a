"""The meanings of filters: conditions on columns, and filters that many lists have."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import exists, false, func, literal, not_, or_, select
from sqlalchemy.sql import ColumnElement

from app.filters import FLAG, LIST, TENANT_IDS, TEXT, Kind
from app.models.repository import process_definition

from .base import Condition, Filter, Filters, flag

Meaning = Callable[[Any], Condition]


def equals(column: ColumnElement[Any]) -> Meaning:
    """The column is the value."""
    return lambda value: column == value


def like(column: ColumnElement[Any]) -> Meaning:
    """The column matches a pattern, upper and lower case apart."""
    # The escape is said: SQLite has none by default, PostgreSQL has the backslash.
    return lambda value: column.like(pattern(value), escape="\\")


def pattern(text: str) -> str:
    """A pattern for LIKE: a backslash at its end, which escapes nothing, stands for itself."""
    backslashes = len(text) - len(text.rstrip("\\"))
    # PostgreSQL refuses a pattern that ends with its escape; a client's text must be no error.
    return text + "\\" * (backslashes % 2)


def among(column: ColumnElement[Any]) -> Meaning:
    """The column is one of the values; there are none in an empty list."""
    # Not the empty IN of SQLAlchemy, whose text has a subquery that no plan gains from.
    return lambda values: column.in_(values) if values else false()


def none_of(column: ColumnElement[Any]) -> Meaning:
    """The column is none of the values."""
    # NULL NOT IN (…) is NULL in SQL, and would leave rows without a value out.
    return lambda values: or_(column.is_(None), column.not_in(values))


def resembles_none(column: ColumnElement[Any]) -> Meaning:
    """The column matches none of some patterns."""
    matches_one = like(column)
    return lambda values: or_(column.is_(None), not_(or_(*map(matches_one, values))))


def is_named(names: ColumnElement[Any], name: Any) -> Condition:
    """One of the names in a text, between which there are commas, is this.

    Args:
        name: a text without commas, or a column of ids of users or groups.
    """
    # Commas around both, so that `bert` is not found in `robert`.
    listed: ColumnElement[str] = literal(",") + func.coalesce(names, "") + ","
    if isinstance(name, str):
        return listed.contains(f",{name},", autoescape=True)
    return listed.contains(literal(",") + name + ",")  # no wildcard can be in such an id


def at_least(column: ColumnElement[Any]) -> Meaning:
    """The column is the value or more."""
    return lambda value: column >= value


def at_most(column: ColumnElement[Any]) -> Meaning:
    """The column is the value or less."""
    return lambda value: column <= value


def above(column: ColumnElement[Any]) -> Meaning:
    """The column is more than the value."""
    return lambda value: column > value


def below(column: ColumnElement[Any]) -> Meaning:
    """The column is less than the value."""
    return lambda value: column < value


def matches(column: ColumnElement[Any]) -> Meaning:
    """The column is the value, upper and lower case alike."""
    # `upper` on both sides, as the reference does: SQLite's knows ASCII only.
    return lambda value: func.upper(column) == func.upper(value)


def resembles(column: ColumnElement[Any]) -> Meaning:
    """The column matches a pattern, upper and lower case alike."""
    return lambda value: func.upper(column).like(func.upper(pattern(value)), escape="\\")


def among_types(column: ColumnElement[Any]) -> Meaning:
    """The column is one of some types, upper and lower case alike."""
    return lambda names: func.lower(column).in_([str(name).lower() for name in names])


def never(_: Any) -> Condition:
    """No row has it: there are no cases, and no operations of a user."""
    return false()


def cases(kind: Kind, *names: str) -> dict[str, Filter]:
    """Filters by what belongs to cases, of which there are none."""
    return {name: Filter(kind, never) for name in names}


def duration(table: Any) -> ColumnElement[Any]:
    """How long something took."""
    # No column: both times are in the row, and what would be derived could contradict them.
    return table.end_time - table.start_time  # type: ignore[no-any-return]


def tenants(column: ColumnElement[Any], kind: Kind = TENANT_IDS) -> dict[str, Filter]:
    """The filters by tenant that most lists have."""
    return {
        "tenant_id_in": Filter(kind, among(column)),
        "without_tenant_id": flag(column.is_(None)),
    }


def tenants_or_none(column: ColumnElement[Any], flag_name: str) -> dict[str, Filter]:
    """Filters by tenant, of which a flag adds to the named tenants what has none."""

    def condition(values: Any, filters: Filters) -> Condition:
        named = among(column)(values)
        # The flag adds rows to those of named tenants: without names it narrows nothing.
        return or_(named, column.is_(None)) if filters.get(flag_name) else named

    return {
        **tenants(column),
        "tenant_id_in": Filter(TENANT_IDS, joint=condition),
        flag_name: Filter(FLAG),
    }


def of_one(owner: Condition, filters: Mapping[str, Filter]) -> dict[str, Filter]:
    """Filters that are about one and the same row of another table.

    Args:
        owner: whose row it is.
        filters: on the other table; one without a condition asks whether there is a row at all.
    """

    def conditions(name: str, value: Any) -> list[Condition]:
        meaning = filters[name].condition
        return [] if meaning is None else [meaning(value)]

    def joint(name: str) -> Callable[[Any, Filters], Condition]:
        def condition(value: Any, given: Filters) -> Condition:
            # Inside an OR each filter stands alone: it may be another row that fulfils it.
            if given.get("any_of"):
                return exists().where(owner, *conditions(name, value))
            # All given ones on one row: two EXISTS would be fulfilled by two rows.
            present = [(n, v) for n, v in given.items() if n in filters and v is not None]
            return exists().where(owner, *(c for n, v in present for c in conditions(n, v)))

        return condition

    return {name: Filter(found.kind, joint=joint(name)) for name, found in filters.items()}


def incidents(row: Any) -> dict[str, Filter]:
    """The filters by an incident's own columns."""
    return {
        "incident_id": Filter(TEXT, equals(row.id)),
        "incident_type": Filter(TEXT, equals(row.incident_type)),
        "incident_message": Filter(TEXT, equals(row.incident_message)),
        "incident_message_like": Filter(TEXT, like(row.incident_message)),
    }


def among_keys(row: Any) -> Meaning:
    """The row's definition has one of some keys; found by the versions of the keys."""
    # The versions by ix_process_definition_key, and the rows by the ids of those, for which they
    # have an index; the key is in none of theirs.
    found = select(process_definition.c.id)
    return lambda keys: row.process_definition_id.in_(
        found.where(process_definition.c.key.in_(keys))
    )


def of_key(row: Any, several: Kind | None = LIST) -> dict[str, Filter]:
    """The filters by key of the definition; None where a list has none by several keys."""
    by_keys = among_keys(row)
    found = {"process_definition_key": Filter(TEXT, lambda key: by_keys([key]))}
    # As wide as the queries of the reference: a parameter that it ignores is no filter here.
    if several is not None:
        found["process_definition_key_in"] = Filter(several, by_keys)
    return found
