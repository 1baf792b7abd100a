"""Reading lists. A GET never changes what is stored."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.engine.state.values import TypedValue, from_columns
from app.errors import NullValueError
from app.store import Store
from app.store.lists import (
    Listing,
    details,
    external_tasks,
    historic_tasks,
    history,
    operations,
    process_instances,
    repository,
    tasks,
)

LISTINGS: dict[str, Listing] = {
    "deployment": repository.DEPLOYMENTS,
    "process_definition": repository.DEFINITIONS,
    "external_task": external_tasks.EXTERNAL_TASKS,
    "process_instance": process_instances.PROCESS_INSTANCES,
    "execution": process_instances.EXECUTIONS,
    "variable_instance": process_instances.VARIABLES,
    "event_subscription": process_instances.SUBSCRIPTIONS,
    "incident": operations.INCIDENTS,
    "job": operations.JOBS,
    "task": tasks.TASKS,
    "batch": operations.BATCHES,
    "batch_statistics": operations.BATCH_STATISTICS,
    "historic_process_instance": history.PROCESS_INSTANCES,
    "historic_activity_instance": history.ACTIVITY_INSTANCES,
    "historic_variable_instance": history.VARIABLE_INSTANCES,
    "historic_detail": details.DETAILS,
    "historic_external_task_log": history.EXTERNAL_TASK_LOGS,
    "historic_incident": history.INCIDENTS,
    "historic_task": historic_tasks.TASKS,
}


def find(
    store: Store,
    name: str,
    filters: Mapping[str, Any],
    sorting: Sequence[tuple[str, str]] = (),
    first_result: int | None = None,
    max_results: int | None = None,
) -> list[dict[str, Any]]:
    """A page of a list, as views."""
    with store.reading() as connection:
        return LISTINGS[name].find(connection, filters, sorting, first_result, max_results)


def count(store: Store, name: str, filters: Mapping[str, Any]) -> int:
    """How many rows a list has."""
    with store.reading() as connection:
        return LISTINGS[name].count(connection, filters)


def get(store: Store, name: str, key: str) -> dict[str, Any] | None:
    """One row of a list by its id, as a view; None when there is none."""
    with store.reading() as connection:
        found: dict[str, Any] | None = LISTINGS[name].one(connection, key)
        return found


def typed_value(view: Mapping[str, Any]) -> TypedValue:
    """The value that the view of a variable holds."""
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
    with store.reading() as connection:
        return external_tasks.topic_names(connection, **flags)


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
    return content.decode("utf-8", "replace")


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
        return operations.stacktrace(connection, job_id)


def log_details(store: Store, log_id: str) -> tuple[str | None] | None:
    """The details of a failure, in a tuple; None when there is no such entry."""
    with store.reading() as connection:
        return history.log_details(connection, log_id)


def start_form(store: Store, view: Mapping[str, Any]) -> str | None:
    """The form key of a definition's start event."""
    with store.transaction() as tx:
        graph = tx.graph(view["id"])
    node = graph.initial.node if graph.initial is not None else None
    return node.form_key.text if node is not None and node.form_key is not None else None


def as_file(name: str, content: bytes) -> TypedValue:
    """A resource as the File that it is served as."""
    is_xml = name.endswith((".bpmn", ".bpmn20.xml", ".xml", ".cmmn", ".dmn"))
    media = "application/xml" if is_xml else "text/plain" if name.endswith(".txt") else None
    info: dict[str, object] = {"filename": name}
    if media is not None:
        info["mimeType"] = media
    return TypedValue("File", content, info)
