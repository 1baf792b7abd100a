"""Bodies and answers of migrations.

Source: contract 10.4; Camunda 7 ``MigrationPlanDto`` and its like.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from app.errors import BadUserRequestError, JavaRuntimeError

from .answers import (
    ANYTHING,
    OBJECT,
    TEXT,
    Answer,
    Many,
    Named,
    boolean,
    computed,
    constant,
    part,
    text,
)
from .base import (
    CamundaSchema,
    JacksonBoolean,
    JacksonString,
    JsonMap,
    NestedList,
    Nesting,
    StringList,
)
from .typed_values import TypedValues, render_all

instruction = Answer(
    "MigrationInstruction",
    part("source_activity_ids", Many(TEXT, has_nulls=True)),
    part("target_activity_ids", Many(TEXT, has_nulls=True)),
    boolean("update_event_trigger"),
)
_given_value = Answer(
    "VariableAsSent",
    text("type"),
    part("value", ANYTHING),
    part("value_info", OBJECT, is_nullable=True),
)
plan = Answer(
    "MigrationPlan",
    text("source_process_definition_id", "target_process_definition_id", is_nullable=False),
    part("instructions", Many(instruction)),
    computed(
        "variables",
        Named(_given_value),
        lambda view: view["variables"],
        is_nullable=True,
    ),
)
_failures = part("failures", Many(TEXT))
_instruction_report = Answer(
    "MigrationInstructionReport", part("instruction", instruction), _failures
)
plan_report = Answer(
    "MigrationPlanReport",
    part("instruction_reports", Many(_instruction_report)),
    constant("variableReports", OBJECT, {}),  # only of values that Java would have to read
)
_REPORTED = (
    part("migration_instruction", instruction, is_nullable=True),
    text("source_scope_id", is_nullable=False),
    _failures,
)
instance_report = Answer(
    "MigratingInstanceReport",
    text("process_instance_id", is_nullable=False),
    constant("failures", Many(TEXT), []),
    part(
        "activity_instance_validation_reports",
        Many(
            Answer(
                "MigratingActivityInstanceReport",
                text("activity_instance_id", is_nullable=False),
                *_REPORTED,
            )
        ),
    ),
    part(
        "transition_instance_validation_reports",
        Many(
            Answer(
                "MigratingTransitionInstanceReport",
                text("transition_instance_id", is_nullable=False),
                *_REPORTED,
            )
        ),
    ),
)


class MappingSchema(CamundaSchema):
    """One instruction of a plan; only the first id of each list counts."""

    source_activity_ids = StringList()
    target_activity_ids = StringList()
    update_event_trigger = JacksonBoolean()


class MigrationPlanSchema(CamundaSchema):
    """Body of ``POST /migration/validate``."""

    example: ClassVar[Mapping[str, Any]] = {
        "sourceProcessDefinitionId": "anOldProcessDefinitionId",
        "targetProcessDefinitionId": "aNewProcessDefinitionId",
        "instructions": [
            {
                "sourceActivityIds": ["pack"],
                "targetActivityIds": ["pack"],
                "updateEventTrigger": False,
            }
        ],
    }

    source_process_definition_id = JacksonString()
    target_process_definition_id = JacksonString()
    instructions = NestedList(MappingSchema)
    variables = TypedValues()

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """The plan, each of whose instructions names a source and a target, which may be null.

        Raises:
            JavaRuntimeError: one has no list of them, or an empty one.
        """
        for instruction in body["instructions"]:
            ids = instruction or dict.fromkeys(("source_activity_ids", "target_activity_ids"))
            for found in (ids["source_activity_ids"], ids["target_activity_ids"]):
                if found is None:
                    raise JavaRuntimeError("NullPointerException", "An instruction lacks its ids")
                if not found:
                    raise JavaRuntimeError(
                        "IndexOutOfBoundsException", "Index 0 out of bounds for length 0"
                    )
        return body


class GivenValues(TypedValues):
    """A map of typed values by name; absence is None, which is answered as it came."""

    # A plan is answered as it was sent: no variables are null there, and no empty map.
    default_value = None  # type: ignore[assignment]

    def convert(self, value: dict[str, Any] | None) -> Any:
        """The JSON of the values; what was sent without a type has none."""
        if value is None:
            return None
        shown = render_all(super().convert(value))
        for name, sent in value.items():
            if sent.get("type") is None and sent.get("value") is not None:
                shown[name] = {"type": None, "value": sent["value"], "valueInfo": None}
        return shown


class PlanGenerationSchema(CamundaSchema):
    """Body of ``POST /migration/generate``."""

    example: ClassVar[Mapping[str, Any]] = {
        "sourceProcessDefinitionId": "anOldProcessDefinitionId",
        "targetProcessDefinitionId": "aNewProcessDefinitionId",
        "updateEventTriggers": True,
    }

    source_process_definition_id = JacksonString()
    target_process_definition_id = JacksonString()
    update_event_triggers = JacksonBoolean()
    variables = GivenValues()


class NestedPlan(Nesting):
    """A plan within a body."""

    schema = MigrationPlanSchema()

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, Any]:
        return self.schema.read(value)  # type: ignore[no-any-return]


class MigrationSchema(CamundaSchema):
    """Body of ``POST /migration/execute`` and ``…/executeAsync``."""

    example: ClassVar[Mapping[str, Any]] = {
        "migrationPlan": MigrationPlanSchema.example,
        "processInstanceIds": ["anOldProcessInstanceId"],
    }

    migration_plan = NestedPlan()
    process_instance_ids = StringList()
    process_instance_query = JsonMap()
    skip_custom_listeners = JacksonBoolean()
    skip_io_mappings = JacksonBoolean()

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body, with a plan.

        Raises:
            BadUserRequestError: there is none.
        """
        # Ours: the reference engine fails at it (contract 10.8).
        if body["migration_plan"] is None:
            raise BadUserRequestError("Migration plan cannot be null: migration plan is null")
        return body
