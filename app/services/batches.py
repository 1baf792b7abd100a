"""Batches: one command for many rows, done by jobs in small steps.

A seed job makes the batch's jobs, a hundred at a time; a monitor job ends the batch when all of
them are done. A job that fails keeps its batch, until it gets retries or is deleted. What the jobs
of a kind of batch do is declared where that is done, as a `Kind`; `batch_kinds` has all of them.

Source: contract 3.19 and 10.6; Camunda 7 ``BatchEntity``, ``BatchSeedJobHandler``,
``BatchMonitorJobHandler``.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.engine.execution.run import Run
from app.engine.history.history import CREATED, SUCCESSFUL
from app.engine.history.history_records import HistoricBatch
from app.engine.jobs import definitions, jobs
from app.engine.state import Batch, Job
from app.engine.state.values import TypedValue
from app.errors import BadUserRequestError, NotFoundError
from app.security.needs import batch_of
from app.store import Store, Transaction
from app.store.commands import batch_removal, batch_variables
from app.store.commands import batches as commands

from . import permits, user_operations
from .permits import Subject
from .retrying import repeated

SEED, MONITOR = definitions.BATCH_SEED, definitions.BATCH_MONITOR
JOBS_PER_SEED = 100
POLL = timedelta(seconds=5)  # between two checks of the monitor job; Camunda waits 30


class TransientVariableError(BadUserRequestError):
    """A variable of a batch is transient; it would have to wait for the work."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"ENGINE-13044 Setting transient variable '{name}' asynchronously is currently not "
            "supported."
        )


class UnknownBatchError(NotFoundError):
    """No batch has the id."""

    def __init__(self, batch_id: str) -> None:
        super().__init__(f"Batch with id '{batch_id}' does not exist")


@dataclass(frozen=True, slots=True)
class Part:
    """The subject of one job of a batch.

    Attributes:
        id: of the row that it works on.
        arguments: what the batch was made with, the same for all of its jobs.
    """

    id: str
    batch_id: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of batch.

    Attributes:
        type: its name on the wire, which its jobs have as well.
        work: does the part of one job, in the transaction of the job.
        permission: to make such a batch, behind ``CREATE_BATCH_``.
    """

    type: str
    work: Callable[[Transaction, Part], None]
    permission: str


def require_allowed(store: Store, kind: Kind) -> None:
    """Refuse a batch of a kind before anything else is said of it.

    Raises:
        AuthorizationError: the user may not make such batches.
    """
    # Without the question no connection is taken: this comes before each batch.
    if store.asked is not None:
        with store.snapshot() as snapshot:
            permits.demand(snapshot, batch_of(kind.permission), [Subject()])


@repeated
def create(
    store: Store,
    kind: Kind,
    ids: Sequence[str],
    arguments: Mapping[str, Any],
    *,
    variables: Mapping[str, TypedValue] | None = None,
    tenant_id: str | None = None,
    note: Callable[[Transaction], None] | None = None,
) -> dict[str, Any]:
    """Make a batch; its seed job begins with the work.

    Args:
        ids: of the rows that it is about, each once.
        arguments: of the work, which JSON can hold.
        variables: wait at the batch; `variables_of` has them for the work.
        note: writes down who wants it.

    Returns:
        the batch, as its list has it.

    Raises:
        AuthorizationError: the user may not make such batches.
    """
    for name, value in (variables or {}).items():
        if value.is_transient:
            raise TransientVariableError(name)
    with store.transaction() as tx:
        # Asked again in the transaction: `require_allowed` was before the query, which may have
        # taken long.
        permits.demand(tx, batch_of(kind.permission), [Subject()])
        batch = tx.records.add(_made(tx, kind, ids, arguments, tenant_id))
        if note is not None:
            note(tx)
        # Three of them, so that operators can suspend the seeding, the work and the watching apart.
        for definition in definitions.of_batch(batch):
            tx.records.add(definition)
        if tx.history_level == "full":
            tx.records.add(_begun(batch))
        commands.add_elements(tx, batch.id, ids)
        batch_variables.add(tx, batch.id, variables or {})
        # Behind the definitions, one of which the job follows from the beginning.
        _add_job(Run(tx), batch, SEED)
    return commands.view(batch)


def _made(
    tx: Transaction,
    kind: Kind,
    ids: Sequence[str],
    arguments: Mapping[str, Any],
    tenant_id: str | None,
) -> Batch:
    return Batch(
        id=tx.new_id(),
        type=kind.type,
        start_time=tx.now,
        total_jobs=len(ids),
        jobs_created=0,
        is_suspended=False,
        configuration=json.dumps(arguments),
        tenant_id=tenant_id,
        create_user_id=tx.user_id,
        # Of the first element, as in the reference: executors that run the jobs of their
        # deployments alone go by it.
        deployment_id=commands.deployment_of(tx, ids[0]),
    )


def _begun(batch: Batch) -> HistoricBatch:
    return HistoricBatch(
        id=batch.id,
        type=batch.type,
        total_jobs=batch.total_jobs,
        start_time=batch.start_time,
        create_user_id=batch.create_user_id,
        tenant_id=batch.tenant_id,
    )


def variables_of(tx: Transaction, part: Part) -> dict[str, TypedValue]:
    """The variables that a batch was made with."""
    return batch_variables.of(tx, part.batch_id)


def _add_job(run: Run, batch: Batch, kind: str, configuration: str | None = None) -> None:
    job = Job(
        id=run.host.new_id(),
        kind=kind,
        create_time=run.host.now,
        retries=jobs.DEFAULT_RETRIES,
        priority=0,
        is_exclusive=False,  # it belongs to no instance whose jobs could get in its way
        is_suspended=batch.is_suspended,
        configuration=configuration,
        deployment_id=batch.deployment_id,
        batch_id=batch.id,
        tenant_id=batch.tenant_id,
    )
    jobs.follow_definition(run, job)
    run.records.add(job)
    run.history.job(job, CREATED)


# -- jobs -----------------------------------------------------------------------------------


def perform(tx: Transaction, run: Run, job: Job, kinds: Mapping[str, Kind]) -> None:
    """Do what a job of a batch stands for; it is gone afterwards, but for a monitor that waits.

    Raises:
        EngineError: the work of its kind fails.
    """
    waits = False
    # The batch's row is the lock of both: two seed jobs at once would make the same jobs.
    if job.kind in (SEED, MONITOR):
        batch = tx.locks.row(Batch, job.batch_id or "")
        # Without its batch, which was deleted meanwhile, the job does nothing and goes.
        if batch is not None and job.kind == SEED:
            _seed(tx, run, batch)
        elif batch is not None:
            waits = not _end(tx, batch)
    else:
        _work(tx, job, kinds[job.kind])
    run.history.job(job, SUCCESSFUL)
    # Run by hand in spite of its incident, which ends with its success.
    if job.retries == 0:
        jobs.end_incidents(run, job)
    # The monitor stays as the same job: its log shows one job that ran several times.
    if waits:
        job.due_date = tx.now + POLL
        job.lock_owner = job.lock_expiration_time = None
    else:
        run.records.remove(job)


def _work(tx: Transaction, job: Job, kind: Kind) -> None:
    configuration = commands.begin(tx, job.batch_id or "")
    # Deleted while its job was on its way: there is nothing left to do.
    if configuration is not None:
        part = Part(job.configuration or "", job.batch_id or "", json.loads(configuration))
        kind.work(tx, part)


def _seed(tx: Transaction, run: Run, batch: Batch) -> None:
    """Make the next jobs; behind the last ones comes the monitor."""
    # in portions: a hundred thousand jobs in one transaction would hold up all others on SQLite
    some = commands.next_elements(tx, batch.id, batch.jobs_created, JOBS_PER_SEED)
    for element in some:
        _add_job(run, batch, batch.type, element)
    batch.jobs_created += len(some)
    # Without elements left it is the monitor all the same: a batch whose counts do not fit must
    # end.
    _add_job(run, batch, SEED if some and batch.jobs_created < batch.total_jobs else MONITOR)


def _end(tx: Transaction, batch: Batch) -> bool:
    """End a batch; False while it has jobs to do."""
    if commands.has_jobs(tx, batch.id, batch.type):
        return False
    tx.records.remove(batch)
    batch_removal.end(tx, batch.id)
    return True


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
        found = _locked(tx, batch_id)
        found.is_suspended = suspended
        # By statements: a batch may have more jobs than one transaction should load.
        commands.set_jobs_of_batch(tx, batch_id, suspended)
        operation = "SuspendBatch" if suspended else "ActivateBatch"
        _note(tx, operation, found.id, user_operations.suspension(suspended))


@repeated
def delete(store: Store, batch_id: str, *, cascade: bool = False) -> None:
    """Delete a batch with its jobs; what they have done stays.

    Args:
        cascade: with its history.

    Raises:
        UnknownBatchError: no such batch.
    """
    with store.transaction() as tx:
        tx.records.remove(_locked(tx, batch_id))
        _note(tx, "Delete", batch_id, {"cascadeToHistory": (None, cascade)})
        # The batch's row is locked above, so that no seed job makes further ones behind this.
        batch_removal.remove_jobs(tx, batch_id)
        batch_removal.end(tx, batch_id)
        if cascade:
            batch_removal.remove_history(tx, [batch_id])


@repeated
def delete_history(store: Store, batch_id: str) -> None:
    """Delete the history of a batch with the logs of its jobs.

    Raises:
        UnknownBatchError: no batch of the history has the id.
    """
    with store.transaction() as tx:
        if not batch_removal.remove_history(tx, [batch_id]):
            raise UnknownBatchError(batch_id)
        _note(tx, "DeleteHistory", batch_id, user_operations.NO_PROPERTY)


def _note(
    tx: Transaction, operation_type: str, batch_id: str, changes: user_operations.Changes
) -> None:
    user_operations.note(tx, operation_type, "Batch", changes, where={"batch_id": batch_id})
