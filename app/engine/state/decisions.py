"""Deployed decisions, as records, and what is evaluated of them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from app.dataclasses import dataclass

if TYPE_CHECKING:
    from app.dmn.evaluation import CompiledDecisions


@dataclass(slots=True)
class DecisionRequirementsDefinition:
    """One version of a DMN file with several decisions."""

    id: str
    key: str
    version: int
    deployment_id: str
    resource_name: str
    name: str | None = None
    category: str | None = None
    tenant_id: str | None = None


@dataclass(slots=True)
class DecisionDefinition:
    """One version of a decision.

    Attributes:
        decision_requirements_definition_id, decision_requirements_definition_key: of the file, if
            it has several decisions.
    """

    id: str
    key: str
    version: int
    deployment_id: str
    resource_name: str
    name: str | None = None
    category: str | None = None
    version_tag: str | None = None
    history_time_to_live: int | None = None
    decision_requirements_definition_id: str | None = None
    decision_requirements_definition_key: str | None = None
    tenant_id: str | None = None


class DeployedDecision(NamedTuple):
    """A decision that can be evaluated.

    Attributes:
        definition: as it is now; what others of the file keep for how long may be out of date.
        file: all decisions of its file, compiled.
        definitions: of all decisions of the file, by key.
    """

    definition: DecisionDefinition
    file: "CompiledDecisions"
    definitions: Mapping[str, DecisionDefinition]
