"""Lists of what is deployed.

Source: contract 4.1 and 4.2.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, exists, false, not_, or_, select

from app.errors import InvalidRequestError
from app.filters import DATE, FLAG, LIST, TEXT, VERSION
from app.models.identity import group_membership
from app.models.repository import deployment, process_definition, resource
from app.models.runtime import incident
from app.security.permissions import Resource

from .base import Condition, Filter, Listing, View, flag
from .conditions import (
    above,
    among,
    below,
    equals,
    incidents,
    is_named,
    like,
    of_one,
    resembles,
    tenants_or_none,
)
from .rules import User, holds, permitted

d = deployment.c
p = process_definition.c


def _check_deployments(filters: View, *, is_or: bool) -> None:
    del is_or
    if filters.get("without_source") and filters.get("source") is not None:
        raise InvalidRequestError(
            'The query parameters "withoutSource" and "source" cannot be used in combination.'
        )


DEPLOYMENTS = Listing(
    "deployment",
    deployment,
    [d.id, d.name, d.source, d.deployment_time, d.tenant_id],
    {
        "id": Filter(TEXT, equals(d.id)),
        "name": Filter(TEXT, equals(d.name)),
        "name_like": Filter(TEXT, like(d.name)),
        "source": Filter(TEXT, equals(d.source)),
        "without_source": flag(d.source.is_(None)),
        "before": Filter(DATE, below(d.deployment_time)),
        "after": Filter(DATE, above(d.deployment_time)),
        **tenants_or_none(d.tenant_id, "include_deployments_without_tenant_id"),
    },
    {"id": d.id, "name": d.name, "deploymentTime": d.deployment_time, "tenantId": d.tenant_id},
    order=[d.id],
    seen_by=permitted("READ", Resource.DEPLOYMENT),
    check=_check_deployments,
)


def _latest() -> Condition:
    """The newest version of its key and tenant."""
    newer = process_definition.alias("newer")
    same_tenant = or_(
        newer.c.tenant_id == p.tenant_id, and_(newer.c.tenant_id.is_(None), p.tenant_id.is_(None))
    )
    # By ix_process_definition_key, and not kept in a column that each deployment would have to take
    # from another row.
    return not_(exists().where(newer.c.key == p.key, same_tenant, newer.c.version > p.version))


# Looked up at the deployment: a copy in each definition could contradict it.
_deployed = (
    select(d.deployment_time).where(d.id == p.deployment_id).correlate(process_definition)
).scalar_subquery()


def _may_be_started_by(user: str) -> Condition:
    """The user, or one of the user's groups, is one of the candidates for starting it."""
    # The names are one text with commas: such a user would match in between two of them.
    if not user or "," in user:
        return false()
    m = group_membership.c
    by_group = exists().where(m.user_id == user, is_named(p.candidate_starter_groups, m.group_id))
    return or_(is_named(p.candidate_starter_users, user), by_group)


def _may_start(user: User) -> Condition:
    """The user may start instances; that it sees the definition, the list itself asks for.

    Source: Camunda 7 ``AuthorizationManager.configureProcessDefinitionQuery``.
    """
    return holds(user, "CREATE_INSTANCE", Resource.PROCESS_DEFINITION, p.key)


DEFINITIONS = Listing(
    "process_definition",
    process_definition,
    # Answers call the column differently from list to list.
    [*process_definition.c, p.diagram_resource_name.label("diagram")],
    {
        "process_definition_id": Filter(TEXT, equals(p.id)),
        "process_definition_id_in": Filter(LIST, among(p.id)),
        "key": Filter(TEXT, equals(p.key)),
        "keys_in": Filter(LIST, among(p.key)),
        "key_like": Filter(TEXT, like(p.key)),
        "name": Filter(TEXT, equals(p.name)),
        # Upper and lower case alike, as for no other text of definitions: so the reference asks.
        "name_like": Filter(TEXT, resembles(p.name)),
        "version": Filter(VERSION, equals(p.version)),
        # The older names of these two filters, which clients of the reference still send.
        "ver": Filter(VERSION, equals(p.version)),
        "latest_version": flag(_latest()),
        "latest": flag(_latest()),
        "deployment_id": Filter(TEXT, equals(p.deployment_id)),
        "deployed_after": Filter(DATE, above(_deployed)),
        "deployed_at": Filter(DATE, equals(_deployed)),
        "resource_name": Filter(TEXT, equals(p.resource_name)),
        "resource_name_like": Filter(TEXT, like(p.resource_name)),
        "category": Filter(TEXT, equals(p.category)),
        "category_like": Filter(TEXT, like(p.category)),
        "version_tag": Filter(TEXT, equals(p.version_tag)),
        "version_tag_like": Filter(TEXT, like(p.version_tag)),
        "without_version_tag": flag(p.version_tag.is_(None)),
        "active": flag(not_(p.is_suspended)),
        "suspended": flag(p.is_suspended),
        "startable_by": Filter(TEXT, _may_be_started_by),
        "startable_permission_check": Filter(FLAG, of_user=_may_start),
        "startable_in_tasklist": flag(p.is_startable_in_tasklist),
        "not_startable_in_tasklist": flag(not_(p.is_startable_in_tasklist)),
        **tenants_or_none(p.tenant_id, "include_process_definitions_without_tenant_id"),
        **of_one(incident.c.process_definition_id == p.id, incidents(incident.c)),
    },
    {
        "category": p.category,
        "key": p.key,
        "id": p.id,
        "name": p.name,
        "version": p.version,
        "deploymentId": p.deployment_id,
        "deployTime": _deployed,
        "tenantId": p.tenant_id,
        "versionTag": p.version_tag,
    },
    order=[p.id],
    seen_by=permitted("READ", Resource.PROCESS_DEFINITION, "key"),
)


def resources(connection: Connection, deployment_id: str) -> list[dict[str, Any]]:
    """The resources of a deployment, without their content."""
    wanted = (
        select(resource.c.id, resource.c.name, resource.c.deployment_id)
        .where(resource.c.deployment_id == deployment_id)
        .order_by(resource.c.id)
    )
    return [dict(row) for row in connection.execute(wanted).mappings()]


def content(connection: Connection, deployment_id: str, resource_id: str) -> Any:
    """Name and content of a resource; None when there is none."""
    wanted = select(resource.c.name, resource.c.content).where(
        resource.c.deployment_id == deployment_id, resource.c.id == resource_id
    )
    return connection.execute(wanted).first()


def named_content(connection: Connection, deployment_id: str, name: str) -> bytes:
    """The content of a resource by its name."""
    wanted = select(resource.c.content).where(
        resource.c.deployment_id == deployment_id, resource.c.name == name
    )
    return bytes(connection.execute(wanted).scalar_one())


def whole(
    connection: Connection, deployment_id: str
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """A deployment, None when there is none, and its resources with their content."""
    found = connection.execute(select(deployment).where(d.id == deployment_id)).mappings().first()
    wanted = select(resource.c.id, resource.c.name, resource.c.content).where(
        resource.c.deployment_id == deployment_id
    )
    rows = connection.execute(wanted.order_by(resource.c.id)).mappings()
    return (None if found is None else dict(found)), [dict(row) for row in rows]


def deployment_ids(connection: Connection) -> list[str]:
    """The ids of all deployments."""
    return list(connection.execute(select(d.id).order_by(d.id)).scalars())


def versions_of(connection: Connection, keys: Sequence[str]) -> list[dict[str, Any]]:
    """All versions of some keys, the newest first."""
    # By ix_process_definition_key.
    wanted = select(*DEFINITIONS.columns).where(p.key.in_(keys)).order_by(p.version.desc(), p.id)
    return [dict(row) for row in connection.execute(wanted).mappings()]
