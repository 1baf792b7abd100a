"""The job that removes the history past its time, for operators that ask for it.

In addition a thread of every process removes it now and then (`background.cleanup`). The job takes
some of it at a time and is due again until nothing is left; then it is suspended, for there is no
window of the day at which it would go on.

Source: contract 10.7; Camunda 7 ``HistoryCleanupCmd``, ``HistoryCleanupJobHandler``.
"""

from typing import Any

from app.engine.jobs.jobs import DEFAULT_RETRIES
from app.engine.state import Job
from app.errors import NotFoundError
from app.store import Store, Transaction

from . import history, lists, user_operations
from .retrying import repeated

KIND = "history-cleanup"
JOB_ID = "0192f0d0-0000-7000-8000-000000000001"  # there is one, whoever asks for it


def request(store: Store, *, immediately_due: bool) -> dict[str, Any]:
    """Let the clean-up begin now, or suspend it.

    Returns:
        its job, as the list of jobs has it.

    Raises:
        NotFoundError: somebody has deleted the job meanwhile.
    """
    _request(store, immediately_due)
    # Read behind the commit: the answer has what the list would answer, due date included.
    found = find(store)
    if not found:
        raise NotFoundError("The job of the history cleanup has been deleted")
    return found[0]


@repeated
def _request(store: Store, immediately_due: bool) -> None:
    with store.transaction() as tx:
        job = tx.locks.lock_row(Job, JOB_ID)
        if job is None:
            # The id is fixed, so that two requests at once collide at the row and do not make two
            # jobs.
            job = Job(id=JOB_ID, kind=KIND, create_time=tx.now, retries=DEFAULT_RETRIES, priority=0)
            tx.records.add(job)
        _plan(tx, job, is_due=immediately_due)
        changes: user_operations.Changes = {"immediatelyDue": (None, immediately_due)}
        user_operations.note(tx, "CreateHistoryCleanupJobs", "Job", changes)
        # Behind the commit, or the executor would look before the job is there.
        if immediately_due:
            tx.after_commit.append(store.jobs_made.set)


def find(store: Store) -> list[dict[str, Any]]:
    """The job of the clean-up, as the list of jobs has it; none before it was asked for.

    It belongs to no definition and no instance: whoever may ask for the clean-up sees it, whatever
    jobs the user sees otherwise.

    Source: Camunda 7 ``FindHistoryCleanupJobsCmd``, which asks for no permission on jobs.
    """
    with store.reading() as connection:
        found = lists.declaration("job").one(connection, JOB_ID)
    return [] if found is None else [found]


def perform(tx: Transaction, job: Job) -> None:
    """Remove some of the history past its time, and go on soon while there is more."""
    _, removed = history.remove_some(tx)
    _plan(tx, job, is_due=bool(removed))


def _plan(tx: Transaction, job: Job, *, is_due: bool) -> None:
    job.due_date = tx.now if is_due else None
    job.is_suspended = not is_due
    # Asked for again, one that had failed for good begins anew.
    job.retries = job.retries or DEFAULT_RETRIES
    job.lock_owner = job.lock_expiration_time = None
