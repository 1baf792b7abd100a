"""The engines of this server, and its version."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.errors import InvalidRequestError

from .decorators import returns
from .descriptions import describes
from .problems import BAD, INVALID

engine = Blueprint("engine", __name__)
VERSION = "7.24.0"  # of the REST API that is spoken


@engine.get("/engine")
@describes(answer="[Engine]", touches_store=False)
@returns
def engines() -> Response:
    """The only engine is ``default``."""
    from .json import json_response

    response = json_response([{"name": "default"}])
    response.headers["Cache-Control"] = "no-cache"
    return response


@engine.get("/version")
@describes(answer="Version", touches_store=False)
@returns
def version() -> dict[str, str]:
    """The version of the API."""
    return {"version": VERSION}


@engine.route("/engine/<name>/<path:rest>", methods=["GET", "POST", "PUT", "DELETE"])
@describes(is_refused=True, problems=((BAD, INVALID),))
def unknown_engine(**_: str) -> ResponseReturnValue:
    """Any path of an engine that is not here."""
    raise InvalidRequestError("No process engine available")
