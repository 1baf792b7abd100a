"""Bodies and answers of metrics, telemetry, the log of the schema and of users' operations.

Source: contract 10.7 and 11.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from .answers import (
    BOOLEAN,
    OBJECT,
    TEXT,
    Answer,
    Many,
    absent,
    constant,
    date,
    integer,
    part,
    text,
)
from .base import BoxedBoolean, CamundaSchema, JacksonString

metric = Answer(
    "Metric",
    date("timestamp", is_nullable=False),
    text("name", is_nullable=False),
    text("reporter"),
    integer("value", is_nullable=False),
)
metric_total = Answer("MetricTotal", integer("result", is_nullable=False))
telemetry_configuration = Answer(
    "TelemetryConfiguration", constant("enableTelemetry", BOOLEAN, value=False)
)
_part = Answer("TelemetryPart", text("vendor", "version"))
_internals = Answer(
    "TelemetryInternals",
    part("database", _part),
    part("application_server", _part),
    absent("license-key", "jdk"),
    # There, though nothing is collected: clients of Java bind every field.
    constant("camunda-integration", Many(TEXT), []),
    constant("commands", OBJECT, {}),
    constant("metrics", OBJECT, {}),
    constant("webapps", Many(TEXT), []),
    date("start_date", key="data-collection-start-date"),
)
_product = Answer(
    "TelemetryProduct",
    text("name", "version", "edition", is_nullable=False),
    part("internals", _internals),
)
telemetry = Answer("Telemetry", text("installation", is_nullable=False), part("product", _product))
schema_log = Answer(
    "SchemaLog",
    text("id", is_nullable=False),
    date("timestamp", is_nullable=False),
    text("version", is_nullable=False),
)
user_operation = Answer(
    "UserOperation",
    text("id", is_nullable=False),
    text("deployment_id", "process_definition_id", "process_definition_key"),
    text("process_instance_id", "execution_id"),
    absent("caseDefinitionId", "caseInstanceId", "caseExecutionId"),
    text("task_id", "job_id", "job_definition_id", "batch_id", "user_id"),
    date("timestamp"),
    text("operation_id", "external_task_id", "operation_type", "entity_type"),
    text("property", "org_value", "new_value"),
    date("removal_time"),
    text("root_process_instance_id", "category", "annotation"),
)


class TelemetrySchema(CamundaSchema):
    """Body of ``POST /telemetry/configuration``."""

    example: ClassVar[Mapping[str, Any]] = {"enableTelemetry": False}

    enable_telemetry = BoxedBoolean()


class OperationAnnotationSchema(CamundaSchema):
    """Body of ``PUT /history/user-operation/{operationId}/set-annotation``."""

    example: ClassVar[Mapping[str, Any]] = {"annotation": "As agreed with accounting"}

    annotation = JacksonString()
