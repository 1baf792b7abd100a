"""User tasks: what their expressions give, and their completion.

Source: Camunda 7 ``TaskEntity``, ``TaskDecorator``.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.engine.events import propagation
from app.engine.state import Task
from app.engine.state.values import TypedValue
from app.errors import EngineError
from app.expressions import Expression
from app.expressions.coercion import CoercionError, to_integer
from app.expressions.values import to_text

if TYPE_CHECKING:
    from .evaluation import Evaluation
    from .run import Run

DEFAULT_PRIORITY = 50


class TaskValueError(EngineError):
    """An expression of a user task gives something that it cannot be."""


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
    if found is None:
        return DEFAULT_PRIORITY
    if isinstance(found, bool) or not isinstance(found, (int, float, str)):
        raise TaskValueError("Priority expression does not resolve to a number: " + value.text)
    try:
        return int(to_integer("-" if found == "" else found))
    except CoercionError:
        raise TaskValueError(f"Priority does not resolve to a number: {found}") from None


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
