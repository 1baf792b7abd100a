"""Bodies and answers of variables.

Source: contract 4.4.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from app.engine.state.values import TypedValue

from .answers import ANYTHING, OBJECT, Answer, absent, part, text
from .base import CamundaSchema, StringList
from .typed_values import TypedValueField, TypedValues, render


class ModificationsSchema(CamundaSchema):
    """Body of ``POST …/variables``."""

    example: ClassVar[Mapping[str, Any]] = {
        "modifications": {"amount": {"value": 120, "type": "Integer"}},
        "deletions": ["remark"],
    }

    deletions = StringList(load_default=list)
    modifications = TypedValues()


class ValueSchema(CamundaSchema):
    """Body of ``PUT …/variables/{name}``: the value itself; an empty object is Null."""

    example: ClassVar[Mapping[str, Any]] = {"value": 120, "type": "Integer"}

    value = TypedValueField()

    def read(self, data: Any, **options: Any) -> Any:
        """The value under the name ``value``."""
        return super().read({"value": data}, **options)


VALUE_WITHOUT_TYPE = (
    *part("value", ANYTHING),
    *part("value_info", OBJECT, is_nullable=True),
    *text("error_message"),
)
VALUE = (*text("type", is_nullable=False), *VALUE_WITHOUT_TYPE)
variable_instance = Answer(
    "VariableInstance",
    VALUE,
    text("id", is_nullable=False),
    text("name", "process_definition_id", "process_instance_id", "execution_id", "task_id"),
    text("activity_instance_id", "tenant_id"),
    absent("caseInstanceId", "caseExecutionId"),
    text("batch_id"),
)


def value_view(
    typed: TypedValue, name: str, *, deserialized: bool, is_historic: bool
) -> Mapping[str, Any]:
    """The fields of `VALUE`; a value that cannot be read has the reason in its place."""
    if typed.type == "Bytes":
        # Variable instances and the history show no content, which `…/data` has; among the
        # variables of an instance it is base64 (contract 2.6).
        typed = TypedValue("Bytes", None)
    try:
        shown = render(typed, deserialized=deserialized, is_historic=is_historic)
    except ValueError as error:
        text_ = f"Cannot deserialize object in variable '{name}': {error}"
        return {"type": typed.type, "value": None, "value_info": None, "error_message": text_}
    return {
        "type": shown["type"],
        "value": shown["value"],
        "value_info": shown["valueInfo"],
        "error_message": None,
    }
