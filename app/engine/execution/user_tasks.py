"""User tasks: what their expressions give, and their completion.

Source: Camunda 7 ``TaskEntity``, ``TaskDecorator``.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from app.engine.events import timers
from app.engine.jobs import jobs
from app.engine.state import Execution, Task
from app.engine.state.values import TypedValue
from app.errors import ClassCastError, EngineError
from app.expressions import Expression
from app.expressions.coercion import CoercionError, to_integer
from app.expressions.values import to_text

from . import forms, listeners, task_links
from .task_scopes import scope_of_task
from .waiting import COMPLETE, Waiting

if TYPE_CHECKING:
    from .protocol import Evaluation, Run

DEFAULT_PRIORITY = 50


class TaskValueError(EngineError):
    """An expression of a user task gives something that it cannot be."""


def texts_of(evaluation: "Evaluation", value: Expression) -> list[str]:
    """The candidates that an expression gives: a list of texts, or a text with commas.

    Raises:
        TaskValueError: it gives something else.
        ClassCastError: the list has something else.

    Source: Camunda 7 ``TaskDecorator.handleCandidateUsers``, ``extractCandidates``.
    """
    found = evaluation.of(value)
    if isinstance(found, str):
        # No name follows a last comma: Java's split leaves that text out.
        *texts, last = (part.strip() for part in found.split(","))
        return [*texts, last] if last or not texts else texts
    if not isinstance(found, list):
        raise TaskValueError("Expression did not resolve to a string or collection of strings")
    for item in found:
        if not isinstance(item, str):
            raise ClassCastError(f"Cannot cast '{to_text(item)}' to String")
    return list(found)


def priority_of(evaluation: "Evaluation", value: Expression | None) -> int:
    """The priority that an expression gives; 50 where there is none."""
    if value is None:
        return DEFAULT_PRIORITY
    found = evaluation.of(value)
    if found is None:
        return DEFAULT_PRIORITY
    if isinstance(found, bool) or not isinstance(found, (int, float, str)):
        raise TaskValueError("Priority expression does not resolve to a number: " + value.text)
    try:
        # An empty text has to fail as in Java, where JUEL itself takes it for 0.
        return int(to_integer("-" if found == "" else found))
    except CoercionError:
        raise TaskValueError(f"Priority does not resolve to a number: {found}") from None


def date_of(
    evaluation: "Evaluation", value: Expression | None, now: datetime, what: str
) -> datetime | None:
    """The date that an expression gives: a Date, or a text with a date or a duration.

    Args:
        what: the words for it in messages.

    Raises:
        TaskValueError: it gives something else.
        TimerError: the text names no date.

    Source: Camunda 7 ``TaskDecorator.initializeTaskDueDate``.
    """
    found = None if value is None else evaluation.of(value)
    if found is None or value is None:
        return None
    if not isinstance(found, (datetime, str)):
        raise TaskValueError(
            f"{what} expression does not resolve to a Date or Date string: {value.text}"
        )
    return timers.timestamp_of(found, now)


def created(run: "Run", task: Task) -> None:
    """Tell the listeners of a new task, then of its assignee; they may change it."""
    listeners.tell_of_task(run, task, "create")
    if task.assignee is not None:
        listeners.tell_of_task(run, task, "assignment")
    run.history.task_changed(task)
    run.history.amend_activity(task.activity_instance_id, task=task)
    run.notify_changes()


def change(run: "Run", task: Task, **fields: object) -> None:
    """Set what a task says of itself, and tell its listeners: of its new assignee last.

    Source: Camunda 7 ``TaskEntity.triggerUpdateEvent``, ``fireAssignmentEvent``.
    """
    assignee = task.assignee
    for name, value in fields.items():
        setattr(task, name, value)
    task.task_state, task.last_updated = "Updated", run.host.now
    # Told of the change before the assignment.
    listeners.tell_of_task(run, task, "update")
    if task.assignee != assignee:
        listeners.tell_of_task(run, task, "assignment")
    run.history.task_changed(task)
    run.notify_changes()
    run.perform()


def delete(run: "Run", task: Task, reason: str | None = None) -> None:
    """Delete the task of an activity that is cancelled, or one that stands alone."""
    listeners.tell_of_task(run, task, "delete")
    task.task_state = "Deleted"
    _end(run, task, reason or "deleted")


def _end(run: "Run", task: Task, reason: str) -> None:
    """End a task, and the tasks below it, which keep their state when it is completed.

    Source: Camunda 7 ``TaskManager.deleteTask``.
    """
    run.history.task_changed(task, ended=True, reason=reason)
    # A task's own variables are a scope of their own, which no execution takes along.
    run.variables.forget(scope_of_task(run.host, task))
    task_links.forget(run, task)
    run.records.remove(task)
    for subtask in run.host.subtasks_of(task.id):
        if task.task_state == "Deleted":
            subtask.task_state = "Deleted"
        _end(run, subtask, reason)


def schedule_timeouts(
    run: "Run", scope: Execution, *, besides: Collection[str | None] = ()
) -> None:
    """Make the timers of the listeners that are notified when a task takes too long.

    Args:
        besides: the ids of listeners whose timers are there, or have been.
    """
    detail = run.scope_activity_of(scope).user_task
    for listener in () if detail is None else detail.listeners:
        if listener.timer is not None and listener.id not in besides:
            jobs.schedule_timeout(run, scope, listener.timer, listener.id or "")


def time_out(run: "Run", execution: Execution, listener_id: str) -> None:
    """Tell a listener that the task takes longer than it says; the task stays."""
    for task in run.host.tasks_of([execution.id]):
        listeners.tell_of_task(run, task, "timeout", listener_id)
    run.notify_changes()


def complete(
    run: "Run", task: Task, variables: Mapping[str, TypedValue], *, by_form: bool = False
) -> None:
    """Complete a user task and move its instance on.

    Args:
        by_form: the variables are what the task's form was filled in with; a task that is
            delegated is then resolved instead (Camunda 7 ``SubmitTaskFormCmd``).
    """
    if by_form:
        _submit(run, task, variables)
        if task.delegation_state == "PENDING":  # it goes back to its owner
            change(run, task, assignee=task.owner, delegation_state="RESOLVED")
            return
    else:
        set_variables(run, task, variables)
    if task.execution_id is None:
        _complete(run, task)
    else:
        # By the agenda, so that an error of its listeners is caught at the activity.
        run.later(_completed, run.host.execution(task.execution_id), run, task)
    run.perform()


def _completed(execution: Execution, run: "Run", task: Task) -> None:
    """Tell the listeners of a task that is completed, which may throw an error, then go on."""
    _complete(run, task)
    if not listeners.wait_for_task(run, execution, Waiting(COMPLETE)):
        run.activity_of(execution).behavior.signal(execution, run)


def _complete(run: "Run", task: Task) -> None:
    listeners.tell_of_task(run, task, "complete")
    task.task_state = "Completed"
    _end(run, task, "completed")


def set_variables(run: "Run", task: Task, variables: Mapping[str, TypedValue]) -> None:
    """Set variables of the execution that waits at a task; where none does, they are dropped.

    Source: Camunda 7 ``AbstractVariableScope.setVariables``, ``TaskEntity.setExecutionVariables``.
    """
    if task.execution_id is not None:
        run.variables.set_all(run.host.execution(task.execution_id), variables)


def _submit(run: "Run", task: Task, variables: Mapping[str, TypedValue]) -> None:
    """Take what a form was filled in with: by its fields, or as a lone task's own variables."""
    scope = scope_of_task(run.host, task)
    if task.execution_id is None:
        run.variables.set_all(scope, variables)
    else:
        forms.submit(run, scope, forms.form_of_task(run, task).fields, variables, task)
