"""User tasks: who has them, and their forms to complete them with."""

from typing import Any

from flask import Blueprint, Response, request

from app.api.callers import caller_id
from app.api.decorators import current_store
from app.errors import EngineError
from app.pages.acts import Act, Field
from app.pages.paging import listed
from app.pages.reading import definition_of, definitions_of, may, one, titled, variable
from app.pages.rendering import BASE, page, segment
from app.services import forms, lists
from app.store import Store

from .fields import FormField, fields_of
from .queries import literal

tasks = Blueprint("tasks", __name__, url_prefix="/task")
View = dict[str, Any]
FORM = "GET /task/{}/rendered-form"
MOST_VARIABLES = 50


@tasks.get("")
def index() -> Response:
    """User tasks, those of the user or of all."""
    store, user = current_store(), caller_id()
    who = request.args.get("who", "all")
    name = request.args.get("name", "")
    filters: View = {"name_like": f"%{literal(name)}%"} if name else {}
    # Without a log-in there is no `me`, and such a link shows all of them.
    if who == "nobody":
        filters["unassigned"] = True
    elif who == "me" and user:
        filters["assignee"] = user
    elif who == "mine" and user:
        filters["candidate_user"] = user
    found = listed(store, "task", filters, [("created", "desc")], name="tasks")
    names = {key: titled(d) for key, d in definitions_of(store, found.rows).items()}
    choices = [("all", "All"), ("nobody", "Of nobody yet")]
    if user:
        choices += [("me", "Mine"), ("mine", "That I may claim")]
    return page(
        "tasks.html",
        title="User tasks",
        section="tasks",
        is_live=True,
        tasks=found,
        names=names,
        choices=choices,
        who=who,
        name=name,
    )


@tasks.get("/<task_id>")
def show(task_id: str) -> Response:
    """A task with its form."""
    store = current_store()
    task = one(store, "task", task_id, "user task")
    fields, failure = form_of(store, task)
    return page(
        "task.html",
        title=task["name"] or task["task_definition_key"] or task_id,
        section="tasks",
        task=task,
        process=titled(definition_of(store, task)),
        fields=fields,
        failure=failure,
        variables=_variables(store, task["process_instance_id"]),
        acts=acts_of(task, caller_id()),
        then=f"{BASE}/task",
    )


def _variables(store: Store, instance_id: str | None) -> list[View]:
    """The variables of the instance that a task belongs to."""
    if instance_id is None:
        return []
    filters, sorting = {"process_instance_id_in": [instance_id]}, [("variableName", "asc")]
    found = lists.find(store, "variable_instance", filters, sorting, 0, MOST_VARIABLES)
    return [variable(row) for row in found]


def form_of(store: Store, task: View) -> tuple[list[FormField], str]:
    """The fields of a task's form, and why they cannot be shown."""
    # A task that a client has made by itself has no form.
    if task["process_definition_id"] is None or not may(store, FORM, task["id"]):
        return [], ""
    try:
        return fields_of(forms.rendered_task(store, task["id"])), ""
    except EngineError as error:
        # The form alone: who cannot see it may still claim the task, or give it to somebody.
        return [], str(error)


def acts_of(task: View, user: str | None) -> list[Act]:
    """Claim a task, give it back, or give it to somebody."""
    path = f"/task/{segment(task['id'])}"
    # Offered also when the task has an assignee: work is taken over from absent users.
    assign = Act(
        "Assign",
        "Assign this task",
        "The user becomes its assignee, whoever it is now.",
        "POST",
        f"{path}/assignee",
        {},
        [Field("User", ["userId"], value=task["assignee"] or "", is_required=True)],
        done="The task is assigned.",
    )
    if task["assignee"]:
        return [
            Act(
                "Unclaim",
                "Give this task back?",
                "It has no assignee any more, and its candidates can claim it.",
                "POST",
                f"{path}/unclaim",
                None,
                done="Nobody has the task now.",
            ),
            assign,
        ]
    claim = Act(
        "Claim",
        "Claim this task",
        "You become its assignee; others no longer can claim it.",
        "POST",
        f"{path}/claim",
        {},
        [Field("User", ["userId"], value=user or "", is_required=True)],
        done="The task is yours.",
    )
    return [claim, assign]
