"""Modification of running instances."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import (
    BadUserRequestError,
    InvalidRequestError,
    NotValidError,
    SuspendedEntityInteractionError,
)
from app.schemas import modification as schemas
from app.schemas.batches import batch
from app.services import modification as service
from app.services import process_instances, repair_batches

from .decorators import accepts, current_store, no_content, returns, wants_json
from .descriptions import describes
from .lists import HISTORY, INSTANCES
from .problems import BAD, INVALID, wraps

modifications = Blueprint("modifications", __name__)


@modifications.post("/process-instance/<instance_id>/modification")
@describes(
    raises=(NotValidError, SuspendedEntityInteractionError, service.UnmodifiableInstanceError)
)
@accepts(schemas.ModificationSchema)
def modify(instance_id: str, **body: Any) -> ResponseReturnValue:
    """Cancel and start tokens of an instance, all instructions or none."""
    service.modify(current_store(), instance_id, **body)
    return no_content()


@modifications.post("/process-instance/<instance_id>/modification-async")
@describes(answer=batch, raises=(service.UnmodifiableInstanceError,))
@returns
@accepts(schemas.ModificationSchema)
def modify_by_batch(instance_id: str, **body: Any) -> dict[str, Any]:
    """Cancel and start tokens of an instance by a batch of one job."""
    # Only by a batch: a single modification without instructions is 204 (contract 10.1).
    if not body["instructions"]:
        raise InvalidRequestError("The provided instuctions are invalid.")  # spelled so
    return batch(repair_batches.modify(current_store(), instance_id, **body))


@modifications.post("/modification/execute")
@describes(raises=(service.UnmodifiableInstanceError, service.OtherDefinitionError))
@wants_json
@wraps({BadUserRequestError: (BAD, INVALID)}, keeps_code=False)
@accepts(schemas.GroupModificationSchema)
def modify_many(**body: Any) -> ResponseReturnValue:
    """Cancel and start tokens of several instances of a definition, all or none."""
    service.modify_many(current_store(), **_selected(body))
    return no_content()


@modifications.post("/modification/executeAsync")
@describes(answer=batch)
@returns
@wraps({BadUserRequestError: (BAD, INVALID)}, keeps_code=False)
@accepts(schemas.GroupModificationSchema)
def modify_many_by_batch(**body: Any) -> dict[str, Any]:
    """Cancel and start tokens of several instances of a definition by a batch."""
    return batch(repair_batches.modify_many(current_store(), **_selected(body)))


_SELECTORS = "process_instance_ids", "process_instance_query", "historic_process_instance_query"


def _selected(body: dict[str, Any]) -> dict[str, Any]:
    """The body of a group modification, with the instances that it means in place of queries."""
    queries = "process_instance_query", "historic_process_instance_query"
    ids = process_instances.selected(
        current_store(),
        process_instance_ids=body["process_instance_ids"],
        process_instance_query=INSTANCES.filters_of(body[queries[0]]),
        historic_process_instance_query=HISTORY["process-instance"].filters_of(body[queries[1]]),
    )
    others = {name: value for name, value in body.items() if name not in _SELECTORS}
    return {**others, "instance_ids": ids}
