"""Batches and their jobs.

Source: contract 3.19.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Text, bindparam, delete, select, update

from app.engine.state import Batch
from app.models.runtime import job
from app.store.connections.dialects import Compiled

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_ID = bindparam("id", type_=Text)
# one row is enough to know: a batch may have thousands of jobs
_HAS_JOBS = Compiled(
    lambda: (
        select(job.c.id)
        .where(job.c.batch_id == _ID, job.c.kind == bindparam("kind", type_=Text))
        .limit(1)
    )
)
_SUSPEND = Compiled(
    lambda: (
        update(job)
        .where(job.c.batch_id == _ID)
        .values(is_suspended=bindparam("suspended", type_=Boolean))
    )
)
_REMOVE = Compiled(lambda: delete(job).where(job.c.batch_id == _ID))


def has_jobs(tx: "Transaction", batch_id: str, kind: str) -> bool:
    """Whether jobs of a kind are left."""
    return bool(tx.sql.rows(_HAS_JOBS, id=batch_id, kind=kind))


def set_jobs_suspended(tx: "Transaction", batch_id: str, suspended: bool) -> None:
    """Suspend or activate the jobs of a batch."""
    tx.sql.run(_SUSPEND, id=batch_id, suspended=suspended)


def remove_jobs(tx: "Transaction", batch_id: str) -> None:
    """Delete the jobs of a batch."""
    tx.sql.run(_REMOVE, id=batch_id)


def view(batch: Batch) -> dict[str, Any]:
    """A batch as lists have it."""
    return {name: getattr(batch, name) for name in Batch.__slots__}
