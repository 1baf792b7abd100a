"""Identity: users, groups, tenants, their authorizations and filters.

Source: contract 11.5.
"""

from sqlalchemy import BigInteger, Column, Integer, Table

from .base import Timestamp, key, metadata, text, unique_where_given, where_given

user = Table(
    "identity_user",
    metadata,
    key(),
    text("first_name"),
    text("last_name"),
    text("email"),
    text("password_hash"),
    Column("attempts", Integer, nullable=False),
    Column("lock_expiration_time", Timestamp),
)

group = Table("identity_group", metadata, key(), text("name"), text("type"))

tenant = Table("identity_tenant", metadata, key(), text("name"))

group_membership = Table(
    "group_membership",
    metadata,
    key(),
    text("user_id", nullable=False, index=True),
    text("group_id", nullable=False, index=True),
)

tenant_membership = Table(
    "tenant_membership",
    metadata,
    key(),
    text("tenant_id", nullable=False, index=True),
    text("user_id"),
    text("group_id"),
    where_given("ix_tenant_membership_user", "user_id"),
    where_given("ix_tenant_membership_group", "group_id"),
)

authorization = Table(
    "identity_authorization",
    metadata,
    key(),
    Column("type", Integer, nullable=False),
    Column("permissions", BigInteger, nullable=False),
    text("user_id"),
    text("group_id"),
    Column("resource_type", Integer, nullable=False),
    text("resource_id"),
    # Rows without a resource are not alike to a database, where null is not null;
    # `authorizations._check` lets them be, as the reference does.
    unique_where_given("uq_authorization_user", "user_id", "resource_type", "resource_id", "type"),
    unique_where_given(
        "uq_authorization_group", "group_id", "resource_type", "resource_id", "type"
    ),
    # What is said about a thing goes with it: a user, a task, a deployment.
    where_given("ix_authorization_resource", "resource_id", "resource_type"),
)

saved_filter = Table(
    "saved_filter",
    metadata,
    key(),
    text("resource_type", nullable=False),
    text("name", nullable=False),
    text("owner"),
    text("query", nullable=False),
    text("properties"),
)

browser_session = Table(
    "browser_session",
    metadata,
    key(),
    text("user_id", nullable=False, index=True),
    Column("expiration_time", Timestamp, nullable=False, index=True),
)
