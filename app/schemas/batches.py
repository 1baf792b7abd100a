"""Answers of batches.

Source: contract 4; Camunda 7 ``BatchDto``, ``BatchStatisticsDto``.
"""

from .answers import (
    INTEGER,
    TEXT,
    Answer,
    Field,
    absent,
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


_FIELDS = (
    text("id", is_nullable=False),
    text("type"),
    integer("total_jobs", "jobs_created"),
    constant("batchJobsPerSeed", INTEGER, 100),
    constant("invocationsPerBatchJob", INTEGER, 1),
    _definition("seedJobDefinitionId", "batch-seed-job"),
    _definition("monitorJobDefinitionId", "batch-monitor-job"),
    computed("batchJobDefinitionId", TEXT, lambda view: f"{view['id']}:{view['type']}"),
    boolean("is_suspended"),
    text("tenant_id"),
    absent("createUserId"),
    date("start_time", "execution_start_time"),
)
batch = Answer("Batch", *_FIELDS)
batch_statistics = Answer(
    "BatchStatistics", *_FIELDS, integer("remaining_jobs", "completed_jobs", "failed_jobs")
)
