"""Reading lists. A GET never changes what is stored."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from app.engine.state.values import TypedValue, from_columns
from app.errors import EngineError, NullValueError
from app.store import Store
from app.store.lists import (
    CHUNK,
    LISTINGS,
    Listing,
    access,
    discussion,
    external_task_logs,
    external_tasks,
    job_logs,
    jobs,
    repository,
    task_variables,
)

from .query_expressions import evaluated

Sorting = Sequence[tuple[str, ...]]

MEDIA_TYPES = {  # of resources, by the ending of their names
    **dict.fromkeys(("bpmn", "cmmn", "dmn", "xml"), "application/xml"),
    **dict.fromkeys(("jpeg", "jpg"), "image/jpeg"),
    "gif": "image/gif",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
}
AT_ONCE = CHUNK  # a page of so many rows is read in one piece


T = TypeVar("T")


def portions(values: Sequence[T], size: int = AT_ONCE) -> Iterator[Sequence[T]]:
    """The values, as many at a time as one statement may have for parameters."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def declaration(name: str) -> Listing:
    """The filters and sort keys of a list."""
    return LISTINGS[name]


def seen(store: Store, name: str) -> Listing:
    """A list as the user sees it for whom the store acts; whole where nobody is asked."""
    found = declaration(name)
    return found if store.asked is None else access.for_user(found, store.asked)


def limits(store: Store, name: str) -> list[Any]:
    """The conditions on the rows of a list that the user sees for whom the store acts."""
    return [] if store.asked is None else access.limits(declaration(name), store.asked)


def find(
    store: Store,
    name: str,
    filters: Mapping[str, Any],
    sorting: Sorting = (),
    first_result: int | None = None,
    max_results: int | None = None,
) -> list[dict[str, Any]]:
    """A page of a list, as views."""
    listing = seen(store, name)
    wanted = evaluated(listing, filters, store)
    # From the primary: a command may follow from what is found here.
    with store.reading() as connection:
        return listing.find(connection, wanted, sorting, first_result, max_results)


def chunks(
    store: Store,
    name: str,
    filters: Mapping[str, Any],
    sorting: Sorting = (),
    first_result: int | None = None,
    max_results: int | None = None,
) -> Iterator[list[dict[str, Any]]]:
    """A page of a list, as views, few at a time; at least one list of them.

    The connection is taken until the last one was asked for: a caller takes them all before a
    client has to wait, or a client that reads slowly would keep it.
    """
    listing = seen(store, name)
    wanted = evaluated(listing, filters, store)
    with store.viewing() as connection:
        # With the same connection, which the list holds: another one could be waited for by as many
        # requests as there are.
        for views in listing.chunks(connection, wanted, sorting, first_result, max_results):
            if name == "task":
                _add_to_tasks(connection, views, filters)
            yield views


def count(store: Store, name: str, filters: Mapping[str, Any]) -> int:
    """How many rows a list has."""
    listing = seen(store, name)
    wanted = evaluated(listing, filters, store)
    with store.viewing() as connection:
        return listing.count(connection, wanted)


def counts(store: Store, name: str, queries: Sequence[Mapping[str, Any]]) -> list[int]:
    """How many rows each of some queries of a list finds."""
    listing = seen(store, name)
    wanted = [evaluated(listing, filters, store) for filters in queries]
    with store.viewing() as connection:
        return listing.counts(connection, wanted)


def ids(store: Store, name: str, filters: Mapping[str, Any]) -> list[str]:
    """The ids of all rows of a list, for a command about each of them."""
    listing = seen(store, name)
    wanted = evaluated(listing, filters, store)
    with store.reading() as connection:
        return listing.ids(connection, wanted)


def get(
    store: Store, name: str, key: str, filters: Mapping[str, Any] | None = None
) -> dict[str, Any] | None:
    """One row of a list by its id, as a view; None when there is none.

    Args:
        filters: those that change what is answered; others have no effect.
    """
    with store.reading() as connection:
        found = seen(store, name).one(connection, key)
        if found is not None and name == "task":
            _add_to_tasks(connection, [found], filters or {})
    return found


def require(
    store: Store, name: str, key: str, unknown: Callable[[str], EngineError]
) -> dict[str, Any]:
    """One row of a list by its id, as a view.

    Raises:
        EngineError: that of `unknown`; there is no such row, or the user does not see it.
    """
    found = get(store, name, key)
    if found is None:
        raise unknown(key)
    return found


def _add_to_tasks(
    connection: Any, views: Sequence[dict[str, Any]], filters: Mapping[str, Any]
) -> None:
    """Add to tasks what is asked for in addition to their own fields."""
    sees_all = bool(filters.get("with_task_variables_in_return"))
    if sees_all or filters.get("with_task_local_variables_in_return"):
        task_ids = [view["id"] for view in views]
        found = task_variables.of_tasks(connection, task_ids, is_local=not sees_all)
        for view in views:
            variables = found.get(view["id"])
            if variables:  # nothing is said of variables that are not there
                view["variables"] = {name: typed_value(v) for name, v in variables.items()}
    if filters.get("with_comment_attachment_info"):
        commented, attached = discussion.talked_about(connection, [view["id"] for view in views])
        for view in views:
            view["has_comment"] = view["id"] in commented
            view["has_attachment"] = view["id"] in attached


def typed_value(view: Mapping[str, Any]) -> TypedValue:
    """The value that the view of a variable holds."""
    # A detail of the history calls the column otherwise, for it has a type of its own.
    kind = view["type"] if "type" in view else view["variable_type"]
    return from_columns(
        kind,
        view["text_value"],
        view["long_value"],
        view["double_value"],
        view["bytes_value"],
        view["value_info"],
    )


def topic_names(store: Store, **flags: bool) -> list[str]:
    """The topics of the tasks that fulfil every flag that is set."""
    seen = limits(store, "external_task")
    with store.reading() as connection:
        return external_tasks.topic_names(connection, seen, **flags)


def definition(store: Store, key: str, tenant_id: str | None) -> dict[str, Any] | None:
    """The newest version of a key, of a tenant or of none."""
    filters: dict[str, Any] = {"key": key}
    if tenant_id is None:
        filters["without_tenant_id"] = True
    else:
        filters["tenant_id_in"] = [tenant_id]
    found = find(store, "process_definition", filters, [("version", "desc")], None, 1)
    return found[0] if found else None


def xml(store: Store, view: Mapping[str, Any]) -> str:
    """The model that a definition was deployed with."""
    with store.reading() as connection:
        content = repository.named_content(connection, view["deployment_id"], view["resource_name"])
    # The answer is JSON, which has no other bytes; a model in another encoding says so in its first
    # line, and is read from the file.
    return content.decode("utf-8", "replace")


def diagram(store: Store, view: Mapping[str, Any]) -> TypedValue:
    """The image that was deployed together with the model of a definition."""
    with store.reading() as connection:
        content = repository.named_content(connection, view["deployment_id"], view["diagram"])
    return as_file(view["diagram"], content)


def resources(store: Store, deployment_id: str) -> list[dict[str, Any]]:
    """The resources of a deployment."""
    with store.reading() as connection:
        return repository.resources(connection, deployment_id)


def resource_content(store: Store, deployment_id: str, resource_id: str) -> tuple[str, bytes]:
    """Name and content of a resource.

    Raises:
        NullValueError: there is none.
    """
    with store.reading() as connection:
        found = repository.content(connection, deployment_id, resource_id)
    if found is None:
        raise NullValueError(
            f"no resource found with id '{resource_id}' in deployment '{deployment_id}': "
            "resource is null"
        )
    return found[0], bytes(found[1])


def stacktrace(store: Store, job_id: str) -> tuple[str | None] | None:
    """Why a job failed last, in a tuple; None when there is no such job."""
    with store.reading() as connection:
        return jobs.stacktrace(connection, job_id)


def logged_stacktrace(store: Store, log_id: str) -> tuple[str | None] | None:
    """Why a job had failed, in a tuple; None when there is no such entry."""
    with store.reading() as connection:
        return job_logs.stacktrace(connection, log_id)


def log_details(store: Store, log_id: str) -> tuple[str | None] | None:
    """The details of a failure, in a tuple; None when there is no such entry."""
    with store.reading() as connection:
        return external_task_logs.log_details(connection, log_id)


def as_file(name: str, content: bytes) -> TypedValue:
    """A resource as the File that it is served as."""
    info: dict[str, object] = {"filename": name}
    media = MEDIA_TYPES.get(name.rpartition(".")[2].lower())
    if media is not None:
        info["mimeType"] = media
    return TypedValue("File", content, info)
