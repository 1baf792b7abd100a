"""Restart of ended instances."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import BadUserRequestError, NullValueError
from app.schemas import modification as schemas
from app.schemas.batches import batch
from app.services import process_instances, repair_batches
from app.services import restart as service

from .decorators import accepts, current_store, no_content, returns
from .descriptions import describes
from .lists import HISTORY
from .problems import BAD, INVALID, wraps

restarts = Blueprint("restarts", __name__, url_prefix="/process-definition/<definition_id>")
_REFUSED = {BadUserRequestError: (BAD, INVALID), NullValueError: (BAD, INVALID)}


@restarts.post("/restart")
@describes(raises=(service.NotEndedError, service.OtherDefinitionError))
@wraps(_REFUSED, keeps_code=False)
@accepts(schemas.RestartSchema)
def restart(definition_id: str, **body: Any) -> ResponseReturnValue:
    """Start new instances in place of ended ones, all or none."""
    ids = _selected(body)
    service.restart(current_store(), ids, service.Options(definition_id, **body))
    return no_content()


@restarts.post("/restart-async")
@describes(answer=batch)
@returns
@wraps(_REFUSED, keeps_code=False)
@accepts(schemas.RestartSchema)
def restart_by_batch(definition_id: str, **body: Any) -> dict[str, Any]:
    """Start new instances in place of ended ones by a batch."""
    ids = _selected(body)
    options = service.Options(definition_id, **body)
    return batch(repair_batches.restart_many(current_store(), ids, options))


def _selected(body: dict[str, Any]) -> list[str | None]:
    """The instances that a body means; what is left of it says how they are restarted."""
    query = HISTORY["process-instance"].filters_of(body.pop("historic_process_instance_query"))
    return process_instances.selected(
        current_store(),
        process_instance_ids=body.pop("process_instance_ids"),
        process_instance_query=None,
        historic_process_instance_query=query,
    )
