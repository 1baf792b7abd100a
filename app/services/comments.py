"""Comments on user tasks, which a process instance may be named in as well.

They are looked up by the history: a task that is over can be talked about.

Source: contract 11.1; Camunda 7 ``AddCommentCmd``, ``UpdateCommentCmd``, ``DeleteTaskCommentCmd``.
"""

from typing import Any

from app.engine.execution import user_tasks
from app.engine.execution.run import Run
from app.engine.state import Execution, Task
from app.errors import EngineError, InvalidRequestError, NotFoundError
from app.store import Store, Transaction
from app.store.commands import discussion as commands
from app.store.commands import tasks as places
from app.store.lists import discussion as lists

from . import user_operations
from .retrying import repeated

TASK, INSTANCE = "task", "processInstance"


class UnknownTaskError(NotFoundError):
    """Neither is there a task with the id, nor was there one."""

    code = None

    def __init__(self, task_id: str) -> None:
        super().__init__(f"No task found for task id {task_id}")


class UnknownInstanceError(NotFoundError):
    """Neither is there a process instance with the id, nor was there one."""

    code = None

    def __init__(self, instance_id: str) -> None:
        super().__init__(f"No process instance found for id {instance_id}")


class NoHistoryError(InvalidRequestError):
    """Without a history nothing keeps what is said."""

    def __init__(self) -> None:
        super().__init__("History is not enabled")


class NothingSaidError(EngineError):
    """A comment has no message."""

    def __init__(self) -> None:
        super().__init__("Not enough parameters submitted")


class OverError(InvalidRequestError):
    """A task or an instance is over: what was said of it stays as it is."""

    def __init__(self, kind: str, owner_id: str) -> None:
        word = {TASK: "taskId", INSTANCE: "processInstanceId"}[kind]
        super().__init__(f"No {kind} exists with {word}: {owner_id}: {kind} is null")


class UnknownCommentError(InvalidRequestError):
    """The task or the instance has no such comment."""

    def __init__(self, kind: str, owner_id: str, comment_id: str) -> None:
        word = {TASK: "taskId", INSTANCE: "processInstanceId"}[kind]
        super().__init__(
            f"No comment exists with commentId: {comment_id} and {word}: {owner_id}: "
            "comment is null"
        )


def talk_about(tx: Transaction, task_id: str) -> tuple[Task | None, places.Place]:
    """Lock a task as far as it is still there, and what the history has of it.

    Raises:
        NoHistoryError: nothing is kept.
        UnknownTaskError: there is no such task, and there was none.
    """
    if tx.history_level == "none":
        raise NoHistoryError
    # The task before its history, which is the order of everything that ends one.
    task = tx.locks.lock_row(Task, task_id)
    place = places.place_of(tx, task_id)
    if place is None:
        raise UnknownTaskError(task_id)
    return task, place


def note_change(tx: Transaction, task: Task | None) -> None:
    """Tell the listeners of a task that is still there that it was updated."""
    if task is not None:
        user_tasks.change(Run(tx), task)


@repeated
def create(
    store: Store,
    task_id: str,
    *,
    message: str | None,
    process_instance_id: str | None,
    user_id: str | None = None,
) -> dict[str, Any]:
    """Say something about a task.

    Args:
        user_id: who says it, where that is known.
        process_instance_id: the instance at which the comment is to be listed, too.

    Returns:
        the view of the comment.

    Raises:
        NoHistoryError: nothing is kept.
        UnknownTaskError: there is no such task, and there was none.
        NothingSaidError: there is no message.
    """
    with store.transaction() as tx:
        task, place = talk_about(tx, task_id)
        if message is None:
            raise NothingSaidError
        view: dict[str, Any] = {
            "id": tx.new_id(),
            "task_id": task_id,
            "time": tx.now,
            "message": message,
            "user_id": user_id or store.user_id,
            "named_instance_id": process_instance_id,
            "process_instance_id": place.process_instance_id,
            # as the reference engine has it: what is said of a task that is over names no root
            "root_process_instance_id": None if task is None else task.root_process_instance_id,
        }
        commands.add_comment(tx, **view)
        note_change(tx, task)
    return {**view, "removal_time": None}


def _check(comment_id: str | None, message: str | None) -> tuple[str, str]:
    # In the order of the reference engine: the comment is missed before its text.
    if comment_id is None:
        raise InvalidRequestError("commentId is null")
    if message is None:
        raise InvalidRequestError("message is null")
    return comment_id, message


@repeated
def update_of_task(
    store: Store, task_id: str, *, comment_id: str | None, message: str | None
) -> None:
    """Change what a comment on a task says, and when it was said.

    Raises:
        UnknownTaskError: there is no such task, and there was none.
        InvalidRequestError: the comment or the message is not given.
        UnknownCommentError: the task has no such comment.
        OverError: the task is over.
    """
    with store.transaction() as tx:
        task, _ = talk_about(tx, task_id)
        known_id, text = _check(comment_id, message)
        before = commands.message_of(tx, known_id) if user_operations.is_noted(tx) else None
        # Before the task is missed: the reference reports an unknown comment first. The exception
        # undoes it.
        if not commands.change_comment(tx, commands.OF_TASK, task_id, known_id, text, tx.now):
            raise UnknownCommentError(TASK, task_id, known_id)
        if task is None:
            raise OverError(TASK, task_id)
        _note(tx, "UpdateComment", task, before, text)
        note_change(tx, task)


@repeated
def delete_of_task(store: Store, task_id: str, comment_id: str | None = None) -> None:
    """Delete a comment on a task, or all of them; one that is not there is no error.

    Raises:
        UnknownTaskError: there is no such task, and there was none.
        OverError: the task is over.
    """
    with store.transaction() as tx:
        task, _ = talk_about(tx, task_id)
        if task is None:
            raise OverError(TASK, task_id)
        commands.delete_comments(tx, commands.OF_TASK, task_id, comment_id)
        _note(tx, "DeleteComment", task)
        note_change(tx, task)


def _note(
    tx: Transaction,
    operation_type: str,
    about: Task | Execution,
    before: str | None = None,
    now: str | None = None,
) -> None:
    """Write down what is done with a comment; of one that is deleted not what it said."""
    user_operations.note(
        tx,
        operation_type,
        "Comment",
        {"comment": (before, now)},
        about,
        category=user_operations.TASK_WORKER,
        where={"execution_id": about.id} if isinstance(about, Execution) else None,
    )


def _running(tx: Transaction, instance_id: str) -> Execution | None:
    """Lock an instance; None where it does not run any more.

    Raises:
        UnknownInstanceError: there is no such instance, and there was none.
    """
    instance = tx.locks.lock_execution(instance_id)
    # An execution inside of an instance has no comments; the history knows no such instance.
    if instance is not None and instance.parent_id is None:
        return instance
    if not places.has_instance(tx, instance_id):
        raise UnknownInstanceError(instance_id)
    return None


@repeated
def update_of_instance(
    store: Store, instance_id: str, *, comment_id: str | None, message: str | None
) -> None:
    """Change what a comment says that names an instance.

    Raises:
        UnknownInstanceError: there is no such instance, and there was none.
        InvalidRequestError: the comment or the message is not given.
        UnknownCommentError: no such comment names the instance.
        OverError: the instance is over.
    """
    with store.transaction() as tx:
        instance = _running(tx, instance_id)
        known_id, text = _check(comment_id, message)
        before = commands.message_of(tx, known_id) if user_operations.is_noted(tx) else None
        if not commands.change_comment(
            tx, commands.OF_INSTANCE, instance_id, known_id, text, tx.now
        ):
            raise UnknownCommentError(INSTANCE, instance_id, known_id)
        if instance is None:
            raise OverError(INSTANCE, instance_id)
        _note(tx, "UpdateComment", instance, before, text)


@repeated
def delete_of_instance(store: Store, instance_id: str, comment_id: str | None = None) -> None:
    """Delete a comment that names an instance, or all; one that is not there is no error.

    Raises:
        UnknownInstanceError: there is no such instance, and there was none.
        OverError: the instance is over.
    """
    with store.transaction() as tx:
        instance = _running(tx, instance_id)
        if instance is None:
            raise OverError(INSTANCE, instance_id)
        commands.delete_comments(tx, commands.OF_INSTANCE, instance_id, comment_id)
        _note(tx, "DeleteComment", instance)


@repeated
def of_task(store: Store, task_id: str) -> list[dict[str, Any]]:
    """The comments on a task, newest first.

    Raises:
        UnknownTaskError: there is no such task, and there was none.
    """
    with store.reading() as connection:
        if not lists.has_task(connection, task_id):
            raise UnknownTaskError(task_id)
        return lists.comments_of_task(connection, task_id)


@repeated
def of_instance(store: Store, instance_id: str) -> list[dict[str, Any]]:
    """The comments that name an instance, newest first.

    Raises:
        UnknownInstanceError: there is no such instance, and there was none.
    """
    with store.reading() as connection:
        if not lists.has_instance(connection, instance_id):
            raise UnknownInstanceError(instance_id)
        return lists.comments_of_instance(connection, instance_id)


@repeated
def get(store: Store, task_id: str, comment_id: str) -> dict[str, Any] | None:
    """One comment on a task; None when there is none."""
    with store.reading() as connection:
        return lists.comment_of_task(connection, task_id, comment_id)
