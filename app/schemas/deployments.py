"""Answers of deployments.

Source: contract 4.1.
"""

from .answers import Answer, Many, Named, absent, constant, date, part, text
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
deployment = Answer("Deployment", constant("links", Many(link), []), *_FIELDS)
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
)
resource = Answer("Resource", text("id", "name", "deployment_id", is_nullable=False))


class RedeploymentSchema(CamundaSchema):
    """Body of ``POST /deployment/{id}/redeploy``."""

    resource_ids = StringList()
    resource_names = StringList()
    source = JacksonString()
