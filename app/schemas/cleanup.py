"""Answers about the clean-up of the history, and about what it would remove.

Source: contract 10.7.
"""

from .answers import BOOLEAN, Answer, absent, constant, date, integer, text

configuration = Answer(
    "HistoryCleanupConfiguration",
    date("batch_window_start_time", "batch_window_end_time"),
    constant("enabled", BOOLEAN, True),
)
instance_report = Answer(
    "CleanableProcessInstanceReport",
    text("process_definition_id", is_nullable=False),
    text("process_definition_key", "process_definition_name"),
    integer("process_definition_version", "history_time_to_live"),
    integer("finished_process_instance_count", "cleanable_process_instance_count"),
    text("tenant_id"),
)
batch_report = Answer(
    "CleanableBatchReport",
    text("batch_type", is_nullable=False),
    # Batches have no time to live here (contract 10.6).
    absent("historyTimeToLive"),
    integer("finished_batches_count", "cleanable_batches_count"),
)
