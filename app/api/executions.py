"""Executions: moving one on."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import EngineError
from app.schemas.tasks import VariablesSchema
from app.services import executions as service

from .decorators import accepts, current_store, no_content
from .problems import FAILED, REST, wraps

executions = Blueprint("executions", __name__, url_prefix="/execution")


@executions.post("/<execution_id>/signal")
@wraps({EngineError: (FAILED, REST)}, "Cannot signal execution {execution_id}: ")
@accepts(VariablesSchema)
def signal(execution_id: str, **body: Any) -> ResponseReturnValue:
    """Resume the activity at which an execution waits."""
    service.signal(current_store(), execution_id, **body)
    return no_content()


@executions.post("/<execution_id>/messageSubscriptions/<message_name>/trigger")
@wraps(
    {EngineError: (FAILED, REST)},
    "Cannot trigger message {message_name} for execution {execution_id}: ",
)
@accepts(VariablesSchema)
def trigger_message(execution_id: str, message_name: str, **body: Any) -> ResponseReturnValue:
    """Deliver a message to one execution."""
    service.trigger_message(current_store(), execution_id, message_name, **body)
    return no_content()
