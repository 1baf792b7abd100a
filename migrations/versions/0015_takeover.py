"""what is brought along from another engine keeps the ids of its job definitions"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

BATCHES = ("batch", "historic_batch")


def upgrade():
    op.add_column("job_definition", sa.Column("declared_id", sa.Text()))
    given = sa.text("declared_id IS NOT NULL")
    op.create_index(
        "ix_job_definition_declared",
        "job_definition",
        ["declared_id"],
        postgresql_where=given,
        sqlite_where=given,
    )
    for table in BATCHES:
        op.add_column(table, sa.Column("job_definition_ids", sa.Text()))


def downgrade():
    for table in BATCHES:
        op.drop_column(table, "job_definition_ids")
    op.drop_index("ix_job_definition_declared", "job_definition")
    op.drop_column("job_definition", "declared_id")
