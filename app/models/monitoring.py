"""Tables for operators: the operation log, metrics, and the version of the schema."""

from sqlalchemy import BigInteger, Column, Index, Table

from .base import Timestamp, key, metadata, text, where_given

user_operation = Table(
    "user_operation",
    metadata,
    key(),
    text("operation_id", nullable=False),
    text("user_id", nullable=False),
    Column("timestamp", Timestamp, nullable=False),
    text("operation_type", nullable=False),
    text("entity_type", nullable=False),
    text("deployment_id"),
    text("process_definition_id"),
    text("process_definition_key"),
    text("process_instance_id"),
    text("root_process_instance_id"),
    text("execution_id"),
    text("task_id"),
    text("job_id"),
    text("job_definition_id"),
    text("batch_id"),
    text("external_task_id"),
    text("property"),
    text("org_value"),
    text("new_value"),
    text("category"),
    text("annotation"),
    text("tenant_id"),
    Index("ix_user_operation_operation", "operation_id"),
    Index("ix_user_operation_time", "timestamp"),
    where_given("ix_user_operation_instance", "process_instance_id"),
    where_given("ix_user_operation_definition", "process_definition_id"),
    where_given("ix_user_operation_task", "task_id"),
)

metric = Table(  # what one process has counted in a span of time, which ends with the timestamp
    "metric",
    metadata,
    key(),
    text("name", nullable=False),
    text("reporter", nullable=False),
    Column("timestamp", Timestamp, nullable=False),
    Column("value", BigInteger, nullable=False),
    Index("ix_metric_name", "name", "timestamp"),
    Index("ix_metric_time", "timestamp"),
)

task_worker = Table(  # that a user became the assignee of a task; who it was cannot be read off
    "task_worker",
    metadata,
    key(),
    Column("user_hash", BigInteger, nullable=False),
    Column("timestamp", Timestamp, nullable=False),
    # Both columns: the metric counts distinct users of a span from the index alone.
    Index("ix_task_worker_time", "timestamp", "user_hash"),
)

SCHEMA_VERSION = "7.24.0"  # of the tables of the reference engine, whose API tells of them
schema_log = Table(
    "schema_log",
    metadata,
    key(),
    Column("timestamp", Timestamp, nullable=False),
    text("version", nullable=False),
)
