"""The lists of batches, of how far they are, and of those of the history.

Source: contract 3.19 and 10.6.
"""

from typing import Any

from sqlalchemy import exists, func, not_, select

from app.filters import BOOLEAN, DATE, TEXT
from app.models.history import historic_batch
from app.models.runtime import batch, job
from app.security.permissions import Resource

from .base import Condition, Filter, Listing, flag
from .conditions import above, below, equals, tenants
from .rules import permitted

b, j, h = batch.c, job.c, historic_batch.c
_FILTERS = {
    "batch_id": Filter(TEXT, equals(b.id)),
    "type": Filter(TEXT, equals(b.type)),
    # A value and no flag: false asks for those that are not.
    "suspended": Filter(BOOLEAN, equals(b.is_suspended)),
    **tenants(b.tenant_id),
}
_SORTS = {"batchId": b.id, "tenantId": b.tenant_id}
# By ix_job_batch. Not the seed and monitor jobs, which belong to the batch as well.
_is_own = (j.batch_id == b.id) & (j.kind == b.type)
_has_failures = exists().where(_is_own, j.retries == 0)


def _jobs_left(*conditions: Condition) -> Any:
    """How many jobs of the batch's own kind are there."""
    return select(func.count()).select_from(job).where(_is_own, *conditions).scalar_subquery()


BATCHES = Listing(
    "batch",
    batch,
    list(b),
    {
        **_FILTERS,
        # the reference engine ignores these here, with any value (observed)
        "created_by": Filter(TEXT),
        "started_before": Filter(TEXT),
        "started_after": Filter(TEXT),
        "with_failures": Filter(TEXT),
        "without_failures": Filter(TEXT),
    },
    _SORTS,
    order=[b.id],
    seen_by=permitted("READ", Resource.BATCH),
)
BATCH_STATISTICS = Listing(
    "batch_statistics",
    batch,
    [
        *b,
        (b.total_jobs - b.jobs_created + _jobs_left()).label("remaining_jobs"),
        # Jobs are deleted when they are done: what is missing of those that were made, is
        # completed.
        (b.jobs_created - _jobs_left()).label("completed_jobs"),
        _jobs_left(j.retries == 0).label("failed_jobs"),
    ],
    {
        **_FILTERS,
        "created_by": Filter(TEXT, equals(b.create_user_id)),
        "started_before": Filter(DATE, below(b.start_time)),
        "started_after": Filter(DATE, above(b.start_time)),
        # A job that will be tried again has not failed yet.
        "with_failures": flag(_has_failures),
        "without_failures": flag(not_(_has_failures)),
    },
    {**_SORTS, "startTime": b.start_time},
    order=[b.id],
    seen_by=permitted("READ", Resource.BATCH),
)
HISTORIC_BATCHES = Listing(
    "historic_batch",
    historic_batch,
    list(h),
    {
        "batch_id": Filter(TEXT, equals(h.id)),
        "type": Filter(TEXT, equals(h.type)),
        "completed": Filter(
            BOOLEAN, lambda done: h.end_time.is_not(None) if done else h.end_time.is_(None)
        ),
        **tenants(h.tenant_id),
    },
    {
        "batchId": h.id,
        "startTime": h.start_time,
        "endTime": h.end_time,
        "tenantId": h.tenant_id,
    },
    order=[h.id],
    seen_by=permitted("READ_HISTORY", Resource.BATCH),
)
