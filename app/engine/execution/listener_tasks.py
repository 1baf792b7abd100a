"""Listeners that a worker does: where a token waits for one.

Ours: the reference runs listeners at once. The token waits where it notifies a listener, as it
waits at an activity, and nothing is in the database of it but an external task, whose `Waiting`
says which listener it stands in for and what comes after it.

Source: semantics 11.11.
"""

from typing import TYPE_CHECKING

from app.bpmn import model as bpmn
from app.engine.state import Execution
from app.engine.state.values import TypedValue

from . import external_work, scripting
from .delegates import argument_names, arguments_of
from .waiting import BETWEEN, Waiting

if TYPE_CHECKING:
    from app.engine.graph.graph import Activity, Flow

    from .protocol import Evaluation, Run


def wait(
    run: "Run",
    execution: Execution,
    listener: bpmn.Listener,
    topic: str,
    waiting: Waiting,
    evaluation: "Evaluation",
) -> None:
    """Let a token wait for the worker who does a listener."""
    arguments = _arguments(run, execution, listener, evaluation)
    # Evaluated before the token is put somewhere else, and set after: they are its own there.
    _stand(run, execution, waiting)
    run.variables.set_all_local(execution, arguments)
    external_work.create(run, execution, topic, listener=waiting.text)


def _stand(run: "Run", execution: Execution, waiting: Waiting) -> None:
    """Put a token where it waits; between two activities that is the one that it comes from."""
    # The steps that would follow are kept in `waiting`, in the database, not on the agenda.
    run.agenda.drop(execution)
    run.under_way.pop(execution.id, None)
    activity = run.listening_activity(execution)
    if waiting.event in BETWEEN:
        execution.activity_id = waiting.ahead[0]
    elif execution.scope_activity_id == activity.id and activity.is_composite:
        execution.activity_id = activity.id  # nothing runs inside of it
        execution.activity_instance_id = execution.scope_activity_instance_id
    execution.is_active = True


def _arguments(
    run: "Run", execution: Execution, listener: bpmn.Listener, evaluation: "Evaluation"
) -> dict[str, TypedValue]:
    if listener.script is not None:
        return scripting.source_of(listener.script, run, execution)
    if listener.expression is not None:
        return arguments_of(listener.expression, evaluation)
    return {}


def done(run: "Run", execution: Execution, waiting: Waiting) -> None:
    """Take back what a token was given and where it was put for the worker's sake."""
    activity = run.activity_of(execution)
    listener = _listener(activity, run, execution, waiting)
    if listener is not None:
        for name in _names(listener):
            run.variables.remove(execution, name)
    if waiting.event in BETWEEN or activity.is_composite:
        execution.activity_id = execution.activity_instance_id = None


def _names(listener: bpmn.Listener) -> tuple[str, ...]:
    if listener.script is not None:
        return scripting.SOURCE
    return () if listener.expression is None else argument_names(listener.expression)


def flow_ahead(activity: "Activity", waiting: Waiting) -> "Flow":
    """The flow that a token waits on."""
    return next(flow for flow in activity.outgoing if flow.id == waiting.ahead[-1])


def _listener(
    activity: "Activity", run: "Run", execution: Execution, waiting: Waiting
) -> bpmn.Listener | None:
    listeners = activity.listeners
    match waiting.event:
        case "take":
            listeners = flow_ahead(activity, waiting).listeners
        case "begin" | "finish":
            listeners = run.graph_of(execution).process.listeners
        case "create" | "complete":
            detail = activity.user_task
            listeners = () if detail is None else detail.listeners
    return listeners[waiting.number] if waiting.number < len(listeners) else None
