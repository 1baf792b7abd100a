"""the traces of instances, indexes for the metrics, and which versions go on with this schema

From here on the database says so: `alembic_version.oldest` is the oldest revision whose versions
go on working. A migration that only adds leaves it; one that takes away what a version still
uses, a release after that was retired, names in `oldest` the first revision that does without.
"""

import sqlalchemy as sa
from alembic import op

from app.store.connections.migrating import create_indexes, drop_indexes

revision = "0014"
down_revision = "0013"
oldest = "0015"

INDEXES = {
    "ix_external_task_failed": ("external_task", ["topic_name"], "retries = 0"),
    "ix_incident_type": ("incident", ["incident_type"], None),
}


def upgrade():
    create_indexes(INDEXES)
    op.add_column("execution", sa.Column("traceparent", sa.Text()))
    op.add_column("alembic_version", sa.Column("oldest", sa.String(32)))


def downgrade():
    op.drop_column("alembic_version", "oldest")
    op.drop_column("execution", "traceparent")
    drop_indexes(INDEXES)
