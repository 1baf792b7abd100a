"""Comments on user tasks, and those that name a process instance.

Source: contract 11.1 and 11.8.
"""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.schemas import tasks as schemas
from app.schemas.answers import Many
from app.services import comments as service
from app.services.comments import NoHistoryError, UnknownTaskError

from .callers import caller_id
from .decorators import accepts, current_store, link_to_itself, no_content, returns, wants_json
from .descriptions import describes
from .lookups import sought
from .problems import BAD, FORBIDDEN, INVALID, MISSING, Problem, wraps

comments = Blueprint("comments", __name__)
REFUSES = wraps({NoHistoryError: (FORBIDDEN, INVALID)})


@comments.get("/task/<task_id>/comment")
@describes(answer=Many(schemas.comment), raises=(UnknownTaskError,))
@returns
def of_task(task_id: str) -> list[dict[str, Any]]:
    """The comments on a task, newest first."""
    found = service.of_task(current_store(), task_id)
    return [schemas.comment({**view, "links": []}) for view in found]


@comments.get("/task/<task_id>/comment/<comment_id>")
@describes(answer=schemas.comment, problems=((MISSING, INVALID),))
@returns
def of_task_one(task_id: str, comment_id: str) -> dict[str, Any]:
    """One comment on a task."""
    found = service.get(current_store(), task_id, comment_id)
    if found is None:
        text = f"Task comment with id {comment_id} does not exist for task id '{task_id}'."
        raise Problem(MISSING, INVALID, text)
    return schemas.comment({**found, "links": []})


@comments.post("/task/<task_id>/comment/create")
@describes(answer=schemas.comment)
@returns
@wraps({UnknownTaskError: (BAD, INVALID), service.NothingSaidError: (BAD, INVALID)})
@REFUSES
@sought(service.of_task)
@accepts(schemas.CommentSchema)
def create(task_id: str, **body: Any) -> dict[str, Any]:
    """Say something about a task, also when it is over."""
    view = service.create(current_store(), task_id, user_id=caller_id(), **body)
    # Only the answer to its making has the link (contract 11.1).
    links = [link_to_itself(f"/task/{task_id}/comment/{view['id']}")]
    return schemas.comment({**view, "links": links})


@comments.put("/task/<task_id>/comment")
@describes(raises=(UnknownTaskError,))
@REFUSES
@sought(service.of_task)
@accepts(schemas.ChangedCommentSchema)
def update_of_task(task_id: str, **body: Any) -> ResponseReturnValue:
    """Change what a comment on a task says."""
    service.update_of_task(current_store(), task_id, **body)
    return no_content()


@comments.delete("/task/<task_id>/comment")
@describes(raises=(UnknownTaskError, service.OverError))
@REFUSES
def delete_of_task(task_id: str, comment_id: str | None = None) -> ResponseReturnValue:
    """Delete a comment on a task, or all of them."""
    service.delete_of_task(current_store(), task_id, comment_id)
    return no_content()


@comments.get("/process-instance/<instance_id>/comment")
@describes(answer=Many(schemas.comment), raises=(service.UnknownInstanceError,))
@returns
def of_instance(instance_id: str) -> list[dict[str, Any]]:
    """The comments that name an instance, newest first."""
    found = service.of_instance(current_store(), instance_id)
    return [schemas.comment({**view, "links": []}) for view in found]


@comments.put("/process-instance/<instance_id>/comment")
@describes(raises=(service.UnknownInstanceError,))
@sought(service.of_instance)
@accepts(schemas.ChangedCommentSchema)
def update_of_instance(instance_id: str, **body: Any) -> ResponseReturnValue:
    """Change what a comment says that names an instance."""
    service.update_of_instance(current_store(), instance_id, **body)
    return no_content()


@comments.delete("/process-instance/<instance_id>/comment")
@describes(raises=(service.UnknownInstanceError, service.OverError))
def delete_of_instance(instance_id: str, comment_id: str | None = None) -> ResponseReturnValue:
    """Delete a comment that names an instance, or all of them."""
    service.delete_of_instance(current_store(), instance_id, comment_id)
    return no_content()


def _add_routes() -> None:
    """Deletions of one comment, which are negotiated; those of all are not."""
    for rule, view in (
        ("/task/<task_id>/comment/<comment_id>", delete_of_task),
        ("/process-instance/<instance_id>/comment/<comment_id>", delete_of_instance),
    ):
        comments.delete(rule, endpoint=f"{view.__name__}_one")(wants_json(view))


_add_routes()
