"""Resources in the Hypertext Application Language: their links, and what is embedded in them.

Links are relative, as the reference engine has them.

Source: contract 11.8; draft-kelly-json-hal-11; Camunda 7 ``HalResource``, ``HalTask``,
``HalTaskList``.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from .answers import (
    ANYTHING,
    INTEGER,
    OBJECT,
    Answer,
    Field,
    View,
    absent,
    boolean,
    computed,
    date,
    integer,
    text,
)

MEDIA_TYPE = "application/hal+json"
Links = Mapping[str, str | None]
_SAFE = ":@!$&'()*+,;="  # RFC 3986, 3.3: what a segment of a path may have besides unreserved


def path(*segments: str | None) -> str | None:
    """A path of some segments; None where one of them is not there."""
    # A task without an owner has no link to one; a link to nothing is left out, not null.
    if None in segments:
        return None
    return "".join(f"/{quote(segment or '', safe=_SAFE)}" for segment in segments)


def linked(links: Links) -> dict[str, dict[str, str]]:
    """The links of a resource by their relations, as far as there is something at the other end."""
    # Sorted, as the reference engine's map is.
    return {name: {"href": links[name] or ""} for name in sorted(links) if links[name] is not None}


def _links(read: Callable[[View], Links]) -> tuple[Field, ...]:
    return computed("_links", OBJECT, lambda view: linked(read(view)))


def _embedded() -> tuple[Field, ...]:
    """The resources embedded in this one; null in one that is embedded itself."""
    return computed("_embedded", OBJECT, lambda view: view.get("embedded"), is_nullable=True)


def _task_links(view: View) -> Links:
    task_id = view["id"]
    return {
        "self": path("task", task_id),
        "assignee": path("user", view["assignee"]),
        "caseInstance": path("case-instance", view["case_instance_id"]),
        "execution": path("execution", view["execution_id"]),
        "identityLink": path("task", task_id, "identity-links"),
        "owner": path("user", view["owner"]),
        "parentTask": path("task", view["parent_task_id"]),
        "processDefinition": path("process-definition", view["process_definition_id"]),
        "processInstance": path("process-instance", view["process_instance_id"]),
    }


def _link_links(view: View) -> Links:
    return {
        "task": path("task", view["task_id"]),
        "user": path("user", view["user_id"]),
        "group": path("group", view["group_id"]),
    }


def _definition_links(view: View) -> Links:
    deployment_id = view["deployment_id"]
    return {
        "self": path("process-definition", view["id"]),
        "deployment": path("deployment", deployment_id),
        "resource": path("deployment", deployment_id, "resources", view["resource_name"]),
    }


task = Answer(
    "HalTask",
    _links(_task_links),
    _embedded(),
    text("id", is_nullable=False),
    text("name", "assignee"),
    date("create_time", key="created"),
    date("due_date", key="due"),
    date("follow_up_date", key="followUp"),
    text("delegation_state", "description", "execution_id", "owner", "parent_task_id"),
    integer("priority"),
    text("process_definition_id", "process_instance_id", "task_definition_key"),
    text("case_instance_id"),
    absent("caseExecutionId", "caseDefinitionId"),
    boolean("is_suspended"),
    text("form_key", "tenant_id"),
    computed("camundaFormRef", OBJECT, lambda view: view.get("form_ref"), is_nullable=True),
)
identity_link = Answer(
    "HalIdentityLink",
    _links(_link_links),
    _embedded(),
    text("type", is_nullable=False),
    text("user_id", "group_id", "task_id"),
)
process_definition = Answer(
    "HalProcessDefinition",
    _links(_definition_links),
    _embedded(),
    text("id", is_nullable=False),
    text("key", "category", "description", "name", "version_tag"),
    integer("version"),
    text("resource_name", key="resource"),
    text("deployment_id", "diagram"),
    boolean("is_suspended"),
    absent("contextPath"),
)
user = Answer(
    "HalUser",
    _links(lambda view: {"self": path("user", view["id"])}),
    _embedded(),
    text("id", is_nullable=False),
    text("first_name", "last_name", "email"),
)
group = Answer(
    "HalGroup",
    _links(lambda view: {"self": path("group", view["id"])}),
    _embedded(),
    text("id", is_nullable=False),
    text("name", "type"),
)
task_list = Answer(
    "HalTaskList",
    computed("_links", OBJECT, lambda view: view["links"]),
    computed("_embedded", OBJECT, lambda view: view["embedded"]),
    computed("count", INTEGER, lambda view: view["count"]),
)


def _variable_links(view: View) -> Links:
    """The scope that has the variable."""
    name = view["name"]
    # The innermost scope: a variable of a task also knows its execution and its instance.
    if view["task_id"] is not None:
        return {"self": path("task", view["task_id"], "localVariables", name)}
    if view["execution_id"] == view["process_instance_id"]:
        return {"self": path("process-instance", view["process_instance_id"], "variables", name)}
    return {"self": path("execution", view["execution_id"], "localVariables", name)}


variable = Answer(
    "HalVariable",
    _links(_variable_links),
    _embedded(),
    text("name", is_nullable=False),
    computed("value", ANYTHING, lambda view: view["value"], is_nullable=True),
    text("type"),
    computed("valueInfo", OBJECT, lambda view: view["value_info"], is_nullable=True),
)
NOTHING: dict[str, Any] = {"_links": {}, "_embedded": {}}  # what a filter finds that finds none
EMBEDDED = {  # by the relation
    "assignee": user,
    "group": group,
    "identityLink": identity_link,
    "owner": user,
    "processDefinition": process_definition,
    "user": user,
    "variable": variable,
}


def embedded(found: Mapping[str, Iterable[View]]) -> dict[str, list[dict[str, Any]]]:
    """The resources embedded in one, by its relations; those without any are left out."""
    resources = {name: [EMBEDDED[name](view) for view in views] for name, views in found.items()}
    return {name: resources[name] for name in sorted(resources) if resources[name]}
