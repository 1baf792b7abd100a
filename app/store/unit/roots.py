"""The references of rows to their call hierarchy, changed when an instance leaves it."""

from typing import Any

from sqlalchemy import (
    BindParameter,
    String,
    Table,
    and_,
    bindparam,
    null,
    select,
    update,
)
from sqlalchemy.sql import ColumnElement

from app.models import history
from app.models.decisions import historic_decision_instance
from app.models.monitoring import user_operation
from app.models.runtime import (
    event_subscription,
    execution,
    external_task,
    incident,
    job,
    task,
)
from app.models.tasks import attachment, comment, identity_link
from app.store.connections.dialects import Among, Compiled

from . import narrowing

_ID = bindparam("id", type_=String)
_IDS: BindParameter[Any] = bindparam("ids")


# every row names its root, so that a lock is found in one step; the price is paid here, when a
# called instance outlives its caller
def _new_root(table: Table) -> Compiled:
    found: ColumnElement[bool] = Among(table.c.get("process_instance_id", table.c.id), _IDS)
    if table in narrowing.TABLES:  # the others follow their instance
        found = and_(found, table.c.root_process_instance_id.is_not(None))
    return Compiled(
        lambda: (
            update(table)
            .where(found)
            .values(root_process_instance_id=bindparam("root", type_=String))
        )
    )


def _keep_definition(table: Table) -> Compiled:
    """Let what has happened in some instances name the definition that they are still of."""
    instance = history.historic_process_instance.c

    def of_instance(name: str) -> Any:
        return (
            select(instance[name])
            .where(instance.id == table.c.process_instance_id)
            .scalar_subquery()
        )

    return Compiled(
        lambda: (
            update(table)
            .where(
                Among(table.c.process_instance_id, _IDS), table.c.process_definition_id.is_(None)
            )
            .values(
                process_definition_id=of_instance("process_definition_id"),
                process_definition_key=of_instance("process_definition_key"),
            )
        )
    )


WITH_ROOT = (  # all tables that name a root, in the one order in which rows are locked
    execution,
    external_task,
    task,
    identity_link,
    job,
    event_subscription,
    incident,
    history.historic_process_instance,
    *history.OF_INSTANCE,
    user_operation,
    comment,
    attachment,
    historic_decision_instance,
)
# By the index that each table has of its instances: ix_job_process_instance, ix_hi_task_instance,
# ….
NEW_ROOT = [_new_root(table) for table in WITH_ROOT]
# The reference engine forgets the caller too, though not the root.
NO_CALLER = Compiled(
    lambda: (
        update(history.historic_process_instance)
        .where(history.historic_process_instance.c.id == _ID)
        .values(super_process_instance_id=null())
    )
)
# By the same: ix_hi_detail_instance, …; the instance by its primary key.
KEEP_DEFINITION = [_keep_definition(table) for table in narrowing.TABLES]
