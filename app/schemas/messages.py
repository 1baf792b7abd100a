"""Bodies and answers of messages and signals.

Source: contract 4.5.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from app.errors import InvalidRequestError

from .answers import Answer, Named, computed, part, text
from .base import CamundaSchema, JacksonBoolean, JacksonString
from .executions import execution
from .process_definitions import process_instance
from .typed_values import TypedValues, render_all, shown_value


class UnansweredVariablesError(InvalidRequestError):
    """Variables are asked for in a result that is not."""

    def __init__(self) -> None:
        super().__init__(
            "Parameter 'variablesInResultEnabled' cannot be used without 'resultEnabled' set to "
            "true."
        )


class MessageSchema(CamundaSchema):
    """Body of ``POST /message``."""

    example: ClassVar[Mapping[str, Any]] = {
        "messageName": "paid",
        "businessKey": "order-1",
        "processVariables": {"amount": {"value": 120, "type": "Integer"}},
        "resultEnabled": True,
    }

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
        # Here and not in the service: the reference's HTTP layer refuses it before it reads any
        # value.
        if body["variables_in_result_enabled"] and not body["result_enabled"]:
            raise UnansweredVariablesError
        return body


class SignalSchema(CamundaSchema):
    """Body of ``POST /signal``."""

    example: ClassVar[Mapping[str, Any]] = {
        "name": "alarm",
        "variables": {"amount": {"value": 120, "type": "Integer"}},
    }

    name = JacksonString()
    execution_id = JacksonString()
    tenant_id = JacksonString()
    without_tenant_id = JacksonBoolean()
    variables = TypedValues()


class ConditionSchema(CamundaSchema):
    """Body of ``POST /condition``."""

    example: ClassVar[Mapping[str, Any]] = {"variables": {"stock": {"value": 0, "type": "Integer"}}}

    variables = TypedValues()
    business_key = JacksonString()
    tenant_id = JacksonString()
    without_tenant_id = JacksonBoolean()
    process_definition_id = JacksonString()


correlation_result = Answer(
    "CorrelationResult",
    text("result_type"),
    part("execution", execution, is_nullable=True),
    part("process_instance", process_instance, is_nullable=True),
    computed(
        "variables",
        Named(shown_value),
        lambda view: render_all(view["variables"]),
        needs="variables",
    ),
)
