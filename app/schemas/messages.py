"""Bodies and answers of messages and signals.

Source: rest contract 4.5.
"""

from collections.abc import Mapping
from typing import Any

from app.errors import InvalidRequestError

from .base import CamundaSchema, JacksonBoolean, JacksonString, Shape
from .process_definitions import process_instance
from .typed_values import TypedValues, render_all

_execution = Shape("id process_instance_id is_ended tenant_id")


class MessageSchema(CamundaSchema):
    """Body of ``POST /message``."""

    message_name = JacksonString()
    business_key = JacksonString()
    process_instance_id = JacksonString()
    tenant_id = JacksonString()
    without_tenant_id = JacksonBoolean()
    all = JacksonBoolean()
    result_enabled = JacksonBoolean()
    variables_in_result_enabled = JacksonBoolean()
    correlation_keys = TypedValues()
    local_correlation_keys = TypedValues()
    process_variables = TypedValues()
    process_variables_local = TypedValues()
    process_variables_to_triggered_scope = TypedValues()

    def checked(self, body: dict[str, Any]) -> dict[str, Any]:
        """Refuse variables in a result that nobody asks for."""
        if body["variables_in_result_enabled"] and not body["result_enabled"]:
            raise InvalidRequestError(
                "Parameter 'variablesInResultEnabled' cannot be used without 'resultEnabled' set "
                "to true."
            )
        return body


class SignalSchema(CamundaSchema):
    """Body of ``POST /signal``."""

    name = JacksonString()
    execution_id = JacksonString()
    tenant_id = JacksonString()
    without_tenant_id = JacksonBoolean()
    variables = TypedValues()


def correlation_result(view: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of one receiver of a message."""
    execution, instance = view["execution"], view["process_instance"]
    answer: dict[str, Any] = {
        "resultType": view["result_type"],
        "execution": None if execution is None else _execution(execution),
        "processInstance": None if instance is None else process_instance(instance),
    }
    if "variables" in view:
        answer["variables"] = render_all(view["variables"])
    return answer
