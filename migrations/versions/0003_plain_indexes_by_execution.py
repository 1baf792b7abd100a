"""plain indexes by execution, and the indexes that hot statements need made last

Summaries of ranges (BRIN) cost each insert more than an entry of a tree does. And while a table is
empty all indexes cost the same to the planner of PostgreSQL: it takes the newest.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = {
    "ix_hi_activity_instance_execution": "historic_activity_instance",
    "ix_hi_variable_instance_execution": "historic_variable_instance",
    "ix_hi_detail_execution": "historic_detail",
}
HOT = {
    "ix_variable_execution": ("variable", ["execution_id", "name"]),
    "ix_execution_parent": ("execution", ["parent_id", "activity_id"]),
}


def upgrade():
    for name, table in TABLES.items():
        op.drop_index(name, table)
        op.create_index(name, table, ["execution_id"])
    for name, (table, columns) in HOT.items():
        op.drop_index(name, table)
        op.create_index(name, table, columns)


def downgrade():
    for name, table in TABLES.items():
        op.drop_index(name, table)
        op.create_index(
            name,
            table,
            ["execution_id"],
            postgresql_using="brin",
            postgresql_ops={"execution_id": "text_bloom_ops"},
        )
