"""Which rows of each table are a tenant's.

Most tables name the tenant. The others are told by what they belong to; tables that stay are listed
with the reason, so that a new one has to be thought of.

Source: docs/scaling.md, "Moving a tenant".
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Table, or_, select

from app.models import history, identity, metadata, repository, runtime, tasks
from app.security.permissions import Resource

STAYS = {
    "schema_log": "is about the database",
    "metric": "is counted by process, not by tenant",
    "task_worker": "tells no tenant",
    "receipt": "lasts for hours, and tells no tenant",
    "browser_session": "is of a user",
    "saved_filter": "is of a user",
    "identity_user": "may belong to several tenants: see `people`",
    "identity_group": "may belong to several tenants: see `people`",
    "group_membership": "may be about several tenants: see `people`",
}


def instances(tenant: str) -> Select[tuple[str]]:
    """The process instances of a tenant, running and ended."""
    ended, running = history.historic_process_instance, runtime.execution
    return (
        select(ended.c.id)
        .where(ended.c.tenant_id == tenant)
        .union(select(running.c.process_instance_id).where(running.c.tenant_id == tenant))
        .subquery()
        .select()
    )


def _ids(table: Table, tenant: str) -> Select[tuple[str]]:
    return select(table.c.id).where(table.c.tenant_id == tenant)


def _on_tasks(table: Table, tenant: str) -> ColumnElement[bool]:
    """The condition of a tenant's comments, attachments and other additions to tasks."""
    conditions = [
        table.c.task_id.in_(_ids(runtime.task, tenant)),
        table.c.task_id.in_(_ids(history.historic_task, tenant)),
        table.c.process_instance_id.in_(instances(tenant)),
    ]
    return or_(*conditions)


def _authorizations(tenant: str) -> ColumnElement[bool]:
    """The authorizations on a resource that only this tenant has, which its id tells."""
    about = identity.authorization.c
    owned = (
        (Resource.TASK, runtime.task),
        (Resource.HISTORIC_TASK, history.historic_task),
        (Resource.DEPLOYMENT, repository.deployment),
        (Resource.BATCH, runtime.batch),
    )
    conditions = [
        (about.resource_type == kind.value) & about.resource_id.in_(_ids(table, tenant))
        for kind, table in owned
    ]
    conditions += [
        (about.resource_type == kind.value) & about.resource_id.in_(instances(tenant))
        for kind in (Resource.PROCESS_INSTANCE, Resource.HISTORIC_PROCESS_INSTANCE)
    ]
    # Not those of a key: another tenant may have a definition of the same key.
    named = (about.resource_type == Resource.TENANT.value) & (about.resource_id == tenant)
    return or_(named, *conditions)


def _of_parents(tenant: str) -> dict[str, ColumnElement[bool]]:
    """The rows of tables that do not name the tenant."""
    parts = (runtime.batch_elements, "batch_id", runtime.batch)
    resources = (repository.resource, "deployment_id", repository.deployment)
    found: dict[str, ColumnElement[bool]] = {
        table.name: table.c[column].in_(_ids(parent, tenant))
        for table, column, parent in (parts, resources)
    }
    found |= {
        table.name: _on_tasks(table, tenant)
        for table in (tasks.identity_link, tasks.comment, tasks.attachment)
    }
    found[identity.authorization.name] = _authorizations(tenant)
    found[identity.tenant.name] = identity.tenant.c.id == tenant
    return found


@dataclass(frozen=True)
class Part:
    """The rows of one table that are the tenant's."""

    table: Table
    condition: ColumnElement[bool]


# tables whose rows decide which rows of others are removed: they are removed last
_PARENTS = (
    runtime.batch,
    repository.deployment,
    runtime.task,
    history.historic_task,
    runtime.execution,
    history.historic_process_instance,
)


def parts(tenant: str) -> list[Part]:
    """The rows of all tables, in an order in which they can be removed."""
    by_parent = _of_parents(tenant)
    children = [t for t in metadata.sorted_tables if t not in _PARENTS and t.name not in STAYS]
    ordered = [
        # First those that are found through a parent, while it is still there.
        *(t for t in children if t.name in by_parent),
        *(t for t in children if t.name not in by_parent),
        *_PARENTS,
    ]
    return [Part(table, by_parent.get(table.name, _named(table, tenant))) for table in ordered]


def _named(table: Table, tenant: str) -> ColumnElement[bool]:
    """The rows of a table that names the tenant, or the instance where an old row does not."""
    if "tenant_id" not in table.c:
        # No row: such a table has to be listed among `STAYS`, or be found by a parent.
        return table.c.id.is_(None)
    named = table.c.tenant_id == tenant
    if "process_instance_id" not in table.c or table is runtime.execution:
        return named
    # Rows of early versions name none, and belong to their instance's.
    unnamed = table.c.tenant_id.is_(None)
    return or_(named, unnamed & table.c.process_instance_id.in_(instances(tenant)))
