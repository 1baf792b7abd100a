"""the listener that an external task stands in for"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade():
    op.add_column("external_task", sa.Column("listener", sa.Text()))


def downgrade():
    op.drop_column("external_task", "listener")
