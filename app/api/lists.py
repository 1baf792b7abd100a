"""Lists and single items: every resource that can only be read here has the same four views.

Source: rest contract 3.15, 4 and 5.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, request

from app.engine.state.values import NULL
from app.schemas import items
from app.schemas.base import camel
from app.schemas.deployments import process_definition
from app.schemas.external_tasks import external_task
from app.schemas.process_definitions import process_instance
from app.schemas.queries import QuerySchema, page
from app.services import forms
from app.services import lists as service

from .decorators import current_store, flag, read_json, returns
from .descriptions import Describer, describes, description_of
from .jobs import incident_shape
from .json import json_list
from .problems import INVALID, MISSING, REST, Problem

Item = Callable[[Mapping[str, Any]], Any]


class Lists:
    """The views of one list, whose filters and sortings the store declares.

    Args:
        name: of the declaration.
        item: makes the answer of a view.
        missing: what is said of an unknown id, with ``{id}``; None when there is no single item.
        single: what a single item is where that is not what the list has.
        extras: the flags that add to a single item what they add to those of the list.
        completes: puts into the views what is no column.
    """

    def __init__(
        self,
        name: str,
        item: Item,
        *,
        single: Item | None = None,
        missing: str | None = None,
        posts: bool = True,
        type_: str = INVALID,
        code: int | None = None,
        has_item: bool = True,
        extras: tuple[str, ...] = (),
        completes: Callable[..., None] | None = None,
    ) -> None:
        self.name = name
        self.component = name.title().replace("_", "")
        declared = service.declaration(name)
        self.schema = QuerySchema(
            declared.kinds,
            declared.sorts,
            variable_sorts=declared.variable_sorts,
            check=declared.check,
            has_or_queries=declared.has_or_queries,
            is_strict=declared.is_strict,
        )
        self._item = item
        self._single = single or item
        self._missing = missing
        self._posts = posts
        self._type = type_
        self._code = code
        self._completes = completes
        self._has_item = has_item and missing is not None
        self._extras = {name: camel(name) for name in extras}

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
        query = (self.component, self.schema)
        many, one = _facts(self._item), _facts(self._single)
        one["flags"] = " ".join([one["flags"], *self._extras.values()]).strip()
        return (
            describes(query=query, is_paged=True, answer=f"[{self.component}]", **many),
            describes(query=query, answer="Count"),
            describes(answer=self.component, problems=((MISSING, self._type),), **one),
        )

    def filters_of(self, body: dict[str, Any] | None) -> dict[str, Any] | None:
        """The filters of a query inside a command's body; None where there is no query."""
        return None if body is None else self.schema.from_body(body)[0]

    def find(self) -> Response:
        """A page of the list, with the filters of the URL."""
        filters, sorting = self.schema.from_url(request.args)
        return self._page(filters, sorting)

    def query(self) -> Response:
        """A page of the list, with the filters of the body."""
        filters, sorting = self.schema.from_body(read_json())
        return self._page(filters, sorting)

    def _page(self, filters: dict[str, Any], sorting: list[tuple[str, ...]]) -> Response:
        first, most = page(request.args)
        found = self._found(filters, sorting, first, most)
        answer = json_list([self._item(view) for view in views] for views in found)
        if request.method == "GET":
            answer.headers["Cache-Control"] = "no-cache"
        return answer

    def _found(
        self,
        filters: dict[str, Any],
        sorting: list[tuple[str, ...]],
        first: int | None,
        most: int | None,
    ) -> Iterator[list[dict[str, Any]]]:
        """The views of a page, few at a time.

        What completes them takes a connection of its own. A page that is one piece has given
        back the one it was read with by then, or two would be taken for most requests.
        """
        if self._completes is not None and most is not None and most <= service.AT_ONCE:
            views = service.find(current_store(), self.name, filters, sorting, first, most)
            self._complete(views)
            yield views
            return
        for views in service.chunks(current_store(), self.name, filters, sorting, first, most):
            self._complete(views)
            yield views

    def _complete(self, views: list[dict[str, Any]]) -> None:
        if self._completes is not None:
            self._completes(current_store(), views)

    def count(self) -> dict[str, int]:
        """How many items there are, with the filters of the URL."""
        filters, _ = self.schema.from_url(request.args)
        return {"count": service.count(current_store(), self.name, filters)}

    def query_count(self) -> dict[str, int]:
        """How many items there are, with the filters of the body."""
        filters, _ = self.schema.from_body(read_json())
        return {"count": service.count(current_store(), self.name, filters)}

    def get(self, item_id: str) -> Any:
        """One item."""
        return self._single(self.view(item_id))

    def view(self, item_id: str) -> dict[str, Any]:
        """The view of one item, or the answer that there is none."""
        extras = {name: flag(key) for name, key in self._extras.items()}
        found = service.get(current_store(), self.name, item_id, extras)
        if found is None:
            text = (self._missing or "").format(id=item_id)
            raise Problem(MISSING, self._type, text, self._code)
        self._complete([found])
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
    external_task,
    missing="External task with id {id} does not exist",
    type_=REST,
)
DEFINITIONS = Lists(
    "process_definition",
    process_definition,
    missing="No matching definition with id {id}",
    code=0,
    posts=False,
)
DEPLOYMENTS = Lists(
    "deployment",
    items.deployment,
    missing="Deployment with id '{id}' does not exist",
    posts=False,
)
INSTANCES = Lists("process_instance", process_instance)
EXECUTIONS = Lists(
    "execution",
    items.execution,
    missing="Execution with id {id} does not exist",
)
VARIABLES = Lists(
    "variable_instance",
    _valued(items.variable_instance, "deserializeValues"),
    single=_valued(items.variable_instance, "deserializeValue"),
    missing="Variable instance with Id '{id}' does not exist.",
)
SUBSCRIPTIONS = Lists("event_subscription", items.subscription, posts=False)
INCIDENTS = Lists(
    "incident",
    incident_shape,
    missing="No matching incident with id {id}",
    posts=False,
)
JOBS = Lists("job", items.job, missing="Job with id {id} does not exist")
TASKS = Lists(
    "task",
    items.task,
    missing="No matching task with id {id}",
    extras=(
        "with_task_variables_in_return",
        "with_task_local_variables_in_return",
        "with_comment_attachment_info",
    ),
    completes=forms.show,
)
BATCHES = Lists(
    "batch",
    items.batch,
    missing="Batch with id '{id}' does not exist",
    posts=False,
)
BATCH_STATISTICS = Lists("batch_statistics", items.batch_statistics, posts=False)
HISTORY = {
    "process-instance": Lists(
        "historic_process_instance",
        items.historic_instance,
        missing="Historic process instance with id {id} does not exist",
    ),
    "activity-instance": Lists(
        "historic_activity_instance",
        items.historic_activity,
        missing="Historic activity instance with id '{id}' does not exist",
    ),
    "variable-instance": Lists(
        "historic_variable_instance",
        _valued(items.historic_variable, "deserializeValues"),
        single=_valued(items.historic_variable, "deserializeValue"),
        missing="Historic variable instance with Id '{id}' does not exist.",
    ),
    "detail": Lists(
        "historic_detail",
        _valued(items.historic_detail, "deserializeValues"),
        single=_valued(items.historic_detail, "deserializeValue"),
        missing="Historic detail with Id '{id}' does not exist.",
    ),
    "external-task-log": Lists(
        "historic_external_task_log",
        items.external_task_log,
        missing="Historic external task log with id {id} does not exist",
    ),
    "incident": Lists("historic_incident", items.historic_incident),
    "task": Lists("historic_task", items.historic_task),
    "identity-link-log": Lists("historic_identity_link", items.identity_link_log, posts=False),
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
