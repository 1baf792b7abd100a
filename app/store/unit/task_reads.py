"""The queries that a transaction loads what belongs to user tasks with, by key."""

from sqlalchemy import Text, bindparam, select

from app.models.runtime import task
from app.models.tasks import identity_link
from app.store.connections.dialects import Compiled

_ID = bindparam("id", type_=Text)

# without a lock, for answers
# By the primary key.
TASK_SEEN = Compiled(lambda: select(*task.c).where(task.c.id == _ID))
# By ix_identity_link_task.
LINKS_OF_TASK = Compiled(
    lambda: (
        select(*identity_link.c).where(identity_link.c.task_id == _ID).order_by(identity_link.c.id)
    )
)
# in one order; who completes or deletes one of them alone holds its row
# By ix_task_parent, which has only tasks with a parent.
SUBTASKS_OF_TASK = Compiled(
    lambda: (
        select(*task.c)
        .where(task.c.parent_task_id == _ID, task.c.execution_id.is_(None))
        .order_by(task.c.id)
        .with_for_update()
    )
)
