"""The lists of comments and attachments; the content of attachments apart from them.

Source: contract 11.1 and 11.8.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, select

from app.models.history import historic_process_instance, historic_task
from app.models.tasks import attachment, comment

from .base import View
from .history import removal, with_root

_COMMENTS = select(*comment.c, removal).select_from(with_root(comment))
# Without the content: a list of attachments must not read megabytes for each.
_ATTACHMENTS = select(*(c for c in attachment.c if c.name != "content"), removal).select_from(
    with_root(attachment)
)


def _views(connection: Connection, query: Select[Any]) -> list[View]:
    return [dict(row) for row in connection.execute(query).mappings()]


def has_task(connection: Connection, task_id: str) -> bool:
    """Whether the history has a task."""
    wanted = select(historic_task.c.id).where(historic_task.c.id == task_id)
    return connection.execute(wanted).first() is not None


def has_instance(connection: Connection, instance_id: str) -> bool:
    """Whether the history has a process instance."""
    known = historic_process_instance.c.id
    return connection.execute(select(known).where(known == instance_id)).first() is not None


def comments_of_task(connection: Connection, task_id: str) -> list[View]:
    """The comments on a task, newest first."""
    # By ix_comment_task.
    query = _COMMENTS.where(comment.c.task_id == task_id)
    return _views(connection, query.order_by(comment.c.time.desc(), comment.c.id.desc()))


def comments_of_instance(connection: Connection, instance_id: str) -> list[View]:
    """The comments that name an instance, newest first."""
    # By ix_comment_named_instance.
    # Not by the instance of its task: a comment that names none is shown at the task alone.
    query = _COMMENTS.where(comment.c.named_instance_id == instance_id)
    return _views(connection, query.order_by(comment.c.time.desc(), comment.c.id.desc()))


def comment_of_task(connection: Connection, task_id: str, comment_id: str) -> View | None:
    """One comment on a task."""
    query = _COMMENTS.where(comment.c.task_id == task_id, comment.c.id == comment_id)
    return next(iter(_views(connection, query)), None)


def attachments(connection: Connection, task_id: str) -> list[View]:
    """The attachments of a task, oldest first."""
    # By ix_attachment_task.
    query = _ATTACHMENTS.where(attachment.c.task_id == task_id)
    return _views(connection, query.order_by(attachment.c.create_time, attachment.c.id))


def attachment_of_task(connection: Connection, task_id: str, attachment_id: str) -> View | None:
    """One attachment of a task."""
    query = _ATTACHMENTS.where(attachment.c.task_id == task_id, attachment.c.id == attachment_id)
    return next(iter(_views(connection, query)), None)


def content(connection: Connection, task_id: str, attachment_id: str) -> bytes | None:
    """The content of an attachment; None for a URL, and where there is no attachment."""
    query = select(attachment.c.content).where(
        attachment.c.task_id == task_id, attachment.c.id == attachment_id
    )
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def talked_about(connection: Connection, task_ids: Iterable[str]) -> tuple[set[str], set[str]]:
    """Those of some tasks that have comments, and those that have attachments."""
    # By ix_comment_task and ix_attachment_task.
    ids = list(task_ids)
    commented = select(comment.c.task_id).where(comment.c.task_id.in_(ids)).distinct()
    # Two statements, for a join of both would multiply their rows.
    attached = select(attachment.c.task_id).where(attachment.c.task_id.in_(ids)).distinct()
    return set(connection.execute(commented).scalars()), set(connection.execute(attached).scalars())
