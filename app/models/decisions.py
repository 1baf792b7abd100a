"""Decisions: what DMN files define, and what evaluations leave in the history."""

from sqlalchemy import Boolean, Column, Double, Index, Integer, Table

from .base import Timestamp, key, metadata, text, where_given

decision_requirements_definition = Table(
    "decision_requirements_definition",
    metadata,
    key(),
    text("key", nullable=False),
    Column("version", Integer, nullable=False),
    text("deployment_id", nullable=False),
    text("resource_name", nullable=False),
    text("name"),
    text("category"),
    text("tenant_id"),
    Index("ix_decision_requirements_key", "key", "tenant_id", "version"),
    Index("ix_decision_requirements_deployment", "deployment_id"),
)

decision_definition = Table(
    "decision_definition",
    metadata,
    key(),
    text("key", nullable=False),
    Column("version", Integer, nullable=False),
    text("deployment_id", nullable=False),
    text("resource_name", nullable=False),
    text("name"),
    text("category"),
    text("version_tag"),
    Column("history_time_to_live", Integer),
    text("decision_requirements_definition_id"),
    text("decision_requirements_definition_key"),
    text("tenant_id"),
    # In this order the newest version of a key and tenant is the last entry.
    Index("ix_decision_definition_key", "key", "tenant_id", "version"),
    Index("ix_decision_definition_deployment", "deployment_id"),
    where_given("ix_decision_definition_requirements", "decision_requirements_definition_id"),
)

historic_decision_instance = Table(
    "historic_decision_instance",
    metadata,
    key(),
    text("decision_definition_id", nullable=False),
    text("decision_definition_key", nullable=False),
    Column("evaluation_time", Timestamp, nullable=False),
    # without it the removal time is that of the root process instance, as in all other history
    Column("has_own_removal_time", Boolean, nullable=False),
    text("inputs", nullable=False),  # of `engine.history.decisions`: an evaluation is one row,
    text("outputs", nullable=False),  # however many rules match
    text("decision_definition_name"),
    Column("removal_time", Timestamp),
    text("process_definition_id"),
    text("process_definition_key"),
    text("process_instance_id"),
    text("root_process_instance_id"),
    text("activity_id"),
    text("activity_instance_id"),
    text("user_id"),
    Column("collect_result_value", Double),
    text("root_decision_instance_id"),
    text("decision_requirements_definition_id"),
    text("decision_requirements_definition_key"),
    text("tenant_id"),
    Index("ix_hi_decision_definition", "decision_definition_id", "evaluation_time"),
    Index("ix_hi_decision_definition_key", "decision_definition_key", "evaluation_time"),
    Index("ix_hi_decision_time", "evaluation_time"),
    where_given("ix_hi_decision_process", "process_definition_id"),
    where_given("ix_hi_decision_process_key", "process_definition_key"),
    where_given("ix_hi_decision_instance", "process_instance_id"),
    where_given("ix_hi_decision_root_instance", "root_process_instance_id"),
    where_given("ix_hi_decision_root", "root_decision_instance_id"),
    where_given("ix_hi_decision_requirements", "decision_requirements_definition_id"),
    where_given("ix_hi_decision_requirements_key", "decision_requirements_definition_key"),
    # Partial: in processes the time is the root's, so few rows have one.
    where_given("ix_hi_decision_removal", "removal_time"),
)
