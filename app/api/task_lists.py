"""The list of user tasks: as other lists, and as resources of HAL with what they refer to.

Source: contract 11.1 and 11.8.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from itertools import chain
from typing import Any

from flask import Blueprint, Response, request

from app.schemas import hal, tasks
from app.schemas.answers import Answer
from app.schemas.queries import page
from app.services import embedding, forms
from app.services import lists as service

from .decorators import current_store, preferred
from .descriptions import JSON, describe
from .json import dumps, json_list, uncached
from .list_views import Lists, shown_with_value


class TaskLists(Lists):
    """The views of the list of user tasks."""

    def listing_view(self) -> Callable[..., Response]:
        return negotiated(super().listing_view(), self.find_hal, hal.task_list)

    def item_view(self) -> Callable[..., Response]:
        return negotiated(super().item_view(), self.get_hal, hal.task)

    def find_hal(self) -> Response:
        """A page of the list, with the definitions and the people of its tasks."""
        return self.page_in_hal(*self.schema.from_url(request.args))

    def page_in_hal(
        self,
        filters: dict[str, Any],
        sorting: list[tuple[str, ...]],
        names: Sequence[str] = (),
        *,
        if_none: Mapping[str, Any] | None = None,
    ) -> Response:
        """The page that the URL asks for.

        Args:
            names: of the variables that are embedded in each task.
            if_none: what an empty page is, in place of an empty list of tasks.
        """
        # First, for it stands in front of the list; a task that comes or goes meanwhile is the
        # client's to bear.
        count = service.count(current_store(), self.name, filters)
        found = self._found(filters, sorting, page(request.args))
        # Read before anything is written, for it may be that there is nothing.
        beginning = next(found)
        # A filter that finds nothing is answered otherwise than a list that is empty (contract
        # 11.1).
        if not beginning and if_none is not None:
            return in_hal({**if_none, "count": count})
        referred = embedding.Referred()

        def resources() -> Iterator[list[dict[str, Any]]]:
            for views in chain([beginning], found):
                # Resources they name are embedded behind them, once each, however many name one.
                referred.note(views)
                variables = self._variables_of(views, names)
                yield [hal.task({**view, "embedded": variables.get(view["id"])}) for view in views]

        links = hal.linked({"self": hal.path("task")})
        before = dumps({"_links": links, "count": count})[:-1] + b',"_embedded":{"task":'

        def others() -> bytes:
            found = hal.embedded(referred.found(current_store()))
            return (b"," + dumps(found)[1:-1] if found else b"") + b"}}"

        return uncached(
            json_list(resources(), before=before, after=others, content_type=hal.MEDIA_TYPE)
        )

    def get_hal(self, item_id: str) -> Response:
        """One task, with its links of identity and its definition."""
        return self.item_in_hal(self.view(item_id))

    def item_in_hal(self, view: dict[str, Any], names: Sequence[str] = ()) -> Response:
        """One task, with its links of identity, its definition, and variables of some names."""
        found = hal.embedded(embedding.of_task(current_store(), view))
        found |= self._variables_of([view], names).get(view["id"], {})
        return in_hal(hal.task({**view, "embedded": found or None}))

    def _variables_of(
        self, views: list[dict[str, Any]], names: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """For each task what is embedded in it of its variables, if anything is."""
        found = {}
        for task_id, seen in embedding.variables(current_store(), views, names).items():
            shown = hal.embedded(
                {"variable": [shown_with_value(v, deserialized=False) for v in seen]}
            )
            if shown:
                found[task_id] = shown
        return found

    def first(
        self, filters: dict[str, Any], sorting: list[tuple[str, ...]], most: int
    ) -> list[dict[str, Any]]:
        """The first views of the list."""
        return next(self._found(filters, sorting, (None, most)))


def in_hal(resource: Mapping[str, Any]) -> Response:
    """An answer in HAL."""
    return uncached(Response(dumps(resource), content_type=hal.MEDIA_TYPE))


def negotiated(
    view: Callable[..., Response], hal_view: Callable[..., Response], answer: Answer
) -> Callable[..., Response]:
    """A view that answers in HAL where the client would rather have that."""

    @wraps(view)
    def wrapped(**arguments: Any) -> Response:
        # JSON first: of equals the reference engine answers that (contract 11.8).
        is_hal = preferred(JSON, hal.MEDIA_TYPE) == hal.MEDIA_TYPE
        return (hal_view if is_hal else view)(**arguments)

    describe(wrapped, alternatives={hal.MEDIA_TYPE: answer})
    return wrapped


TASKS = TaskLists(
    "task",
    tasks.task,
    missing="No matching task with id {id}",
    extras=(
        "with_task_variables_in_return",
        "with_task_local_variables_in_return",
        "with_comment_attachment_info",
    ),
    completes=forms.show,
    example={"assignee": "kim", "processDefinitionKey": "order"},
)


def task_list() -> Blueprint:
    """The list of tasks."""
    return TASKS.blueprint("/task")
