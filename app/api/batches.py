"""Batches: what operators do with them; `queries` lists them."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import NotFoundError
from app.schemas import jobs as schemas
from app.services import batches as service

from .decorators import accepts, current_store, no_content
from .problems import BAD, INVALID, MISSING, wraps

batches = Blueprint("batches", __name__, url_prefix="/batch")


@batches.put("/<batch_id>/suspended")
@wraps({NotFoundError: (BAD, INVALID)}, keeps_code=False)
@accepts(schemas.SuspensionSchema)
def set_suspended(batch_id: str, suspended: bool) -> ResponseReturnValue:
    """Suspend or activate a batch with its jobs."""
    service.set_suspended(current_store(), batch_id, suspended=suspended)
    return no_content()


@batches.delete("/<batch_id>")
@wraps({NotFoundError: (MISSING, INVALID)}, keeps_code=False)
def delete(batch_id: str) -> ResponseReturnValue:
    """Delete a batch with its jobs."""
    service.delete(current_store(), batch_id)
    return no_content()
