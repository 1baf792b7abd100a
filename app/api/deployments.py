"""Deployments: creation and deletion."""

from typing import Any

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from app.errors import InvalidRequestError, NotValidError, ParseError
from app.schemas import deployments as schemas
from app.schemas.base import NUL
from app.services import deployments as service

from .decorators import base_url, current_store, form_texts, no_content, returns
from .descriptions import describes
from .file_names import file_name
from .moments import parse_moment
from .problems import BAD, FAILED, INVALID, REST, Problem, wraps

deployments = Blueprint("deployments", __name__, url_prefix="/deployment")
NAMES = (
    "deployment-name",
    "deployment-source",
    "tenant-id",
    "enable-duplicate-filtering",
    "deploy-changed-only",
    "deployment-activation-time",
)


@deployments.post("/create")
@describes(
    form=" ".join(NAMES),
    file="*",
    answer="NewDeployment",
    raises=(ParseError, InvalidRequestError),
    problems=((BAD, REST), (FAILED, "IllegalArgumentException")),
)
@returns
@wraps({NotValidError: (BAD, INVALID)}, keeps_code=False)
def create() -> dict[str, Any]:
    """Deploy the files of a form."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    if not request.mimetype_params.get("boundary"):
        raise Problem(BAD, REST, "multipart/form-data cannot be processed")
    body_limit_check()
    texts = form_texts()
    values = {name: texts.get(name) for name in NAMES}
    files = [parts[-1] for parts in request.files.listvalues()]
    resources = list({_name_of(file): file.read() for file in files}.items())
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
        activation_time=parse_moment(values["deployment-activation-time"]),
    )
    return schemas.created_deployment(view, base_url())


def body_limit_check() -> None:
    """Refuse a form that is too large before it is read."""
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
@describes(texts="cascade skipCustomListeners skipIoMappings")
def delete(deployment_id: str) -> ResponseReturnValue:
    """Delete a deployment; only the exact text ``true`` cascades."""
    service.delete(
        current_store(),
        deployment_id,
        cascade=request.args.get("cascade") == "true",
        skip_custom_listeners=request.args.get("skipCustomListeners") == "true",
        skip_io_mappings=request.args.get("skipIoMappings") == "true",
    )
    return no_content()
