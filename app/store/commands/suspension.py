"""Suspension of executions, tasks and jobs, and the state in the history.

Source: semantics 4.6; Camunda 7 ``AbstractSetStateCmd``.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Table, Text, bindparam, case, select, update

from app.engine.state import ProcessDefinition
from app.models.history import historic_process_instance
from app.models.repository import job_definition, process_definition
from app.models.runtime import execution, external_task, job, task
from app.store.connections.dialects import Among, Compiled, Given, Rows, Variants
from app.store.unit.guard import Found

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_SUSPENDED = bindparam("suspended", type_=Boolean)
_IDS: Any = bindparam("ids")
_STATE_NAME = case((_SUSPENDED, "SUSPENDED"), else_="ACTIVE")


def _set(table: Table) -> Compiled:
    return Compiled(
        lambda: (
            update(table)
            .where(Among(table.c.process_instance_id, _IDS))
            .values(is_suspended=_SUSPENDED)
        )
    )


# every row has a copy of the flag, so that the partial indexes of free tasks and due jobs leave
# suspended ones out without a join
# By the index that each table has of its instances: ix_execution_process_instance,
# ix_job_process_instance, ….
_SUSPEND_ROWS_OF_INSTANCES = [_set(table) for table in (execution, external_task, task, job)]
# By the primary key.
_NOTE_STATE_OF_INSTANCES = Compiled(
    lambda: (
        update(historic_process_instance)
        .where(
            Among(historic_process_instance.c.id, _IDS),
            historic_process_instance.c.end_time.is_(None),
        )
        .values(state=_STATE_NAME)
    )
)
# By the primary key.
_INSTANCES_FOUND = Compiled(
    lambda: select(execution.c.id, execution.c.root_process_instance_id).where(
        Among(execution.c.id, _IDS), execution.c.parent_id.is_(None)
    )
)
# By ix_execution_in_definition.
_INSTANCES_OF_DEFINITION = Compiled(
    lambda: select(execution.c.id, execution.c.root_process_instance_id).where(
        execution.c.process_definition_id == bindparam("id", type_=Text),
        execution.c.parent_id.is_(None),
    )
)
# By ix_job_definition.
_SUSPEND_START_TIMERS = Compiled(
    lambda: (
        update(job)
        .where(
            job.c.process_definition_id == bindparam("id", type_=Text), job.c.execution_id.is_(None)
        )
        .values(is_suspended=_SUSPENDED)
    )
)


def set_instances(tx: "Transaction", instance_ids: Sequence[str], suspended: bool) -> None:
    """Suspend or activate instances."""
    ids = tx.sql.listed(instance_ids)
    _set_all(tx, lambda: tx.sql.rows(_INSTANCES_FOUND, ids=ids), suspended)


def set_instances_of(tx: "Transaction", definition_id: str, suspended: bool) -> None:
    """Suspend or activate every instance of a definition."""
    _set_all(tx, lambda: tx.sql.rows(_INSTANCES_OF_DEFINITION, id=definition_id), suspended)


def _set_all(tx: "Transaction", find: Callable[[], Rows], suspended: bool) -> None:
    # Behind the locks: a command that runs in one of them ends first, and sees no half of it.
    found = tx.locks.lock_all(lambda: [Found(*row) for row in find()])
    if found:
        ids = tx.sql.listed(instance.id for instance in found)
        for statement in (*_SUSPEND_ROWS_OF_INSTANCES, _NOTE_STATE_OF_INSTANCES):
            tx.sql.run(statement, ids=ids, suspended=suspended)


# By the primary key.
_JOBS_FOUND = Compiled(
    lambda: select(job.c.id, job.c.root_process_instance_id).where(Among(job.c.id, _IDS))
)
# By the primary key.
_SUSPEND_JOBS = Compiled(
    lambda: update(job).where(Among(job.c.id, _IDS)).values(is_suspended=_SUSPENDED)
)


# By ix_job_job_definition.
_JOBS_OF_DEFINITIONS = Compiled(
    lambda: select(job.c.id, job.c.root_process_instance_id).where(
        Among(job.c.job_definition_id, _IDS)
    )
)


def set_jobs(tx: "Transaction", job_ids: Sequence[str], suspended: bool) -> None:
    """Suspend or activate jobs."""
    _set_jobs(tx, _JOBS_FOUND, job_ids, suspended)


def set_jobs_of_definitions(
    tx: "Transaction", job_definition_ids: Sequence[str], suspended: bool
) -> None:
    """Suspend or activate the jobs of some job definitions."""
    _set_jobs(tx, _JOBS_OF_DEFINITIONS, job_definition_ids, suspended)


def _set_jobs(tx: "Transaction", find: Compiled, ids: Sequence[str], suspended: bool) -> None:
    wanted = tx.sql.listed(ids)
    # Behind the locks of their hierarchies: a run that makes or ends such a job is waited for.
    found = tx.locks.lock_all(lambda: [Found(*row) for row in tx.sql.rows(find, ids=wanted)])
    if found:
        tx.sql.run(_SUSPEND_JOBS, ids=tx.sql.listed(job.id for job in found), suspended=suspended)


# By ix_job_definition_definition.
_SUSPEND_JOB_DEFINITIONS = Compiled(
    lambda: (
        update(job_definition)
        .where(job_definition.c.process_definition_id == bindparam("id", type_=Text))
        .values(is_suspended=_SUSPENDED)
    )
)


def set_start_timers(tx: "Transaction", definition_id: str, suspended: bool) -> None:
    """Suspend or activate the timers that start instances, and all that will make jobs.

    Source: Camunda 7 ``AbstractSetProcessDefinitionStateCmd``.
    """
    # Without locks of instances: such a timer belongs to none.
    tx.sql.run(_SUSPEND_START_TIMERS, id=definition_id, suspended=suspended)
    tx.sql.run(_SUSPEND_JOB_DEFINITIONS, id=definition_id, suspended=suspended)


def _definitions(given: Given) -> Any:
    """Locked as a start does not: a start shares the row, so either waits for the other."""
    # An id names the tenant already; the filters by tenant narrow a key.
    column = process_definition.c.id if "id" in given else process_definition.c.key
    found = select(*process_definition.c).where(column == bindparam(column.name, type_=Text))
    if "tenant_id" in given:
        found = found.where(process_definition.c.tenant_id == bindparam("tenant_id", type_=Text))
    if "without_tenant_id" in given:
        found = found.where(process_definition.c.tenant_id.is_(None))
    return found.order_by(process_definition.c.id).with_for_update(key_share=True)


# By the primary key, or ix_process_definition_key.
_LOCKED_DEFINITIONS = Variants(_definitions)


def definitions(
    tx: "Transaction",
    definition_id: str | None,
    key: str | None,
    tenant_id: str | None,
    without_tenant_id: bool,
) -> list[ProcessDefinition]:
    """The definition of an id, or all versions of a key; nothing starts of them meanwhile."""
    rows = tx.sql.rows_given(
        _LOCKED_DEFINITIONS,
        id=definition_id,
        key=key,
        tenant_id=tenant_id,
        without_tenant_id=without_tenant_id or None,
    )
    return [ProcessDefinition(*row) for row in rows]
