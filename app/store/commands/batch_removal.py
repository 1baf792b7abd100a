"""The rows that are deleted with a batch, and with its history.

Source: contract 10.6; Camunda 7 ``BatchEntity.delete``, ``DeleteHistoricBatchCmd``.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Text, bindparam, delete, func, insert, literal, null, select, update
from sqlalchemy.sql import ColumnElement

from app.engine.history.history import DELETED, REMOVED
from app.models.base import Timestamp
from app.models.history import historic_batch, historic_incident, historic_job_log
from app.models.repository import job_definition
from app.models.runtime import batch_elements, incident, job, variable
from app.store.connections.dialects import Among, Compiled, StatementClock

if TYPE_CHECKING:
    from app.store.unit.transaction import Transaction

_ID = bindparam("id", type_=Text)
_IDS: Any = bindparam("ids")
_DEFINITIONS: Any = bindparam("definitions")
_NOW = bindparam("now", type_=Timestamp())

# By ix_batch_elements_batch.
_REMOVE_ELEMENTS_OF_BATCH = Compiled(
    lambda: delete(batch_elements).where(batch_elements.c.batch_id == _ID)
)
# By ix_variable_batch, which has only variables that wait at batches.
_REMOVE_VARIABLES_OF_BATCH = Compiled(lambda: delete(variable).where(variable.c.batch_id == _ID))
# By ix_job_definition_definition: only those of batches that run have no process definition.
_REMOVE_JOB_DEFINITIONS_OF_BATCH = Compiled(
    lambda: delete(job_definition).where(
        job_definition.c.process_definition_id.is_(None),
        job_definition.c.job_configuration == _ID,
    )
)
# By the primary key.
_NOTE_END_OF_BATCH = Compiled(
    lambda: update(historic_batch).where(historic_batch.c.id == _ID).values(end_time=_NOW)
)


def end(tx: "Transaction", batch_id: str) -> None:
    """Delete what waits at a batch and its job definitions, and note its end in the history."""
    # Deferred statements travel in one round trip with the next that has an answer.
    tx.sql.defer(_REMOVE_ELEMENTS_OF_BATCH, id=batch_id)
    tx.sql.defer(_REMOVE_VARIABLES_OF_BATCH, id=batch_id)
    tx.sql.defer(_REMOVE_JOB_DEFINITIONS_OF_BATCH, id=batch_id)
    tx.sql.defer(_NOTE_END_OF_BATCH, id=batch_id, now=tx.now)


_FROM_JOB = {
    "job_id": job.c.id,
    "job_kind": job.c.kind,
    "exception_message": null(),
    "exception_stacktrace": null(),
}


def _log_deleted_jobs() -> Any:
    # all in one statement: a batch may have a hundred thousand jobs. Each is deleted once, so that
    # its own id makes that of the entry
    values: dict[str, ColumnElement[Any]] = {
        "id": job.c.id + literal(":deleted"),
        "timestamp": _NOW,
        "state": literal(DELETED),
        "job_definition_configuration": job.c.batch_id,
        "hostname": bindparam("hostname", type_=Text),
        **_FROM_JOB,
    }
    columns = [column.name for column in historic_job_log.c]
    found = [(values[n] if n in values else job.c[n]).label(n) for n in columns]
    return insert(historic_job_log).from_select(
        columns, select(*found).where(job.c.batch_id == _ID)
    )


# By ix_job_batch: the jobs of one batch.
_LOG_DELETED_JOBS = Compiled(_log_deleted_jobs)
# Only jobs without retries have incidents.
_INCIDENTS_OF_JOBS = select(incident.c.id).where(
    incident.c.configuration.in_(select(job.c.id).where(job.c.batch_id == _ID, job.c.retries == 0))
)
# By the primary key, the ids by ix_job_batch and ix_incident_configuration.
_END_INCIDENTS_OF_JOBS = Compiled(
    lambda: (
        update(historic_incident)
        .where(historic_incident.c.id.in_(_INCIDENTS_OF_JOBS))
        .values(state=REMOVED, end_time=_NOW)
    )
)
# By the primary key, the ids as above.
_REMOVE_INCIDENTS_OF_JOBS = Compiled(
    lambda: delete(incident).where(incident.c.id.in_(_INCIDENTS_OF_JOBS))
)
# By ix_job_batch.
_REMOVE_JOBS_OF_BATCH = Compiled(lambda: delete(job).where(job.c.batch_id == _ID))


def remove_jobs(tx: "Transaction", batch_id: str) -> None:
    """Delete the jobs of a batch with their incidents; the history keeps both as deleted."""
    if tx.history_level == "full":
        tx.sql.defer(_LOG_DELETED_JOBS, id=batch_id, hostname=tx.hostname, now=tx.now)
    # Below the full level there are no rows to end; what an earlier, fuller level has left is.
    if tx.history_level != "none":
        tx.sql.defer(_END_INCIDENTS_OF_JOBS, id=batch_id, now=tx.now)
    # Before the jobs, which tell which incidents are meant.
    tx.sql.defer(_REMOVE_INCIDENTS_OF_JOBS, id=batch_id)
    tx.sql.run(_REMOVE_JOBS_OF_BATCH, id=batch_id)


# -- history --------------------------------------------------------------------------------

# By ix_hi_job_log_batch, which has only entries of batches.
_REMOVE_LOGS_OF_BATCHES = Compiled(
    lambda: delete(historic_job_log).where(Among(historic_job_log.c.batch_id, _IDS))
)


def _remove_past_incidents(of_no_instance: ColumnElement[bool]) -> Any:
    return delete(historic_incident).where(
        of_no_instance, Among(historic_incident.c.job_definition_id, _DEFINITIONS)
    )


_OF_NO_INSTANCE = historic_incident.c.process_instance_id.is_(None)
# By ix_hi_incident_job_definition, which has only incidents of no instance. SQLite has no
# statistics: unless it is told that most rows are of that kind, it reads all of them by
# ix_hi_incident_instance.
_REMOVE_PAST_INCIDENTS = Compiled(
    lambda: _remove_past_incidents(func.likely(_OF_NO_INSTANCE)),
    postgresql=lambda: _remove_past_incidents(_OF_NO_INSTANCE),
)
# By the primary key.
_REMOVE_PAST_BATCHES = Compiled(
    lambda: delete(historic_batch).where(Among(historic_batch.c.id, _IDS))
)
# By the primary key.
_PAST_BATCHES = Compiled(
    lambda: select(
        historic_batch.c.id, historic_batch.c.type, historic_batch.c.job_definition_ids
    ).where(Among(historic_batch.c.id, _IDS))
)
# By ix_hi_batch_removal, from its front.
_EXPIRED_BATCHES = Compiled(
    lambda: (
        select(historic_batch.c.id)
        .where(
            historic_batch.c.removal_time <= StatementClock(),
            historic_batch.c.end_time.is_not(None),
        )
        # In portions, so that clean-up never holds locks on more rows than it can delete at once.
        .limit(bindparam("limit", type_=None))
    )
)


def remove_history(tx: "Transaction", batch_ids: Sequence[str]) -> int:
    """Delete the history of some batches with the logs of their jobs; returns of how many."""
    ids = tx.sql.listed(batch_ids)
    found = tx.sql.rows(_PAST_BATCHES, ids=ids)
    if not found:
        return 0
    definitions = tx.sql.listed(
        # A batch that was brought along has definitions with ids of their own, the third for its
        # jobs.
        orjson.loads(brought_along)[2] if brought_along else f"{batch_id}:{kind}"
        for batch_id, kind, brought_along in found
    )
    tx.sql.defer(_REMOVE_PAST_INCIDENTS, definitions=definitions)
    tx.sql.defer(_REMOVE_LOGS_OF_BATCHES, ids=ids)
    return tx.sql.run(_REMOVE_PAST_BATCHES, ids=ids)


def remove_expired(tx: "Transaction", limit: int) -> int:
    """Delete the history of some batches past their removal time; returns of how many."""
    return remove_history(tx, [row[0] for row in tx.sql.rows(_EXPIRED_BATCHES, limit=limit)])
