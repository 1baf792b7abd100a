"""Filters: keeping, changing and executing them; `lists` has the list.

Source: contract 11.6.
"""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app.errors import (
    AuthorizationError,
    EngineError,
    InvalidRequestError,
    JavaRuntimeError,
    NotFoundError,
    NotValidError,
    NullValueError,
    UnavailableError,
)
from app.schemas import engine, hal, stored_queries
from app.schemas import filters as schemas
from app.schemas import tasks as task_schemas
from app.schemas.answers import Many
from app.schemas.base import ShapeError
from app.schemas.queries import page
from app.services import filters as service
from app.services import lists as list_service
from app.services.filters import TASK, UnknownFilterError
from app.store import Store

from .decorators import accepts, current_store, flag, no_content, read_json, returns
from .descriptions import describes
from .list_views import Lists
from .lookups import sought
from .problems import BAD, INVALID, MISSING, Problem, wraps
from .task_lists import TASKS, in_hal, negotiated

filters = Blueprint("filters", __name__, url_prefix="/filter")
refuses = wraps({NotValidError: (BAD, INVALID)})
NO_QUERY = "Invalid query for resource type 'Task'"
NO_SINGLE = "Filter does not returns a valid single result"


@filters.post("/create")
@describes(answer=schemas.saved_filter)
@returns
@refuses
@accepts(schemas.NewFilterSchema)
def create(task_query: dict[str, Any], **body: Any) -> dict[str, Any]:
    """Keep a query of tasks under a name."""
    query = _kept(task_query, "create")
    made = service.create(current_store(), query=query, **body)
    return schemas.saved_filter({**made, "is_new": True})


@filters.put("/<filter_id>")
@describes(raises=(NullValueError,))
@wraps({NotFoundError: (MISSING, INVALID)}, keeps_code=False)
@refuses
@sought(service.require)
@accepts(schemas.FilterSchema)
def update(
    filter_id: str, task_query: dict[str, Any] | None, resource_type: str | None, **body: Any
) -> ResponseReturnValue:
    """Replace a filter."""
    try:
        if resource_type not in (None, TASK):
            text = f"Unable to update filter from resource type '{TASK}' to '{resource_type}'"
            raise InvalidRequestError(text)
        query = None if task_query is None else _kept(task_query, "update")
    except EngineError:
        service.require(current_store(), filter_id)  # an unknown filter is reported first
        raise
    service.update(current_store(), filter_id, query=query, **body)
    return no_content()


def _kept(task_query: dict[str, Any], verb: str) -> dict[str, Any]:
    """The part of a query that is kept.

    Raises:
        NotValidError: it is sorted by what no task has.
    """
    try:
        return stored_queries.kept(TASKS.schema, task_query)
    except NotValidError as error:
        raise NotValidError(f"Unable to {verb} filter with invalid content") from error


@filters.delete("/<filter_id>")
def delete(filter_id: str) -> ResponseReturnValue:
    """Delete a filter."""
    service.delete(current_store(), filter_id)
    return no_content()


# -- executing -----------------------------------------------------------------------------------


def _stored(filter_id: str, body: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """A filter, and its query with what a body adds to it.

    Raises:
        UnknownFilterError: no such filter; its code is none where the body says something.
        Problem: the same.
    """
    # A body that is no object is refused below, once there is a filter.
    is_plain = body is None or (isinstance(body, dict) and stored_queries.is_empty(body))
    found = list_service.get(current_store(), "filter", filter_id)
    if found is None:
        error = UnknownFilterError(filter_id)
        raise Problem(MISSING, INVALID, str(error), error.code if is_plain else None)
    query = orjson.loads(found["query"])
    if not is_plain:
        try:
            TASKS.schema.from_body(body)  # which refuses what only a stored query may have
        except ShapeError:
            raise Problem(BAD, INVALID, NO_QUERY) from None
        query = stored_queries.extended(query, stored_queries.kept(TASKS.schema, body))
    return found, query


def _variables_of(found: Mapping[str, Any]) -> list[str]:
    """The names of the variables that a filter shows."""
    properties = orjson.loads(found["properties"] or "{}")
    listed = properties.get("variables") if isinstance(properties, dict) else None
    # Any JSON may be kept as properties: what is no list of names shows no variables.
    entries = listed if isinstance(listed, list) else []
    named = [entry.get("name") for entry in entries if isinstance(entry, dict)]
    return [name for name in named if isinstance(name, str)]


def _conditions(filter_id: str, body: Any) -> tuple[dict[str, Any], Any, list[str]]:
    """The filters and the sorting of a stored query, and the variables that are shown."""
    found, query = _stored(filter_id, body)
    # Read at each execution and not kept as read: a stored query outlives the version that has read
    # it.
    return *TASKS.schema.from_stored(query), _variables_of(found)


def _body(filter_id: str) -> Any:
    """The query that narrows the stored one; None where the method has no body.

    Raises:
        Problem: it cannot be read; of an unknown filter that is reported instead.
    """
    if request.method != "POST":
        return None
    try:
        return read_json()
    # The reference engine is handed a text, and reads it when it has found the filter.
    except (InvalidRequestError, JavaRuntimeError) as error:
        if list_service.get(current_store(), "filter", filter_id) is None:
            raise Problem(MISSING, INVALID, str(UnknownFilterError(filter_id))) from error
        if isinstance(error, JavaRuntimeError):
            raise
        raise Problem(BAD, INVALID, NO_QUERY) from error


def find(filter_id: str) -> Response:
    """The tasks that a filter finds, narrowed by the query of a body."""
    page(request.args)  # a wrong page is reported before the filter, and before the body
    conditions, sorting, _ = _conditions(filter_id, _body(filter_id))
    return TASKS.page(conditions, sorting)


def find_hal(filter_id: str) -> Response:
    """The same in HAL."""
    page(request.args)
    conditions, sorting, names = _conditions(filter_id, _body(filter_id))
    return TASKS.page_in_hal(conditions, sorting, names, if_none=hal.NOTHING)


def single(filter_id: str) -> dict[str, Any] | None:
    """The only task that a filter finds; 204 where there is none."""
    found, _ = _only(filter_id)
    return None if found is None else task_schemas.task(found)


def single_hal(filter_id: str) -> Response:
    """The same in HAL."""
    found, names = _only(filter_id)
    return in_hal(hal.NOTHING) if found is None else TASKS.item_in_hal(found, names)


def _only(filter_id: str) -> tuple[dict[str, Any] | None, list[str]]:
    """The only task, and the variables that are shown; one text tells of whatever is in the way."""
    try:
        conditions, sorting, names = _extended(filter_id)
        # Two are enough to know that it is not the only one.
        views = TASKS.first(conditions, sorting, 2)
    # None of them says anything of how many tasks there are.
    except (AuthorizationError, InvalidRequestError, JavaRuntimeError, UnavailableError):
        raise
    except EngineError as error:
        raise Problem(BAD, INVALID, NO_SINGLE, error.code) from error
    if len(views) > 1:
        raise Problem(BAD, INVALID, NO_SINGLE, 0)
    return (views[0] if views else None), names


def _extended(filter_id: str) -> tuple[dict[str, Any], Any, list[str]]:
    """Call `_conditions` for an operation that has words of its own for what it cannot use."""
    try:
        return _conditions(filter_id, _body(filter_id))
    except NotValidError as error:
        text = "Filter cannot be extended by an invalid query"
        raise Problem(BAD, INVALID, text, error.code) from error
    except NullValueError as error:
        # The reference engine takes any null for that of the filter.
        raise Problem(MISSING, INVALID, str(UnknownFilterError(filter_id)), error.code) from error


def count(filter_id: str) -> dict[str, int]:
    """How many tasks a filter finds, narrowed by the query of a body."""
    conditions, _, _ = _extended(filter_id)
    return {"count": list_service.count(current_store(), "task", conditions)}


def _add_routes() -> None:
    """Each of these is asked by GET, and by POST with a body that narrows the query."""
    query = ("Task", TASKS.schema)
    shown: dict[str, tuple[Callable[[], Callable[..., Response]], dict[str, Any]]] = {
        "list": (
            lambda: negotiated(returns(find), find_hal, hal.task_list),
            {"answer": Many(task_schemas.task), "is_paged": True},
        ),
        "singleResult": (
            lambda: negotiated(returns(single), single_hal, hal.task),
            {"answer": task_schemas.task, "has_no_content": True},
        ),
        "count": (lambda: returns(count), {"answer": engine.count}),
    }
    for name, (view, facts) in shown.items():
        # One description each: a body is only of POST.
        for method in ("GET", "POST"):
            described = describes(
                raises=(EngineError,),
                problems=((BAD, INVALID), (MISSING, INVALID)),
                **facts,
                **({"query": query} if method == "POST" else {}),
            )
            rule, endpoint = f"/<filter_id>/{name}", f"{method.lower()}_{name}"
            filters.add_url_rule(rule, endpoint, described(view()), methods=[method])


_add_routes()


def _count_items(store: Store, views: list[dict[str, Any]]) -> None:
    """Put into filters how many tasks each finds, where that is asked for."""
    if not flag("itemCount"):
        return
    # All of them first, for the database counts them in one statement.
    queries = [TASKS.schema.from_stored(orjson.loads(view["query"]))[0] for view in views]
    for view, number in zip(views, list_service.counts(store, "task", queries), strict=True):
        view["item_count"] = number


FILTERS = Lists(
    "filter",
    schemas.saved_filter,
    missing="Filter with id '{id}' does not exist.",
    posts=False,
    extras=("item_count",),
    completes=_count_items,
)


def filter_list() -> Blueprint:
    """The list of filters."""
    return FILTERS.blueprint("/filter")
