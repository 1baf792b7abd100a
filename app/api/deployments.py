"""Deployments: making and deleting them, and their resources."""

from typing import Any

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from app.errors import InvalidRequestError, NotValidError, NullValueError, ParseError
from app.schemas import deployments as schemas
from app.schemas.answers import TEXT, Many
from app.schemas.bounds import NUL
from app.services import deployments as service
from app.services import lists as list_service
from app.services.deployments import NamelessResourceError

from .decorators import (
    accepts,
    current_store,
    form_texts,
    link_to_itself,
    no_content,
    returns,
)
from .descriptions import ANY, Example, describes
from .file_names import file_name
from .problems import BAD, FAILED, INVALID, MISSING, REST, Problem, wraps
from .timestamps import parse_timestamp
from .variables import binary_response

deployments = Blueprint("deployments", __name__, url_prefix="/deployment")
RESOURCES = ("resource_ids", "resource_names")
NAMES = (
    "deployment-name",
    "deployment-source",
    "tenant-id",
    "enable-duplicate-filtering",
    "deploy-changed-only",
    "deployment-activation-time",
)


MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://example.org">
  <process id="order" isExecutable="true" camunda:historyTimeToLive="P30D">
    <startEvent id="start"/>
    <sequenceFlow id="placed" sourceRef="start" targetRef="charge"/>
    <serviceTask id="charge" camunda:type="external" camunda:topic="charge"/>
  </process>
</definitions>
"""


@deployments.post("/create")
@describes(
    form=" ".join(NAMES),
    file="*",
    answer=schemas.new_deployment,
    raises=(ParseError, InvalidRequestError),
    problems=((BAD, REST), (FAILED, "IllegalArgumentException")),
    example=Example(body={"deployment-name": "orders", "order.bpmn": MODEL}),
)
@returns
@wraps({NotValidError: (BAD, INVALID)}, keeps_code=False)
def create() -> dict[str, Any]:
    """Deploy the files of a form."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    # Here and not by the parser, which would find a form without any part.
    if not request.mimetype_params.get("boundary"):
        raise Problem(BAD, REST, "multipart/form-data cannot be processed")
    # Before the form is read: werkzeug would write a large one to a temporary file first.
    _check_size()
    texts = form_texts()
    values = {name: texts.get(name) for name in NAMES}
    # Of parts with one name the last counts, then of files with one name: the two are not the same
    # (contract 4.1).
    files = [parts[-1] for parts in request.files.listvalues()]
    resources = list({_name_of(file): file.read() for file in files}.items())
    # A part without a name of a file is no resource; the `null` is the reference engine's.
    for name in texts:
        if name not in NAMES:
            raise InvalidRequestError(
                "No file name found in the deployment resource described by form parameter 'null'."
            )
    view = service.create(
        current_store(),
        name=values["deployment-name"],
        source=values["deployment-source"],
        tenant_id=values["tenant-id"],
        resources=resources,
        enable_duplicate_filtering=_is_true(values["enable-duplicate-filtering"]),
        deploy_changed_only=_is_true(values["deploy-changed-only"]),
        activation_time=parse_timestamp(values["deployment-activation-time"]),
    )
    return schemas.new_deployment(_created(view))


@deployments.post("/<deployment_id>/redeploy")
@describes(answer=schemas.new_deployment, raises=(ParseError,), problems=((MISSING, INVALID),))
@returns
@wraps({NamelessResourceError: (BAD, INVALID)})
@accepts(schemas.RedeploymentSchema, may_be_null=True)
def redeploy(deployment_id: str, **body: Any) -> dict[str, Any]:
    """Deploy the resources of a deployment again."""
    named = {key: body[key] or () for key in RESOURCES}
    view = service.redeploy(current_store(), deployment_id, source=body["source"], **named)
    return schemas.new_deployment(_created(view))


@deployments.get("/registered")
@describes(answer=Many(TEXT))
@returns
def registered() -> list[str]:
    """The ids of the deployments whose jobs are run."""
    return service.registered(current_store())


def _created(view: dict[str, Any]) -> dict[str, Any]:
    """The view of a new deployment, with the link to itself."""
    found = view["definitions"]
    # Null stays null, and is no empty map (contract 4.1).
    definitions = found and {d["id"]: {**d, "diagram": d["diagram_resource_name"]} for d in found}
    links = [link_to_itself(f"/deployment/{view['id']}")]
    return {
        **view,
        "links": links,
        "deployed_process_definitions": definitions,
        "deployed_decision_definitions": _by_id(view["decision_definitions"]),
        "deployed_decision_requirements_definitions": _by_id(
            view["decision_requirements_definitions"]
        ),
    }


def _by_id(definitions: list[dict[str, Any]] | None) -> dict[str, Any] | None:
    return None if definitions is None else {view["id"]: view for view in definitions}


def _check_size() -> None:
    """Refuse a form that is too large before it is read."""
    # A form in chunks says nothing of its length; werkzeug counts it while it is read.
    if (request.content_length or 0) > current_app.config["MAX_BODY_BYTES"]:
        raise RequestEntityTooLarge


def _name_of(file: FileStorage) -> str:
    name = file_name(file.headers.get("Content-Disposition"), file.filename) or ""
    if "\x00" in name:
        raise InvalidRequestError(NUL)
    return name


def _is_true(text: str | None) -> bool:
    return (text or "").lower() == "true"


@deployments.delete("/<deployment_id>")
@describes(
    texts="cascade skipCustomListeners skipIoMappings", example=Example(query={"cascade": "true"})
)
def delete(deployment_id: str) -> ResponseReturnValue:
    """Delete a deployment; only the exact text ``true`` cascades."""
    service.delete(
        current_store(),
        deployment_id,
        # Not `flag`: of this resource the reference engine compares texts, so that `TRUE` does not
        # cascade.
        cascade=request.args.get("cascade") == "true",
        skip_custom_listeners=request.args.get("skipCustomListeners") == "true",
        skip_io_mappings=request.args.get("skipIoMappings") == "true",
    )
    return no_content()


@deployments.get("/<deployment_id>/resources")
@describes(answer=Many(schemas.resource), problems=((MISSING, INVALID),))
@returns
def deployment_resources(deployment_id: str) -> list[dict[str, Any]]:
    """The resources of a deployment."""
    return [schemas.resource(view) for view in _resources(deployment_id)]


def _resources(deployment_id: str) -> list[dict[str, Any]]:
    found = list_service.resources(current_store(), deployment_id)
    # A deployment without resources is none, so that an unknown one and an empty one are alike.
    if not found:
        text = f"Deployment resources for deployment id '{deployment_id}' do not exist."
        raise Problem(MISSING, INVALID, text)
    return found


@deployments.get("/<deployment_id>/resources/<resource_id>")
@describes(answer=schemas.resource, problems=((MISSING, INVALID),))
@returns
def deployment_resource(deployment_id: str, resource_id: str) -> dict[str, Any]:
    """One resource of a deployment."""
    # By the list, which answers first that there is no such deployment, in words of its own.
    for found in _resources(deployment_id):
        if found["id"] == resource_id:
            return schemas.resource(found)
    raise Problem(
        MISSING,
        INVALID,
        f"Deployment resource with resource id '{resource_id}' for deployment id "
        f"'{deployment_id}' does not exist.",
    )


@deployments.get("/<deployment_id>/resources/<resource_id>/data")
@describes(media=ANY, raises=(NullValueError,))
def deployment_resource_data(deployment_id: str, resource_id: str) -> ResponseReturnValue:
    """The content of a resource."""
    name, content = list_service.resource_content(current_store(), deployment_id, resource_id)
    return binary_response(list_service.as_file(name, content))
