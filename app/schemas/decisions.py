"""Bodies and answers of decisions.

Source: semantics 12.2 to 12.4, 12.10.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

import orjson

from app.engine.state.conversion import from_json, from_object
from app.engine.state.values import TypedValue

from .answers import (
    ANYTHING,
    NUMBER,
    OBJECT,
    Answer,
    Many,
    absent,
    date,
    integer,
    part,
    text,
)
from .base import CamundaSchema
from .typed_values import TypedValues, render, typed_value
from .variables import VALUE

_DEFINITION = (
    text("id", is_nullable=False),
    text("key", "category", "name"),
    integer("version"),
    text("resource_name", key="resource"),
    text("deployment_id", "tenant_id"),
)
decision_definition = Answer(
    "DecisionDefinition",
    *_DEFINITION,
    text("decision_requirements_definition_id", "decision_requirements_definition_key"),
    integer("history_time_to_live"),
    text("version_tag"),
)
decision_requirements_definition = Answer("DecisionRequirementsDefinition", *_DEFINITION)
decision_model = Answer(
    "DecisionModel", text("id", is_nullable=False), text("xml", key="dmnXml", is_nullable=False)
)
decision_value = Answer(  # each is made by `answered`, of a value and not of a view
    "DecisionValue",
    text("type"),
    part("value", ANYTHING),
    part("value_info", OBJECT, is_nullable=True),
)


class EvaluatedValues(TypedValues):
    """The variables of an evaluation: lists and maps without a type are read, Objects are not."""

    def convert(self, value: dict[str, Any]) -> dict[str, TypedValue]:
        """The typed values; what was read is no text."""
        return {name: _read(entry) for name, entry in value.items()}


def _read(entry: dict[str, Any] | None) -> TypedValue:
    typed = typed_value(entry)
    # Everywhere else an untyped list is an Object whose text nobody reads; a rule compares with it.
    if typed.type == "Object" and entry is not None and entry.get("type") is None:
        return typed._replace(value=from_json(entry["value"]))
    return typed


class EvaluateSchema(CamundaSchema):
    """Body of ``POST …/evaluate``."""

    example: ClassVar[Mapping[str, Any]] = {
        "variables": {"amount": {"value": 120, "type": "Integer"}}
    }

    variables = EvaluatedValues()


class Answered(Protocol):
    """A value of a result; the type is None for what is not typed, and for null."""

    @property
    def type(self) -> str | None: ...

    @property
    def value(self) -> object: ...


def answered(value: Answered) -> dict[str, Any]:
    """The JSON of a value of a result; what is not typed has no info either."""
    # Null has a type and an info, though nothing is known of it: so the reference engine answers.
    if value.value is None:
        return {"type": "Null", "value": None, "valueInfo": {}}
    shown = _bare(from_object(value.value))
    return {"type": value.type, "value": shown, "valueInfo": None if value.type is None else {}}


def _bare(typed: TypedValue) -> object:
    """A value as it stands in JSON; lists and maps are written already."""
    if typed.type == "Object" and isinstance(typed.value, str):
        # Written once already; reading it back would turn numbers of any size into floats.
        return orjson.Fragment(typed.value)
    return render(typed, deserialized=True)["value"]


# -- history --------------------------------------------------------------------------------


_CLAUSE = (
    *VALUE,
    *text("id", "decision_instance_id", is_nullable=False),
    *text("clause_id", "clause_name"),
)
_PLACE = (*date("create_time", "removal_time"), *text("root_process_instance_id"))
decision_input = Answer("HistoricDecisionInput", _CLAUSE, _PLACE)
decision_output = Answer(
    "HistoricDecisionOutput",
    _CLAUSE,
    text("rule_id"),
    integer("rule_order"),
    text("variable_name"),
    _PLACE,
)
historic_decision_instance = Answer(
    "HistoricDecisionInstance",
    text("id", is_nullable=False),
    text("decision_definition_id", "decision_definition_key", "decision_definition_name"),
    date("evaluation_time", "removal_time"),
    text("process_definition_id", "process_definition_key", "process_instance_id"),
    text("root_process_instance_id"),
    absent("caseDefinitionId", "caseDefinitionKey", "caseInstanceId"),
    text("activity_id", "activity_instance_id", "user_id"),
    part("shown_inputs", Many(decision_input), is_optional=True, key="inputs"),
    part("shown_outputs", Many(decision_output), is_optional=True, key="outputs"),
    part("collect_result_value", NUMBER, is_nullable=True),
    text("root_decision_instance_id", "decision_requirements_definition_id"),
    text("decision_requirements_definition_key", "tenant_id"),
)
cleanable_decision_instances = Answer(
    "CleanableDecisionInstances",
    text("decision_definition_id", "decision_definition_key", "decision_definition_name"),
    integer("decision_definition_version", "history_time_to_live"),
    integer("finished_decision_instance_count", "cleanable_decision_instance_count"),
    text("tenant_id"),
)
decision_statistics = Answer(
    "DecisionStatistics", text("decision_definition_key"), integer("evaluations")
)
