"""User tasks: what their expressions give, and their completion.

Source: Camunda 7 ``TaskEntity``, ``TaskDecorator``.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.errors import EngineError
from app.expressions import Expression
from app.expressions.values import to_text

from . import propagation
from .state import Task
from .values import TypedValue

if TYPE_CHECKING:
    from .evaluation import Evaluation
    from .run import Run

DEFAULT_PRIORITY = 50


class TaskValueError(EngineError):
    """An expression of a user task gives something that it cannot be."""


def text_of(evaluation: "Evaluation", value: Expression) -> str | None:
    """The text that an expression gives.

    Raises:
        TaskValueError: it gives something else, which Java cannot cast.
    """
    found = evaluation.of(value)
    if found is not None and not isinstance(found, str):
        raise TaskValueError(
            f"class {evaluation.class_of(found)} cannot be cast to class java.lang.String: "
            + value.text
        )
    return found


def texts_of(evaluation: "Evaluation", value: Expression) -> list[str]:
    """The names that an expression gives: a list, or a text with commas."""
    found = evaluation.of(value)
    if isinstance(found, list):
        return [to_text(item) for item in found]
    return [part.strip() for part in to_text(found or "").split(",") if part.strip()]


def priority_of(evaluation: "Evaluation", value: Expression | None) -> int:
    """The priority that an expression gives; 50 where there is none."""
    if value is None:
        return DEFAULT_PRIORITY
    found = evaluation.of(value)
    try:
        return DEFAULT_PRIORITY if found is None else int(str(found))
    except ValueError:
        raise TaskValueError("Priority does not resolve to a number: " + value.text) from None


def handle_bpmn_error(
    run: "Run", task: Task, code: str, message: str | None, variables: Mapping[str, TypedValue]
) -> None:
    """Throw a BPMN error at a user task."""
    execution = run.host.execution(task.execution_id or "")
    run.variables.set_all(execution, variables)
    run.notify_changes()
    try:
        propagation.throw_error(run, execution, code, message)
        run.perform()
    except EngineError as error:
        raise propagation.ErrorPropagationError(code) from error


def complete(run: "Run", task: Task, variables: Mapping[str, TypedValue]) -> None:
    """Complete a user task and move its instance on."""
    execution = run.host.execution(task.execution_id or "")
    run.variables.set_all(execution, variables)
    task.task_state = "Completed"
    run.history.task_changed(task, ended=True, reason="completed")
    run.records.remove(task)
    run.activity_of(execution).behavior.signal(execution, run)
    run.perform()
