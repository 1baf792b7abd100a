"""what people add to user tasks: links of identity, comments, attachments; forms; tasks alone

The candidates of tasks that are there become links; their columns stay for processes of the
version before. A task that stands alone has variables that belong to no process instance. Forms
that were deployed already become versions of their keys.
"""

import json

import sqlalchemy as sa
from alembic import op

from app.models.base import Timestamp

revision = "0008"
down_revision = "0007"

LINK, COMMENT, ATTACHMENT, FORM = "identity_link", "comment", "attachment", "camunda_form"
OWNERS = ("process_instance_id", "root_process_instance_id")
AT_ONCE = 1000
OF_INSTANCE = ("process_instance_id", "process_definition_id")  # of a variable


def upgrade():
    _create(LINK, _given("task_id", "type"), _texts("user_id", "group_id", *OWNERS))
    op.create_index("ix_identity_link_task", LINK, ["task_id"])
    _index_where_given("ix_identity_link_user", LINK, "user_id")
    _index_where_given("ix_identity_link_group", LINK, "group_id")
    _index_where_given("ix_identity_link_instance", LINK, "process_instance_id")
    _create(
        COMMENT,
        _given("task_id"),
        [sa.Column("time", Timestamp(), nullable=False)],
        _given("message"),
        _texts("user_id", "named_instance_id", *OWNERS),
    )
    op.create_index("ix_comment_task", COMMENT, ["task_id", "time"])
    _index_where_given("ix_comment_named_instance", COMMENT, "named_instance_id")
    _index_where_given("ix_comment_instance", COMMENT, "process_instance_id")
    _create(
        ATTACHMENT,
        _given("task_id"),
        [sa.Column("create_time", Timestamp(), nullable=False)],
        _texts("name", "description", "type", "url", "user_id", *OWNERS),
        [sa.Column("content", sa.LargeBinary())],
    )
    op.create_index("ix_attachment_task", ATTACHMENT, ["task_id", "create_time"])
    _index_where_given("ix_attachment_instance", ATTACHMENT, "process_instance_id")
    _create(
        FORM,
        _given("key"),
        [sa.Column("version", sa.Integer(), nullable=False)],
        _given("deployment_id", "resource_name"),
        _texts("tenant_id"),
    )
    op.create_index("ix_camunda_form_key", FORM, ["key", "version"])
    op.create_index("ix_camunda_form_deployment", FORM, ["deployment_id"])
    op.add_column("task", sa.Column("case_instance_id", sa.Text()))
    _index_where_given("ix_task_owner", "task", "owner")
    _index_where_given("ix_task_parent", "task", "parent_task_id")
    _let_be_null(True)
    _link_candidates()
    _number_forms()


def _create(name, *groups):
    columns = [column for group in groups for column in group]
    op.create_table(name, sa.Column("id", sa.Text(), primary_key=True), *columns)


def _given(*names):
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _texts(*names):
    return [sa.Column(name, sa.Text()) for name in names]


def _index_where_given(name, table, column):
    given = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, table, [column], postgresql_where=given, sqlite_where=given)


def _let_be_null(nullable):
    with op.batch_alter_table("variable") as variable:
        for name in OF_INSTANCE:
            variable.alter_column(name, existing_type=sa.Text(), nullable=nullable)


def _link_candidates():
    """A link for each candidate; the table of tasks has had them in one text."""
    names = ("id", "candidate_users", "candidate_groups", *OWNERS)
    task = sa.table("task", *map(sa.column, names))
    links = sa.table(
        LINK, *map(sa.column, ("id", "task_id", "type", "user_id", "group_id", *OWNERS))
    )
    connection, rows = op.get_bind(), []
    wanted = sa.or_(task.c.candidate_users.is_not(None), task.c.candidate_groups.is_not(None))
    for found in connection.execute(sa.select(task).where(wanted)).mappings().all():
        for column in ("user_id", "group_id"):
            candidates = (found[f"candidate_{column.removesuffix('_id')}s"] or "").split(",")
            for number, name in enumerate(filter(None, candidates)):
                row = {
                    "id": f"{column}:{number}:{found['id']}",
                    "task_id": found["id"],
                    "type": "candidate",
                    "user_id": None,
                    "group_id": None,
                    **{owner: found[owner] for owner in OWNERS},
                }
                rows.append({**row, column: name})
    for first in range(0, len(rows), AT_ONCE):
        connection.execute(links.insert(), rows[first : first + AT_ONCE])


def _number_forms():
    """A version for each form of the past, in the order of their deployments."""
    resource = sa.table("resource", *map(sa.column, ("id", "deployment_id", "name", "content")))
    deployment = sa.table("deployment", *map(sa.column, ("id", "deployment_time", "tenant_id")))
    forms = sa.table(
        FORM,
        *map(sa.column, ("id", "key", "version", "deployment_id", "resource_name", "tenant_id")),
    )
    found = (
        sa.select(resource.c, deployment.c.tenant_id)
        .join(deployment, deployment.c.id == resource.c.deployment_id)
        .where(resource.c.name.like("%.form"))
        .order_by(deployment.c.deployment_time, deployment.c.id, resource.c.name)
    )
    connection, versions = op.get_bind(), {}
    for row in connection.execute(found).mappings().all():
        key = _key_of(bytes(row["content"]))
        if key is None:
            continue
        version = versions[key, row["tenant_id"]] = versions.get((key, row["tenant_id"]), 0) + 1
        values = {
            "id": f"form:{row['id']}",
            "key": key,
            "version": version,
            "deployment_id": row["deployment_id"],
            "resource_name": row["name"],
            "tenant_id": row["tenant_id"],
        }
        connection.execute(forms.insert().values(values))


def _key_of(content):
    try:
        key = json.loads(content)["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return key if isinstance(key, str) and "\x00" not in key else None


def downgrade():
    op.execute("DELETE FROM variable WHERE process_instance_id IS NULL")
    _let_be_null(False)
    op.drop_index("ix_task_parent", "task")
    op.drop_index("ix_task_owner", "task")
    op.drop_column("task", "case_instance_id")
    for name in (FORM, ATTACHMENT, COMMENT, LINK):
        op.drop_table(name)
