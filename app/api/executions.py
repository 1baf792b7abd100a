"""Executions: moving one on, and what it waits for."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import EngineError
from app.schemas.executions import event_subscription
from app.schemas.tasks import VariablesSchema
from app.services import executions as service
from app.services import lists as list_service

from .decorators import accepts, current_store, no_content, returns, wants_json
from .descriptions import describes
from .problems import FAILED, INVALID, MISSING, REST, Problem, wraps

executions = Blueprint("executions", __name__, url_prefix="/execution")


@executions.post("/<execution_id>/signal")
@wants_json
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


@executions.get("/<execution_id>/messageSubscriptions/<message_name>")
@describes(answer=event_subscription, problems=((MISSING, INVALID),))
@returns
def message_subscription(execution_id: str, message_name: str) -> dict[str, Any]:
    """The subscription of an execution to a message."""
    filters = {
        "execution_id": execution_id,
        "event_name": message_name,
        # A signal may have the same name, and is none of this resource.
        "event_type": "message",
    }
    # The first of several: two events of one scope may wait for the same message.
    for found in list_service.find(current_store(), "event_subscription", filters):
        return event_subscription(found)
    text = (
        f"Message event subscription for execution {execution_id} named {message_name} does not "
        "exist"
    )
    raise Problem(MISSING, INVALID, text)
