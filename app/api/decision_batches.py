"""What is done to what was decided, by a batch."""

from typing import Any

from flask import Blueprint

from app.schemas import removal_times as schemas
from app.schemas.batches import batch
from app.services import decision_batches as service

from .decision_lists import DECISION_INSTANCES
from .decorators import accepts, current_store, returns
from .descriptions import describes

decision_batches = Blueprint("decision_batches", __name__, url_prefix="/history/decision-instance")


def _selection(body: dict[str, Any]) -> dict[str, Any]:
    name = "historic_decision_instance_query"
    body[name] = DECISION_INSTANCES.filters_of(body[name])
    return body


@decision_batches.post("/delete")
@describes(answer=batch)
@returns
@accepts(schemas.DecisionDeletionSchema)
def delete(delete_reason: str | None, **body: Any) -> dict[str, Any]:
    """Delete what was decided by a batch."""
    del delete_reason  # of which nothing is left that could tell
    return batch(service.delete(current_store(), **_selection(body)))


@decision_batches.post("/set-removal-time")
@describes(answer=batch)
@returns
@accepts(schemas.DecisionRemovalTimeSchema)
def set_removal_times(**body: Any) -> dict[str, Any]:
    """Set or clear when what was decided is to be removed, by a batch."""
    return batch(service.set_removal_times(current_store(), **_selection(body)))
