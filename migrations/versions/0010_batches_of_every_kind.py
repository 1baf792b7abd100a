"""batches of every kind, and their history

The ids that a batch is about are rows of their own, its variables wait at it, and an instance may
have a removal time other than its root's.
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import Timestamp

revision = "0010"
down_revision = "0009"

RUNNABLE = sa.text("retries > 0 AND NOT is_suspended")
ALONE = sa.text("process_instance_id IS NULL")


def given(name, table, column):
    condition = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, table, [column], postgresql_where=condition, sqlite_where=condition)


def _order_jobs(*columns):
    name = "ix_job_due"
    op.drop_index(name, "job")
    op.create_index(name, "job", columns, postgresql_where=RUNNABLE, sqlite_where=RUNNABLE)


def upgrade():
    op.add_column("batch", sa.Column("create_user_id", sa.Text()))
    op.add_column("batch", sa.Column("deployment_id", sa.Text()))
    op.create_table(
        "batch_elements",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
    )
    op.create_index("ix_batch_elements_batch", "batch_elements", ["batch_id"])
    op.create_table(
        "historic_batch",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("total_jobs", sa.Integer(), nullable=False),
        sa.Column("start_time", Timestamp(), nullable=False),
        sa.Column("execution_start_time", Timestamp()),
        sa.Column("end_time", Timestamp()),
        sa.Column("removal_time", Timestamp()),
        sa.Column("tenant_id", sa.Text()),
        sa.Column("create_user_id", sa.Text()),
    )
    given("ix_hi_batch_removal", "historic_batch", "removal_time")
    with op.batch_alter_table("variable") as table:
        table.alter_column("execution_id", existing_type=sa.Text(), nullable=True)
        table.add_column(sa.Column("batch_id", sa.Text()))
    given("ix_variable_batch", "variable", "batch_id")
    _order_jobs("due_date", "id")
    op.add_column("historic_process_instance", sa.Column("has_own_removal_time", sa.Boolean()))
    given("ix_hi_job_log_batch", "historic_job_log", "batch_id")
    op.create_index(
        "ix_hi_incident_job_definition",
        "historic_incident",
        ["job_definition_id"],
        postgresql_where=ALONE,
        sqlite_where=ALONE,
    )


def downgrade():
    op.drop_index("ix_hi_incident_job_definition", "historic_incident")
    op.drop_index("ix_hi_job_log_batch", "historic_job_log")
    op.drop_column("historic_process_instance", "has_own_removal_time")
    op.execute("DELETE FROM variable WHERE batch_id IS NOT NULL")
    _order_jobs("due_date", "lock_expiration_time")
    op.drop_index("ix_variable_batch", "variable")
    with op.batch_alter_table("variable") as table:
        table.drop_column("batch_id")
        table.alter_column("execution_id", existing_type=sa.Text(), nullable=False)
    op.drop_table("historic_batch")
    op.drop_table("batch_elements")
    op.drop_column("batch", "deployment_id")
    op.drop_column("batch", "create_user_id")
