"""Listeners: notified of the start and end of scopes and activities, of flows, of user tasks.

A listener of any element is an expression, a script, or the name of Java code. It may change
variables and tasks; an error rolls the whole transaction back.

Source: Camunda 7 ``ExecutionListener``, ``TaskListener``, ``AbstractEventAtomicOperation``,
``TaskEntity.invokeListener``.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.bpmn.delegates import Substitute
from app.engine.state import Execution, Task
from app.errors import EngineError

from . import listener_tasks, scripting
from .delegates import DelegateError, assign, substitute_of
from .execution_object import ExecutionObject, Occasion
from .scripting import BpmnErrorThrown
from .task_object import TaskObject
from .task_scopes import scope_of_task
from .waiting import BEGIN, BETWEEN, COMPLETE, CREATE, TAKE, Waiting

if TYPE_CHECKING:
    from app.engine.graph.graph import Activity, Flow

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

_WITH_WORKERS = (CREATE, COMPLETE)  # see `wait_for_task`


class NoListenerError(EngineError):
    """A delegate expression gives something that is no listener."""


class TaskListenerError(EngineError):
    """A listener of a user task has failed."""

    def __init__(self, cause: EngineError) -> None:
        super().__init__(
            "ENGINE-03051 There was an exception while invoking the TaskListener. "
            f"Message: '{cause}'"
        )


def notify(
    run: "Run",
    execution: Execution,
    event: str,
    *,
    is_canceled: bool = False,
    waiting: Waiting | None = None,
    first: "Activity | None" = None,
) -> bool:
    """Call the listeners of the activity at which a token stands, else of the scope around it.

    Args:
        first: where instructions start the instance whose process is notified.
        waiting: from which listener on, and how a token waits for one that a worker does; None
            where none can.

    Returns:
        whether the token waits for a worker.
    """
    activity = run.listening_activity(execution)
    if not activity.listeners:
        return False
    # The process itself is no place: its listeners see no current activity.
    place = activity if activity.scope is not None else first
    if waiting is not None and waiting.event in BETWEEN:
        place = run.graph_of(execution).activities[waiting.ahead[0]]
    occasion = Occasion(event, None, is_canceled, place)
    places = run.variables.places
    # An instance that starts by instructions is at itself before its listeners are notified.
    places.starting = execution.id if waiting is not None and waiting.event == BEGIN else None
    try:
        return _tell(run, execution, activity.listeners, occasion, waiting)
    finally:
        places.starting = None


def tell_joined(run: "Run", token: Execution) -> None:
    """Tell of the end of a token that another goes on with; it can wait for no worker."""
    activity = run.listening_activity(token)
    if activity.listeners:
        at_once = [listener for listener in activity.listeners if not _topic_of(listener, run)]
        _tell(run, token, at_once, Occasion("end", None, False, activity), None)


def tell_of_flow(run: "Run", execution: Execution, flow: "Flow", number: int = 0) -> None:
    """Call the listeners of a flow that a token takes, from one on.

    A token that waits for a worker has nothing on the agenda any more.
    """
    waiting = Waiting(TAKE, (flow.source.id, flow.id), number)
    run.variables.places.is_on_flow = True
    try:
        _tell(run, execution, flow.listeners, Occasion("take", flow), waiting)
    finally:
        run.variables.places.is_on_flow = False


def _tell(
    run: "Run",
    execution: Execution,
    listeners: Iterable[bpmn.Listener],
    occasion: Occasion,
    waiting: Waiting | None,
) -> bool:
    # An end listener that has thrown an error is not notified of the end that its own error brings.
    if run.options.skips_listeners or (
        occasion.event == "end" and execution.id in run.failed_at_end
    ):
        return False
    first = 0 if waiting is None else waiting.number
    for number, listener in enumerate(listeners):
        if number < first or listener.event != occasion.event:
            continue
        # Anew for each listener: an earlier one may have changed what it shows.
        special = ExecutionObject(run, execution, occasion)
        evaluation = run.evaluation(execution, execution=special)
        topic = _topic_of(listener, run)
        if topic is not None and occasion.is_canceled:
            continue  # no token is left that could wait
        if topic is not None and waiting is not None:
            at = waiting._replace(number=number)
            listener_tasks.wait(run, execution, listener, topic, at, evaluation)
            return True
        try:
            _call(listener, evaluation, _EXECUTION_LISTENER)
        except BpmnErrorThrown as error:
            is_of_process = run.listening_activity(execution).scope is None
            if occasion.flow is not None or not is_of_process:  # no scope is around a process
                _note_failure(run, execution, error, occasion)
            raise
    return False


def _note_failure(
    run: "Run", execution: Execution, error: BpmnErrorThrown, occasion: Occasion
) -> None:
    """Say where a listener has thrown an error, so that it is caught as that of the activity."""
    error.execution = execution
    error.has_left_scope = occasion.flow is not None and occasion.flow.source.is_scope
    if occasion.event == "end":
        run.failed_at_end.add(execution.id)
    elif occasion.event == "start" and occasion.place is not None:
        execution.activity_id = occasion.place.id  # a scope, too, ends here


def wait_for_task(run: "Run", execution: Execution, waiting: Waiting) -> bool:
    """Let a token wait for the workers who do listeners of a user task, from one on.

    Listeners are notified of its creation before it is there, of its completion after it is gone:
    no user can work on a task whose listeners are not notified yet.

    Returns:
        whether the token waits for a worker.
    """
    detail = run.activity_of(execution).user_task
    if detail is None or run.options.skips_listeners:
        return False
    for number, listener in enumerate(detail.listeners):
        topic = _topic_of(listener, run) if listener.event == waiting.event else None
        if topic is not None and number >= waiting.number:
            at, evaluation = waiting._replace(number=number), run.evaluation(execution)
            listener_tasks.wait(run, execution, listener, topic, at, evaluation)
            return True
    return False


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
        if found.event == event
        and listener_id in (None, found.id)
        # Those were done by workers already, one by one, before the task was made or after it was
        # gone.
        and (event not in _WITH_WORKERS or _topic_of(found, run) is None)
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
    detail = None if activity is None else activity.user_task
    return () if detail is None else detail.listeners


def _call(listener: bpmn.Listener, evaluation: "Evaluation", no_listener: str) -> None:
    """Run a listener.

    Raises:
        DelegateError: it is a Java class.
        NoListenerError: it is a delegate expression: nothing that it can give is a listener.
        ScriptLanguageError: it is a script in a language that is not run.
    """
    substitute = _substitute_of(listener, evaluation.run)
    if substitute is not None and substitute.topic is None:
        assign(evaluation.run, evaluation.execution, substitute, evaluation)
        return
    code = listener.script or listener.expression
    if code is None:
        raise DelegateError(listener.kind, listener.name or "")
    evaluation.of(code)
    # Evaluated first: its own failure, an unknown bean say, is the error that the reference has.
    if listener.kind == "delegateExpression":
        raise NoListenerError(no_listener.format(text=listener.name))


def _substitute_of(listener: bpmn.Listener, run: "Run") -> Substitute | None:
    """The substitute for a listener."""
    if listener.kind in ("class", "delegateExpression"):
        return substitute_of(run, listener.kind, listener.name or "")
    if listener.script is not None:
        return scripting.substitute_of(run, listener.script)
    if listener.expression is not None and listener.expression.bean_call is not None:
        return substitute_of(run, "bean", listener.expression.bean_call.name)
    return None


def _topic_of(listener: bpmn.Listener, run: "Run") -> str | None:
    """The topic of the worker who does a listener."""
    found = _substitute_of(listener, run)
    return None if found is None else found.topic
