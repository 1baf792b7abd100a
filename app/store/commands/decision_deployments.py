"""New versions of decisions, and what goes with the deployment that has brought them.

Source: semantics 12.1; Camunda 7 ``DecisionDefinitionDeployer``,
``DecisionRequirementsDefinitionDeployer``.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Text, bindparam, delete, func, select

from app.engine.state import DecisionDefinition, DecisionRequirementsDefinition
from app.models.decisions import (
    decision_definition,
    decision_requirements_definition,
    historic_decision_instance,
)
from app.store.connections.dialects import Compiled, Given, Variants, same

from . import decision_removal

if TYPE_CHECKING:
    from app.dmn.model import Decision, Definitions
    from app.store.unit.transaction import Transaction

_ID = bindparam("id", type_=Text)


def _last_version(table: Any) -> Variants:
    def build(given: Given) -> Any:
        return select(func.max(table.c.version)).where(
            table.c.key == bindparam("key", type_=Text),
            same(table.c.tenant_id, "tenant_id", given),
        )

    return Variants(build)


# By ix_decision_definition_key: the last entry of a key and tenant.
_LAST_VERSION_OF_DECISION = _last_version(decision_definition)
# By ix_decision_requirements_key in the same way.
_LAST_VERSION_OF_REQUIREMENTS = _last_version(decision_requirements_definition)


def lock_names(files: Iterable["Definitions"]) -> list[str]:
    """The names of the locks under which a deployment counts the versions of decisions."""
    names = []
    for file in files:
        # With a word in front: a process and a decision of one key do not wait for each other.
        names += [f"decision:{key}" for key in file.decisions]
        if file.has_requirements:
            names.append(f"requirements:{file.key}")
    return names


def add(
    tx: "Transaction", files: Mapping[str, "Definitions"], deployment: Mapping[str, Any]
) -> tuple[list[DecisionDefinition], list[DecisionRequirementsDefinition]]:
    """Store new versions of the decisions of some files, behind the locks of `lock_names`.

    Args:
        files: what they define, by the name of the resource.
        deployment: their deployment as its view.
    """
    definitions: list[DecisionDefinition] = []
    requirements: list[DecisionRequirementsDefinition] = []
    for name, file in files.items():
        graph = _add_requirements(tx, name, file, deployment) if file.has_requirements else None
        if graph is not None:
            requirements.append(graph)
        definitions += [
            _add_decision(tx, name, decision, file, deployment, graph)
            for decision in file.decisions.values()
        ]
    return definitions, requirements


def _add_requirements(
    tx: "Transaction", name: str, file: "Definitions", deployment: Mapping[str, Any]
) -> DecisionRequirementsDefinition:
    version = _next(tx, _LAST_VERSION_OF_REQUIREMENTS, file.key, deployment)
    return tx.records.add(
        DecisionRequirementsDefinition(
            id=_id(tx, file.key, version),
            key=file.key,
            version=version,
            deployment_id=deployment["id"],
            resource_name=name,
            name=file.name,
            category=file.namespace,
            tenant_id=deployment["tenant_id"],
        )
    )


def _add_decision(
    tx: "Transaction",
    name: str,
    decision: "Decision",
    file: "Definitions",
    deployment: Mapping[str, Any],
    graph: DecisionRequirementsDefinition | None,
) -> DecisionDefinition:
    version = _next(tx, _LAST_VERSION_OF_DECISION, decision.key, deployment)
    return tx.records.add(
        DecisionDefinition(
            id=_id(tx, decision.key, version),
            key=decision.key,
            version=version,
            deployment_id=deployment["id"],
            resource_name=name,
            name=decision.name,
            category=file.namespace,
            version_tag=decision.version_tag,
            history_time_to_live=decision.history_time_to_live,
            decision_requirements_definition_id=None if graph is None else graph.id,
            decision_requirements_definition_key=None if graph is None else graph.key,
            tenant_id=deployment["tenant_id"],
        )
    )


def _next(tx: "Transaction", last: Variants, key: str, deployment: Mapping[str, Any]) -> int:
    rows = tx.sql.rows_given(last, key=key, tenant_id=deployment["tenant_id"])
    return (rows[0][0] or 0) + 1


def _id(tx: "Transaction", key: str, version: int) -> str:
    new = tx.new_id()
    composite = f"{key}:{version}:{new}"
    return composite if len(composite) <= 64 else new  # as the reference engine shortens it


# -- deletion -------------------------------------------------------------------------------


def definitions_of(connection: Connection, deployment_id: str) -> list[str]:
    """The ids of the decisions that a deployment has brought."""
    wanted = select(decision_definition.c.id).where(
        decision_definition.c.deployment_id == deployment_id
    )
    return list(connection.execute(wanted).scalars())


# By ix_decision_definition_deployment and ix_decision_requirements_deployment.
_REMOVE_OF_DEPLOYMENT = [
    Compiled(lambda table=table: delete(table).where(table.c.deployment_id == _ID))  # type: ignore[misc]
    for table in (decision_definition, decision_requirements_definition)
]


def remove(tx: "Transaction", deployment_id: str) -> None:
    """Delete the decisions of a deployment, but not what was decided."""
    for statement in _REMOVE_OF_DEPLOYMENT:
        tx.sql.run(statement, id=deployment_id)


# By ix_hi_decision_definition, as many entries as are removed at once.
_INSTANCES_OF_DEFINITION = Compiled(
    lambda: (
        select(historic_decision_instance.c.id)
        .where(historic_decision_instance.c.decision_definition_id == _ID)
        .limit(bindparam("limit", type_=None))
    )
)


def remove_instances(tx: "Transaction", definition_id: str, limit: int) -> int:
    """Delete some of what a definition has decided; returns how many instances."""
    found = [row[0] for row in tx.sql.rows(_INSTANCES_OF_DEFINITION, id=definition_id, limit=limit)]
    return decision_removal.remove(tx, found) if found else 0
