"""Jobs on their way to executors.

Source: semantics 6; Camunda 7 ``AcquireJobsCmd``.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Text,
    Update,
    bindparam,
    exists,
    func,
    not_,
    null,
    or_,
    select,
    text,
    union_all,
    update,
)

from app.engine.state import Job
from app.models.runtime import job
from app.store.connections.database import from_milliseconds
from app.store.connections.dialects import Among, Compiled, DatabaseClock, StatementClock

if TYPE_CHECKING:
    from app.store.unit.snapshot import Snapshot
    from app.store.unit.transaction import Transaction


# word for word as the partial indexes have it: SQLite compares texts, and SQLAlchemy writes NOT as
# a comparison with 0
_MAY_RUN = text("job.retries > 0 AND NOT job.is_suspended")
_LIMIT: BindParameter[Any] = bindparam("limit", type_=None)


def _free(due: ColumnElement[bool]) -> Select[Any]:
    """Jobs that are free; no exclusive one where the instance has a locked exclusive one."""
    # an exclusive job that runs blocks the other exclusive ones of its instance, until its lock is
    # given back or expires
    other = job.alias("other")
    busy = exists().where(
        other.c.process_instance_id == job.c.process_instance_id,
        other.c.is_exclusive,
        other.c.lock_expiration_time > StatementClock(),
    )
    return (
        select(*job.c)
        .where(
            _MAY_RUN,
            due,
            or_(
                job.c.lock_expiration_time.is_(None),
                job.c.lock_expiration_time <= StatementClock(),
            ),
            or_(not_(job.c.is_exclusive), not_(busy)),
        )
        .order_by(job.c.due_date, job.c.id)
        .limit(_LIMIT)
        .with_for_update(of=job, skip_locked=True)
    )


def _acquirable() -> Select[Any]:
    """Due jobs that are free."""
    # two queries, of which each reads as many entries of ix_job_due, in its order, as there are
    # jobs to take: a batch may have a hundred thousand. With OR, all of them would be sorted
    now = _free(job.c.due_date.is_(None)).subquery("now")
    due = _free(job.c.due_date <= StatementClock()).subquery("due")
    found = union_all(select(*now.c), select(*due.c)).subquery("found")
    return select(DatabaseClock(), *found.c).order_by(found.c.due_date, found.c.id).limit(_LIMIT)


# By ix_job_due, from its front; the locked jobs of an instance by ix_job_process_instance.
_ACQUIRE = Compiled(_acquirable)
# By ix_job_due: its first entry with a date.
_NEXT_DUE_DATE = Compiled(
    lambda: select(DatabaseClock(), func.min(job.c.due_date)).where(
        _MAY_RUN, job.c.due_date.is_not(None)
    )
)


def _release(*of_some: ColumnElement[bool]) -> Update:
    return (
        update(job)
        .where(*of_some, job.c.lock_owner == bindparam("owner", type_=Text))
        .values(lock_owner=null(), lock_expiration_time=null())
    )


# By the primary key.
_RELEASE_JOBS = Compiled(lambda: _release(Among(job.c.id, bindparam("ids"))))
# Reads the whole table: only where an executor was not answered whether it has acquired jobs. An
# index would get a new entry with each lock of a job.
_RELEASE_JOBS_OF_OWNER = Compiled(_release)


def acquire(
    tx: "Transaction", owner: str, limit: int, lock_duration: timedelta
) -> list[tuple[str, bool]]:
    """Lock due jobs for an executor; of an instance's exclusive ones only the first."""
    taken: list[tuple[str, bool]] = []
    instances: set[str] = set()
    for clock, *values in tx.sql.rows(_ACQUIRE, limit=limit):
        tx.clock.set(clock)
        found = tx.claims.load(Job(*values))
        # two exclusive jobs of one instance may be free at once; the query saw neither locked
        if found is None or (found.is_exclusive and found.process_instance_id in instances):
            continue
        if found.is_exclusive and found.process_instance_id is not None:
            instances.add(found.process_instance_id)
        found.lock_owner = owner
        found.lock_expiration_time = tx.now + lock_duration
        taken.append((found.id, found.is_exclusive))
    return taken


def release(tx: "Transaction", owner: str, job_ids: Sequence[str] | None = None) -> None:
    """Unlock some jobs of an executor, or all of them."""
    if job_ids is None:
        tx.sql.run(_RELEASE_JOBS_OF_OWNER, owner=owner)
    else:
        tx.sql.run(_RELEASE_JOBS, owner=owner, ids=tx.sql.listed(job_ids))


def time_to_next(snapshot: "Snapshot") -> timedelta | None:
    """How long until the next timer is due; None when there is none."""
    clock, due = snapshot.sql.rows(_NEXT_DUE_DATE)[0]
    snapshot.clock.set(clock)
    # Jobs without a date are not among them: they are due, and taken by the next look.
    if due is None:
        return None
    # the driver of SQLite converts by the column's declared type, which an aggregate has not
    time = due if isinstance(due, datetime) else from_milliseconds(due)
    # Measured by the database's clock on both sides: hosts whose clocks differ wait the same time.
    return max(timedelta(0), time - snapshot.now)


def follower(timer: Job, new_id: str, due: datetime, now: datetime) -> Job:
    """The next job of a start timer that repeats."""
    return replace(
        timer,
        id=new_id,
        create_time=now,
        due_date=due,
        # Values of the firing before.
        lock_owner=None,
        lock_expiration_time=None,
        exception_message=None,
        exception_stacktrace=None,
    )
