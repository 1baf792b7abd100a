"""Listeners: told of the start and end of scopes and activities, of flows, of user tasks.

Whatever the element, a listener is an expression, a script, or the name of Java code. What runs
here may change variables and tasks; an error rolls the whole transaction back.

Source: Camunda 7 ``ExecutionListener``, ``TaskListener``, ``AbstractEventAtomicOperation``,
``TaskEntity.invokeListener``.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.bpmn.delegates import Substitute
from app.engine.state import Execution, Task
from app.errors import EngineError

from . import scripting
from .delegates import DelegateError, assign, substitute_of
from .execution_object import ExecutionObject, Occasion
from .scripting import BpmnErrorThrown
from .task_object import TaskObject
from .variables import scope_of_task

if TYPE_CHECKING:
    from app.engine.graph.graph import Flow

    from .protocol import Evaluation, Run

_EXECUTION_LISTENER = (
    "ENGINE-02033 Delegate Expression '{text}' did neither resolve to an implementation of "
    "'interface org.camunda.bpm.engine.delegate.ExecutionListener' nor "
    "'interface org.camunda.bpm.engine.delegate.JavaDelegate'."
)
_TASK_LISTENER = (
    "Delegate expression {text} did not resolve to an implementation of interface "
    "org.camunda.bpm.engine.delegate.TaskListener"
)


class NoListenerError(EngineError):
    """A delegate expression gives something that is no listener."""


class TaskListenerError(EngineError):
    """A listener of a user task has failed."""

    def __init__(self, cause: EngineError) -> None:
        super().__init__(
            "ENGINE-03051 There was an exception while invoking the TaskListener. "
            f"Message: '{cause}'"
        )


def tell(run: "Run", execution: Execution, event: str, *, is_canceled: bool = False) -> None:
    """Call the listeners of the activity at which a token stands, else of the scope around it."""
    _tell_execution(
        run,
        execution,
        run.listening_activity(execution).listeners,
        Occasion(event, None, is_canceled),
    )


def tell_of_flow(run: "Run", execution: Execution, flow: "Flow") -> None:
    """Call the listeners of a flow that a token takes."""
    _tell_execution(run, execution, flow.listeners, Occasion("take", flow))


def _tell_execution(
    run: "Run", execution: Execution, listeners: Iterable[bpmn.Listener], occasion: Occasion
) -> None:
    if run.options.skips_listeners or (
        occasion.event == "end" and execution.id in run.failed_at_end
    ):
        return
    for listener in listeners:
        if listener.event == occasion.event:
            special = ExecutionObject(run, execution, occasion)
            try:
                _call(listener, run.evaluation(execution, execution=special), _EXECUTION_LISTENER)
            except BpmnErrorThrown as error:
                error.execution = execution
                if occasion.event == "end":
                    run.failed_at_end.add(execution.id)
                raise


def tell_of_task(run: "Run", task: Task, event: str, listener_id: str | None = None) -> None:
    """Call the listeners of a user task.

    Args:
        listener_id: of the one that is meant, where a timer says which.

    Raises:
        TaskListenerError: a listener has failed.
    """
    listeners = [
        found
        for found in _listeners_of(run, task)
        if found.event == event and listener_id in (None, found.id)
    ]
    if not listeners or run.options.skips_listeners:
        return
    execution = run.host.execution(task.execution_id or "")
    special = {
        "task": TaskObject(run, task, event),
        "execution": ExecutionObject(run, execution),
    }
    evaluation = run.evaluation(scope_of_task(run.host, task), **special)
    for listener in listeners:
        try:
            _call(listener, evaluation, _TASK_LISTENER)
        except BpmnErrorThrown as error:
            error.execution = execution
            raise
        except EngineError as error:
            raise TaskListenerError(error) from error


def _listeners_of(run: "Run", task: Task) -> tuple[bpmn.Listener, ...]:
    if task.process_definition_id is None:
        return ()
    graph = run.host.graph(task.process_definition_id)
    activity = graph.activities.get(task.task_definition_key or "")
    detail = None if activity is None else activity.detail_of(bpmn.UserTask)
    return () if detail is None else detail.listeners


def _call(listener: bpmn.Listener, evaluation: "Evaluation", no_listener: str) -> None:
    """Run a listener.

    Raises:
        DelegateError: it is a Java class.
        NoListenerError: it is a delegate expression: nothing that it can give is a listener.
        ScriptLanguageError: it is a script in a language that is not run.
    """
    substitute = _substitute_of(listener, evaluation.run)
    if substitute is not None:
        assign(evaluation.run, evaluation.execution, substitute, evaluation)
        return
    code = listener.script or listener.expression
    if code is None:
        raise DelegateError(listener.kind, listener.name or "")
    evaluation.of(code)
    if listener.kind == "delegateExpression":
        raise NoListenerError(no_listener.format(text=listener.name))


def _substitute_of(listener: bpmn.Listener, run: "Run") -> Substitute | None:
    """What is done in place of a listener; a topic cannot be: nothing waits at a listener."""
    found = None
    if listener.kind in ("class", "delegateExpression"):
        found = substitute_of(run, listener.kind, listener.name or "")
    elif listener.script is not None:
        found = scripting.substitute_of(run, listener.script)
    elif listener.expression is not None and listener.expression.bean_call is not None:
        found = substitute_of(run, "bean", listener.expression.bean_call.name)
    return None if found is None or found.topic is not None else found
