"""Batches that delete historic decision instances or set their removal time.

Source: semantics 12.10.
"""

from typing import Any

from flask import Blueprint

from app.schemas import removal_times as schemas
from app.schemas.batches import batch
from app.services import decision_history, removal_times

from .decision_lists import DECISION_INSTANCES
from .decorators import accepts, current_store, returns
from .descriptions import describes

decision_batches = Blueprint("decision_batches", __name__, url_prefix="/history/decision-instance")


def _selection(body: dict[str, Any]) -> dict[str, Any]:
    """The body, with the filters of its query read."""
    name = "historic_decision_instance_query"
    return {**body, name: DECISION_INSTANCES.filters_of(body[name])}


@decision_batches.post("/delete")
@describes(answer=batch)
@returns
@accepts(schemas.DecisionDeletionSchema)
def delete(**body: Any) -> dict[str, Any]:
    """Delete instances by a batch, but not what they have required."""
    return batch(decision_history.delete_by_batch(current_store(), **_selection(body)))


@decision_batches.post("/set-removal-time")
@describes(answer=batch)
@returns
@accepts(schemas.DecisionRemovalTimeSchema)
def set_removal_time(**body: Any) -> dict[str, Any]:
    """Set when instances are to be removed, by a batch."""
    return batch(removal_times.set_of_decisions(current_store(), **_selection(body)))
