"""Decisions: reading one by its id or its key, evaluating it, and how long evaluations are kept.

Source: semantics 12.2, 12.4.
"""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import EngineError, JavaRuntimeError, NotAllowedError
from app.schemas import decisions as schemas
from app.schemas.answers import Many, Named
from app.schemas.removal_times import TIME_TO_LIVE, TimeToLiveSchema
from app.services import decision_definitions as reads
from app.services import decisions as service
from app.services import lists
from app.services.decisions import (
    EvaluationRefusedError,
    UnknownDecisionError,
    UnknownDecisionKeyError,
)

from .decision_lists import DECISION_DEFINITIONS
from .decorators import accepts, current_store, located, no_content, returns
from .descriptions import ANY, Failure, describes
from .problems import BAD, FAILED, INVALID, MISSING, REST, Problem, wraps
from .variables import binary_response

decision_definitions = Blueprint(
    "decision_definitions", __name__, url_prefix="/decision-definition"
)
BY_KEY: dict[type[EngineError], Failure] = {UnknownDecisionKeyError: (MISSING, REST)}
UNKNOWN = ((MISSING, INVALID), (MISSING, REST))  # by its id, or by its key


def _found(**where: str) -> dict[str, Any]:
    """The definition that a path names, by id or by key."""
    if "definition_id" in where:
        return DECISION_DEFINITIONS.view(where["definition_id"])
    key, tenant_id = where["key"], where.get("tenant_id")
    found = reads.newest(current_store(), "decision_definition", key, tenant_id)
    if found is None:
        raise Problem(MISSING, REST, str(UnknownDecisionKeyError(key, tenant_id)))
    return found


@describes(answer=schemas.decision_definition, problems=UNKNOWN)
def get_definition(**where: str) -> dict[str, Any]:
    """A definition."""
    return schemas.decision_definition(_found(**where))


@describes(answer=schemas.decision_model, problems=UNKNOWN)
def get_xml(**where: str) -> dict[str, Any]:
    """The file that a definition was deployed with."""
    found = _found(**where)
    return schemas.decision_model({**found, "xml": lists.xml(current_store(), found)})


@describes(media=ANY, has_no_content=True, problems=((BAD, "NotFoundException"), (MISSING, REST)))
def get_diagram(**where: str) -> ResponseReturnValue:
    """The picture that was deployed with a definition."""
    try:
        found = _found(**where)
    except Problem as error:
        if "definition_id" in where:
            # Of all reads of a definition this one alone answers an unknown id with 400 (recorded).
            raise Problem(BAD, "NotFoundException", str(error), error.code) from error
        raise
    picture = reads.picture(current_store(), found)
    return no_content() if picture is None else binary_response(picture)


@describes(answer=Many(Named(schemas.decision_value)), problems=((MISSING, INVALID),))
@returns
@wraps({**BY_KEY, EvaluationRefusedError: (FAILED, REST)})
@accepts(schemas.EvaluateSchema)
def evaluate(**arguments: Any) -> list[dict[str, Any]]:
    """Evaluate a decision."""
    try:
        # The table at the route knows no message, and this error's begins with what was asked for.
        found = service.evaluate(current_store(), **arguments)
    except UnknownDecisionError as error:
        text = f"Cannot evaluate decision {arguments['definition_id']}: {error}"
        raise Problem(MISSING, INVALID, text, error.code) from error
    return [{name: schemas.answered(value) for name, value in result.items()} for result in found]


@describes(raises=(JavaRuntimeError, NotAllowedError))
@wraps(BY_KEY)
@accepts(TimeToLiveSchema, alone=TIME_TO_LIVE)
def set_time_to_live(**arguments: Any) -> ResponseReturnValue:
    """Set for how many days evaluations from now on are kept."""
    service.set_time_to_live(current_store(), **arguments)
    return no_content()


def _routes() -> None:
    add = decision_definitions.add_url_rule
    rules = ("/<definition_id>", "/key/<key>", "/key/<key>/tenant-id/<tenant_id>")
    for number, rule in enumerate(rules):
        if number:  # the list has the single item by its id
            add(rule, f"definition{number}", located(returns(get_definition), _found))
        add(f"{rule}/xml", f"xml{number}", located(returns(get_xml), _found))
        add(f"{rule}/diagram", f"diagram{number}", get_diagram)
        add(f"{rule}/evaluate", f"evaluate{number}", located(evaluate, _found), methods=["POST"])
        kept = f"{rule}/history-time-to-live"
        add(kept, f"ttl{number}", located(set_time_to_live, _found), methods=["PUT"])


_routes()
