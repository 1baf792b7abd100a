"""the newest detail of a variable is in the variable's own row of the history

A variable set once was kept twice. Details that have rows already keep them.
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import Timestamp

revision = "0004"
down_revision = "0003"

TABLE, INDEX = "historic_variable_instance", "ix_hi_detail_variable"


def upgrade():
    op.add_column(TABLE, sa.Column("detail_time", Timestamp()))
    op.add_column(TABLE, sa.Column("is_initial", sa.Boolean()))
    op.drop_index(INDEX, "historic_detail")
    op.create_index(INDEX, "historic_detail", ["variable_instance_id", "revision"])


def downgrade():
    op.drop_index(INDEX, "historic_detail")
    op.create_index(INDEX, "historic_detail", ["variable_instance_id"])
    columns = (
        "process_definition_key, process_definition_id, process_instance_id, "
        "root_process_instance_id, execution_id, activity_instance_id, task_id, tenant_id, "
        "text_value, long_value, double_value, bytes_value, value_info"
    )
    op.execute(
        "INSERT INTO historic_detail (id, variable_instance_id, variable_name, variable_type, "
        f"time, revision, is_initial, {columns}) SELECT 'detail:' || id, id, name, type, "
        f"detail_time, revision, is_initial, {columns} FROM {TABLE} WHERE detail_time IS NOT NULL"
    )
    op.drop_column(TABLE, "is_initial")
    op.drop_column(TABLE, "detail_time")
