"""rows that serve twice: variables are their history, tasks the entry of their creation

Rows that are there keep their history beside them. The row of a new variable of an instance's own
execution stays when the instance ends, and is its history from then on: rows of
`historic_variable_instance` hardly change any more, and need no room on their pages. The creation
of an external task is told by its row, then by the entry of its end. Versions before would delete
these rows, and what they tell with them.
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import Timestamp
from app.store.connections.migrating import create_indexes, drop_indexes

revision = "0019"
down_revision = "0018"
oldest = "0019"

COLUMNS = (
    ("variable", "create_time", Timestamp),
    ("variable", "detail_time", Timestamp),
    ("variable", "is_initial", sa.Boolean),
    ("variable", "detail_activity_instance_id", sa.Text),
    ("external_task", "logged_priority", sa.BigInteger),
    ("historic_external_task_log", "creation_time", Timestamp),
    ("historic_external_task_log", "creation_priority", sa.BigInteger),
)


def _is_postgresql():
    return op.get_bind().dialect.name == "postgresql"


INDEXES = {
    "ix_variable_passing": ("variable", ["id"], "create_time IS NULL"),
    "ix_hi_external_task_log_creation": (
        "historic_external_task_log",
        ["creation_time"],
        "creation_time IS NOT NULL",
    ),
    "ix_hi_external_task_log_created": ("historic_external_task_log", ["timestamp"], "state = 0"),
}


def upgrade():
    # before the index, and kept when that is stopped
    is_kept = True if _is_postgresql() else None
    for table, name, type_ in COLUMNS:
        op.add_column(table, sa.Column(name, type_()), if_not_exists=is_kept)
    create_indexes(INDEXES)
    if _is_postgresql():
        op.execute("ALTER TABLE historic_variable_instance RESET (fillfactor)")


def downgrade():
    if _is_postgresql():
        op.execute("ALTER TABLE historic_variable_instance SET (fillfactor = 80)")
    op.execute(
        "INSERT INTO historic_variable_instance (id, name, type, state, revision, create_time, "
        "process_instance_id, activity_instance_id, tenant_id, text_value, long_value, "
        "double_value, bytes_value, value_info, detail_time, is_initial, "
        "detail_activity_instance_id) SELECT id, name, type, 'CREATED', revision, create_time, "
        "execution_id, '', tenant_id, text_value, long_value, double_value, bytes_value, "
        "value_info, detail_time, is_initial, detail_activity_instance_id "
        "FROM variable WHERE create_time IS NOT NULL"
    )
    op.execute(
        "DELETE FROM variable WHERE create_time IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM execution e WHERE e.id = variable.execution_id)"
    )
    for source, task, time, priority in (
        ("external_task", "id", "create_time", "logged_priority"),
        (
            "historic_external_task_log",
            "external_task_id",
            "creation_time",
            "creation_priority",
        ),
    ):
        op.execute(
            "INSERT INTO historic_external_task_log (id, timestamp, state, external_task_id, "
            "priority, topic_name, activity_id, activity_instance_id, execution_id, "
            "process_instance_id, process_definition_id, process_definition_key, tenant_id) "
            f"SELECT substr(id, 1, 32) || '0001', {time}, 0, {task}, {priority}, topic_name, "
            "activity_id, activity_instance_id, execution_id, process_instance_id, "
            "process_definition_id, process_definition_key, tenant_id "
            f"FROM {source} WHERE {priority} IS NOT NULL"
        )
    drop_indexes(INDEXES)
    for table, name, _ in COLUMNS:
        op.drop_column(table, name)
