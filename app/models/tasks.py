"""Additions to user tasks: identity links, comments, attachments.

A comment and an attachment belong to the history: they outlive their task.
"""

from sqlalchemy import Column, Index, LargeBinary, Table

from .base import Timestamp, key, metadata, text, where_given

identity_link = Table(
    "identity_link",
    metadata,
    key(),
    text("task_id", nullable=False),
    text("type", nullable=False),
    text("user_id"),
    text("group_id"),
    text("process_instance_id"),
    text("root_process_instance_id"),
    Index("ix_identity_link_task", "task_id"),
    where_given("ix_identity_link_user", "user_id"),
    where_given("ix_identity_link_group", "group_id"),
    where_given("ix_identity_link_instance", "process_instance_id"),
)

comment = Table(
    "comment",
    metadata,
    key(),
    text("task_id", nullable=False),
    Column("time", Timestamp, nullable=False),
    text("message", nullable=False),
    text("user_id"),
    text("named_instance_id"),  # which the client has named: only there such a comment is listed
    text("process_instance_id"),
    text("root_process_instance_id"),
    Index("ix_comment_task", "task_id", "time"),
    where_given("ix_comment_named_instance", "named_instance_id"),
    where_given("ix_comment_instance", "process_instance_id"),
)

attachment = Table(
    "attachment",
    metadata,
    key(),
    text("task_id", nullable=False),
    Column("create_time", Timestamp, nullable=False),
    text("name"),
    text("description"),
    text("type"),
    text("url"),
    text("user_id"),
    text("process_instance_id"),
    text("root_process_instance_id"),
    Column("content", LargeBinary),
    Index("ix_attachment_task", "task_id", "create_time"),
    where_given("ix_attachment_instance", "process_instance_id"),
)
