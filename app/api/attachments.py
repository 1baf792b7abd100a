"""Attachments of user tasks.

Source: contract 11.1 and 11.8.
"""

from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.schemas import tasks as schemas
from app.schemas.answers import Many
from app.services import attachments as service
from app.services.comments import NoHistoryError, UnknownTaskError

from .callers import caller_id
from .decorators import current_store, link_to_itself, no_content, produces, returns, wants_json
from .descriptions import Example, describes
from .problems import BAD, FORBIDDEN, INVALID, MISSING, REST, Problem, wraps
from .uploads import parts

BYTES = "application/octet-stream"
attachments = Blueprint("attachments", __name__, url_prefix="/task")
REFUSES = wraps({NoHistoryError: (FORBIDDEN, INVALID)})


@attachments.get("/<task_id>/attachment")
@describes(answer=Many(schemas.attachment), raises=(UnknownTaskError,))
@returns
def of_task(task_id: str) -> list[dict[str, Any]]:
    """The attachments of a task, oldest first."""
    found = service.of_task(current_store(), task_id)
    return [schemas.attachment({**view, "links": []}) for view in found]


@attachments.post("/<task_id>/attachment/create")
@describes(
    answer=schemas.attachment,
    form="attachment-name attachment-description attachment-type url",
    file="content",
    needs_file=False,
    problems=((BAD, REST),),
    example=Example(
        body={"attachment-name": "A list", "attachment-type": "text", "content": "Tea, cups"}
    ),
)
@returns
@wraps({UnknownTaskError: (BAD, INVALID), service.NothingAttachedError: (BAD, INVALID)})
@REFUSES
def create(task_id: str) -> dict[str, Any]:
    """Attach a file, or a link, to a task, also when it is over."""
    given = parts()
    # The content alone may hold the character NUL: it is bytes, and all others are texts.
    texts = {name: part.text for name, part in given.items() if name != "content"}
    # Not asked for a name of a file: the reference engine takes a plain field as well (contract
    # 11.8).
    content = given.get("content")
    view = service.create(
        current_store(),
        task_id,
        name=texts.get("attachment-name"),
        description=texts.get("attachment-description"),
        attachment_type=texts.get("attachment-type"),
        url=texts.get("url"),
        content=None if content is None else content.content,
        user_id=caller_id(),
    )
    links = [link_to_itself(f"/task/{task_id}/attachment/{view['id']}")]
    return schemas.attachment({**view, "links": links})


@attachments.get("/<task_id>/attachment/<attachment_id>")
@describes(answer=schemas.attachment, problems=((MISSING, INVALID),))
@returns
def of_task_one(task_id: str, attachment_id: str) -> dict[str, Any]:
    """One attachment of a task."""
    found = service.get(current_store(), task_id, attachment_id)
    if found is None:
        text = f"Task attachment with id {attachment_id} does not exist for task id '{task_id}'."
        raise Problem(MISSING, INVALID, text)
    return schemas.attachment({**found, "links": []})


@attachments.get("/<task_id>/attachment/<attachment_id>/data")
@describes(media=BYTES, problems=((MISSING, INVALID),))
def content(task_id: str, attachment_id: str) -> ResponseReturnValue:
    """The content of an attachment, as bytes that a browser saves and does not show."""
    produces(BYTES)
    found = service.content(current_store(), task_id, attachment_id)
    if found is None:
        raise Problem(
            MISSING,
            INVALID,
            f"Attachment content for attachment with id '{attachment_id}' does not exist for task "
            f"id '{task_id}'.",
        )
    # Never the type that was sent along: a browser would show what a client has uploaded.
    return Response(found, content_type=BYTES)


@attachments.delete("/<task_id>/attachment/<attachment_id>")
@wants_json
@wraps({service.UnknownAttachmentError: (MISSING, INVALID)})
@REFUSES
def delete(task_id: str, attachment_id: str) -> ResponseReturnValue:
    """Delete an attachment of a task."""
    service.delete(current_store(), task_id, attachment_id)
    return no_content()
