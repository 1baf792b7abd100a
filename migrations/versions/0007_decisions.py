"""decisions and what was decided

DMN files deployed from now on become definitions; files that are there already were plain
resources, and stay so until they are deployed anew.
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import Timestamp

revision = "0007"
down_revision = "0006"

REQUIREMENTS = "decision_requirements_definition"
DEFINITIONS = "decision_definition"
INSTANCES = "historic_decision_instance"


def upgrade():
    op.create_table(
        REQUIREMENTS,
        *_definition(),
        *_texts("name", "category", "tenant_id"),
    )
    op.create_index("ix_decision_requirements_key", REQUIREMENTS, ["key", "tenant_id", "version"])
    op.create_index("ix_decision_requirements_deployment", REQUIREMENTS, ["deployment_id"])
    op.create_table(
        DEFINITIONS,
        *_definition(),
        *_texts("name", "category", "version_tag"),
        sa.Column("history_time_to_live", sa.Integer()),
        *_texts(f"{REQUIREMENTS}_id", f"{REQUIREMENTS}_key", "tenant_id"),
    )
    op.create_index("ix_decision_definition_key", DEFINITIONS, ["key", "tenant_id", "version"])
    op.create_index("ix_decision_definition_deployment", DEFINITIONS, ["deployment_id"])
    _index_where_given("ix_decision_definition_requirements", DEFINITIONS, f"{REQUIREMENTS}_id")
    op.create_table(
        INSTANCES,
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("decision_definition_id", sa.Text(), nullable=False),
        sa.Column("decision_definition_key", sa.Text(), nullable=False),
        sa.Column("evaluation_time", Timestamp(), nullable=False),
        sa.Column("has_own_removal_time", sa.Boolean(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("outputs", sa.Text(), nullable=False),
        *_texts("decision_definition_name"),
        sa.Column("removal_time", Timestamp()),
        *_texts("process_definition_id", "process_definition_key", "process_instance_id"),
        *_texts("root_process_instance_id", "activity_id", "activity_instance_id", "user_id"),
        sa.Column("collect_result_value", sa.Double()),
        *_texts("root_decision_instance_id", f"{REQUIREMENTS}_id", f"{REQUIREMENTS}_key"),
        *_texts("tenant_id"),
    )
    by_definition = ["decision_definition_id", "evaluation_time"]
    op.create_index("ix_hi_decision_definition", INSTANCES, by_definition)
    by_key = ["decision_definition_key", "evaluation_time"]
    op.create_index("ix_hi_decision_definition_key", INSTANCES, by_key)
    op.create_index("ix_hi_decision_time", INSTANCES, ["evaluation_time"])
    _index_where_given("ix_hi_decision_process", INSTANCES, "process_definition_id")
    _index_where_given("ix_hi_decision_process_key", INSTANCES, "process_definition_key")
    _index_where_given("ix_hi_decision_instance", INSTANCES, "process_instance_id")
    _index_where_given("ix_hi_decision_root_instance", INSTANCES, "root_process_instance_id")
    _index_where_given("ix_hi_decision_root", INSTANCES, "root_decision_instance_id")
    _index_where_given("ix_hi_decision_requirements", INSTANCES, f"{REQUIREMENTS}_id")
    _index_where_given("ix_hi_decision_requirements_key", INSTANCES, f"{REQUIREMENTS}_key")
    _index_where_given("ix_hi_decision_removal", INSTANCES, "removal_time")


def _definition():
    return [
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Text(), nullable=False),
        sa.Column("resource_name", sa.Text(), nullable=False),
    ]


def _texts(*names):
    return [sa.Column(name, sa.Text()) for name in names]


def _index_where_given(name, table, column):
    given = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, table, [column], postgresql_where=given, sqlite_where=given)


def downgrade():
    for table in (INSTANCES, DEFINITIONS, REQUIREMENTS):
        op.drop_table(table)
