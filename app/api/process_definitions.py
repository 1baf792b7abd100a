"""Process definitions: starting, suspending and deleting."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app.errors import (
    InvalidRequestError,
    JavaRuntimeError,
    NotAllowedError,
    NotFoundError,
    StartRefusedError,
)
from app.schemas import process_definitions as schemas
from app.schemas.removal_times import TIME_TO_LIVE, TimeToLiveSchema
from app.services import process_definitions as service
from app.services import suspension
from app.services.process_definitions import UnknownKeyError

from .decorators import (
    accepts,
    current_store,
    flag,
    link_to_itself,
    located,
    no_content,
    returns,
    wants_json,
)
from .descriptions import Example, describes
from .problems import FAILED, INVALID, MISSING, REST, wraps
from .timestamps import parse_timestamp

View = TypeVar("View", bound=Callable[..., Any])
process_definitions = Blueprint("process_definitions", __name__, url_prefix="/process-definition")
refused = wraps({StartRefusedError: (FAILED, REST), UnknownKeyError: (MISSING, REST)})


def _is_by_form() -> bool:
    return request.path.rstrip("/").endswith("/submit-form")


def _start(definition: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    if _is_by_form():
        # A form has no instructions and no flags: what else the body says counts for nothing.
        body = {name: body[name] for name in ("variables", "business_key")} | {"by_form": True}
    view = service.start(current_store(), **definition, **body)
    links = [link_to_itself(f"/process-instance/{view['id']}")]
    return schemas.started_instance({**view, "links": links})


def _starts(rule: str) -> Callable[[View], View]:
    """A route that starts an instance, as ``start`` and as ``submit-form``."""

    def decorate(view: View) -> View:
        found, by_form = located(view, _named), f"{view.__name__}_by_form"
        process_definitions.post(f"{rule}/start")(found)
        process_definitions.post(f"{rule}/submit-form", endpoint=by_form)(found)
        return view

    return decorate


def _named(**definition: str) -> str:
    """The id of a definition, for errors that come before it is looked up by its id."""
    return definition.get("definition_id") or service.id_of(current_store(), **definition)


@_starts("/<definition_id>")
@describes(body=schemas.StartSchema, answer=schemas.started_instance)
@returns
@refused
def start(definition_id: str) -> dict[str, Any]:
    """Start an instance of one version."""
    definition = {"definition_id": definition_id}
    return _start(definition, _body(definition))


@_starts("/key/<key>")
@describes(body=schemas.StartSchema, answer=schemas.started_instance)
@returns
@refused
def start_by_key(key: str) -> dict[str, Any]:
    """Start an instance of the newest version without a tenant."""
    definition = {"key": key}
    return _start(definition, _body(definition))


@_starts("/key/<key>/tenant-id/<tenant_id>")
@describes(body=schemas.StartSchema, answer=schemas.started_instance)
@returns
@refused
def start_by_key_and_tenant(key: str, tenant_id: str) -> dict[str, Any]:
    """Start an instance of a tenant's newest version."""
    definition = {"key": key, "tenant_id": tenant_id}
    return _start(definition, _body(definition))


@accepts(schemas.StartSchema)
def _read(**body: Any) -> dict[str, Any]:
    return body


@accepts(schemas.FormSubmissionSchema)
def _read_form(**body: Any) -> dict[str, Any]:
    return body


def _body(definition: dict[str, str]) -> dict[str, Any]:
    """The body; the message of an unusable value begins with the definition's id."""
    try:
        return _read_form() if _is_by_form() else _read()
    except InvalidRequestError as error:
        if not str(error):
            raise
        # Looked up for the message alone: the id stands there, also where a key was named (contract
        # 2.7).
        definition_id = _named(**definition)
        raise InvalidRequestError(
            f"Cannot instantiate process definition {definition_id}: {error}"
        ) from error


def _each(suffix: str = "") -> tuple[str, ...]:
    """The paths of one definition: by its id, and by its key as the newest version."""
    rules = ("/<definition_id>", "/key/<key>", "/key/<key>/tenant-id/<tenant_id>")
    return tuple(rule + suffix for rule in rules)


def _routes(method: str, rules: tuple[str, ...]) -> Callable[[View], View]:
    """The same view for several paths."""

    def decorate(view: View) -> View:
        for number, rule in enumerate(rules):
            endpoint = f"{view.__name__}_{number}"
            process_definitions.add_url_rule(
                rule, endpoint, located(view, _named), methods=[method]
            )
        return view

    return decorate


def _id(definition_id: str | None = None, **where: str) -> str:
    """The id of the definition that a path names.

    Raises:
        UnknownKeyError: no such key.
    """
    return definition_id if definition_id is not None else _named(**where)


@_routes("PUT", _each("/suspended"))
@wraps({UnknownKeyError: (MISSING, REST)})
@accepts(schemas.DefinitionSuspensionSchema)
def set_suspended(**arguments: Any) -> ResponseReturnValue:
    """Suspend or activate one version."""
    # The body may name a definition too, under the same argument: the path's is the one that
    # counts.
    where = request.view_args or {}
    body = {name: value for name, value in arguments.items() if name not in where}
    body["process_definition_id"] = _id(**where)
    return _suspend(
        "The suspension state of Process Definition with id "
        f"{body['process_definition_id']} could not be updated due to",
        body,
    )


@process_definitions.put("/suspended")
@describes(example=Example(body={"processDefinitionKey": "order", "suspended": True}))
@wants_json
@accepts(schemas.DefinitionSuspensionSchema)
def set_suspended_of_many(**body: Any) -> ResponseReturnValue:
    """Suspend or activate every version of a key."""
    if body["process_definition_id"] is not None:
        raise InvalidRequestError(
            "Only processDefinitionKey can be set to update the suspension state."
        )
    return _suspend("Could not update the suspension state of Process Definitions due to", body)


def _suspend(refused: str, body: dict[str, Any]) -> ResponseReturnValue:
    try:
        timestamp = parse_timestamp(body["execution_date"])
    except JavaRuntimeError as error:
        raise InvalidRequestError(f"{refused}: {error}") from error
    suspension.set_definitions(current_store(), **{**body, "execution_date": timestamp})
    return no_content()


@_routes("PUT", _each("/history-time-to-live"))
@describes(raises=(NotAllowedError,))
@wraps({UnknownKeyError: (MISSING, REST)})
@accepts(TimeToLiveSchema, alone=TIME_TO_LIVE)
def set_history_time_to_live(history_time_to_live: int | None, **where: str) -> ResponseReturnValue:
    """Set for how many days the history of one version is kept."""
    service.set_history_time_to_live(current_store(), _id(**where), history_time_to_live)
    return no_content()


_SKIPS = "cascade skipCustomListeners skipIoMappings"
_CASCADING = Example(query={"cascade": "true"})


def _deletion() -> dict[str, bool]:
    """The options of a deletion in the URL."""
    return {
        "cascade": flag("cascade"),
        "skip_custom_listeners": flag("skipCustomListeners"),
        "skip_io_mappings": flag("skipIoMappings"),
    }


@_routes("DELETE", _each())
@describes(flags=_SKIPS, is_empty=True, example=_CASCADING)
@wraps({UnknownKeyError: (MISSING, REST), NotFoundError: (MISSING, INVALID)})
def delete(**where: str) -> ResponseReturnValue:
    """Delete one version; the answer is 200 without a body."""
    service.delete(current_store(), [_id(**where)], **_deletion())
    response = Response(status=200)
    # 200 without a body, where every other deletion is 204 (contract 9).
    del response.headers["Content-Type"]
    return response


# No path below a definition: what the client accepts is looked at before the key.
@process_definitions.delete("/key/<key>/delete")
@process_definitions.delete("/key/<key>/tenant-id/<tenant_id>/delete", endpoint="delete_of_tenant")
@describes(flags=_SKIPS, example=_CASCADING)
@wants_json
@wraps({NotFoundError: (MISSING, INVALID)}, keeps_code=False)
def delete_by_key(key: str, tenant_id: str | None = None) -> ResponseReturnValue:
    """Delete every version of a key, of one tenant or of all."""
    found = service.ids_of_key(current_store(), key, tenant_id)
    service.delete(current_store(), found, **_deletion())
    return no_content()
