"""Lists of what is deployed.

Source: rest contract 4.1 and 4.2.
"""

from typing import Any

from sqlalchemy import Connection, and_, exists, literal, not_, or_, select

from app.models.repository import deployment, process_definition, resource
from app.models.runtime import incident

from .base import (
    Condition,
    Listing,
    above,
    among,
    below,
    equals,
    like,
    of_one,
    resembles,
    tenants,
    tenants_or_none,
    when,
)

d = deployment.c
p = process_definition.c

DEPLOYMENTS = Listing(
    deployment,
    [d.id, d.name, d.source, d.deployment_time, d.tenant_id],
    {
        "id": equals(d.id),
        "name": equals(d.name),
        "name_like": like(d.name),
        "source": equals(d.source),
        "without_source": when(d.source.is_(None)),
        "before": below(d.deployment_time),
        "after": above(d.deployment_time),
        **tenants(d.tenant_id),
    },
    {"id": d.id, "name": d.name, "deploymentTime": d.deployment_time, "tenantId": d.tenant_id},
    order=[d.id],
    needs_all=tenants_or_none(d.tenant_id, "include_deployments_without_tenant_id"),
)


def _latest() -> Condition:
    """The newest version of its key and tenant."""
    newer = process_definition.alias("newer")
    same_tenant = or_(
        newer.c.tenant_id == p.tenant_id, and_(newer.c.tenant_id.is_(None), p.tenant_id.is_(None))
    )
    return not_(exists().where(newer.c.key == p.key, same_tenant, newer.c.version > p.version))


_deployed = (
    select(d.deployment_time).where(d.id == p.deployment_id).correlate(process_definition)
).scalar_subquery()

DEFINITIONS = Listing(
    process_definition,
    [*process_definition.c, literal(None).label("diagram")],
    {
        "process_definition_id": equals(p.id),
        "process_definition_id_in": among(p.id),
        "key": equals(p.key),
        "keys_in": among(p.key),
        "key_like": like(p.key),
        "name": equals(p.name),
        "name_like": resembles(p.name),
        "version": equals(p.version),
        "ver": equals(p.version),
        "latest_version": when(_latest()),
        "latest": when(_latest()),
        "deployment_id": equals(p.deployment_id),
        "deployed_after": lambda value: _deployed > value,
        "deployed_at": lambda value: _deployed == value,
        "resource_name": equals(p.resource_name),
        "resource_name_like": like(p.resource_name),
        "category": equals(p.category),
        "category_like": like(p.category),
        "version_tag": equals(p.version_tag),
        "version_tag_like": like(p.version_tag),
        "without_version_tag": when(p.version_tag.is_(None)),
        "active": when(not_(p.is_suspended)),
        "suspended": when(p.is_suspended),
        "startable_in_tasklist": when(p.is_startable_in_tasklist),
        "not_startable_in_tasklist": when(not_(p.is_startable_in_tasklist)),
        **tenants(p.tenant_id),
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
    needs_all={
        **tenants_or_none(p.tenant_id, "include_process_definitions_without_tenant_id"),
        **of_one(
            incident.c.process_definition_id == p.id,
            {
                "incident_id": equals(incident.c.id),
                "incident_type": equals(incident.c.incident_type),
                "incident_message": equals(incident.c.incident_message),
                "incident_message_like": like(incident.c.incident_message),
            },
        ),
    },
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
