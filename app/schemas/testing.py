"""Bodies and answers of an engine for tests."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError

from app.errors import InvalidRequestError

from .answers import BOOLEAN, INTEGER, Answer, Kind, Many, boolean, date, integer, part, text
from .base import BoxedBoolean, CamundaDateTime, CamundaSchema, JacksonBoolean, JacksonString

FLOAT = Kind("double")


class ClockSchema(CamundaSchema):
    """Body of ``POST /test/clock``."""

    example: ClassVar[Mapping[str, Any]] = {"advance": "PT1H", "run": False}

    advance = JacksonString()
    to = CamundaDateTime()
    freeze = BoxedBoolean()
    run = JacksonBoolean()

    def read(self, data: Any) -> Any:
        """The fields of the body; a name that nobody knows would do nothing, and is refused."""
        known = [str(field.data_key) for field in self.load_fields.values()]
        if not isinstance(data, dict):
            raise ValidationError("no object")
        # No body of the reference engine: leniency would only hide a mistake in a test.
        if unknown := sorted(data.keys() - set(known)):
            raise InvalidRequestError(f"Unknown: {', '.join(unknown)}. Known: {', '.join(known)}.")
        return super().read(data)


_job = (
    text("id", is_nullable=False),
    text("activity_id", "process_instance_id", "process_definition_id", "process_definition_key"),
    date("due_date"),
)
ran = Answer("RanJob", *_job)
failed = Answer("FailedJob", *_job, text("message", is_nullable=False))
clock = Answer(
    "Clock",
    date("now", is_nullable=False),
    boolean("is_frozen", key="frozen", is_nullable=False),
    part("ran", Many(ran), is_optional=True),
    part("failed", Many(failed), is_optional=True),
    part("is_done", BOOLEAN, is_optional=True),
    part("removed", INTEGER, is_optional=True),
)
_counted = (text("id", is_nullable=False), integer("count", is_nullable=False))
_activity = Answer("CoveredActivity", *_counted, text("name"), text("type", is_nullable=False))
_flow = Answer("CoveredFlow", *_counted, text("source", "target", is_nullable=False))
coverage = Answer(
    "Coverage",
    text("process_definition_id", "key", is_nullable=False),
    integer("version", is_nullable=False),
    part("covered", FLOAT),
    part("activities", Many(_activity)),
    part("flows", Many(_flow)),
)
