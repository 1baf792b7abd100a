"""Bodies and answers of process definitions and instances.

Source: contract 4.2 and 4.3.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError

from app.errors import InvalidRequestError, JavaRuntimeError

from .answers import TEXT, Answer, Many, Named, boolean, computed, constant, integer, part, text
from .base import (
    BoxedBoolean,
    CamundaSchema,
    JacksonBoolean,
    JacksonString,
    JsonMap,
    Nesting,
    StringList,
)
from .engine import link
from .placed_values import PlacedValues
from .typed_values import TypedValues, render_all, shown_value

_DEFINITION = (
    text("id", is_nullable=False),
    text("key", "category", "description", "name"),
    integer("version"),
    text("resource_name", key="resource"),
    text("deployment_id", "diagram"),
    boolean("is_suspended"),
    text("tenant_id", "version_tag"),
    integer("history_time_to_live"),
    boolean("is_startable_in_tasklist"),
)
process_definition = Answer("ProcessDefinition", *_DEFINITION)
called_definition = Answer(
    "CalledProcessDefinition",
    *_DEFINITION,
    part("called_from_activity_ids", Many(TEXT)),
    text("calling_process_definition_id", is_nullable=False),
)
model = Answer(
    "Model", text("id", is_nullable=False), text("xml", key="bpmn20Xml", is_nullable=False)
)
_INSTANCE = (
    text("id", is_nullable=False),
    text("definition_id", "business_key", "case_instance_id"),
    boolean("is_ended"),
    boolean("is_suspended"),
    text("tenant_id", "definition_key"),
)
process_instance = Answer("ProcessInstance", constant("links", Many(link), []), *_INSTANCE)
started_instance = Answer(
    "StartedInstance",
    part("links", Many(link)),
    *_INSTANCE,
    computed(
        "variables",
        Named(shown_value),
        lambda view: render_all(view["variables"]),
        needs="variables",
    ),
)


class InstructionSchema(CamundaSchema):
    """Where an instance starts."""

    type = JacksonString()
    activity_id = JacksonString()
    transition_id = JacksonString()
    variables = PlacedValues()


KINDS = {
    "startBeforeActivity": "activityId",
    "startAfterActivity": "activityId",
    "startTransition": "transitionId",
}


class Instructions(Nesting):
    """Start instructions; absence is an empty list."""

    default_value = list
    schema = InstructionSchema()

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[dict[str, Any] | None]:
        if not isinstance(value, list):
            raise ValidationError("no list")
        found: list[dict[str, Any] | None] = []
        for item in value:
            if item is None:
                found.append(None)
                continue
            # Jackson finds the class of an instruction by its type: without a known one there is no
            # shape.
            kind = item.get("type") if isinstance(item, dict) else None
            if kind == "cancel":
                continue  # there is nothing yet that it could cancel
            if not isinstance(kind, str) or kind not in KINDS:
                raise ValidationError("no instruction")
            found.append(self.schema.read(item))
        return found

    def convert(self, value: Any) -> Any:
        """The instructions, once all of the body has its shape.

        Raises:
            JavaRuntimeError: one is null.
            InvalidRequestError: one does not say where it starts.
        """
        for item in value:
            if item is None:
                raise JavaRuntimeError("NullPointerException", "An instruction is null")
            kind = item["type"]
            if item["transition_id" if kind == "startTransition" else "activity_id"] is None:
                raise InvalidRequestError(
                    f"For instruction type '{kind}': '{KINDS[kind]}' must be set"
                )
        return super().convert(value)


class UnusedInstructions(Instructions):
    """Start instructions that need their shape and nothing else, for nothing is done with them."""

    def convert(self, value: Any) -> Any:
        """None of them."""
        return []


class StartSchema(CamundaSchema):
    """Body of ``POST …/start``."""

    example: ClassVar[Mapping[str, Any]] = {
        "businessKey": "order-2",
        "variables": {"amount": {"value": 120, "type": "Integer"}},
    }

    business_key = JacksonString()
    case_instance_id = JacksonString()
    with_variables_in_return = JacksonBoolean()
    skip_custom_listeners = JacksonBoolean()
    skip_io_mappings = JacksonBoolean()
    start_instructions = Instructions()
    variables = TypedValues()


class FormSubmissionSchema(StartSchema):
    """Body of ``POST …/submit-form``."""

    start_instructions = UnusedInstructions()


class DefinitionSuspensionSchema(CamundaSchema):
    """Body of ``PUT /process-definition/suspended`` and ``…/{id}/suspended``."""

    example: ClassVar[Mapping[str, Any]] = {"suspended": True, "includeProcessInstances": True}

    process_definition_id = JacksonString()
    process_definition_key = JacksonString()
    suspended = JacksonBoolean()
    include_process_instances = JacksonBoolean()
    execution_date = JacksonString()


class InstanceSuspensionSchema(CamundaSchema):
    """Body of ``PUT /process-instance/suspended``."""

    example: ClassVar[Mapping[str, Any]] = {"suspended": True}

    suspended = JacksonBoolean()
    process_definition_id = JacksonString()
    process_definition_key = JacksonString()
    process_definition_tenant_id = JacksonString()
    process_definition_without_tenant_id = BoxedBoolean()
    process_instance_ids = StringList()
    process_instance_query = JsonMap()
    historic_process_instance_query = JsonMap()
