"""The lists of decisions, of their files, and of what was decided.

Source: semantics 12.2, 12.3, 12.10.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request

from app.filters import FLAG
from app.schemas import decisions as schemas
from app.schemas.parameters import from_url
from app.schemas.variables import value_view
from app.services import decision_history

from .decorators import flag
from .list_views import VALUE, Lists

View = Mapping[str, Any]


class DecisionInstances(Lists):
    """Historic decision instances, with inputs and outputs where the URL asks for them."""

    def _answers(self, views: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
        asked = flag if key == VALUE else _is_asked
        wanted = [name for name in ("inputs", "outputs") if asked(f"include{name.title()}")]
        # The flag of the reference engine says the contrary of all others that are alike.
        deserialized = not asked("disableCustomObjectDeserialization")
        return [
            self._answer.make(_with_values(view, wanted, deserialized=deserialized))
            for view in decision_history.complete(views)
        ]


def _is_asked(name: str) -> bool:
    """A flag of the list, which is read as its filters are: any number but 0 is true."""
    raw = request.args.get(name)
    return raw is not None and bool(from_url(FLAG, name, raw))


def _with_values(view: View, wanted: list[str], *, deserialized: bool) -> View:
    added = {
        f"shown_{which}": [
            _shown(value, deserialized=deserialized)
            for value in decision_history.values_of(view, which)
        ]
        for which in wanted
    }
    return {**view, **added}


def _shown(value: View, *, deserialized: bool) -> View:
    # An input has no variable; the name is for the message of a value that cannot be read.
    name = value["variable_name"] or value["clause_name"] or ""
    typed = value["value"]
    return {**value, **value_view(typed, name, deserialized=deserialized, is_historic=True)}


DECISION_DEFINITIONS = Lists(
    "decision_definition",
    schemas.decision_definition,
    missing="no deployed decision definition found with id '{id}': decisionDefinition is null",
    code=0,
    posts=False,
)
DECISION_REQUIREMENTS_DEFINITIONS = Lists(
    "decision_requirements_definition",
    schemas.decision_requirements_definition,
    posts=False,
)
DECISION_INSTANCES = DecisionInstances(
    "historic_decision_instance",
    schemas.historic_decision_instance,
    missing="Historic decision instance with id '{id}' does not exist",
    extras=(
        "include_inputs",
        "include_outputs",
        "disable_binary_fetching",
        "disable_custom_object_deserialization",
    ),
    posts=False,
)
CLEANABLE_INSTANCES = Lists(
    "cleanable_decision_instance", schemas.cleanable_decision_instances, posts=False
)


def decision_list_blueprints() -> list[Blueprint]:
    """Every list of decisions."""
    report = "/history/decision-definition/cleanable-decision-instance-report"
    return [
        DECISION_DEFINITIONS.blueprint("/decision-definition"),
        DECISION_REQUIREMENTS_DEFINITIONS.blueprint("/decision-requirements-definition"),
        DECISION_INSTANCES.blueprint("/history/decision-instance"),
        CLEANABLE_INSTANCES.blueprint(report),
    ]
