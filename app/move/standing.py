"""Whether a tenant stands still, and whether it can be moved without tearing anything apart.

Source: docs/scaling.md, "Moving a tenant".
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from app.models import history, repository, runtime

from .problems import MoveError

_SHOWN = 5  # ids of a reason


def require_stopped(connection: Connection, tenant: str) -> None:
    """Refuse a tenant that works, or might go on to.

    Raises:
        MoveError: with everything that keeps it from being moved.
    """
    found = [*_active(connection, tenant), *_locked(connection, tenant), *_torn(connection, tenant)]
    if found:
        raise MoveError(f"The tenant '{tenant}' cannot be moved: {'; '.join(found)}")


def _active(connection: Connection, tenant: str) -> Iterator[str]:
    """Refusals for definitions and instances of the tenant that are not suspended."""
    for table, name in (
        (repository.process_definition, "process definitions"),
        (repository.job_definition, "job definitions"),
        (runtime.execution, "executions"),
        (runtime.job, "jobs"),
        (runtime.batch, "batches"),
    ):
        rows = select(table.c.id).where(
            table.c.tenant_id == tenant, table.c.is_suspended.is_(False)
        )
        yield from _said(connection, rows, f"{name} are not suspended")


def _locked(connection: Connection, tenant: str) -> Iterator[str]:
    """Refusals for tasks and jobs that workers and job executors hold."""
    now = _now(connection)
    task, job = runtime.external_task, runtime.job
    rows = select(task.c.id).where(
        # A lock that has expired holds no worker up, though its mark stays until the next fetch.
        task.c.tenant_id == tenant,
        task.c.is_locked,
        task.c.lock_expiration_time > now,
    )
    yield from _said(connection, rows, "external tasks are locked by workers")
    rows = select(job.c.id).where(job.c.tenant_id == tenant, job.c.lock_expiration_time > now)
    yield from _said(connection, rows, "jobs are locked by a job executor")


def _torn(connection: Connection, tenant: str) -> Iterator[str]:
    """Refusals for instances that belong together with those of other tenants, or of none."""
    for table in (runtime.execution, history.historic_process_instance):
        upper = table.alias("upper")
        # NULL differs from nothing in SQL, and no tenant is a side of its own here.
        theirs = func.coalesce(table.c.tenant_id, "") != func.coalesce(upper.c.tenant_id, "")
        rows = (
            select(table.c.id)
            .join(upper, upper.c.id == table.c.root_process_instance_id)
            .where(theirs, (table.c.tenant_id == tenant) | (upper.c.tenant_id == tenant))
        )
        name = "running" if table is runtime.execution else "ended"
        yield from _said(connection, rows, f"{name} instances call or are called across tenants")
    yield from _said(connection, _of_others(tenant), "executions are of shared process definitions")


def _of_others(tenant: str) -> Select[tuple[str]]:
    """Executions whose definition would stay behind."""
    definition = repository.process_definition
    own = select(definition.c.id).where(definition.c.tenant_id == tenant)
    execution = runtime.execution.c
    return select(execution.id).where(
        execution.tenant_id == tenant, execution.process_definition_id.not_in(own)
    )


def _said(connection: Connection, rows: Select[Any], text: str) -> Iterator[str]:
    """A reason with a few of the ids that it is about; none where there are none."""
    count = connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one()
    if count:
        ids = [row[0] for row in connection.execute(rows.limit(_SHOWN))]
        yield f"{count} {text} ({', '.join(ids)}{', …' if count > len(ids) else ''})"


def _now(connection: Connection) -> datetime:
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    # The database's clock, which set the locks; `now()` would be that of the transaction's
    # beginning.
    found: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return found


def count(connection: Connection, table: Table, condition: Any) -> int:
    """How many rows of a table are the tenant's."""
    found = connection.execute(select(func.count()).select_from(table).where(condition))
    return int(found.scalar_one())
