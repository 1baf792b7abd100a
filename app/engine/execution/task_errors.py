"""BPMN errors and escalations that are thrown at a user task.

Source: Camunda 7 ``HandleTaskBpmnErrorCmd``, ``HandleTaskEscalationCmd``.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.engine.events import propagation
from app.engine.state import Task
from app.engine.state.values import TypedValue
from app.errors import EngineError, JavaRuntimeError

if TYPE_CHECKING:
    from .protocol import Run


class UncaughtEscalationError(EngineError):
    """The escalation of a user task has no handler."""

    def __init__(self, activity_id: str, code: str) -> None:
        super().__init__(
            f"ENGINE-02043 Execution with id '{activity_id}' throws an escalation event with "
            f"escalationCode '{code}', but no escalation handler was defined. "
        )


def handle_bpmn_error(
    run: "Run", task: Task, code: str, message: str | None, variables: Mapping[str, TypedValue]
) -> None:
    """Throw a BPMN error at a user task.

    Raises:
        ErrorPropagationError: its handler fails, or the task stands alone.
    """
    if task.execution_id is None:
        raise propagation.ErrorPropagationError(code)
    execution = run.host.execution(task.execution_id)
    run.variables.set_all(execution, variables)
    run.notify_changes()
    try:
        propagation.throw_error(run, execution, code, message)
        run.perform()
    except EngineError as error:
        raise propagation.ErrorPropagationError(code) from error


def handle_escalation(
    run: "Run", task: Task, code: str, variables: Mapping[str, TypedValue]
) -> None:
    """Throw an escalation at a user task; one that does not interrupt leaves it.

    Raises:
        JavaRuntimeError: the task stands alone.
        UncaughtEscalationError: no event catches it.

    Source: Camunda 7 ``HandleTaskEscalationCmd``, ``EscalationHandler``.
    """
    if task.execution_id is None:
        raise JavaRuntimeError("NullPointerException", "The task belongs to no process instance.")
    execution = run.host.execution(task.execution_id)
    run.variables.set_all(execution, variables)
    run.notify_changes()
    if not propagation.throw_escalation(run, execution, code):
        raise UncaughtEscalationError(task.task_definition_key or "", code)
    run.perform()
