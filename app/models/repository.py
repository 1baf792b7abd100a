"""The repository: deployments, their resources, process definitions and job definitions."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table

from .base import Timestamp, key, metadata, text, where_given

deployment = Table(
    "deployment",
    metadata,
    key(),
    text("name"),
    text("source"),
    Column("deployment_time", Timestamp, nullable=False),
    text("tenant_id"),
    Index("ix_deployment_name", "name", "deployment_time"),
    Index("ix_deployment_time", "deployment_time"),
    Index("ix_deployment_tenant", "tenant_id"),
)

resource = Table(
    "resource",
    metadata,
    key(),
    text("deployment_id", nullable=False),
    text("name", nullable=False),
    Column("content", LargeBinary, nullable=False),
    # A file of a deployment is found by its name, so there can be one of each.
    Index("uq_resource_deployment_name", "deployment_id", "name", unique=True),
)

camunda_form = Table(
    "camunda_form",
    metadata,
    key(),
    text("key", nullable=False),
    Column("version", Integer, nullable=False),
    text("deployment_id", nullable=False),
    text("resource_name", nullable=False),
    text("tenant_id"),
    Index("ix_camunda_form_key", "key", "version"),
    Index("ix_camunda_form_deployment", "deployment_id"),
)

process_definition = Table(
    "process_definition",
    metadata,
    key(),
    text("key", nullable=False),
    Column("version", Integer, nullable=False),
    text("deployment_id", nullable=False),
    text("resource_name", nullable=False),
    Column("is_suspended", Boolean, nullable=False),
    Column("is_startable_in_tasklist", Boolean, nullable=False),
    text("name"),
    text("category"),
    text("description"),
    text("version_tag"),
    Column("history_time_to_live", Integer),
    text("tenant_id"),
    text("candidate_starter_users"),
    text("candidate_starter_groups"),
    text("diagram_resource_name"),
    # Not unique: versions of a tenant and of none are counted apart, and null is not null.
    Index("ix_process_definition_key", "key", "tenant_id", "version"),
    Index("ix_process_definition_deployment", "deployment_id"),
    Index("ix_process_definition_name", "name"),
    Index("ix_process_definition_version_tag", "version_tag"),
)

job_definition = Table(
    "job_definition",
    metadata,
    key(),
    text("job_type", nullable=False),
    text("job_configuration", nullable=False),
    Column("is_suspended", Boolean, nullable=False),
    text("process_definition_id"),
    text("process_definition_key"),
    text("activity_id"),
    Column("overriding_job_priority", BigInteger),
    text("tenant_id"),
    text("deployment_id"),
    text("declared_id"),  # which it would have here; it was brought along with another
    where_given("ix_job_definition_declared", "declared_id"),
    Index("ix_job_definition_definition", "process_definition_id"),
    Index("ix_job_definition_definition_key", "process_definition_key"),
)
