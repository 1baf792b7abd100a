"""Process definitions: starting and suspending."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app.errors import InvalidRequestError, NotFoundError, StartRefusedError
from app.schemas import process_definitions as schemas
from app.services import process_definitions as service
from app.services import suspension
from app.services.process_definitions import UnknownKeyError

from .decorators import accepts, base_url, current_store, no_content, returns
from .descriptions import describes
from .problems import FAILED, INVALID, MISSING, REST, wraps

View = TypeVar("View", bound=Callable[..., Any])
process_definitions = Blueprint("process_definitions", __name__, url_prefix="/process-definition")
refused = wraps({StartRefusedError: (FAILED, REST), UnknownKeyError: (MISSING, REST)})


def _start(definition: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    view = service.start(current_store(), **definition, **body)
    return schemas.started_instance(view, base_url())


def _starts(rule: str) -> Callable[[View], View]:
    """A route that starts an instance, as ``start`` and as ``submit-form``."""

    def decorate(view: View) -> View:
        process_definitions.post(f"{rule}/start")(view)
        process_definitions.post(f"{rule}/submit-form", endpoint=f"{view.__name__}_by_form")(view)
        return view

    return decorate


def _named(definition: dict[str, str]) -> str:
    """The id of a definition, for errors that come before it is looked up by its id."""
    return definition.get("definition_id") or service.id_of(current_store(), **definition)


@_starts("/<definition_id>")
@describes(body=schemas.StartSchema, answer="StartedInstance")
@returns
@refused
def start(definition_id: str) -> dict[str, Any]:
    """Start an instance of one version."""
    definition = {"definition_id": definition_id}
    return _start(definition, _body(definition))


@_starts("/key/<key>")
@describes(body=schemas.StartSchema, answer="StartedInstance")
@returns
@refused
def start_by_key(key: str) -> dict[str, Any]:
    """Start an instance of the newest version without a tenant."""
    definition = {"key": key}
    return _start(definition, _body(definition))


@_starts("/key/<key>/tenant-id/<tenant_id>")
@describes(body=schemas.StartSchema, answer="StartedInstance")
@returns
@refused
def start_by_key_and_tenant(key: str, tenant_id: str) -> dict[str, Any]:
    """Start an instance of a tenant's newest version."""
    definition = {"key": key, "tenant_id": tenant_id}
    return _start(definition, _body(definition))


@accepts(schemas.StartSchema)
def _read(**body: Any) -> dict[str, Any]:
    return body


def _body(definition: dict[str, str]) -> dict[str, Any]:
    """The body; what is wrong with a value is said with the definition's id before it."""
    try:
        return _read()
    except InvalidRequestError as error:
        if not str(error):
            raise
        definition_id = _named(definition)
        raise InvalidRequestError(
            f"Cannot instantiate process definition {definition_id}: {error}"
        ) from error


@process_definitions.put("/<definition_id>/suspended")
@accepts(schemas.DefinitionSuspensionSchema)
def set_suspended(definition_id: str, **body: Any) -> ResponseReturnValue:
    """Suspend or activate one version."""
    suspension.set_definitions(
        current_store(),
        process_definition_id=definition_id,
        suspended=body["suspended"],
        include_process_instances=body["include_process_instances"],
    )
    return no_content()


@process_definitions.put("/key/<key>/suspended")
@accepts(schemas.DefinitionSuspensionSchema)
def set_suspended_by_key(key: str, **body: Any) -> ResponseReturnValue:
    """Suspend or activate every version of a key without a tenant."""
    suspension.set_definitions(
        current_store(),
        process_definition_key=key,
        without_tenant_id=True,
        suspended=body["suspended"],
        include_process_instances=body["include_process_instances"],
    )
    return no_content()


@process_definitions.put("/suspended")
@accepts(schemas.DefinitionSuspensionSchema)
def set_suspended_of_many(**body: Any) -> ResponseReturnValue:
    """Suspend or activate every version of a key."""
    suspension.set_definitions(current_store(), **body)
    return no_content()


@process_definitions.delete("/<definition_id>")
@describes(texts="cascade skipCustomListeners skipIoMappings", is_empty=True)
@wraps({NotFoundError: (MISSING, INVALID)})
def delete(definition_id: str) -> ResponseReturnValue:
    """Delete one version; the answer is 200 without a body."""
    service.delete(
        current_store(),
        definition_id,
        cascade=request.args.get("cascade") == "true",
        skip_custom_listeners=request.args.get("skipCustomListeners") == "true",
        skip_io_mappings=request.args.get("skipIoMappings") == "true",
    )
    response = Response(status=200)
    del response.headers["Content-Type"]
    return response
