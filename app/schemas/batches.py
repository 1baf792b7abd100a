"""Answers of batches.

Source: contract 10.6; Camunda 7 ``BatchDto``, ``BatchStatisticsDto``, ``HistoricBatchDto``.
"""

from typing import Any

import orjson

from .answers import (
    INTEGER,
    TEXT,
    Answer,
    Field,
    View,
    boolean,
    computed,
    constant,
    date,
    integer,
    text,
)


def _definition(key: str, place: int, suffix: str = "") -> tuple[Field, ...]:
    """The id of a job definition, which the batch's own id begins unless it was brought along.

    Args:
        place: among those that were.
        suffix: the kind of the jobs; the batch's own if it is empty.
    """

    def found(view: View) -> Any:
        # A batch that a takeover has brought along keeps the ids that clients know (contract 16.2).
        given = view["job_definition_ids"]
        return orjson.loads(given)[place] if given else f"{view['id']}:{suffix or view['type']}"

    return computed(key, TEXT, found)


_START = (
    text("id", is_nullable=False),
    text("type"),
    integer("total_jobs"),
)
_SIZES = (
    # The same for every batch, as the reference engine's defaults are.
    constant("batchJobsPerSeed", INTEGER, 100),
    constant("invocationsPerBatchJob", INTEGER, 1),
    _definition("seedJobDefinitionId", 0, "batch-seed-job"),
    _definition("monitorJobDefinitionId", 1, "batch-monitor-job"),
    _definition("batchJobDefinitionId", 2),
)
_MADE = (text("tenant_id", "create_user_id"), date("start_time", "execution_start_time"))
_FIELDS = (*_START, integer("jobs_created"), *_SIZES, boolean("is_suspended"), *_MADE)
batch = Answer("Batch", *_FIELDS)
batch_statistics = Answer(
    "BatchStatistics", *_FIELDS, integer("remaining_jobs", "completed_jobs", "failed_jobs")
)
historic_batch = Answer("HistoricBatch", *_START, *_SIZES, *_MADE, date("end_time", "removal_time"))
