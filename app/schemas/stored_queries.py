"""Queries as they are kept: what was asked for, in the names of the wire, and nothing else.

Source: contract 11.6; Camunda 7 ``JsonTaskQueryConverter``, ``TaskQueryImpl.extend``.
"""

from collections.abc import Mapping
from typing import Any

from app.filters import Date, Kind, Variables

from .base import ShapeError, objects
from .dates import format_date
from .parameters import from_body
from .queries import QuerySchema

Query = dict[str, Any]
LISTS = ("taskVariables", "processVariables", "caseInstanceVariables")
EXPRESSION = "Expression"


def kept(schema: QuerySchema, body: Any) -> Query:
    """The part of the body of a query that is kept.

    Raises:
        ShapeError: it has a shape that it cannot have.
        EngineError: its filters, or its sortings, do not go together.
    """
    _, sorting = schema.from_stored(body)
    found = _filters(schema, body)
    # Without their sortings, which mean nothing inside an alternative (contract 11.1).
    found["orQueries"] = [_filters(schema, entry) for entry in objects(body.get("orQueries") or [])]
    if sorting:
        found["sorting"] = [_level(*level) for level in sorting]
    return found


def _filters(schema: QuerySchema, body: Mapping[str, Any]) -> Query:
    found: Query = {}
    for key, value in body.items():
        if key in schema.parameters:
            _, kind = schema.parameters[key]
            read = from_body(kind, value)
            # A filter that filters nothing is not kept, as an empty list or a flag that is false.
            if read is not None:
                found[key] = _shown(kind, value, read)
    # Answered as empty lists also where nothing was asked for (contract 11.6).
    return {**found, **{name: found.get(name, []) for name in LISTS}}


def _shown(kind: Kind, value: Any, read: Any) -> Any:
    """A value of a filter as it is kept and answered."""
    # Written anew: what was sent as a number, or in another offset, is answered in the one format.
    if isinstance(kind, Date):
        return format_date(read)
    if isinstance(kind, Variables):
        return [
            # The value as it was sent: a date that was read could not be told from a text any more.
            {"operator": operator, "value": item.get("value"), "name": name}
            for item, (name, operator, _) in zip(value, read, strict=True)
        ]
    return read


def _level(name: str, direction: str, *variable: str) -> Query:
    level: Query = {"sortBy": name, "sortOrder": direction}
    if variable:
        level["parameters"] = {"variable": variable[0], "type": variable[1]}
    return level


def extended(query: Query, extension: Query) -> Query:
    """A query that is narrowed by another: what both have is as the other has it.

    A value takes the place of its expression and the other way round; entries of ``orQueries``
    and levels of sorting are put behind those that are there.
    """
    # `kept` puts empty lists there that nobody has sent; they must not take the place of a list
    # that the stored query has.
    given = {key: value for key, value in extension.items() if value != []}
    replaced = {
        key.removesuffix(EXPRESSION) if key.endswith(EXPRESSION) else key + EXPRESSION
        for key in given
    }
    both = {key: value for key, value in query.items() if key not in replaced} | given
    for name in ("orQueries", "sorting"):
        both[name] = [*query.get(name, ()), *extension.get(name, ())]
    return both


def is_empty(body: Any) -> bool:
    """Whether a body extends nothing.

    Raises:
        ShapeError: it is no object.
    """
    if not isinstance(body, dict):
        raise ShapeError
    return not body
