"""Jobs: run by hand or by the executor, and changed by operators.

Source: contract 4.7; semantics 6.
"""

import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.engine.events import signals, timers
from app.engine.execution import starting
from app.engine.execution.run import Run
from app.engine.history.history import DELETED, REMOVED
from app.engine.jobs import execution, jobs
from app.engine.state import EventSubscription, Job
from app.errors import ConflictError, EngineError, NotFoundError, UnavailableError
from app.logging import log
from app.store import Store, Transaction
from app.store.commands import jobs as commands

from . import batches, history_cleanup, job_definitions, suspension, user_operations
from .batch_kinds import BATCHES
from .retrying import repeated


class UnknownJobError(NotFoundError):
    """No job has the id; the words differ from command to command."""


def _lock(tx: Transaction, job_id: str, message: str) -> Job:
    found = tx.locks.lock_row(Job, job_id)
    if found is None:
        raise UnknownJobError(message)
    return found


def execute(store: Store, job_id: str, *, owner: str | None = None) -> None:
    """Run a job now, regardless of its due date and retries; its failure costs a retry.

    Args:
        owner: the executor that has acquired it. A job that was suspended since, or is
            another's by now, is left alone.

    Raises:
        UnknownJobError: no such job.
        UnavailableError, ConflictError: the database could not do it now, which costs no retry.
        EngineError: the job fails, which is noted at it.
    """
    # A list, for a command that is repeated has no other way to tell what it had reached when it
    # failed.
    where: list[str] = []
    try:
        _execute(store, job_id, where, owner)
    # Not the job's fault: it stays as it is, and is tried again when its lock expires.
    except (UnknownJobError, UnavailableError, ConflictError):
        raise
    except Exception as error:
        # in a transaction of its own: that of the job is rolled back
        note_failure(store, job_id, error, where[-1] if where else None)
        raise


@repeated
def _execute(store: Store, job_id: str, where: list[str], owner: str | None) -> None:
    """Run a job; ``where`` is told the activity that it reached last."""
    with store.transaction() as tx:
        job = _lock(tx, job_id, f"ENGINE-14026 No job found with id '{job_id}'")
        if owner is not None and (job.lock_owner != owner or job.is_suspended):
            if job.lock_owner == owner:  # suspended: it must not wait for its lock to expire
                job.lock_owner = job.lock_expiration_time = None
            return
        run = Run(tx)
        user_operations.note(tx, "Execute", "Job", about=job)
        try:
            _perform(tx, run, job)
        finally:  # also of a failure, whose own transaction is rolled back
            if run.at is not None:
                where.append(run.at)


def _perform(tx: Transaction, run: Run, job: Job) -> None:
    """Perform a job by its kind."""
    # Here what the engine does not know alone: batches, the clean-up, what is planned by operators.
    if job.kind == jobs.START_TIMER:
        _start(tx, run, job)
    elif job.kind == jobs.EVENT:
        subscription = tx.locks.row(EventSubscription, job.configuration or "")
        signals.execute_job(run, job, subscription)
    elif job.batch_id is not None:
        batches.perform(tx, run, job, BATCHES)
    elif job.kind == history_cleanup.KIND:
        history_cleanup.perform(tx, job)
    elif job.kind in (suspension.ACTIVATES, suspension.SUSPENDS):
        suspension.perform(tx, job)
    elif job.kind in (job_definitions.ACTIVATES, job_definitions.SUSPENDS):
        job_definitions.perform(tx, job)
    else:
        execution.execute(run, job)


def _start(tx: Transaction, run: Run, job: Job) -> None:
    """Start an instance by the timer of its start event."""
    tx.records.remove(job)
    # also when nothing starts: a definition that is activated again goes on with its cycle
    if job.repeat is not None:
        timestamp = timers.next_due(job.repeat, tx.local_now)
        if timestamp is not None:
            tx.records.add(commands.follower(job, tx.new_id(), timestamp, tx.now))
    # The key, not the definition that had made the timer: the newest version starts (semantics
    # 2.4).
    definition = tx.latest_definition(job.configuration or "", job.tenant_id)
    # Deleted or suspended since: the timer is spent, and nothing starts.
    if definition is None or definition.is_suspended:
        return
    graph = tx.graph(definition.id)
    starting.start(run, graph, {}, at=graph.activities.get(job.activity_id or ""))


@repeated
def note_failure(
    store: Store, job_id: str, error: Exception, failed_activity_id: str | None
) -> None:
    """Take a retry from a job, and raise an incident with the last one."""
    # Not the stack of this process: the text goes to clients.
    trace = "".join(traceback.format_exception_only(error))
    with store.transaction() as tx:
        job = tx.locks.lock_row(Job, job_id)
        if job is None:
            return
        jobs.fail(Run(tx), job, error, trace, failed_activity_id)
        failed = {
            "job_id": job_id,
            "kind": job.kind,
            "activity_id": failed_activity_id or job.activity_id,
            "process_instance_id": job.process_instance_id,
            "retries": job.retries,
        }
    # Anything else is a fault of ours: its stack belongs into the log.
    if isinstance(error, EngineError):
        log.warning("job failed", reason=str(error), **failed)
    else:
        log.error("job failed", exc_info=error, **failed)


@repeated
def set_retries(
    store: Store, job_id: str, *, retries: int, due_date: datetime | None, sets_due_date: bool
) -> None:
    """Set the retries of a job, and its due date if it is given.

    Raises:
        EngineError: no such job, or a negative number; both are 500 on the wire.
    """
    if retries < 0:
        raise EngineError(
            "ENGINE-13054 The number of job retries must be a non-negative Integer, but "
            f"'{retries}' has been provided."
        )
    with store.transaction() as tx:
        job = tx.locks.lock_row(Job, job_id)
        if job is None:
            raise EngineError(f"ENGINE-13053 No job found with id '{job_id}'.'")
        changes: user_operations.Changes = {
            "retries": (job.retries, retries),
            **({"dueDate": (job.due_date, due_date)} if sets_due_date else {}),
        }
        user_operations.note(tx, "SetJobRetries", "Job", changes, job)
        jobs.set_retries(Run(tx), job, retries)
        if sets_due_date:
            job.due_date = due_date


@repeated
def set_due_date(
    store: Store, job_id: str, *, due_date: datetime | None, cascade: bool = False
) -> None:
    """Set when a job is due.

    Args:
        cascade: the later firings of a cycle move by the same span.

    Raises:
        EngineError: no such job.

    Source: Camunda 7 ``SetJobDuedateCmd``.
    """
    with store.transaction() as tx:
        job = tx.locks.lock_row(Job, job_id)
        if job is None:
            raise EngineError(f"No job found with id '{job_id}'.")
        if cascade and job.repeat is not None and job.due_date is not None and due_date is not None:
            job.repeat = timers.moved(job.repeat, due_date - job.due_date)
        changes: user_operations.Changes = {"duedate": (job.due_date, due_date)}
        user_operations.note(tx, "SetDueDate", "Job", changes, job)
        job.due_date = due_date


@repeated
def recalculate_due_date(store: Store, job_id: str, *, is_creation_based: bool) -> None:
    """Work out anew when a timer is due, by its model and the variables of now.

    Args:
        is_creation_based: durations count from the creation of the job, else from now.

    Raises:
        UnknownJobError: no such job.
        EngineError: the job is no timer, or its text gives no due date.

    Source: Camunda 7 ``RecalculateJobDuedateCmd``.
    """
    with store.transaction() as tx:
        job = _lock(tx, job_id, f"No job found with id '{job_id}': job is null")
        before = job.due_date
        jobs.recalculate(Run(tx), job, is_creation_based=is_creation_based)
        changes: user_operations.Changes = {
            "creationDateBased": (None, is_creation_based),
            "duedate": (before, job.due_date),
        }
        user_operations.note(tx, "RecalculateDueDate", "Job", changes, job)


@repeated
def set_priority(store: Store, job_id: str, *, priority: int) -> None:
    """Set the priority of a job.

    Raises:
        UnknownJobError: no such job.
    """
    with store.transaction() as tx:
        job = _lock(tx, job_id, f"No job found with id '{job_id}': job is null")
        changes: user_operations.Changes = {"priority": (job.priority, priority)}
        user_operations.note(tx, "SetPriority", "Job", changes, job)
        job.priority = priority


@repeated
def delete(store: Store, job_id: str) -> None:
    """Delete a job; its activity waits for ever.

    Raises:
        UnknownJobError: no such job.
    """
    with store.transaction() as tx:
        job = _lock(tx, job_id, f"No job found with id '{job_id}': job is null")
        user_operations.note(tx, "Delete", "Job", about=job)
        run = Run(tx)
        jobs.end_incidents(run, job, REMOVED)
        run.history.job(job, DELETED)
        tx.records.remove(job)


@repeated
def acquire(
    store: Store, owner: str, *, limit: int, lock_duration: timedelta
) -> list[tuple[str, bool]]:
    """Lock due jobs for an executor.

    Returns:
        the id of each, and whether it may not run together with another of its instance.
    """
    with store.transaction() as tx:
        return commands.acquire(tx, owner, limit, lock_duration)


@repeated
def release(store: Store, owner: str, job_ids: Sequence[str] | None = None) -> None:
    """Unlock jobs of an executor, so that others may run them at once.

    Args:
        job_ids: None for all of its jobs, whose ids it does not know.
    """
    with store.transaction() as tx:
        commands.release(tx, owner, job_ids)


@repeated
def next_due(store: Store) -> timedelta | None:
    """How long until the next job is due; None when there is none."""
    with store.snapshot() as snapshot:
        return commands.time_to_next(snapshot)
