"""The forms of tasks and definitions: what they are, and the variables that they show.

Source: Camunda 7 ``GetTaskFormVariablesCmd``, ``GetStartFormVariablesCmd``, ``GetFormKeyCmd``.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from app.bpmn.model import FormField
from app.engine.execution import forms, starting
from app.engine.execution.run import Run
from app.engine.execution.task_scopes import scope_of_task
from app.engine.state import Task
from app.engine.state.values import TypedValue
from app.errors import BadUserRequestError, NotFoundError, NullValueError
from app.store import Snapshot, Store

from .retrying import repeated


class UnknownDefinitionError(NotFoundError):
    """No definition has the id."""

    def __init__(self, definition_id: str) -> None:
        super().__init__(
            f"no deployed process definition found with id '{definition_id}': "
            "processDefinition is null"
        )


@repeated
def show(store: Store, views: Sequence[dict[str, Any]]) -> None:
    """Put into the views of user tasks what their forms are now.

    Raises:
        ExpressionError: the key or the reference of a form cannot be computed.
    """
    # An empty page costs no transaction.
    if not views:
        return
    with store.snapshot() as snapshot:
        run = Run(snapshot)
        for view in views:
            shown = forms.shown_of_task(run, _task(view))
            view["form_key"], view["form_ref"] = shown.key, shown.reference
            view["has_form_fields"] = shown.has_fields


def _task(view: dict[str, Any]) -> Task:
    return Task(
        id=view["id"],
        priority=view["priority"],
        create_time=view["create_time"],
        task_definition_key=view["task_definition_key"],
        execution_id=view["execution_id"],
        activity_instance_id=view["activity_instance_id"],
        process_instance_id=view["process_instance_id"],
        process_definition_id=view["process_definition_id"],
    )


@repeated
def start_form(store: Store, definition_id: str) -> forms.ShownForm:
    """The form of a definition's start event.

    Raises:
        ExpressionError: a default or a label needs an instance.
    """
    with store.snapshot() as snapshot:
        form = starting.form_of(snapshot.graph(definition_id))
        forms.compute(form.fields, forms.NoInstance(snapshot.now))
        return forms.shown_of_start(form)


def _start_fields(
    snapshot: Snapshot, definition_id: str
) -> tuple[Sequence[FormField], forms.NoInstance]:
    """The fields of a start form, and the place where their expressions are evaluated."""
    if snapshot.definition(definition_id) is None:
        raise UnknownDefinitionError(definition_id)
    fields = starting.form_of(snapshot.graph(definition_id)).fields
    return fields, forms.NoInstance(snapshot.now)


@repeated
def start_variables(
    store: Store, definition_id: str, names: Iterable[str] | None
) -> dict[str, TypedValue]:
    """The fields of a start form with their defaults, of these names if there are any.

    Raises:
        UnknownDefinitionError: no such definition.
        ExpressionError: a default or a label needs an instance.
    """
    with store.snapshot() as snapshot:
        fields, context = _start_fields(snapshot, definition_id)
        forms.compute(fields, context)
        return {
            field.id: forms.shown_value(field, None, context)
            for field in fields
            if names is None or field.id in names
        }


@repeated
def rendered_start(store: Store, definition_id: str) -> list[dict[str, Any]]:
    """The fields of a start form as they are shown.

    Raises:
        UnknownDefinitionError: no such definition.
        ExpressionError: a default or a label needs an instance.
    """
    with store.snapshot() as snapshot:
        fields, context = _start_fields(snapshot, definition_id)
        return [forms.drawn(field, None, context) for field in fields]


@repeated
def rendered_task(store: Store, task_id: str) -> list[dict[str, Any]]:
    """The fields of a task's form as they are shown.

    Raises:
        NullValueError: no such task, or one that stands alone.
        ExpressionError: the key of the form, a default or a label cannot be evaluated.
    """
    with store.snapshot() as snapshot:
        task = snapshot.task_seen(task_id)
        if task is None:
            raise NullValueError(f"Task '{task_id}' not found: task is null")
        if task.process_definition_id is None:
            raise NullValueError(
                f"Task form definition for '{task_id}' not found: task.getTaskDefinition() is null"
            )
        run = Run(snapshot)
        forms.shown_of_task(run, task)  # a key that cannot be computed is an error here as well
        fields = forms.form_of_task(run, task).fields
        scope = scope_of_task(snapshot, task)
        evaluation = run.evaluation(scope)
        return [forms.drawn(f, run.variables.find(scope, f.id), evaluation) for f in fields]


@repeated
def task_variables(
    store: Store, task_id: str, names: Iterable[str] | None
) -> dict[str, TypedValue]:
    """The fields of a task's form, then the other variables that the task sees.

    Raises:
        BadUserRequestError: no such task.
        ExpressionError: the key of the form, a default or a label cannot be evaluated.
    """
    with store.snapshot() as snapshot:
        task = snapshot.task_seen(task_id)
        if task is None:
            raise BadUserRequestError(f"Cannot find task with id '{task_id}'.: task is null")
        run = Run(snapshot)
        scope = scope_of_task(snapshot, task)
        seen = run.variables.visible(scope)
        evaluation, fields = run.evaluation(scope), forms.form_of_task(run, task).fields
        forms.shown_of_task(run, task)  # a key that cannot be computed is an error here as well
        forms.compute(fields, evaluation)
        found = {
            field.id: forms.shown_value(field, seen.get(field.id), evaluation) for field in fields
        }
        # A field comes in the place of the variable of its name: it may have another type, and a
        # default.
        found = {**seen, **found}
    return {name: value for name, value in found.items() if names is None or name in names}
