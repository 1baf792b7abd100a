"""Settings of job definitions: retries, suspension and priority of their jobs.

Source: contract 10.5; Camunda 7 ``SetJobRetriesCmd``, ``AbstractSetJobDefinitionStateCmd``,
``SetJobDefinitionPriorityCmd``.
"""

import json
from dataclasses import asdict
from datetime import datetime

from app.engine.jobs.jobs import DEFAULT_RETRIES
from app.engine.state import Job, JobDefinition, Record
from app.errors import BadUserRequestError, EngineError, NotFoundError
from app.security.needs import RETRY, UPDATE, UPDATE_DEFINITION, Need
from app.store import Store, Transaction
from app.store.commands import job_definitions as commands
from app.store.commands import suspension

from . import permits, user_operations
from .permits import of_all_instances, of_key
from .retrying import repeated
from .user_operations import Changes

SUSPENDS, ACTIVATES = "suspend-job-definition", "activate-job-definition"


class UnknownJobDefinitionError(NotFoundError):
    """No job definition has the id."""

    code = None

    def __init__(self, job_definition_id: str) -> None:
        super().__init__(
            f"Job definition with id '{job_definition_id}' does not exist: jobDefinition is null"
        )


class PriorityResetError(BadUserRequestError):
    """Jobs cannot be given back the priorities that they had before they were overridden."""

    def __init__(self, job_definition_id: str) -> None:
        super().__init__(
            f"Cannot reset priority for job definition {job_definition_id} with includeJobs=true"
        )


@repeated
def set_retries(
    store: Store,
    job_definition_id: str,
    *,
    retries: int,
    due_date: datetime | None,
    sets_due_date: bool,
) -> None:
    """Give retries to the jobs of a definition that have none left.

    Their incidents stay open until the jobs are done, as the reference engine has it.

    Raises:
        EngineError: the number is negative.
    """
    if retries < 0:
        raise EngineError(
            "ENGINE-13054 The number of job retries must be a non-negative Integer, but "
            f"'{retries}' has been provided."
        )
    with store.transaction() as tx:
        _demand(tx, commands.Wanted(id=job_definition_id), None, RETRY)
        commands.retry_jobs(tx, job_definition_id, retries, due_date, sets_due_date=sets_due_date)
        changes: Changes = {
            "retries": (None, retries),
            **({"dueDate": (None, due_date)} if sets_due_date else {}),
        }
        found = _known(tx, job_definition_id)
        if found is not None:
            user_operations.note(tx, "SetJobRetries", "Job", changes, found)


def _known(tx: Transaction, job_definition_id: str) -> JobDefinition | None:
    """A definition for the log of operations, where that is written."""
    if not user_operations.is_noted(tx):
        return None
    return next(iter(commands.Wanted(id=job_definition_id).locked(tx)), None)


@repeated
def set_suspended(
    store: Store,
    *,
    suspended: bool,
    include_jobs: bool = False,
    execution_date: datetime | None = None,
    job_definition_id: str | None = None,
    process_definition_id: str | None = None,
    process_definition_key: str | None = None,
    tenant_id: str | None = None,
    without_tenant_id: bool = False,
) -> None:
    """Suspend or activate job definitions; unknown ones are passed over.

    Args:
        include_jobs: with the jobs that are there.
        execution_date: when a job is to do it; now if there is none.
        tenant_id, without_tenant_id: narrow a key.
    """
    wanted = commands.Wanted(
        job_definition_id,
        process_definition_id,
        process_definition_key,
        tenant_id,
        # A tenant that is named wins over the flag that there is none.
        True if without_tenant_id and tenant_id is None else None,
    )
    with store.transaction() as tx:
        _demand(tx, wanted, UPDATE_DEFINITION, UPDATE if include_jobs else None)
        if execution_date is None:
            _set_suspended(tx, wanted, suspended, include_jobs)
        _note_suspension(tx, wanted, suspended)
        if execution_date is None:
            return
        tx.records.add(
            Job(
                id=tx.new_id(),
                kind=SUSPENDS if suspended else ACTIVATES,
                create_time=tx.now,
                retries=DEFAULT_RETRIES,
                priority=0,
                configuration=json.dumps({**asdict(wanted), "include_jobs": include_jobs}),
                due_date=execution_date,
            )
        )


def _demand(
    tx: Transaction, wanted: commands.Wanted, need: Need | None, of_jobs: Need | None
) -> None:
    """Refuse what the user may not do with job definitions; of an unknown key, too.

    Args:
        need: for the definitions.
        of_jobs: for all instances, whose jobs are meant as well.
    """
    # Before the definitions are read: nobody is asked, and nothing has to be known.
    if tx.asked is None:
        return
    meant = [of_key(found.process_definition_key, found) for found in wanted.seen(tx)]
    # An unknown key must not tell by its answer whether there is such a definition.
    if not meant and wanted.key is not None:
        meant = [of_key(wanted.key)]
    if need is not None:
        permits.demand(tx, need, meant)
    if of_jobs is not None:
        # Retries alone name the instance `*`, all others none (contract 11.9).
        all_jobs = map(of_all_instances, meant) if of_jobs is RETRY else meant
        permits.demand(tx, of_jobs, all_jobs)


def _set_suspended(
    tx: Transaction, wanted: commands.Wanted, suspended: bool, include_jobs: bool
) -> None:
    if include_jobs:  # before the definitions: a run that makes a job has locked its instance first
        suspension.set_jobs_of_definitions(tx, [one.id for one in wanted.seen(tx)], suspended)
    for definition in wanted.locked(tx):
        definition.is_suspended = suspended


def _note_suspension(tx: Transaction, wanted: commands.Wanted, suspended: bool) -> None:
    if not user_operations.is_noted(tx):
        return
    about: Record | None = None
    where: dict[str, str | None] = {}
    if wanted.id is not None:
        about = _known(tx, wanted.id)
    elif wanted.process_definition_id is not None:
        about = tx.definition(wanted.process_definition_id)
    else:
        where["process_definition_key"] = wanted.key
    operation = "SuspendJobDefinition" if suspended else "ActivateJobDefinition"
    changes = user_operations.suspension(suspended)
    user_operations.note(tx, operation, "JobDefinition", changes, about, where=where)


def perform(tx: Transaction, job: Job) -> None:
    """Suspend or activate the job definitions that a job names."""
    tx.records.remove(job)
    wanted = json.loads(job.configuration or "{}")
    include_jobs = wanted.pop("include_jobs")
    _set_suspended(tx, commands.Wanted(**wanted), job.kind == SUSPENDS, include_jobs)


@repeated
def set_priority(
    store: Store, job_definition_id: str, *, priority: int | None, include_jobs: bool
) -> None:
    """Set the priority of new jobs and of those that are there; None lets the model say it again.

    Raises:
        PriorityResetError: there is none for the jobs that are there.
        UnknownJobDefinitionError: there is no such definition.

    Source: contract 10.5 (jobs that are there get it whether they are included or not).
    """
    # The old priorities are nowhere kept: the jobs have been overwritten.
    if priority is None and include_jobs:
        raise PriorityResetError(job_definition_id)
    with store.transaction() as tx:
        found = commands.Wanted(id=job_definition_id).locked(tx)
        if not found:
            raise UnknownJobDefinitionError(job_definition_id)
        named = commands.Wanted(id=job_definition_id)
        _demand(tx, named, UPDATE_DEFINITION, UPDATE if priority is not None else None)
        changes: Changes = {"overridingPriority": (found[0].overriding_job_priority, priority)}
        user_operations.note(tx, "SetPriority", "JobDefinition", changes, found[0])
        found[0].overriding_job_priority = priority
        if priority is not None:
            new: Changes = {"priority": (None, priority)}
            user_operations.note(tx, "SetPriority", "Job", new, found[0])
            commands.prioritize_jobs(tx, job_definition_id, priority)
