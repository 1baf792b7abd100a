"""The engines of this server, and its version."""

from typing import Any

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from app.errors import InvalidRequestError
from app.schemas import engine as schemas
from app.schemas.answers import Many

from .decorators import returns
from .descriptions import describes
from .problems import BAD, INVALID, MISSING

engine = Blueprint("engine", __name__)
VERSION = "7.24.0"  # of the REST API that is spoken


@engine.get("/engine")
@describes(answer=Many(schemas.engine), touches_store=False)
@returns
def engines() -> list[dict[str, Any]]:
    """The engines of this server; the default one needs no prefix."""
    names = current_app.extensions["engines"].names
    return [schemas.engine({"name": name}) for name in names]


@engine.get("/version")
@describes(answer=schemas.version, touches_store=False)
@returns
def version() -> dict[str, Any]:
    """The version of the API."""
    return schemas.version({"version": VERSION})


# The paths `EnginePrefix` has not taken: without this route an unknown engine would be an unknown
# path, 404 in place of 400.
@engine.route("/engine/<name>/<path:rest>", methods=["GET", "POST", "PUT", "DELETE"])
@describes(is_refused=True, problems=((BAD, INVALID), (MISSING, INVALID)))
def unknown_engine(**_: str) -> ResponseReturnValue:
    """Any path of an engine that is not here."""
    raise InvalidRequestError("No process engine available")
