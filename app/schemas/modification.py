"""Bodies of modifications and restarts of process instances.

Source: contract 10.1 and 10.3.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError

from app.errors import InvalidRequestError, JavaRuntimeError

from .base import CamundaSchema, JacksonBoolean, JacksonString, JsonMap, Nesting, StringList
from .placed_values import PlacedValues
from .process_definitions import KINDS, Instructions


class StepSchema(CamundaSchema):
    """One step of a modification.

    ``cancelCurrentActiveActivityInstances`` counts for groups only, as in the reference engine.
    """

    type = JacksonString()
    activity_id = JacksonString()
    activity_instance_id = JacksonString()
    transition_id = JacksonString()
    transition_instance_id = JacksonString()
    ancestor_activity_instance_id = JacksonString()
    variables = PlacedValues()


class SharedStepSchema(CamundaSchema):
    """One step of a modification of several instances, which have no variables in common."""

    type = JacksonString()
    activity_id = JacksonString()
    transition_id = JacksonString()
    cancel_current_active_activity_instances = JacksonBoolean()


class AnySteps(Nesting):
    """Instructions of a modification; absence is an empty list."""

    default_value = list

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list):
            raise ValidationError("no list")
        if None in value:
            raise JavaRuntimeError("NullPointerException", "An instruction is null")
        read = [self.schema.read(item) for item in value]
        for step in read:
            # All are read before one is looked at: a wrong shape of the last comes before the type
            # of the first.
            if step["type"] != "cancel" and step["type"] not in KINDS:
                raise ValidationError("no instruction")
        return read

    @classmethod
    def require(cls, step: dict[str, Any]) -> None:
        """Refuse an instruction that does not say what it is about.

        Raises:
            InvalidRequestError: it does not.
        """
        kind = step["type"]
        if kind == "cancel":
            cls._require_canceled(step)
        elif step["transition_id" if kind == "startTransition" else "activity_id"] is None:
            raise InvalidRequestError(f"For instruction type '{kind}': '{KINDS[kind]}' must be set")

    @classmethod
    def _require_canceled(cls, step: dict[str, Any]) -> None:
        raise NotImplementedError


class Steps(AnySteps):
    """Instructions for one instance."""

    schema = StepSchema()

    def convert(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The instructions, each with its own values converted; the first fault counts."""
        for step in value:
            # One after the other, as Java applies them: the first step that is wrong, or has a
            # wrong value, decides the error.
            self.require(step)
            self.schema.convert(step)
        return value

    @classmethod
    def _require_canceled(cls, step: dict[str, Any]) -> None:
        names = ("activity_id", "activity_instance_id", "transition_instance_id")
        if sum(step[name] is not None for name in names) != 1:
            raise InvalidRequestError(
                "For instruction type 'cancel': exactly one, 'activityId', 'activityInstanceId', "
                "or 'transitionInstanceId', is required"
            )


class SharedSteps(AnySteps):
    """Instructions for several instances; what only one of them has is passed over."""

    schema = SharedStepSchema()

    @classmethod
    def _require_canceled(cls, step: dict[str, Any]) -> None:
        if step["activity_id"] is None:
            raise InvalidRequestError("For instruction type 'cancel': 'activityId' must be set")


class ModificationSchema(CamundaSchema):
    """Body of ``POST /process-instance/{id}/modification`` and ``…/modification-async``."""

    example: ClassVar[Mapping[str, Any]] = {
        "instructions": [
            {"type": "cancel", "activityId": "approve"},
            {"type": "startBeforeActivity", "activityId": "check"},
        ],
        "annotation": "Approved by phone",
    }

    instructions = Steps()
    skip_custom_listeners = JacksonBoolean()
    skip_io_mappings = JacksonBoolean()
    annotation = JacksonString()  # of the operation log, which has no entry without a user


class GroupModificationSchema(CamundaSchema):
    """Body of ``POST /modification/execute`` and ``…/executeAsync``."""

    example: ClassVar[Mapping[str, Any]] = {
        "processDefinitionId": "aProcessDefinitionId",
        "processInstanceIds": ["aProcessInstanceId"],
        **ModificationSchema.example,
    }

    process_definition_id = JacksonString()
    process_instance_ids = StringList()
    process_instance_query = JsonMap()
    historic_process_instance_query = JsonMap()
    instructions = SharedSteps()
    skip_custom_listeners = JacksonBoolean()
    skip_io_mappings = JacksonBoolean()
    annotation = JacksonString()  # as above

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body, of instances whose definition is named.

        Raises:
            InvalidRequestError: it is not, or an instruction does not say what it is about.
        """
        if body["process_definition_id"] is None:
            raise InvalidRequestError("processDefinitionId is null")
        # Not in `convert` as for one instance: steps without values have nothing to convert, so
        # that it is never called; and the definition is missed before any of them.
        for step in body["instructions"]:
            SharedSteps.require(step)
        return body


class RestartSchema(CamundaSchema):
    """Body of ``POST /process-definition/{id}/restart`` and ``…/restart-async``."""

    example: ClassVar[Mapping[str, Any]] = {
        "processInstanceIds": ["aFinishedProcessInstanceId"],
        "instructions": [{"type": "startBeforeActivity", "activityId": "approve"}],
    }

    process_instance_ids = StringList()
    historic_process_instance_query = JsonMap()
    instructions = Instructions()
    initial_variables = JacksonBoolean()
    without_business_key = JacksonBoolean()
    skip_custom_listeners = JacksonBoolean()
    skip_io_mappings = JacksonBoolean()
