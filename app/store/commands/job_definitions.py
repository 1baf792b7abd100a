"""The settings of job definitions, which go on to their jobs.

Source: contract 10.5; Camunda 7 ``JobDefinitionManager``, ``JobManager``.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Integer, Text, bindparam, select, update

from app.engine.state import JobDefinition
from app.models.base import Timestamp
from app.models.repository import job_definition, process_definition
from app.models.runtime import job
from app.store.connections.dialects import Among, Compiled, Given, Variants

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_IDS: Any = bindparam("ids")


def _found(given: Given) -> Any:
    """The job definitions that are meant; the tenant is that of the process definition."""
    column = job_definition.c["id" if "id" in given else "process_definition_id"]
    wanted = select(*job_definition.c)
    if "key" in given:
        versions = select(process_definition.c.id).where(
            process_definition.c.key == bindparam("key", type_=Text)
        )
        if "tenant_id" in given:
            tenant = process_definition.c.tenant_id == bindparam("tenant_id", type_=Text)
            versions = versions.where(tenant)
        if "without_tenant_id" in given:
            versions = versions.where(process_definition.c.tenant_id.is_(None))
        wanted = wanted.where(column.in_(versions))
    else:
        name = "id" if "id" in given else "process_definition_id"
        wanted = wanted.where(column == bindparam(name, type_=Text))
    # In one order, or two commands that lock several could wait for each other.
    return wanted.order_by(job_definition.c.id)


# By the primary key, or ix_job_definition_definition; the versions of a key by
# ix_process_definition_key.
_JOB_DEFINITIONS = Variants(_found)
# As above: primary key, or ix_job_definition_definition.
_LOCKED_JOB_DEFINITIONS = Variants(lambda given: _found(given).with_for_update(of=job_definition))


@dataclass(frozen=True)
class Wanted:
    """Which job definitions are meant: that of an id, or all of a process definition or a key.

    Attributes:
        tenant_id, without_tenant_id: narrow a key.
    """

    id: str | None = None
    process_definition_id: str | None = None
    key: str | None = None
    tenant_id: str | None = None
    without_tenant_id: bool | None = None

    def seen(self, tx: "Transaction") -> list[JobDefinition]:
        """The definitions without a lock, for what of them never changes."""
        return [JobDefinition(*row) for row in tx.sql.rows_given(_JOB_DEFINITIONS, **asdict(self))]

    def locked(self, tx: "Transaction") -> list[JobDefinition]:
        """The definitions, locked in one order."""
        rows = tx.sql.rows_given(_LOCKED_JOB_DEFINITIONS, **asdict(self))
        return tx.records.load_all(JobDefinition(*row) for row in rows)


# By ix_job_job_definition.
_PRIORITIZE_JOBS = Compiled(
    lambda: (
        update(job)
        .where(Among(job.c.job_definition_id, _IDS))
        .values(priority=bindparam("priority", type_=BigInteger))
    )
)


def prioritize_jobs(tx: "Transaction", definition_id: str, priority: int) -> None:
    """Give the jobs of a definition a priority, on which no token depends."""
    tx.sql.run(_PRIORITIZE_JOBS, ids=tx.sql.listed([definition_id]), priority=priority)


def _retry(given: Given) -> Any:
    """Only jobs without retries; the due date stays unless one is given."""
    values: dict[str, Any] = {"retries": bindparam("retries", type_=Integer)}
    if "sets_due_date" in given:
        values["due_date"] = bindparam("due_date", type_=Timestamp())
    wanted = job.c.job_definition_id == bindparam("id", type_=Text), job.c.retries == 0
    return update(job).where(*wanted).values(values)


# By ix_job_job_definition.
_RETRY_JOBS = Compiled(lambda: _retry(frozenset()))
# By ix_job_job_definition.
_RETRY_JOBS_AT = Compiled(lambda: _retry(frozenset(("sets_due_date",))))


def retry_jobs(
    tx: "Transaction",
    definition_id: str,
    retries: int,
    due_date: datetime | None,
    *,
    sets_due_date: bool,
) -> None:
    """Give retries to the jobs of a definition that have none left; their incidents stay.

    Without the locks of their hierarchies: no token depends on these columns, and whoever runs or
    changes a job has locked its row.
    """
    # By a flag of its own: None is a due date, too, and means at once.
    if sets_due_date:
        tx.sql.run(_RETRY_JOBS_AT, id=definition_id, retries=retries, due_date=due_date)
    else:
        tx.sql.run(_RETRY_JOBS, id=definition_id, retries=retries)
