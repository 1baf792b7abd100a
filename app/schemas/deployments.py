"""Answers of deployments.

Source: rest contract 4.1.
"""

from collections.abc import Mapping
from typing import Any

from .base import Shape

_deployment = Shape("id name source deployment_time tenant_id")
process_definition = Shape(
    "id key category description name version resource_name deployment_id diagram is_suspended "
    "tenant_id version_tag history_time_to_live is_startable_in_tasklist",
    resource_name="resource",
)


def created_deployment(view: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    """The JSON of a deployment that was just made."""
    href = f"{base_url}/deployment/{view['id']}"
    found = view["definitions"]
    definitions = found and {d["id"]: process_definition({**d, "diagram": None}) for d in found}
    return {
        "links": [{"method": "GET", "href": href, "rel": "self"}],
        **_deployment(view),
        "deployedProcessDefinitions": definitions,
        "deployedCaseDefinitions": None,
        "deployedDecisionDefinitions": None,
        "deployedDecisionRequirementsDefinitions": None,
    }
