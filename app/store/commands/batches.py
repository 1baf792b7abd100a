"""Batches, the ids that they are about, and their jobs.

Source: contract 3.19 and 10.6.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import Boolean, Text, bindparam, delete, select, union_all, update

from app.engine.state import Batch, as_view
from app.models.base import Timestamp
from app.models.history import historic_batch, historic_process_instance
from app.models.repository import job_definition, process_definition
from app.models.runtime import batch, batch_elements, execution, job
from app.store.connections.dialects import Compiled

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

PORTION = 1000  # ids in one row: a seed job reads a row, and no step holds them all
_ID = bindparam("id", type_=Text)
_NOW = bindparam("now", type_=Timestamp())


# -- what a batch is about ------------------------------------------------------------------

# Adds one row.
_ADD_PORTION = Compiled(
    lambda: batch_elements.insert().values(
        id=_ID,
        batch_id=bindparam("batch_id", type_=Text),
        ids=bindparam("ids", type_=Text),
    )
)
# By the primary key: the batch and the number of the portion.
_IDS_OF_PORTION = Compiled(lambda: select(batch_elements.c.ids).where(batch_elements.c.id == _ID))
# By the primary key.
_REMOVE_PORTION = Compiled(lambda: delete(batch_elements).where(batch_elements.c.id == _ID))


def add_elements(tx: "Transaction", batch_id: str, ids: Sequence[str]) -> None:
    """Keep the ids that a batch is about, in portions."""
    for start in range(0, len(ids), PORTION):
        some = orjson.dumps(ids[start : start + PORTION]).decode()
        tx.sql.defer(_ADD_PORTION, id=_portion(batch_id, start), batch_id=batch_id, ids=some)


def next_elements(tx: "Transaction", batch_id: str, position: int, count: int) -> list[str]:
    """The ids from a position on, as many as are asked for or are left in its portion.

    A portion whose last id is answered is deleted.
    """
    portion = {"id": _portion(batch_id, position)}
    rows = tx.sql.rows(_IDS_OF_PORTION, **portion)
    if not rows:
        return []
    ids: list[str] = orjson.loads(rows[0][0])
    start = position % PORTION
    # Ids that a batch has worked off go with each portion, not all at its end.
    if start + count >= len(ids):
        tx.sql.defer(_REMOVE_PORTION, **portion)
    return ids[start : start + count]


def _portion(batch_id: str, position: int) -> str:
    return f"{batch_id}:{position // PORTION}"


def _deployment() -> Any:
    of_definition = select(process_definition.c.deployment_id)
    return union_all(
        of_definition.join(
            execution, execution.c.process_definition_id == process_definition.c.id
        ).where(execution.c.id == _ID),
        of_definition.join(
            historic_process_instance,
            historic_process_instance.c.process_definition_id == process_definition.c.id,
        ).where(historic_process_instance.c.id == _ID),
        select(job.c.deployment_id).where(job.c.id == _ID, job.c.deployment_id.is_not(None)),
    ).limit(1)


# By the primary keys: of an instance, one of the past or a job, and of its definition.
_DEPLOYMENT_OF_ELEMENT = Compiled(_deployment)


def deployment_of(tx: "Transaction", element_id: str) -> str | None:
    """The deployment of the definition of an instance or a job; None for anything else."""
    rows = tx.sql.rows(_DEPLOYMENT_OF_ELEMENT, id=element_id)
    return rows[0][0] if rows else None


# -- a job at work --------------------------------------------------------------------------


class Begun(NamedTuple):
    """The columns of its batch that a job reads.

    Attributes:
        configuration: JSON: what is done with each row.
        is_running: another job has begun to work already.
    """

    configuration: str
    is_running: bool


# By the primary key.
_STATE_OF_BATCH = Compiled(
    lambda: select(batch.c.configuration, batch.c.execution_start_time.is_not(None)).where(
        batch.c.id == _ID
    )
)


def _start() -> Any:
    # a batch that another transaction has locked is passed over: its job holds the lock of its own
    # row, for which that command may wait. The next job notes the time
    free = select(batch.c.id).where(batch.c.id == _ID, batch.c.execution_start_time.is_(None))
    return (
        update(batch)
        .where(batch.c.id.in_(free.with_for_update(skip_locked=True)))
        .values(execution_start_time=_NOW)
    )


# By the primary key.
_NOTE_START = Compiled(_start)
# By the primary key.
_NOTE_START_IN_HISTORY = Compiled(
    lambda: (
        update(historic_batch).where(historic_batch.c.id == _ID).values(execution_start_time=_NOW)
    )
)


def begin(tx: "Transaction", batch_id: str) -> str | None:
    """Begin a job of a batch; the first one notes the time.

    Returns:
        the configuration; None when the batch is gone.
    """
    rows = tx.sql.rows(_STATE_OF_BATCH, id=batch_id)
    if not rows:
        return None
    found = Begun(*rows[0])
    # Only the transaction whose update has met a row writes the history, too.
    if not found.is_running and tx.sql.run(_NOTE_START, id=batch_id, now=tx.now):
        tx.sql.defer(_NOTE_START_IN_HISTORY, id=batch_id, now=tx.now)
    return found.configuration


# one row is enough to know: a batch may have thousands of jobs
# By ix_job_batch. One row is enough to know: a batch may have thousands of jobs.
_ONE_JOB_OF_KIND = Compiled(
    lambda: (
        select(job.c.id)
        .where(job.c.batch_id == _ID, job.c.kind == bindparam("kind", type_=Text))
        .limit(1)
    )
)


def has_jobs(tx: "Transaction", batch_id: str, kind: str) -> bool:
    """Whether jobs of a kind are left."""
    return bool(tx.sql.rows(_ONE_JOB_OF_KIND, id=batch_id, kind=kind))


# -- suspension and the end -----------------------------------------------------------------

# By ix_job_batch.
_SUSPEND_JOBS_OF_BATCH = Compiled(
    lambda: (
        update(job)
        .where(job.c.batch_id == _ID)
        .values(is_suspended=bindparam("suspended", type_=Boolean))
    )
)


# By ix_job_definition_definition: only those of batches that run have no process definition.
_SUSPEND_JOB_DEFINITIONS_OF_BATCH = Compiled(
    lambda: (
        update(job_definition)
        .where(
            job_definition.c.process_definition_id.is_(None),
            job_definition.c.job_configuration == _ID,
        )
        .values(is_suspended=bindparam("suspended", type_=Boolean))
    )
)


def set_jobs_of_batch(tx: "Transaction", batch_id: str, suspended: bool) -> None:
    """Suspend or activate the jobs of a batch, with their definitions."""
    # Definitions before jobs: a job that is made in between takes its state from the definition.
    tx.sql.run(_SUSPEND_JOB_DEFINITIONS_OF_BATCH, id=batch_id, suspended=suspended)
    tx.sql.run(_SUSPEND_JOBS_OF_BATCH, id=batch_id, suspended=suspended)


def view(found: Batch) -> dict[str, Any]:
    """A batch as lists have it."""
    return as_view(found)
