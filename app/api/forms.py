"""Forms of tasks and start events as pages, and as they were deployed.

What is deployed, and what is shown in a page, comes from clients: a browser that opens an answer
runs none of it.

Source: contract 11.2.
"""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.errors import NullValueError
from app.schemas.rendered_forms import rendered
from app.services import form_files, forms
from app.services.form_files import MissingFormError, NoDeployedFormError

from .browsers import DATA_POLICY
from .decorators import current_store, located, produces
from .definition_reads import NO_DEFINITION, UNNAMED, found_definition
from .descriptions import ANY, XHTML, describes
from .json import uncached
from .problems import BAD, FAILED, INVALID, MISSING, Problem

forms_of = Blueprint("forms", __name__)


def _page(content: str | bytes, media_type: str) -> Response:
    # Said here though most answers have it: the media type is one that browsers show as a page,
    # whose scripts and forms a client has deployed.
    policy = {"Content-Security-Policy": DATA_POLICY}
    return uncached(Response(content, content_type=media_type, headers=policy))


def _deployed(form: form_files.DeployedForm) -> Response:
    return _page(form.content, "application/json" if form.is_json else XHTML)


@forms_of.get("/task/<task_id>/rendered-form")
@describes(media=XHTML, problems=((MISSING, INVALID),), raises=(NullValueError,))
def rendered_of_task(task_id: str) -> ResponseReturnValue:
    """The fields of a task's form as a page."""
    produces(XHTML)
    found = forms.rendered_task(current_store(), task_id)
    if not found:
        text = f"No matching rendered form for task with the id {task_id} found."
        raise Problem(MISSING, INVALID, text)
    return _page(rendered(found), XHTML)


@forms_of.get("/task/<task_id>/deployed-form")
@describes(
    media=ANY,
    raises=(NoDeployedFormError, MissingFormError),
    problems=((FAILED, "NullPointerException"),),
)
def deployed_of_task(task_id: str) -> ResponseReturnValue:
    """The form of a task as it was deployed."""
    return _deployed(form_files.of_task(current_store(), task_id))


@describes(media=XHTML, problems=UNNAMED)
@NO_DEFINITION
def rendered_of_start(**where: str) -> ResponseReturnValue:
    """The fields of a start form as a page."""
    produces(XHTML)
    definition_id = where.get("definition_id") or found_definition(**where)["id"]
    found = forms.rendered_start(current_store(), definition_id)
    if not found:
        raise Problem(
            MISSING,
            INVALID,
            "No matching rendered start form for process definition with the id "
            f"{definition_id} found.",
        )
    return _page(rendered(found), XHTML)


@describes(media=ANY, problems=(*UNNAMED, (BAD, INVALID)), raises=(MissingFormError,))
def deployed_of_start(**where: str) -> ResponseReturnValue:
    """A start form as it was deployed."""
    definition_id = where.get("definition_id") or found_definition(**where)["id"]
    return _deployed(form_files.of_start(current_store(), definition_id))


for _number, _rule in enumerate(
    ("/<definition_id>", "/key/<key>", "/key/<key>/tenant-id/<tenant_id>")
):
    _path = f"/process-definition{_rule}"
    _rendered = located(rendered_of_start, found_definition)
    forms_of.add_url_rule(f"{_path}/rendered-form", f"rendered{_number}", _rendered)
    forms_of.add_url_rule(f"{_path}/deployed-start-form", f"deployed{_number}", deployed_of_start)
