"""The list of user tasks: as other lists, and as resources of HAL with what they refer to.

Source: contract 11.1 and 11.8.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from flask import Response, request

from app.schemas import hal, tasks
from app.schemas.answers import Answer
from app.schemas.queries import page
from app.services import embedding, forms
from app.services import lists as service

from .decorators import current_store, preferred
from .descriptions import JSON, describe
from .json import dumps, json_list
from .lists import Lists


class TaskLists(Lists):
    """The views of the list of user tasks."""

    def listing_view(self) -> Callable[..., Response]:
        return _negotiated(super().listing_view(), self.find_hal, hal.task_list)

    def item_view(self) -> Callable[..., Response]:
        return _negotiated(super().item_view(), self.get_hal, hal.task)

    def find_hal(self) -> Response:
        """A page of the list, with the definitions of its tasks."""
        filters, sorting = self.schema.from_url(request.args)
        first, most = page(request.args)
        referred = embedding.Referred()

        def resources() -> Iterator[list[dict[str, Any]]]:
            for views in self._found(filters, sorting, first, most):
                referred.note(views)
                yield [hal.task(view) for view in views]

        count = service.count(current_store(), self.name, filters)
        links = hal.linked({"self": hal.path("task")})
        before = dumps({"_links": links, "count": count})[:-1] + b',"_embedded":{"task":'

        def others() -> bytes:
            found = hal.embedded(referred.found(current_store()))
            return (b"," + dumps(found)[1:-1] if found else b"") + b"}}"

        return _uncached(
            json_list(resources(), before=before, after=others, content_type=hal.MEDIA_TYPE)
        )

    def get_hal(self, item_id: str) -> Response:
        """One task, with its links of identity and its definition."""
        view = self.view(item_id)
        found = hal.embedded(embedding.of_task(current_store(), view))
        shown = hal.task({**view, "embedded": found})
        return _uncached(Response(dumps(shown), content_type=hal.MEDIA_TYPE))


def _uncached(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _negotiated(
    view: Callable[..., Response], hal_view: Callable[..., Response], answer: Answer
) -> Callable[..., Response]:
    """A view that answers in HAL where the client would rather have that."""

    @wraps(view)
    def wrapped(**arguments: Any) -> Response:
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
)
