"""The deployed files that forms refer to.

Source: contract 11.2; Camunda 7 ``CamundaFormDefinitionManager``.
"""

from sqlalchemy import Connection, or_, select

from app.models.repository import camunda_form, resource

k = camunda_form.c


def content(connection: Connection, deployment_id: str, resource_name: str) -> bytes | None:
    """The content of a resource; None when there is none."""
    wanted = select(resource.c.content).where(
        resource.c.deployment_id == deployment_id, resource.c.name == resource_name
    )
    found = connection.execute(wanted).scalar()
    return None if found is None else bytes(found)


def referred(
    connection: Connection,
    key: str,
    binding: str,
    version: int | None,
    *,
    deployment_id: str,
    tenant_id: str | None,
) -> bytes | None:
    """The content of the form that a reference means; None when there is none.

    Args:
        binding: ``deployment``, ``latest`` or ``version``.
        deployment_id: that of the process; it counts for the first of them.
        tenant_id: that of the process; a form of the tenant comes before one of none.
    """
    # By ix_camunda_form_key or ix_camunda_form_deployment.
    wanted = (
        select(resource.c.content)
        .select_from(camunda_form)
        .join(
            resource,
            (resource.c.deployment_id == k.deployment_id) & (resource.c.name == k.resource_name),
        )
        .where(k.key == key, or_(k.tenant_id.is_(None), k.tenant_id == tenant_id))
        # A tenant's own form first: without a tenant it stands in only where there is none.
        .order_by(k.tenant_id.desc().nulls_last(), k.version.desc())
        .limit(1)
    )
    # `latest` needs no more: the newest version is the first of the order.
    if binding == "deployment":
        wanted = wanted.where(k.deployment_id == deployment_id)
    elif binding == "version":
        wanted = wanted.where(k.version == version)
    found = connection.execute(wanted).scalar()
    return None if found is None else bytes(found)
