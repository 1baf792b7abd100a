"""the texts that forms were submitted with

They are details of the history, as the changes of variables are.
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import Timestamp

revision = "0006"
down_revision = "0005"

TABLE = "historic_form_field"
TEXTS = (
    "field_value",
    "process_definition_key",
    "process_definition_id",
    "process_instance_id",
    "root_process_instance_id",
    "execution_id",
    "activity_instance_id",
    "task_id",
    "tenant_id",
)


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("time", Timestamp(), nullable=False),
        sa.Column("field_id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text()) for name in TEXTS),
    )
    op.create_index("ix_hi_form_field_instance", TABLE, ["process_instance_id"])
    op.create_index("ix_hi_form_field_execution", TABLE, ["execution_id"])


def downgrade():
    op.drop_table(TABLE)
