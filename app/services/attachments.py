"""Attachments of user tasks: files that are kept, and links to what is kept elsewhere.

They are looked up by the history: a task that is over may have one, too.

Source: contract 11.1; Camunda 7 ``CreateAttachmentCmd``, ``DeleteTaskAttachmentCmd``.
"""

from typing import Any

from app.engine.state import Task
from app.errors import InvalidRequestError
from app.store import Store, Transaction
from app.store.commands import discussion as commands
from app.store.lists import discussion as lists

from . import user_operations
from .comments import UnknownTaskError, note_change, talk_about
from .retrying import repeated


class NothingAttachedError(InvalidRequestError):
    """An attachment is neither a file nor a link."""

    def __init__(self) -> None:
        super().__init__(
            "No content or url to remote content exists to create the task attachment."
        )


class UnknownAttachmentError(InvalidRequestError):
    """A task has no such attachment that could be deleted."""

    def __init__(self, task_id: str, attachment_id: str) -> None:
        super().__init__(
            f"Deletion is not possible. No attachment exists for task id '{task_id}' and "
            f"attachment id '{attachment_id}'."
        )


@repeated
def create(
    store: Store,
    task_id: str,
    *,
    name: str | None,
    description: str | None,
    attachment_type: str | None,
    url: str | None,
    content: bytes | None,
    user_id: str | None = None,
) -> dict[str, Any]:
    """Attach something to a task.

    Args:
        user_id: who attaches it, where that is known.
        url: where it is kept; with ``content``, it is dropped.

    Returns:
        the view of the attachment.

    Raises:
        NoHistoryError: nothing is kept.
        UnknownTaskError: there is no such task, and there was none.
        NothingAttachedError: there is neither a content nor a URL.
    """
    with store.transaction() as tx:
        task, place = talk_about(tx, task_id)
        # After the task: an unknown one is reported first, as in the reference.
        if content is None and url is None:
            raise NothingAttachedError
        view: dict[str, Any] = {
            "id": tx.new_id(),
            "task_id": task_id,
            "create_time": tx.now,
            "name": name,
            "description": description,
            "type": attachment_type,
            # With both, the content is kept and the link is dropped (contract 11.1).
            "url": url if content is None else None,
            "user_id": user_id or store.user_id,
            "process_instance_id": place.process_instance_id,
            # as the reference engine has it, see `comments.create`
            "root_process_instance_id": None if task is None else task.root_process_instance_id,
        }
        commands.add_attachment(tx, **view, content=content)
        _note(tx, "AddAttachment", task, name)
        note_change(tx, task)
    return {**view, "removal_time": None}


@repeated
def delete(store: Store, task_id: str, attachment_id: str) -> None:
    """Delete an attachment of a task.

    Raises:
        UnknownAttachmentError: the task has no such attachment.
    """
    with store.transaction() as tx:
        try:
            # The reference engine has one error for both, in which the attachment is what is
            # missing.
            task, _ = talk_about(tx, task_id)
        except UnknownTaskError:
            raise UnknownAttachmentError(task_id, attachment_id) from None
        name = None
        # Read only where it is written down; the deletion itself needs no name.
        if user_operations.is_noted(tx):
            name = commands.attachment_name(tx, attachment_id)
        if not commands.delete_attachment(tx, task_id, attachment_id):
            raise UnknownAttachmentError(task_id, attachment_id)
        _note(tx, "DeleteAttachment", task, name)
        note_change(tx, task)


def _note(tx: Transaction, operation_type: str, task: Task | None, name: str | None) -> None:
    """Write down an attachment by its name, as what is new also where it goes."""
    user_operations.note(
        tx,
        operation_type,
        "Attachment",
        {"name": (None, name)},
        task,
        category=user_operations.TASK_WORKER,
    )


@repeated
def of_task(store: Store, task_id: str) -> list[dict[str, Any]]:
    """The attachments of a task, oldest first.

    Raises:
        UnknownTaskError: there is no such task, and there was none.
    """
    with store.reading() as connection:
        if not lists.has_task(connection, task_id):
            raise UnknownTaskError(task_id)
        return lists.attachments(connection, task_id)


@repeated
def get(store: Store, task_id: str, attachment_id: str) -> dict[str, Any] | None:
    """One attachment of a task; None when there is none."""
    with store.reading() as connection:
        return lists.attachment_of_task(connection, task_id, attachment_id)


@repeated
def content(store: Store, task_id: str, attachment_id: str) -> bytes | None:
    """The content of an attachment; None for a link, and where there is no attachment."""
    with store.reading() as connection:
        return lists.content(connection, task_id, attachment_id)
