"""Answers of deployments.

Source: contract 4.1.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from .answers import (
    INTEGER,
    TEXT,
    Answer,
    Many,
    Named,
    View,
    absent,
    computed,
    constant,
    date,
    part,
    text,
)
from .base import CamundaSchema, JacksonString, StringList
from .decisions import decision_definition, decision_requirements_definition
from .engine import link
from .process_definitions import process_definition

_FIELDS = (
    text("id", is_nullable=False),
    text("name", "source"),
    date("deployment_time"),
    text("tenant_id"),
)


def _ids(view: View) -> list[str]:
    return list(view["problem"].element_ids)


# Only the answer to `create` has a link; in lists and single items the key is there, and empty.
deployment = Answer("Deployment", constant("links", Many(link), []), *_FIELDS)
flaw = Answer(
    "DeploymentWarning",
    text("resource", is_nullable=False),
    computed("message", TEXT, lambda view: view["problem"].message),
    computed("line", INTEGER, lambda view: view["problem"].line),
    computed("column", INTEGER, lambda view: view["problem"].column),
    computed("mainElementId", TEXT, lambda view: next(iter(_ids(view)), None), is_nullable=True),
    # the letter that looks like an e is Cyrillic, as the reference has it
    *(computed(key, Many(TEXT), _ids) for key in ("elementIds", "\u0435lementIds")),
)
new_deployment = Answer(
    "NewDeployment",
    part("links", Many(link)),
    *_FIELDS,
    part("deployed_process_definitions", Named(process_definition), is_nullable=True),
    absent("deployedCaseDefinitions"),
    part("deployed_decision_definitions", Named(decision_definition), is_nullable=True),
    part(
        "deployed_decision_requirements_definitions",
        Named(decision_requirements_definition),
        is_nullable=True,
    ),
    part("warnings", Many(flaw), is_optional=True),  # ours; left out where there are none
)
resource = Answer("Resource", text("id", "name", "deployment_id", is_nullable=False))


class RedeploymentSchema(CamundaSchema):
    """Body of ``POST /deployment/{id}/redeploy``."""

    example: ClassVar[Mapping[str, Any]] = {"resourceNames": ["order.bpmn"], "source": "repair"}

    resource_ids = StringList()
    resource_names = StringList()
    source = JacksonString()
