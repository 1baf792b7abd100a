"""Answers of batches.

Source: contract 10.6; Camunda 7 ``BatchDto``, ``BatchStatisticsDto``, ``HistoricBatchDto``.
"""

from .answers import (
    INTEGER,
    TEXT,
    Answer,
    Field,
    boolean,
    computed,
    constant,
    date,
    integer,
    text,
)


def _definition(key: str, suffix: str) -> tuple[Field, ...]:
    """The id of a job definition, which the batch's own id begins."""
    return computed(key, TEXT, lambda view: f"{view['id']}:{suffix}")


_START = (
    text("id", is_nullable=False),
    text("type"),
    integer("total_jobs"),
)
_SIZES = (
    constant("batchJobsPerSeed", INTEGER, 100),
    constant("invocationsPerBatchJob", INTEGER, 1),
    _definition("seedJobDefinitionId", "batch-seed-job"),
    _definition("monitorJobDefinitionId", "batch-monitor-job"),
    computed("batchJobDefinitionId", TEXT, lambda view: f"{view['id']}:{view['type']}"),
)
_MADE = (text("tenant_id", "create_user_id"), date("start_time", "execution_start_time"))
_FIELDS = (*_START, integer("jobs_created"), *_SIZES, boolean("is_suspended"), *_MADE)
batch = Answer("Batch", *_FIELDS)
batch_statistics = Answer(
    "BatchStatistics", *_FIELDS, integer("remaining_jobs", "completed_jobs", "failed_jobs")
)
historic_batch = Answer("HistoricBatch", *_START, *_SIZES, *_MADE, date("end_time", "removal_time"))
