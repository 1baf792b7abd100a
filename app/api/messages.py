"""Messages, signals and conditions."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import InvalidRequestError, MismatchingCorrelationError, NotFoundError
from app.schemas import messages as schemas
from app.schemas.answers import Many
from app.schemas.process_definitions import process_instance
from app.services import conditions as condition_service
from app.services import messages as service
from app.services import signals as signal_service
from app.services.signals import NotSubscribedError

from .decorators import accepts, current_store, no_content, returns, wants_json
from .descriptions import describes
from .problems import BAD, FAILED, REST, wraps

messages = Blueprint("messages", __name__)


@accepts(schemas.MessageSchema)
def _read(**body: Any) -> dict[str, Any]:
    return body


@messages.post("/message")
@describes(
    body=schemas.MessageSchema,
    answer=Many(schemas.correlation_result),
    raises=(MismatchingCorrelationError,),
)
@returns
def correlate() -> list[dict[str, Any]] | None:
    """Deliver a message."""
    try:
        body = _read()
    except InvalidRequestError as error:
        # Only values have the prefix: an error of the shape has no text, unknown variables have
        # one of their own.
        if not str(error) or isinstance(error, schemas.UnansweredVariablesError):
            raise
        raise InvalidRequestError(f"Cannot deliver message: {error}") from error
    results = service.correlate(current_store(), **body)
    if not body["result_enabled"]:
        return None
    return [schemas.correlation_result(result) for result in results]


@messages.post("/signal")
@wants_json
@wraps({NotSubscribedError: (FAILED, REST)})
@accepts(schemas.SignalSchema)
def signal(**body: Any) -> ResponseReturnValue:
    """Deliver a signal."""
    signal_service.deliver(current_store(), **body)
    return no_content()


@messages.post("/condition")
@describes(answer=Many(process_instance))
@returns
@wraps({NotFoundError: (BAD, "NotFoundException")})
@accepts(schemas.ConditionSchema)
def evaluate_condition(**body: Any) -> list[dict[str, Any]]:
    """Start the definitions whose condition holds."""
    found = condition_service.evaluate(current_store(), **body)
    return [process_instance(view) for view in found]
