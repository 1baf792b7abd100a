"""Batches: what operators do with them; `lists` has the list."""

import contextlib
from collections.abc import Iterator

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import NotFoundError
from app.schemas import jobs as schemas
from app.services import batches as service

from .decorators import accepts, current_store, flag, no_content
from .descriptions import describes
from .problems import BAD, INVALID, Problem

batches = Blueprint("batches", __name__, url_prefix="/batch")
historic_batches = Blueprint("historic_batches", __name__, url_prefix="/history/batch")


@batches.put("/<batch_id>/suspended")
@describes(problems=((BAD, INVALID),))
@accepts(schemas.SuspensionSchema)
def set_suspended(batch_id: str, suspended: bool) -> ResponseReturnValue:
    """Suspend or activate a batch with its jobs."""
    with _unable_to("suspend" if suspended else "activate", batch_id):
        service.set_suspended(current_store(), batch_id, suspended=suspended)
    return no_content()


@batches.delete("/<batch_id>")
@describes(problems=((BAD, INVALID),), flags="cascade")
def delete(batch_id: str) -> ResponseReturnValue:
    """Delete a batch with its jobs; its history stays unless it is to go as well."""
    with _unable_to("delete", batch_id):
        service.delete(current_store(), batch_id, cascade=flag("cascade"))
    return no_content()


@historic_batches.delete("/<batch_id>")
@describes(problems=((BAD, INVALID),))
def delete_history(batch_id: str) -> ResponseReturnValue:
    """Delete the history of a batch, with the logs of its jobs."""
    with _unable_to("delete historic", batch_id):
        service.delete_history(current_store(), batch_id)
    return no_content()


@contextlib.contextmanager
def _unable_to(verb: str, batch_id: str) -> Iterator[None]:
    """Answer an unknown batch as Camunda 7 does."""
    try:
        yield
    except NotFoundError as error:
        message = f"Unable to {verb} batch with id '{batch_id}'"
        # 400, where all else that has an id is 404 (contract 10.6).
        raise Problem(BAD, INVALID, message, error.code) from error
