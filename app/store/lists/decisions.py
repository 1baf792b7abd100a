"""The lists of what is deployed as DMN: decisions, and the files that several of them are in.

Source: semantics 12.2, 12.3; Camunda 7 ``DecisionDefinitionQueryImpl``,
``DecisionRequirementsDefinitionQueryImpl``.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, exists, not_, or_, select

from app.filters import DATE, DECISION_VERSION, LIST, TEXT
from app.models.decisions import decision_definition, decision_requirements_definition
from app.models.repository import deployment, resource
from app.security.permissions import Resource

from .base import Condition, Filter, Listing, flag
from .conditions import above, among, equals, like, tenants_or_none
from .rules import permitted

d = decision_definition.c
r = decision_requirements_definition.c
DIAGRAMS = ("png", "jpg", "gif", "svg")  # as pictures' names end, in the order of preference


def _latest(table: Table) -> Condition:
    """The newest version of its key and tenant."""
    newer, row = table.alias("newer").c, table.c
    # NULL is equal to nothing in SQL, and definitions of no tenant are versions of each other.
    same_tenant = or_(
        newer.tenant_id == row.tenant_id, and_(newer.tenant_id.is_(None), row.tenant_id.is_(None))
    )
    # Not a maximum per group: ix_decision_definition_key, and ix_decision_requirements_key of the
    # other table, answer for each row that is asked for.
    return not_(exists().where(newer.key == row.key, same_tenant, newer.version > row.version))


_deployed = (
    select(deployment.c.deployment_time)
    .where(deployment.c.id == d.deployment_id)
    .correlate(decision_definition)
).scalar_subquery()


def _definitions(table: Table) -> dict[str, Filter]:
    """The filters that definitions of either kind have."""
    row = table.c
    return {
        "key": Filter(TEXT, equals(row.key)),
        "key_like": Filter(TEXT, like(row.key)),
        "name": Filter(TEXT, equals(row.name)),
        "name_like": Filter(TEXT, like(row.name)),
        "version": Filter(DECISION_VERSION, equals(row.version)),
        "latest_version": flag(_latest(table)),
        "deployment_id": Filter(TEXT, equals(row.deployment_id)),
        "resource_name": Filter(TEXT, equals(row.resource_name)),
        "resource_name_like": Filter(TEXT, like(row.resource_name)),
        "category": Filter(TEXT, equals(row.category)),
        "category_like": Filter(TEXT, like(row.category)),
    }


def _sorts(table: Table) -> dict[str, Any]:
    row = table.c
    return {
        "category": row.category,
        "key": row.key,
        "id": row.id,
        "name": row.name,
        "version": row.version,
        "deploymentId": row.deployment_id,
        "tenantId": row.tenant_id,
    }


DECISION_DEFINITIONS = Listing(
    "decision_definition",
    decision_definition,
    list(d),
    {
        "decision_definition_id": Filter(TEXT, equals(d.id)),
        "decision_definition_id_in": Filter(LIST, among(d.id)),
        "deployed_after": Filter(DATE, above(_deployed)),
        "deployed_at": Filter(DATE, equals(_deployed)),
        "decision_requirements_definition_id": Filter(
            TEXT, equals(d.decision_requirements_definition_id)
        ),
        "decision_requirements_definition_key": Filter(
            TEXT, equals(d.decision_requirements_definition_key)
        ),
        "without_decision_requirements_definition": flag(
            d.decision_requirements_definition_id.is_(None)
        ),
        "version_tag": Filter(TEXT, equals(d.version_tag)),
        "version_tag_like": Filter(TEXT, like(d.version_tag)),
        # Patterns tell upper and lower case apart, unlike those for names of processes.
        **_definitions(decision_definition),
        **tenants_or_none(d.tenant_id, "include_decision_definitions_without_tenant_id"),
    },
    {
        **_sorts(decision_definition),
        "deployTime": _deployed,
        "versionTag": d.version_tag,
        "decisionRequirementsDefinitionKey": d.decision_requirements_definition_key,
    },
    order=[d.id],
    seen_by=permitted("READ", Resource.DECISION_DEFINITION, "key"),
)
DECISION_REQUIREMENTS_DEFINITIONS = Listing(
    "decision_requirements_definition",
    decision_requirements_definition,
    list(r),
    {
        "decision_requirements_definition_id": Filter(TEXT, equals(r.id)),
        "decision_requirements_definition_id_in": Filter(LIST, among(r.id)),
        **_definitions(decision_requirements_definition),
        **tenants_or_none(
            r.tenant_id, "include_decision_requirements_definitions_without_tenant_id"
        ),
    },
    _sorts(decision_requirements_definition),
    order=[r.id],
    seen_by=permitted("READ", Resource.DECISION_REQUIREMENTS_DEFINITION, "key"),
)


def picture(
    connection: Connection, deployment_id: str, names: Sequence[str]
) -> tuple[str, bytes] | None:
    """The first of some resources of a deployment that is there, with its name."""
    wanted = select(resource.c.name, resource.c.content).where(
        resource.c.deployment_id == deployment_id, resource.c.name.in_(names)
    )
    found = {name: bytes(content) for name, content in connection.execute(wanted)}
    # In the order of the names, not of the rows.
    return next(((name, found[name]) for name in names if name in found), None)


def picture_names(resource_name: str, key: str) -> list[str]:
    """How the picture of a definition may be called: after its file, with its key or without.

    Source: Camunda 7 ``AbstractDefinitionDeployer.getDiagramResourceForDefinition``.
    """
    # The dot stays, and the key or the ending is put behind it.
    base = resource_name.removesuffix("dmn11.xml").removesuffix("dmn")
    return [base + middle + ending for ending in DIAGRAMS for middle in (f"{key}.", "")]
