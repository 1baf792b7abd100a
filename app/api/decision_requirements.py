"""Files of several decisions: reading one by its id or its key, and how its decisions were used.

Source: semantics 12.3, 12.10.
"""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.schemas import decisions as schemas
from app.schemas.answers import Many
from app.services import decision_definitions as reads
from app.services import decision_history, lists

from .decorators import current_store, located, no_content, returns
from .descriptions import ANY, describes
from .problems import BAD, INVALID, MISSING, REST, Problem
from .variables import binary_response

decision_requirements = Blueprint("decision_requirements", __name__)
NAME = "decision_requirements_definition"
UNKNOWN = ((BAD, INVALID), (MISSING, REST))  # by its id, or by its key


def _found(missing: str = INVALID, **where: str) -> dict[str, Any]:
    """The definition that a path names, by id or by key."""
    store = current_store()
    if "definition_id" in where:
        # Not by the list's own view: of these alone an unknown id is a 400.
        found = lists.get(store, NAME, where["definition_id"])
        if found is None:
            text = (
                "no deployed decision requirements definition found with id "
                f"'{where['definition_id']}': decisionRequirementsDefinition is null"
            )
            raise Problem(BAD, missing, text, 0)
        return found
    key, tenant_id = where["key"], where.get("tenant_id")
    found = reads.newest(store, NAME, key, tenant_id)
    if found is None:
        tenant = "no tenant-id" if tenant_id is None else f"tenant-id: {tenant_id}"
        text = f"No matching decision requirements definition with key: {key} and {tenant}"
        raise Problem(MISSING, REST, text)
    return found


@describes(answer=schemas.decision_requirements_definition, problems=UNKNOWN)
def get_definition(**where: str) -> dict[str, Any]:
    """A definition."""
    return schemas.decision_requirements_definition(_found(**where))


@describes(answer=schemas.decision_model, problems=UNKNOWN)
def get_xml(**where: str) -> dict[str, Any]:
    """The file that a definition was deployed with."""
    found = _found(**where)
    return schemas.decision_model({**found, "xml": lists.xml(current_store(), found)})


@describes(media=ANY, has_no_content=True, problems=((BAD, "NotValidException"), (MISSING, REST)))
def get_diagram(**where: str) -> ResponseReturnValue:
    """The picture that was deployed with a definition."""
    picture = reads.picture(current_store(), _found("NotValidException", **where))
    return no_content() if picture is None else binary_response(picture)


@decision_requirements.get("/history/decision-requirements-definition/<definition_id>/statistics")
@describes(answer=Many(schemas.decision_statistics), texts="decisionInstanceId")
@returns
def get_statistics(definition_id: str) -> list[dict[str, Any]]:
    """How often each decision was evaluated."""
    root = request.args.get("decisionInstanceId")
    found = decision_history.statistics(current_store(), definition_id, root)
    return [schemas.decision_statistics(view) for view in found]


def _routes() -> None:
    add = decision_requirements.add_url_rule
    rules = ("/<definition_id>", "/key/<key>", "/key/<key>/tenant-id/<tenant_id>")
    for number, rule in enumerate(rules):
        path = f"/decision-requirements-definition{rule}"
        add(path, f"definition{number}", located(returns(get_definition), _found))
        add(f"{path}/xml", f"xml{number}", located(returns(get_xml), _found))
        add(f"{path}/diagram", f"diagram{number}", get_diagram)


_routes()
