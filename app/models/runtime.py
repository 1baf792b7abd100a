"""The runtime tables, whose rows are the records of `engine.state`."""

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, LargeBinary, Table

from .base import ROOM, Timestamp, key, metadata, text, where, where_given

execution = Table(
    "execution",
    metadata,
    key(),
    text("process_instance_id", nullable=False),
    text("root_process_instance_id", nullable=False),
    text("process_definition_id", nullable=False),
    text("process_definition_key", nullable=False),
    Column("is_scope", Boolean, nullable=False),
    Column("is_concurrent", Boolean, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("is_event_scope", Boolean, nullable=False),
    Column("is_suspended", Boolean, nullable=False),
    text("parent_id"),
    text("super_execution_id"),
    text("activity_id"),
    text("activity_instance_id"),
    text("scope_activity_id"),
    text("scope_activity_instance_id"),
    text("business_key"),
    text("case_instance_id"),
    text("tenant_id"),
    text("traceparent"),  # of a process instance that a traced request has started
    Column("arrival", Integer),
    # With the arrival, so that a join counts its tokens from the index alone.
    where_given("ix_execution_children", "parent_id", "activity_id", "arrival"),
    where_given("ix_execution_super", "super_execution_id"),
    Index("ix_execution_process_instance", "process_instance_id"),
    # An instance without a caller is its own root, and is found by its key.
    where("super_execution_id IS NOT NULL", "ix_execution_root", "root_process_instance_id"),
    Index("ix_execution_in_definition", "process_definition_id"),
    where_given("ix_execution_business_key", "business_key"),
    where_given("ix_execution_at_activity", "activity_id"),
)

variable = Table(
    "variable",
    metadata,
    key(),
    Column("revision", Integer, nullable=False),
    text("name", nullable=False),
    text("type", nullable=False),
    text("execution_id"),  # none: it waits at a batch
    text("process_instance_id"),  # this and the next: none for a task that stands alone
    text("process_definition_id"),
    text("activity_instance_id"),
    text("task_id"),
    text("tenant_id"),
    text("text_value"),
    Column("long_value", BigInteger),
    Column("double_value", Double),
    Column("bytes_value", LargeBinary),
    text("value_info"),
    text("batch_id"),
    # Of its history, where this row is that as well, and lasts: see `store.unit.lasting`.
    Column("create_time", Timestamp),
    Column("detail_time", Timestamp),
    Column("is_initial", Boolean),
    text("detail_activity_instance_id"),
    Index("ix_variable_execution", "execution_id", "name"),
    # those of an instance's own execution are in the index of executions
    where(
        "execution_id <> process_instance_id",
        "ix_variable_instance_name",
        "process_instance_id",
        "name",
    ),
    Index("ix_variable_name", "name"),
    where_given("ix_variable_batch", "batch_id"),
    # Of those that are there now, where others last.
    where("create_time IS NULL", "ix_variable_passing", "id"),
    **ROOM,
)

external_task = Table(
    "external_task",
    metadata,
    key(),
    # The token of a lock: how often the task was locked tells one lock of a worker from its next.
    Column("lock_count", Integer, nullable=False),
    Column("priority", BigInteger, nullable=False),
    Column("create_time", Timestamp, nullable=False),
    text("execution_id", nullable=False),
    text("activity_id", nullable=False),
    text("activity_instance_id", nullable=False),
    text("process_instance_id", nullable=False),
    text("root_process_instance_id", nullable=False),
    text("process_definition_id", nullable=False),
    text("process_definition_key", nullable=False),
    # Beside the time at which a lock expires, for an index cannot be about `now`.
    Column("is_locked", Boolean, nullable=False),
    Column("is_suspended", Boolean, nullable=False),
    text("topic_name"),
    text("worker_id"),
    Column("lock_expiration_time", Timestamp),
    Column("retries", Integer),
    text("error_message"),
    text("error_details"),
    text("business_key"),
    text("tenant_id"),
    # The incident of the task names it in its history (``historyConfiguration``).
    text("last_failure_log_id"),
    text("listener"),
    # The log has no entry of the creation then: see `store.unit.creations`.
    Column("logged_priority", BigInteger),
    Index("ix_external_task_process_instance", "process_instance_id", "execution_id"),
    Index("ix_external_task_definition", "process_definition_id", "activity_id"),
    # Partial: a task that nobody has had has no entry, so its insert costs nothing here.
    where_given("ix_external_task_worker", "worker_id"),
    # Partial: few tasks have failed, and lists of those are what operators look at.
    where("retries = 0", "ix_external_task_failed", "topic_name"),
)

_FETCHABLE = "NOT is_locked AND NOT is_suspended AND (retries IS NULL OR retries > 0)"
where(
    _FETCHABLE,
    # A fetch reads this from the front and stops at the number that it wants, without a sort.
    "ix_external_task_fetch",
    external_task.c.topic_name,
    external_task.c.create_time,
    external_task.c.id,
)
where(
    _FETCHABLE,
    "ix_external_task_fetch_priority",
    external_task.c.topic_name,
    external_task.c.priority.desc(),
    external_task.c.create_time,
    external_task.c.id,
)
where(
    "is_locked",
    "ix_external_task_expiry",
    external_task.c.topic_name,
    external_task.c.lock_expiration_time,
)

task = Table(
    "task",
    metadata,
    key(),
    Column("priority", Integer, nullable=False),
    Column("create_time", Timestamp, nullable=False),
    Column("is_suspended", Boolean, nullable=False),
    text("name"),
    text("description"),
    text("assignee"),
    text("owner"),
    Column("due_date", Timestamp),
    Column("follow_up_date", Timestamp),
    Column("last_updated", Timestamp),
    text("delegation_state"),
    text("form_key"),
    text("parent_task_id"),
    text("task_state"),
    text("task_definition_key"),
    text("execution_id"),
    text("activity_instance_id"),
    text("process_instance_id"),
    text("root_process_instance_id"),
    text("process_definition_id"),
    text("tenant_id"),
    text("case_instance_id"),
    Index("ix_task_execution", "execution_id"),
    Index("ix_task_process_instance", "process_instance_id"),
    Index("ix_task_definition", "process_definition_id"),
    Index("ix_task_definition_key", "task_definition_key"),
    Index("ix_task_assignee", "assignee"),
    where_given("ix_task_owner", "owner"),
    where_given("ix_task_parent", "parent_task_id"),
)

job = Table(
    "job",
    metadata,
    key(),
    text("kind", nullable=False),
    Column("create_time", Timestamp, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("priority", BigInteger, nullable=False),
    Column("is_exclusive", Boolean, nullable=False),
    Column("is_suspended", Boolean, nullable=False),
    text("configuration"),
    text("activity_id"),
    text("execution_id"),
    text("process_instance_id"),
    text("root_process_instance_id"),
    text("process_definition_id"),
    text("process_definition_key"),
    text("deployment_id"),
    text("batch_id"),
    Column("due_date", Timestamp),
    text("repeat"),
    text("exception_message"),
    text("exception_stacktrace"),
    text("failed_activity_id"),
    text("lock_owner"),
    Column("lock_expiration_time", Timestamp),
    text("tenant_id"),
    text("job_definition_id"),
    Index("ix_job_execution", "execution_id"),
    Index("ix_job_process_instance", "process_instance_id"),
    Index("ix_job_root", "root_process_instance_id"),
    Index("ix_job_definition", "process_definition_id"),
    Index("ix_job_batch", "batch_id"),
    where_given("ix_job_job_definition", "job_definition_id"),
    # Only jobs that may be taken are in it, however many have failed.
    where("retries > 0 AND NOT is_suspended", "ix_job_due", "due_date", "id"),
)

event_subscription = Table(
    "event_subscription",
    metadata,
    key(),
    text("event_type", nullable=False),
    Column("created_date", Timestamp, nullable=False),
    text("event_name"),
    text("activity_id"),
    text("configuration"),
    text("execution_id"),
    text("process_instance_id"),
    text("root_process_instance_id"),
    text("process_definition_id"),
    text("tenant_id"),
    Index("ix_event_subscription_event", "event_type", "event_name", "process_instance_id"),
    Index("ix_event_subscription_execution", "execution_id"),
    Index("ix_event_subscription_process_instance", "process_instance_id"),
    Index("ix_event_subscription_root", "root_process_instance_id"),
    Index("ix_event_subscription_definition", "process_definition_id"),
)

incident = Table(
    "incident",
    metadata,
    key(),
    text("incident_type", nullable=False),
    Column("incident_timestamp", Timestamp, nullable=False),
    text("cause_incident_id", nullable=False),
    text("root_cause_incident_id", nullable=False),
    text("incident_message"),
    text("configuration"),
    text("history_configuration"),
    text("activity_id"),
    text("failed_activity_id"),
    text("annotation"),
    text("job_definition_id"),
    text("execution_id"),
    text("process_instance_id"),
    text("root_process_instance_id"),
    text("process_definition_id"),
    text("tenant_id"),
    Index("ix_incident_execution", "execution_id"),
    Index("ix_incident_configuration", "configuration"),
    Index("ix_incident_process_instance", "process_instance_id"),
    Index("ix_incident_root", "root_process_instance_id"),
    Index("ix_incident_definition", "process_definition_id"),
    Index("ix_incident_root_cause", "root_cause_incident_id"),
    # Callers' incidents refer to the one below: to resolve it finds them by these.
    Index("ix_incident_cause", "cause_incident_id"),
    Index("ix_incident_type", "incident_type"),
)

receipt = Table(
    "receipt",
    metadata,
    key(),
    text("fingerprint", nullable=False),
    Column("create_time", Timestamp, nullable=False),
    Index("ix_receipt_create_time", "create_time"),
)

batch = Table(
    "batch",
    metadata,
    key(),
    text("type", nullable=False),
    Column("start_time", Timestamp, nullable=False),
    Column("total_jobs", Integer, nullable=False),
    Column("jobs_created", Integer, nullable=False),
    Column("is_suspended", Boolean, nullable=False),
    text("configuration", nullable=False),
    Column("execution_start_time", Timestamp),
    text("tenant_id"),
    text("create_user_id"),
    text("deployment_id"),
    text("job_definition_ids"),  # JSON, of the three where they were brought along
)

batch_elements = Table(  # what a batch is about, until its jobs are made
    "batch_elements",
    metadata,
    key(),
    text("batch_id", nullable=False),
    # JSON of up to a thousand ids: a row for each would double what a large batch writes.
    text("ids", nullable=False),
    Index("ix_batch_elements_batch", "batch_id"),
)
