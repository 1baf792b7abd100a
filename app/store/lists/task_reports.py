"""Reports on user tasks in addition to their list: their links, how many each group has.

Source: contract 11.8; Camunda 7 ``TaskReportImpl``.
"""

from typing import Any

from sqlalchemy import Connection, func, select

from app.models.runtime import task
from app.models.tasks import identity_link

link = identity_link.c


def links_of(connection: Connection, task_id: str) -> list[dict[str, Any]]:
    """The links of a task, oldest first."""
    # By ix_identity_link_task.
    wanted = select(link.user_id, link.group_id, link.type).where(link.task_id == task_id)
    return [dict(row) for row in connection.execute(wanted.order_by(link.id)).mappings()]


def candidate_groups(connection: Connection) -> list[dict[str, Any]]:
    """For each group, how many links it has with unassigned tasks.

    None stands for no group: links of users, and tasks without links. So the reference engine
    counts; a group that is linked twice counts twice.
    """
    # The unassigned tasks by ix_task_assignee, their links by ix_identity_link_task.
    wanted = (
        select(link.group_id.label("group_name"), func.count(task.c.id).label("task_count"))
        # Links of all types count: the reference joins without asking for candidates.
        .select_from(task.outerjoin(identity_link, link.task_id == task.c.id))
        .where(task.c.assignee.is_(None))
        .group_by(link.group_id)
        .order_by(link.group_id.asc().nulls_first())
    )
    return [dict(row) for row in connection.execute(wanted).mappings()]
