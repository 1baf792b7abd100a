"""Batches: one command for many external tasks, done by jobs in small steps.

A seed job makes the batch's jobs, a hundred at a time; a monitor job ends the batch when all of
them are done. A job that fails keeps its batch, until it gets retries or is deleted.

Source: contract 3.19; Camunda 7 ``BatchEntity``, ``BatchSeedJobHandler``,
``BatchMonitorJobHandler``.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.engine.execution import external_tasks as engine
from app.engine.execution.run import Run
from app.engine.jobs import jobs
from app.engine.state import Batch, ExternalTask, Job
from app.errors import NotFoundError, NullValueError
from app.store import Store, Transaction
from app.store.commands import batches as commands

from .external_tasks import refuse_negative_retries
from .retries import select_tasks
from .retrying import repeated

SET_RETRIES = "set-external-task-retries"
SEED, MONITOR = "batch-seed-job", "batch-monitor-job"
KINDS = frozenset((SET_RETRIES, SEED, MONITOR))
JOBS_PER_SEED = 100
POLL = timedelta(seconds=5)  # between two checks of the monitor job; Camunda waits 30


class UnknownBatchError(NotFoundError):
    """No batch has the id."""

    def __init__(self, batch_id: str) -> None:
        super().__init__(f"Batch with id '{batch_id}' does not exist")


@repeated
def set_retries_of_many(
    store: Store,
    *,
    retries: int,
    external_task_ids: list[str | None] | None,
    process_instance_ids: list[str | None] | None,
    external_task_query: Mapping[str, Any] | None,
    process_instance_query: Mapping[str, Any] | None,
    historic_process_instance_query: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Set the retries of all tasks that any argument selects, each by a job of its own.

    The jobs find out about unknown ids and negative numbers.

    Returns:
        the batch, as its list has it.

    Raises:
        BulkRefusedError: nothing is selected, or an id is null.
    """
    ids = select_tasks(
        store,
        external_task_ids,
        process_instance_ids,
        external_task_query,
        process_instance_query,
        historic_process_instance_query,
    )
    with store.transaction() as tx:
        batch = Batch(
            id=tx.new_id(),
            type=SET_RETRIES,
            start_time=tx.now,
            total_jobs=len(ids),
            jobs_created=0,
            is_suspended=False,
            configuration=json.dumps({"ids": ids, "retries": retries}),
        )
        tx.records.add(batch)
        _add_job(tx, batch, SEED)
    return commands.view(batch)


def _add_job(
    tx: Transaction, batch: Batch, kind: str, configuration: str | None = None, wait: bool = False
) -> None:
    tx.records.add(
        Job(
            id=tx.new_id(),
            kind=kind,
            create_time=tx.now,
            retries=jobs.DEFAULT_RETRIES,
            priority=0,
            is_exclusive=False,  # it belongs to no instance whose jobs could get in its way
            is_suspended=batch.is_suspended,
            configuration=configuration,
            batch_id=batch.id,
            due_date=tx.now + POLL if wait else None,
            tenant_id=batch.tenant_id,
        )
    )


# -- jobs -----------------------------------------------------------------------------------


def perform(tx: Transaction, job: Job) -> None:
    """Perform a job of a batch and remove it.

    Raises:
        NullValueError: the external task that it is about does not exist.
        BadUserRequestError: the number of retries is negative.
    """
    tx.records.remove(job)
    if job.kind == SET_RETRIES:
        _set_retries(tx, json.loads(job.configuration or ""))
        return
    batch = tx.locks.row(Batch, job.batch_id or "")
    if batch is None:
        return
    if job.kind == SEED:
        _seed(tx, batch)
    elif commands.has_jobs(tx, batch.id, batch.type):
        _add_job(tx, batch, MONITOR, wait=True)
    else:
        tx.records.remove(batch)


def _seed(tx: Transaction, batch: Batch) -> None:
    """Make the next jobs; behind the last ones comes the monitor."""
    wanted = json.loads(batch.configuration)
    # in portions: a hundred thousand jobs in one transaction would hold up all others on SQLite
    some = wanted["ids"][batch.jobs_created : batch.jobs_created + JOBS_PER_SEED]
    for task_id in some:
        configuration = json.dumps({"id": task_id, "retries": wanted["retries"]})
        _add_job(tx, batch, batch.type, configuration)
    batch.jobs_created += len(some)
    batch.execution_start_time = batch.execution_start_time or tx.now
    _add_job(tx, batch, SEED if batch.jobs_created < batch.total_jobs else MONITOR)


def _set_retries(tx: Transaction, wanted: dict[str, Any]) -> None:
    refuse_negative_retries(wanted["retries"])
    task = tx.locks.lock_row(ExternalTask, wanted["id"])
    if task is None:
        raise NullValueError(
            f"Cannot find external task with id {wanted['id']}: externalTask is null"
        )
    engine.set_retries(Run(tx), task, wanted["retries"])


# -- operators --------------------------------------------------------------------------------


def _locked(tx: Transaction, batch_id: str) -> Batch:
    found = tx.locks.row(Batch, batch_id)
    if found is None:
        raise UnknownBatchError(batch_id)
    return found


@repeated
def set_suspended(store: Store, batch_id: str, *, suspended: bool) -> None:
    """Suspend or activate a batch with its jobs.

    Raises:
        UnknownBatchError: no such batch.
    """
    with store.transaction() as tx:
        _locked(tx, batch_id).is_suspended = suspended
        commands.set_jobs_suspended(tx, batch_id, suspended)


@repeated
def delete(store: Store, batch_id: str) -> None:
    """Delete a batch with its jobs; tasks that have new retries keep them.

    Raises:
        UnknownBatchError: no such batch.
    """
    with store.transaction() as tx:
        tx.records.remove(_locked(tx, batch_id))
        commands.remove_jobs(tx, batch_id)
