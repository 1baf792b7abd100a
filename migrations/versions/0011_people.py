"""users, groups and tenants with their members, authorizations, filters of tasks"""

import sqlalchemy as sa
from alembic import op

from app.models.base import Timestamp

revision = "0011"
down_revision = "0010"

AUTHORIZATION = "identity_authorization"


def upgrade():
    op.create_table(
        "identity_user",
        *_texts("first_name", "last_name", "email", "password_hash"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lock_expiration_time", Timestamp()),
    )
    op.create_table("identity_group", *_texts("name", "type"))
    op.create_table("identity_tenant", *_texts("name"))
    op.create_table(
        "group_membership",
        _key(),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False),
    )
    op.create_index("ix_group_membership_user_id", "group_membership", ["user_id"])
    op.create_index("ix_group_membership_group_id", "group_membership", ["group_id"])
    op.create_table(
        "tenant_membership",
        _key(),
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text()),
        sa.Column("group_id", sa.Text()),
    )
    op.create_index("ix_tenant_membership_tenant_id", "tenant_membership", ["tenant_id"])
    _where_given("ix_tenant_membership_user", "tenant_membership", "user_id")
    _where_given("ix_tenant_membership_group", "tenant_membership", "group_id")
    op.create_table(
        AUTHORIZATION,
        _key(),
        sa.Column("type", sa.Integer(), nullable=False),
        sa.Column("permissions", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Text()),
        sa.Column("group_id", sa.Text()),
        sa.Column("resource_type", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Text()),
    )
    same = ("resource_type", "resource_id", "type")
    _where_given("uq_authorization_user", AUTHORIZATION, "user_id", *same, unique=True)
    _where_given("uq_authorization_group", AUTHORIZATION, "group_id", *same, unique=True)
    _where_given("ix_authorization_resource", AUTHORIZATION, "resource_id", "resource_type")
    op.create_table(
        "saved_filter",
        _key(),
        sa.Column("resource_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("properties", sa.Text()),
    )


def _key():
    return sa.Column("id", sa.Text(), primary_key=True)


def _texts(*names):
    return [_key(), *(sa.Column(name, sa.Text()) for name in names)]


def _where_given(name, table, column, *others, unique=False):
    given = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        name,
        table,
        [column, *others],
        unique=unique,
        postgresql_where=given,
        sqlite_where=given,
    )


def downgrade():
    for table in (
        "saved_filter",
        AUTHORIZATION,
        "tenant_membership",
        "group_membership",
        "identity_tenant",
        "identity_group",
        "identity_user",
    ):
        op.drop_table(table)
