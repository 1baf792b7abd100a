"""sessions of browsers"""

import sqlalchemy as sa
from alembic import op

from app.models.base import Timestamp

revision = "0016"
down_revision = "0015"


def upgrade():
    op.create_table(
        "browser_session",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("expiration_time", Timestamp(), nullable=False),
    )
    for column in ("user_id", "expiration_time"):
        op.create_index(f"ix_browser_session_{column}", "browser_session", [column])


def downgrade():
    op.drop_table("browser_session")
