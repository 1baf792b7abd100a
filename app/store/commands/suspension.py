"""What suspension changes: executions, tasks, jobs, and the state in the history.

Source: engine semantics 4.6; Camunda 7 ``AbstractSetStateCmd``.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Table, Text, bindparam, case, select, update

from app.engine.state import ProcessDefinition
from app.models.history import historic_process_instance
from app.models.repository import process_definition
from app.models.runtime import execution, external_task, job, task
from app.store.connections.dialects import Among, Compiled

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_SUSPENDED = bindparam("suspended", type_=Boolean)
_INSTANCES: Any = bindparam("ids")
_STATE = case((_SUSPENDED, "SUSPENDED"), else_="ACTIVE")


def _set(table: Table) -> Compiled:
    return Compiled(
        lambda: (
            update(table)
            .where(Among(table.c.process_instance_id, _INSTANCES))
            .values(is_suspended=_SUSPENDED)
        )
    )


_RUNTIME = [_set(table) for table in (execution, external_task, task, job)]
_HISTORY = Compiled(
    lambda: (
        update(historic_process_instance)
        .where(
            Among(historic_process_instance.c.id, _INSTANCES),
            historic_process_instance.c.end_time.is_(None),
        )
        .values(state=_STATE)
    )
)
_ROOTS = Compiled(
    lambda: select(execution.c.id, execution.c.root_process_instance_id).where(
        Among(execution.c.id, _INSTANCES), execution.c.parent_id.is_(None)
    )
)
_OF_DEFINITION = Compiled(
    lambda: select(execution.c.id, execution.c.root_process_instance_id).where(
        execution.c.process_definition_id == bindparam("id", type_=Text),
        execution.c.parent_id.is_(None),
    )
)
_START_TIMERS = Compiled(
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
    _set_all(tx, tx.rows(_ROOTS, ids=tx.listed(instance_ids)), suspended)


def set_instances_of(tx: "Transaction", definition_id: str, suspended: bool) -> None:
    """Suspend or activate every instance of a definition."""
    _set_all(tx, tx.rows(_OF_DEFINITION, id=definition_id), suspended)


def _set_all(tx: "Transaction", found: Sequence[tuple[Any, ...]], suspended: bool) -> None:
    if not found:
        return
    tx.lock_roots(root for _, root in found)
    ids = tx.listed(instance for instance, _ in found)
    for statement in (*_RUNTIME, _HISTORY):
        tx.run(statement, ids=ids, suspended=suspended)


_ROOTS_OF_JOBS = Compiled(
    lambda: select(job.c.root_process_instance_id).where(
        Among(job.c.id, _INSTANCES), job.c.root_process_instance_id.is_not(None)
    )
)
_JOBS = Compiled(
    lambda: update(job).where(Among(job.c.id, _INSTANCES)).values(is_suspended=_SUSPENDED)
)


def set_jobs(tx: "Transaction", job_ids: Sequence[str], suspended: bool) -> None:
    """Suspend or activate jobs."""
    if not job_ids:
        return
    ids = tx.listed(job_ids)
    tx.lock_roots(row[0] for row in tx.rows(_ROOTS_OF_JOBS, ids=ids))
    tx.run(_JOBS, ids=ids, suspended=suspended)


def set_start_timers(tx: "Transaction", definition_id: str, suspended: bool) -> None:
    """Suspend or activate the timers that start instances."""
    tx.run(_START_TIMERS, id=definition_id, suspended=suspended)


def _definitions(by_id: bool, tenanted: bool, untenanted: bool) -> Any:
    column = process_definition.c.id if by_id else process_definition.c.key
    found = select(*process_definition.c).where(column == bindparam("wanted", type_=Text))
    if tenanted:
        found = found.where(process_definition.c.tenant_id == bindparam("tenant_id", type_=Text))
    if untenanted:
        found = found.where(process_definition.c.tenant_id.is_(None))
    return found.order_by(process_definition.c.id)


_DEFINITIONS = {
    (by_id, tenanted, untenanted): Compiled(
        lambda by_id=by_id, tenanted=tenanted, untenanted=untenanted: _definitions(  # type: ignore[misc]
            by_id, tenanted, untenanted
        )
    )
    for by_id in (False, True)
    for tenanted in (False, True)
    for untenanted in (False, True)
}


def definitions(
    tx: "Transaction",
    definition_id: str | None,
    key: str | None,
    tenant_id: str | None,
    without_tenant_id: bool,
) -> list[ProcessDefinition]:
    """The definition of an id, or all versions of a key."""
    parameters = {"wanted": definition_id if definition_id is not None else key}
    if tenant_id is not None:
        parameters["tenant_id"] = tenant_id
    shape = definition_id is not None, tenant_id is not None, without_tenant_id
    return [ProcessDefinition(*row) for row in tx.rows(_DEFINITIONS[shape], **parameters)]
