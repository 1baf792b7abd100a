"""Bodies and answers of process definitions and instances.

Source: rest contract 4.2 and 4.3.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from app.errors import InvalidRequestError, JavaRuntimeError

from .base import (
    BoxedBoolean,
    CamundaSchema,
    JacksonBoolean,
    JacksonString,
    JsonMap,
    Nesting,
    Shape,
    StringList,
)
from .typed_values import TypedValues, render_all

_instance = Shape(
    "id definition_id business_key case_instance_id is_ended is_suspended tenant_id definition_key"
)


def process_instance(view: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a process instance in a list."""
    return {"links": [], **_instance(view)}


def started_instance(view: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    """The JSON of an instance that was just started, with the link to itself."""
    answer = process_instance(view)
    href = f"{base_url}/process-instance/{view['id']}"
    answer["links"] = [{"method": "GET", "href": href, "rel": "self"}]
    if "variables" in view:
        answer["variables"] = render_all(view["variables"])
    return answer


class InstructionSchema(CamundaSchema):
    """Where an instance starts."""

    type = JacksonString()
    activity_id = JacksonString()
    transition_id = JacksonString()
    variables = TypedValues()


KINDS = {
    "startBeforeActivity": "activityId",
    "startAfterActivity": "activityId",
    "startTransition": "transitionId",
}


class Instructions(Nesting):
    """Start instructions; absence is an empty list."""

    default_value = list
    schema = InstructionSchema()

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list):
            raise ValidationError("no list")
        found = []
        for item in value:
            if item is None:
                raise JavaRuntimeError("NullPointerException", "An instruction is null")
            kind = item.get("type") if isinstance(item, dict) else None
            if kind == "cancel":
                continue  # there is nothing yet that it could cancel
            if not isinstance(kind, str) or kind not in KINDS:
                raise ValidationError("no instruction")
            loaded = self.schema.read(item)
            if item.get(KINDS[kind]) is None:
                raise InvalidRequestError(
                    f"For instruction type '{kind}': '{KINDS[kind]}' must be set"
                )
            found.append(loaded)
        return found


class StartSchema(CamundaSchema):
    """Body of ``POST …/start`` and ``POST …/submit-form``."""

    business_key = JacksonString()
    case_instance_id = JacksonString()
    with_variables_in_return = JacksonBoolean()
    skip_custom_listeners = JacksonBoolean()
    skip_io_mappings = JacksonBoolean()
    start_instructions = Instructions()
    variables = TypedValues()


class DefinitionSuspensionSchema(CamundaSchema):
    """Body of ``PUT /process-definition/suspended`` and ``…/{id}/suspended``."""

    process_definition_id = JacksonString()
    process_definition_key = JacksonString()
    suspended = JacksonBoolean()
    include_process_instances = JacksonBoolean()
    execution_date = JacksonString()


class InstanceSuspensionSchema(CamundaSchema):
    """Body of ``PUT /process-instance/suspended`` and ``…/{id}/suspended``."""

    suspended = JacksonBoolean()
    process_definition_id = JacksonString()
    process_definition_key = JacksonString()
    process_definition_tenant_id = JacksonString()
    process_definition_without_tenant_id = BoxedBoolean()
    process_instance_ids = StringList()
    process_instance_query = JsonMap()
    historic_process_instance_query = JsonMap()
