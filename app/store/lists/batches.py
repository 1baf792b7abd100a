"""The lists of batches and of how far they are.

Source: contract 3.19.
"""

from typing import Any

from sqlalchemy import exists, func, not_, select

from app.filters import BOOLEAN, DATE, FLAG, TEXT
from app.models.runtime import batch, job

from .base import Condition, Filter, Listing, flag
from .conditions import above, below, equals, never, tenants

b, j = batch.c, job.c
_FILTERS = {
    "batch_id": Filter(TEXT, equals(b.id)),
    "type": Filter(TEXT, equals(b.type)),
    "suspended": Filter(BOOLEAN, equals(b.is_suspended)),
    **tenants(b.tenant_id),
}
_SORTS = {"batchId": b.id, "tenantId": b.tenant_id, "startTime": b.start_time}
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
        # the reference engine takes no notice of these here (observed)
        "created_by": Filter(TEXT),
        "started_before": Filter(DATE),
        "started_after": Filter(DATE),
        "with_failures": Filter(FLAG),
        "without_failures": Filter(FLAG),
    },
    _SORTS,
    order=[b.id],
)
BATCH_STATISTICS = Listing(
    "batch_statistics",
    batch,
    [
        *b,
        (b.total_jobs - b.jobs_created + _jobs_left()).label("remaining_jobs"),
        (b.jobs_created - _jobs_left()).label("completed_jobs"),
        _jobs_left(j.retries == 0).label("failed_jobs"),
    ],
    {
        **_FILTERS,
        "created_by": Filter(TEXT, never),  # nobody is known to have made one
        "started_before": Filter(DATE, below(b.start_time)),
        "started_after": Filter(DATE, above(b.start_time)),
        "with_failures": flag(_has_failures),
        "without_failures": flag(not_(_has_failures)),
    },
    _SORTS,
    order=[b.id],
)
