"""fewer and smaller indexes on what every completion writes"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

DROPPED = {
    "ix_execution_definition_key": ("execution", ["process_definition_key", "id"]),
    "ix_execution_instances": ("execution", ["id"]),
    "ix_external_task_definition_key": ("external_task", ["process_definition_key"]),
    "ix_hi_activity_instance_definition": (
        "historic_activity_instance",
        ["process_definition_id", "activity_id"],
    ),
    "ix_hi_activity_instance_root": ("historic_activity_instance", ["root_process_instance_id"]),
    "ix_hi_detail_root": ("historic_detail", ["root_process_instance_id"]),
    "ix_hi_external_task_log_definition": (
        "historic_external_task_log",
        ["process_definition_id"],
    ),
    "ix_hi_external_task_log_root": ("historic_external_task_log", ["root_process_instance_id"]),
    "ix_hi_incident_root": ("historic_incident", ["root_process_instance_id"]),
    "ix_hi_task_root": ("historic_task", ["root_process_instance_id"]),
    "ix_hi_variable_instance_definition": (
        "historic_variable_instance",
        ["process_definition_id"],
    ),
    "ix_hi_variable_instance_root": ("historic_variable_instance", ["root_process_instance_id"]),
}
PARTIAL = {
    "ix_execution_super": ("execution", "super_execution_id", "super_execution_id IS NOT NULL"),
    "ix_execution_root": ("execution", "root_process_instance_id", "parent_id IS NULL"),
    "ix_execution_business_key": ("execution", "business_key", "business_key IS NOT NULL"),
    "ix_hi_process_instance_business_key": (
        "historic_process_instance",
        "business_key",
        "business_key IS NOT NULL",
    ),
    "ix_hi_process_instance_super": (
        "historic_process_instance",
        "super_process_instance_id",
        "super_process_instance_id IS NOT NULL",
    ),
    "ix_hi_process_instance_end": (
        "historic_process_instance",
        "end_time",
        "end_time IS NOT NULL",
    ),
    "ix_hi_process_instance_removal": (
        "historic_process_instance",
        "removal_time",
        "removal_time IS NOT NULL",
    ),
    "ix_hi_variable_instance_task": (
        "historic_variable_instance",
        "task_id",
        "task_id IS NOT NULL",
    ),
}
SPARSE = {
    "ix_hi_activity_instance_execution": "historic_activity_instance",
    "ix_hi_variable_instance_execution": "historic_variable_instance",
    "ix_hi_detail_execution": "historic_detail",
}


def upgrade():
    for name, (table, _) in DROPPED.items():
        op.drop_index(name, table)
    for name, (table, column, condition) in PARTIAL.items():
        op.drop_index(name, table)
        where = sa.text(condition)
        op.create_index(name, table, [column], postgresql_where=where, sqlite_where=where)
    for name, table in SPARSE.items():
        op.drop_index(name, table)
        op.create_index(
            name,
            table,
            ["execution_id"],
            postgresql_using="brin",
            postgresql_ops={"execution_id": "text_bloom_ops"},
        )


def downgrade():
    for name, table in SPARSE.items():
        op.drop_index(name, table)
        op.create_index(name, table, ["execution_id"])
    for name, (table, column, _) in PARTIAL.items():
        op.drop_index(name, table)
        op.create_index(name, table, [column])
    for name, (table, columns) in DROPPED.items():
        op.create_index(name, table, columns)
