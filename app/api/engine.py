"""The engines of this server, and its version."""

from typing import Any

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from app.errors import InvalidRequestError
from app.schemas import engine as schemas
from app.schemas.answers import Many

from .decorators import returns
from .descriptions import describes
from .json import json_response
from .problems import BAD, INVALID, MISSING

engine = Blueprint("engine", __name__)
VERSION = "7.24.0"  # of the REST API that is spoken


@engine.get("/engine")
@describes(answer=Many(schemas.engine), touches_store=False)
@returns
def engines() -> Response:
    """The engines of this server; the default one needs no prefix."""
    names = current_app.extensions["engines"].names
    response = json_response([schemas.engine({"name": name}) for name in names])
    response.headers["Cache-Control"] = "no-cache"
    return response


@engine.get("/version")
@describes(answer=schemas.version, touches_store=False)
@returns
def version() -> dict[str, Any]:
    """The version of the API."""
    return schemas.version({"version": VERSION})


@engine.route("/engine/<name>/<path:rest>", methods=["GET", "POST", "PUT", "DELETE"])
@describes(is_refused=True, problems=((BAD, INVALID), (MISSING, INVALID)))
def unknown_engine(**_: str) -> ResponseReturnValue:
    """Any path of an engine that is not here."""
    raise InvalidRequestError("No process engine available")
