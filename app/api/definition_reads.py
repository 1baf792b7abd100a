"""Process definitions: reading one, its model and its start form, by its id or its key.

Source: contract 4.2.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.errors import EngineError
from app.schemas import process_definitions as schemas
from app.schemas.answers import Many, Named
from app.schemas.forms import form, form_view
from app.schemas.typed_values import shown_value
from app.services import called_definitions, diagrams, forms
from app.services import lists as service

from .decorators import current_store, located, no_content, returns, wanted_variables
from .descriptions import ANY, describes
from .lists import DEFINITIONS
from .problems import BAD, INVALID, MISSING, REST, Problem, wraps
from .variables import binary_response, shown

definition_reads = Blueprint("definition_reads", __name__, url_prefix="/process-definition")
NO_DEFINITION = wraps({forms.UnknownDefinitionError: (BAD, "NotFoundException")})
UNNAMED = ((MISSING, INVALID), (MISSING, REST))  # by its id, or by its key


def _definition(key: str, tenant_id: str | None = None) -> dict[str, Any]:
    found = service.definition(current_store(), key, tenant_id)
    if found is None:
        tenant = "no tenant-id" if tenant_id is None else f"tenant-id: {tenant_id}"
        text = f"No matching process definition with key: {key} and {tenant}"
        raise Problem(MISSING, REST, text)
    return found


def _unknown(definition_id: str) -> str:
    return (
        f"no deployed process definition found with id '{definition_id}': processDefinition is null"
    )


def found_definition(**where: str) -> dict[str, Any]:
    """The definition that a path names, by id or by key."""
    if "definition_id" in where:
        return DEFINITIONS.view(where["definition_id"])
    return _definition(where["key"], where.get("tenant_id"))


@describes(answer=schemas.process_definition, problems=UNNAMED)
def get_definition(**where: str) -> dict[str, Any]:
    """A definition."""
    return schemas.process_definition(found_definition(**where))


@describes(answer=schemas.model, problems=UNNAMED)
def get_xml(**where: str) -> dict[str, Any]:
    """The model of a definition."""
    found = found_definition(**where)
    return schemas.model({**found, "xml": service.xml(current_store(), found)})


@describes(media=ANY, has_no_content=True, problems=((BAD, "NotFoundException"), (MISSING, REST)))
def get_diagram(**where: str) -> ResponseReturnValue:
    """The image that was deployed together with the model of a definition, or its layout."""
    try:
        definition = found_definition(**where)
    except Problem as error:
        if "definition_id" in where:
            raise Problem(BAD, "NotFoundException", _unknown(where["definition_id"]), 0) from error
        raise
    found = diagrams.picture(current_store(), definition)
    return no_content() if found is None else binary_response(found)


@describes(answer=form, problems=(*UNNAMED, (BAD, INVALID)))
def get_start_form(**where: str) -> dict[str, Any]:
    """The form of the start event."""
    # Asked apart: for forms the reference engine answers an unknown id with 400, where all other
    # reads have 404.
    if "definition_id" in where and not service.get(
        current_store(), "process_definition", where["definition_id"]
    ):
        text = f"Cannot get start form data for process definition {where['definition_id']}"
        raise Problem(BAD, INVALID, text, 0)
    found = found_definition(**where)
    place = f"process-definition/{found['id']}"
    try:
        # All errors of a form are one text here, without the reason.
        wanted = forms.start_form(current_store(), found["id"])
    except EngineError as error:
        text = f"Cannot get start form data for process definition {found['id']}"
        raise Problem(BAD, INVALID, text, 0) from error
    return form(form_view(wanted.key, wanted.reference, has_fields=wanted.has_fields, place=place))


@describes(
    answer=Named(shown_value),
    flags="deserializeValues",
    texts="variableNames",
    problems=UNNAMED,
)
@NO_DEFINITION
def get_form_variables(**where: str) -> dict[str, Any]:
    """The variables of the start form, with their defaults."""
    definition_id = where.get("definition_id") or found_definition(**where)["id"]
    return shown(forms.start_variables(current_store(), definition_id, wanted_variables()))


@describes(answer=Many(schemas.called_definition), problems=UNNAMED)
def get_static_called(**where: str) -> list[dict[str, Any]]:
    """The definitions that call activities name literally."""
    definition_id = where.get("definition_id") or found_definition(**where)["id"]
    found = called_definitions.static(current_store(), definition_id)
    caller = {"calling_process_definition_id": definition_id}
    return [schemas.called_definition({**view, **caller}) for view in found]


def _read(view: Callable[..., Any]) -> Callable[..., Response]:
    return located(returns(view), found_definition)


for _number, _rule in enumerate(
    ("/<definition_id>", "/key/<key>", "/key/<key>/tenant-id/<tenant_id>")
):
    _add = definition_reads.add_url_rule
    if _number:  # the list has the single item by its id
        _add(_rule, f"definition{_number}", _read(get_definition))
    _add(f"{_rule}/xml", f"xml{_number}", _read(get_xml))
    _add(f"{_rule}/diagram", f"diagram{_number}", get_diagram)
    _add(f"{_rule}/startForm", f"form{_number}", _read(get_start_form))
    _add(f"{_rule}/form-variables", f"variables{_number}", _read(get_form_variables))
    _called = f"{_rule}/static-called-process-definitions"
    _add(_called, f"called{_number}", _read(get_static_called))
