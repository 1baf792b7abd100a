"""which instance another one is the restart of"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TABLE, COLUMN = "historic_process_instance", "restarted_process_instance_id"


def upgrade():
    op.add_column(TABLE, sa.Column(COLUMN, sa.Text()))


def downgrade():
    op.drop_column(TABLE, COLUMN)
