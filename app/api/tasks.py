"""User tasks: claiming, changing and completing them."""

from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app.errors import BadUserRequestError, EngineError, NotFoundError, NullValueError
from app.schemas import tasks as schemas
from app.schemas.answers import TEXT, Many, Named
from app.schemas.forms import form, form_view
from app.schemas.typed_values import render_all, shown_value
from app.services import forms, task_links
from app.services import lists as list_service
from app.services import tasks as service
from app.services.tasks import (
    NoMatchingTaskError,
    TaskAlreadyClaimedError,
    UnknownParentError,
    UnknownTaskError,
    UsedIdError,
)

from . import csv_answers
from .csv_answers import csv_response
from .decorators import (
    accepts,
    current_store,
    no_content,
    preferred,
    returns,
    wanted_variables,
    wants_json,
)
from .descriptions import JSON, Example, describes
from .json import json_response, uncached
from .lookups import listed, sought
from .problems import BAD, FAILED, INVALID, MISSING, REST, Problem, wraps
from .variables import shown

tasks = Blueprint("tasks", __name__, url_prefix="/task")
UNKNOWN = wraps({UnknownTaskError: (BAD, "NotFoundException")})


@tasks.post("/<task_id>/claim")
@describes(raises=(TaskAlreadyClaimedError,))
@accepts(schemas.UserSchema)
def claim(task_id: str, **body: Any) -> ResponseReturnValue:
    """Make a user the assignee, if there is no other one."""
    service.claim(current_store(), task_id, **body)
    return no_content()


@tasks.post("/<task_id>/unclaim")
@UNKNOWN
def unclaim(task_id: str) -> ResponseReturnValue:
    """Take the assignee away."""
    service.set_assignee(current_store(), task_id, user_id=None)
    return no_content()


@tasks.post("/<task_id>/assignee")
@UNKNOWN
@accepts(schemas.UserSchema)
def set_assignee(task_id: str, **body: Any) -> ResponseReturnValue:
    """Set the assignee."""
    service.set_assignee(current_store(), task_id, **body)
    return no_content()


@tasks.post("/<task_id>/delegate")
@accepts(schemas.UserSchema)
def delegate(task_id: str, **body: Any) -> ResponseReturnValue:
    """Let another user do the task."""
    service.delegate(current_store(), task_id, **body)
    return no_content()


@tasks.post("/<task_id>/resolve")
@wraps({}, "Cannot resolve task {task_id}: ")
@accepts(schemas.VariablesSchema)
def resolve(task_id: str, **body: Any) -> ResponseReturnValue:
    """Give a delegated task back."""
    service.resolve(current_store(), task_id, **body)
    return no_content()


@tasks.put("/<task_id>")
@wraps({NotFoundError: (MISSING, INVALID)}, keeps_code=False)
@sought(listed("task", NoMatchingTaskError))
@accepts(schemas.TaskSchema)
def update(task_id: str, **body: Any) -> ResponseReturnValue:
    """Set the properties of a task; missing ones are cleared."""
    service.update(current_store(), task_id, **body)
    return no_content()


@tasks.post("/<task_id>/complete")
@describes(answer=Named(shown_value))
@returns
# Every error of a completion is a 500 here, also those that elsewhere are 400 (contract 11.1).
@wraps({EngineError: (FAILED, REST)}, "Cannot complete task {task_id}: ")
@accepts(schemas.CompleteTaskSchema)
def complete(task_id: str, **body: Any) -> dict[str, Any] | None:
    """Complete a task."""
    return _complete(task_id, body)


@tasks.post("/<task_id>/submit-form")
@describes(answer=Named(shown_value))
@returns
@wraps({EngineError: (FAILED, REST)}, "Cannot submit task form {task_id}: ")
@accepts(schemas.CompleteTaskSchema)
def submit_form(task_id: str, **body: Any) -> dict[str, Any] | None:
    """Complete a task with the variables of its form."""
    return _complete(task_id, {**body, "by_form": True})


def _complete(task_id: str, body: dict[str, Any]) -> dict[str, Any] | None:
    left = service.complete(current_store(), task_id, **body)
    return None if left is None else render_all(left)


@tasks.post("/<task_id>/bpmnError")
@wraps({NotFoundError: (MISSING, REST), BadUserRequestError: (BAD, REST)})
@accepts(schemas.TaskErrorSchema)
def handle_bpmn_error(task_id: str, **body: Any) -> ResponseReturnValue:
    """Throw a BPMN error at a task."""
    service.handle_bpmn_error(current_store(), task_id, **body)
    return no_content()


@tasks.post("/<task_id>/bpmnEscalation")
@wraps({NotFoundError: (MISSING, REST), BadUserRequestError: (BAD, REST)})
@accepts(schemas.TaskEscalationSchema)
def handle_bpmn_escalation(task_id: str, **body: Any) -> ResponseReturnValue:
    """Throw an escalation at a task; it stays unless whoever catches it interrupts it."""
    service.handle_bpmn_escalation(current_store(), task_id, **body)
    return no_content()


@tasks.post("/create")
@wants_json
@wraps(
    {
        UsedIdError: (FAILED, "ProcessEnginePersistenceException"),
        UnknownParentError: (BAD, INVALID),
    }
)
@accepts(schemas.NewTaskSchema)
def create(**body: Any) -> ResponseReturnValue:
    """Make a task that belongs to no process instance."""
    service.create(current_store(), **body)
    return no_content()


@tasks.delete("/<task_id>")
@describes(example=Example(path={"taskId": "aStandaloneTaskId"}))
def delete(task_id: str) -> ResponseReturnValue:
    """Delete a task that belongs to no process instance; an unknown one is no error."""
    service.delete(current_store(), task_id)
    return no_content()


@tasks.get("/report/candidate-group-count")
@describes(
    answer=Many(schemas.group_count),
    alternatives=dict.fromkeys(csv_answers.MEDIA_TYPES, TEXT),
    is_negotiated=True,
)
def candidate_group_count() -> Response:
    """How many links each group has with tasks that nobody has yet."""
    media_type = preferred(JSON, *csv_answers.MEDIA_TYPES)
    rows = task_links.candidate_group_count(current_store())
    if media_type != JSON:
        return csv_response(rows, schemas.GROUP_COUNT_COLUMNS, media_type)
    return uncached(json_response([schemas.group_count(row) for row in rows]))


@tasks.post("/<task_id>/identity-links")
@UNKNOWN
@accepts(schemas.IdentityLinkSchema)
def add_identity_link(task_id: str, **body: Any) -> ResponseReturnValue:
    """Link a user or a group to a task, as its candidate, assignee or owner."""
    task_links.add_identity_link(current_store(), task_id, **body)
    return no_content()


@tasks.post("/<task_id>/identity-links/delete")
@accepts(schemas.IdentityLinkSchema)
def delete_identity_link(task_id: str, **body: Any) -> ResponseReturnValue:
    """Take a link away; one that is not there is no error."""
    task_links.delete_identity_link(current_store(), task_id, **body)
    return no_content()


@tasks.get("/<task_id>/identity-links")
@describes(answer=Many(schemas.identity_link), texts="type", raises=(NullValueError,))
@returns
def identity_links(task_id: str) -> list[dict[str, Any]]:
    """The users and groups linked to a task, with their roles."""
    wanted = request.args.get("type")
    # All of them, and chosen here: the assignee and the owner are links by their type alone.
    links = task_links.identity_links(current_store(), task_id)
    return [schemas.identity_link(link) for link in links if wanted in (None, link["type"])]


@tasks.get("/<task_id>/form")
@describes(answer=form, problems=((BAD, REST),))
@returns
def task_form(task_id: str) -> dict[str, Any]:
    """The form of a user task."""
    found = list_service.get(current_store(), "task", task_id)
    if found is None:
        raise Problem(BAD, REST, f"Cannot get form for task {task_id}", 0)
    forms.show(current_store(), [found])
    key, has_fields = found["form_key"], found["has_form_fields"]
    place = f"task/{task_id}"
    return form(form_view(key, found["form_ref"], has_fields=has_fields, place=place))


@tasks.get("/<task_id>/form-variables")
@describes(
    answer=Named(shown_value),
    flags="deserializeValues",
    texts="variableNames",
    raises=(NullValueError, BadUserRequestError),
)
@returns
def task_form_variables(task_id: str) -> dict[str, Any]:
    """The fields of the form of a user task, and the other variables that it sees."""
    return shown(forms.task_variables(current_store(), task_id, wanted_variables()))
