"""Links of identity: who has to do with a user task other than its assignee and its owner.

A link may be there several times; who takes it away takes all of them.

Source: Camunda 7 ``TaskEntity.addIdentityLink``, ``deleteIdentityLink``.
"""

from typing import TYPE_CHECKING

from app.engine.state import IdentityLink, Task

if TYPE_CHECKING:
    from .protocol import Run

CANDIDATE = "candidate"


def add(
    run: "Run",
    task: Task,
    link_type: str,
    *,
    user_id: str | None = None,
    group_id: str | None = None,
) -> None:
    """Link a user or a group to a task."""
    link = IdentityLink(
        id=run.host.new_id(),
        task_id=task.id,
        type=link_type,
        user_id=user_id,
        group_id=group_id,
        process_instance_id=task.process_instance_id,
        root_process_instance_id=task.root_process_instance_id,
    )
    run.records.add(link)
    run.history.link_changed(task, link, "add")


def remove(
    run: "Run", task: Task, link_type: str, *, user_id: str | None, group_id: str | None
) -> None:
    """Take away every link of a type between a task and a user or a group."""
    for link in run.host.links_of(task.id):
        if (link.type, link.user_id, link.group_id) == (link_type, user_id, group_id):
            run.records.remove(link)
            run.history.link_changed(task, link, "delete")


def candidates(run: "Run", task: Task) -> list[IdentityLink]:
    """The links of candidates of a task, users before groups."""
    found = [link for link in run.host.links_of(task.id) if link.type == CANDIDATE]
    return sorted(found, key=lambda link: link.user_id is None)


def forget(run: "Run", task: Task) -> None:
    """Drop the links of a task that is gone; their rows are deleted with the task's."""
    # Dropped, not removed: one statement deletes them by the task's id, without loading them.
    for link in run.records.of(IdentityLink):
        if link.task_id == task.id:
            run.records.drop(link)
