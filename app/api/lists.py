"""Lists and single items: every resource that can only be read here has the same four views.

Source: rest contract 3.15, 4 and 5.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, request

from app.engine.state.values import NULL
from app.schemas import historic_lists, items, lists
from app.schemas.deployments import process_definition
from app.schemas.external_tasks import external_task
from app.schemas.process_definitions import process_instance
from app.schemas.queries import QuerySchema, page
from app.services import lists as service

from .decorators import current_store, flag, read_json, returns
from .descriptions import Describer, describes, description_of
from .jobs import incident_shape
from .problems import INVALID, MISSING, REST, Problem

Item = Callable[[Mapping[str, Any]], Any]


class Lists:
    """The views of one list.

    Args:
        missing: what is said of an unknown id, with ``{id}``; None when there is no single item.
        single: what a single item is where that is not what the list has.
    """

    def __init__(
        self,
        name: str,
        schema: QuerySchema,
        item: Item,
        *,
        single: Item | None = None,
        missing: str | None = None,
        posts: bool = True,
        type_: str = INVALID,
        code: int | None = None,
        has_item: bool = True,
    ) -> None:
        self.name = name
        self.component = name.title().replace("_", "")
        self._schema = schema
        self._item = item
        self._single = single or item
        self._missing = missing
        self._posts = posts
        self._type = type_
        self._code = code
        self._has_item = has_item and missing is not None

    def blueprint(self, prefix: str) -> Blueprint:
        """The routes below a path."""
        blueprint = Blueprint(f"{self.name}_list", __name__, url_prefix=prefix)
        add = blueprint.add_url_rule
        pages, counts, item = self._described()
        add("", "find", pages(returns(self.find)), methods=["GET"])
        add("/count", "count", counts(returns(self.count)), methods=["GET"])
        if self._posts:
            add("", "query", pages(returns(self.query)), methods=["POST"])
            add("/count", "query_count", counts(returns(self.query_count)), methods=["POST"])
        if self._has_item:
            add("/<item_id>", "get", item(returns(self.get)), methods=["GET"])
        return blueprint

    def _described(self) -> tuple[Describer, Describer, Describer]:
        """What there is to say of pages, of counts and of single items."""
        query = (self.component, self._schema)
        many, one = _facts(self._item), _facts(self._single)
        return (
            describes(query=query, is_paged=True, answer=f"[{self.component}]", **many),
            describes(query=query, answer="Count"),
            describes(answer=self.component, problems=((MISSING, self._type),), **one),
        )

    def find(self) -> list[Any]:
        """A page of the list, with the filters of the URL."""
        filters, sorting = self._schema.from_url(request.args)
        return self._page(filters, sorting)

    def query(self) -> list[Any]:
        """A page of the list, with the filters of the body."""
        filters, sorting = self._schema.from_body(read_json())
        return self._page(filters, sorting)

    def _page(self, filters: dict[str, Any], sorting: list[tuple[str, str]]) -> list[Any]:
        first, most = page(request.args)
        found = service.find(current_store(), self.name, filters, sorting, first, most)
        return [self._item(view) for view in found]

    def count(self) -> dict[str, int]:
        """How many items there are, with the filters of the URL."""
        filters, _ = self._schema.from_url(request.args)
        return {"count": service.count(current_store(), self.name, filters)}

    def query_count(self) -> dict[str, int]:
        """How many items there are, with the filters of the body."""
        filters, _ = self._schema.from_body(read_json())
        return {"count": service.count(current_store(), self.name, filters)}

    def get(self, item_id: str) -> Any:
        """One item."""
        return self._single(self.view(item_id))

    def view(self, item_id: str) -> dict[str, Any]:
        """The view of one item, or the answer that there is none."""
        found = service.get(current_store(), self.name, item_id)
        if found is None:
            text = (self._missing or "").format(id=item_id)
            raise Problem(MISSING, self._type, text, self._code)
        return found


def _facts(item: Item) -> dict[str, Any]:
    """What an item says of itself for the OpenAPI document."""
    told = description_of(item)
    return {"flags": told.flags, "item": told.item or item}


def _valued(shape: Callable[..., dict[str, Any]], name: str) -> Item:
    """Items with a value, which the URL says how to read."""

    @describes(flags=name, item=functools.partial(shape, typed=NULL, deserialize=False))
    @functools.wraps(shape)
    def item(view: Mapping[str, Any]) -> dict[str, Any]:
        return shape(view, service.typed_value(view), flag(name, default=True))

    return item


EXTERNAL_TASKS = Lists(
    "external_task",
    lists.EXTERNAL_TASKS,
    external_task,
    missing="External task with id {id} does not exist",
    type_=REST,
)
DEFINITIONS = Lists(
    "process_definition",
    lists.DEFINITIONS,
    process_definition,
    missing="No matching definition with id {id}",
    code=0,
    posts=False,
)
DEPLOYMENTS = Lists(
    "deployment",
    lists.DEPLOYMENTS,
    items.deployment,
    missing="Deployment with id '{id}' does not exist",
    posts=False,
)
INSTANCES = Lists("process_instance", lists.PROCESS_INSTANCES, process_instance)
EXECUTIONS = Lists(
    "execution",
    lists.EXECUTIONS,
    items.execution,
    missing="Execution with id {id} does not exist",
)
VARIABLES = Lists(
    "variable_instance",
    lists.VARIABLE_INSTANCES,
    _valued(items.variable_instance, "deserializeValues"),
    single=_valued(items.variable_instance, "deserializeValue"),
    missing="Variable instance with Id '{id}' does not exist.",
)
SUBSCRIPTIONS = Lists("event_subscription", lists.SUBSCRIPTIONS, items.subscription, posts=False)
INCIDENTS = Lists(
    "incident",
    lists.INCIDENTS,
    incident_shape,
    missing="No matching incident with id {id}",
    posts=False,
)
JOBS = Lists("job", lists.JOBS, items.job, missing="Job with id {id} does not exist")
TASKS = Lists("task", lists.TASKS, items.task, missing="No matching task with id {id}")
BATCHES = Lists(
    "batch",
    lists.BATCHES,
    items.batch,
    missing="Batch with id '{id}' does not exist",
    posts=False,
)
BATCH_STATISTICS = Lists("batch_statistics", lists.BATCHES, items.batch_statistics, posts=False)
HISTORY = {
    "process-instance": Lists(
        "historic_process_instance",
        historic_lists.HISTORIC_INSTANCES,
        items.historic_instance,
        missing="Historic process instance with id {id} does not exist",
    ),
    "activity-instance": Lists(
        "historic_activity_instance",
        historic_lists.HISTORIC_ACTIVITIES,
        items.historic_activity,
        missing="Historic activity instance with id '{id}' does not exist",
    ),
    "variable-instance": Lists(
        "historic_variable_instance",
        historic_lists.HISTORIC_VARIABLES,
        _valued(items.historic_variable, "deserializeValues"),
        single=_valued(items.historic_variable, "deserializeValue"),
        missing="Historic variable instance with Id '{id}' does not exist.",
    ),
    "detail": Lists(
        "historic_detail",
        historic_lists.HISTORIC_DETAILS,
        _valued(items.historic_detail, "deserializeValues"),
        single=_valued(items.historic_detail, "deserializeValue"),
        missing="Historic detail with Id '{id}' does not exist.",
    ),
    "external-task-log": Lists(
        "historic_external_task_log",
        historic_lists.EXTERNAL_TASK_LOGS,
        items.external_task_log,
        missing="Historic external task log with id {id} does not exist",
    ),
    "incident": Lists(
        "historic_incident", historic_lists.HISTORIC_INCIDENTS, items.historic_incident
    ),
    "task": Lists("historic_task", historic_lists.HISTORIC_TASKS, items.historic_task),
}


def list_blueprints() -> list[Blueprint]:
    """Every list."""
    return [
        EXTERNAL_TASKS.blueprint("/external-task"),
        DEFINITIONS.blueprint("/process-definition"),
        DEPLOYMENTS.blueprint("/deployment"),
        INSTANCES.blueprint("/process-instance"),
        EXECUTIONS.blueprint("/execution"),
        VARIABLES.blueprint("/variable-instance"),
        SUBSCRIPTIONS.blueprint("/event-subscription"),
        INCIDENTS.blueprint("/incident"),
        JOBS.blueprint("/job"),
        TASKS.blueprint("/task"),
        BATCHES.blueprint("/batch"),
        BATCH_STATISTICS.blueprint("/batch/statistics"),
        *(lists.blueprint(f"/history/{path}") for path, lists in HISTORY.items()),
    ]
