"""The retries of many jobs, set by a batch.

Source: contract 10.6; Camunda 7 ``SetJobsRetriesBatchCmd``, ``SetJobsRetriesByProcessBatchCmd``.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.engine.execution.run import Run
from app.engine.jobs import jobs
from app.engine.state import Job
from app.errors import EngineError, InvalidRequestError
from app.store import Store, Transaction

from . import lists, process_instances, user_operations
from .batches import Kind, Part, create


def set_retries(
    store: Store,
    *,
    retries: int | None,
    due_date: datetime | None,
    sets_due_date: bool,
    job_ids: list[str | None] | None,
    job_query: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Set the retries of jobs by a batch, and their due date if it is given.

    Args:
        job_query: filters as `lists.ids` takes them.

    Raises:
        InvalidRequestError: there is no number, or no job.
        EngineError: the number is negative, or nothing says which jobs are meant.
    """
    _require(retries)
    # An empty list without a query counts as nothing said, not as no jobs.
    if not job_ids and job_query is None:
        raise EngineError("ENGINE-13050 You must specify at least one of jobIds or jobQuery.")
    ids = [i for i in job_ids or () if i is not None]
    if job_query is not None:
        ids += lists.ids(store, "job", job_query)
    return _create(store, ids, retries, due_date, sets_due_date)


def set_retries_of_instances(
    store: Store,
    *,
    retries: int | None,
    due_date: datetime | None,
    sets_due_date: bool,
    process_instance_ids: list[str | None] | None,
    process_instance_query: dict[str, Any] | None,
    historic_process_instance_query: dict[str, Any] | None,
) -> dict[str, Any]:
    """Set the retries of all jobs of instances by a batch, and their due date if it is given.

    Args:
        process_instance_query, historic_process_instance_query: filters as `lists.ids` takes
            them.

    Raises:
        InvalidRequestError: there is no number, or no job.
        EngineError: the number is negative, or nothing says which instances are meant.
    """
    _require(retries)
    queries = (process_instance_query, historic_process_instance_query)
    if not process_instance_ids and queries == (None, None):
        raise EngineError(
            "ENGINE-13051 You must specify at least one of or one of processInstanceIds, "
            "processInstanceQuery, or historicProcessInstanceQuery."
        )
    found = process_instances.selected(
        store,
        process_instance_ids=process_instance_ids,
        process_instance_query=process_instance_query,
        historic_process_instance_query=historic_process_instance_query,
    )
    instances = [i for i in found if i is not None]
    ids: list[str] = []
    for some in lists.portions(instances):
        # As the engine: the instances were found for the user, their jobs belong to them.
        ids += lists.ids(store.acting_for(None), "job", {"process_instance_ids": some})
    return _create(store, ids, retries, due_date, sets_due_date)


def _require(retries: int | None) -> None:
    if retries is None:
        raise InvalidRequestError("retries is null")


def _create(
    store: Store,
    job_ids: list[str],
    retries: int | None,
    due_date: datetime | None,
    sets_due_date: bool,
) -> dict[str, Any]:
    ids = list(dict.fromkeys(job_ids))
    if not ids:
        raise InvalidRequestError("jobIds is empty")
    # Behind the jobs: the reference engine misses those before it looks at the number.
    if retries is not None and retries < 0:
        raise EngineError("Retries count is not greater than or equal to 0")
    arguments: dict[str, Any] = {"retries": retries}
    if sets_due_date:
        # Present and null sets "no due date"; absent leaves it as it is.
        arguments["due_date"] = due_date.isoformat() if due_date is not None else None

    def note(tx: Transaction) -> None:
        changes = user_operations.of_many(len(ids), is_async=True, retries=retries)
        user_operations.note(tx, "SetJobRetries", "Job", changes)

    return create(store, RETRIES, ids, arguments, note=note)


def _set_retries(tx: Transaction, part: Part) -> None:
    """Set the retries of one job.

    Raises:
        EngineError: it does not exist.
    """
    job = tx.locks.lock_row(Job, part.id)
    if job is None:
        raise EngineError(f"ENGINE-13053 No job found with id '{part.id}'.'")
    jobs.set_retries(Run(tx), job, part.arguments["retries"])
    if "due_date" in part.arguments:
        timestamp = part.arguments["due_date"]
        job.due_date = None if timestamp is None else datetime.fromisoformat(timestamp)


RETRIES = Kind("set-job-retries", _set_retries, "SET_JOB_RETRIES")
